import assert from "node:assert/strict";
import { publicKeyOf, signText } from "../../core/keys/ed25519.ts";
import { sha256 } from "../../core/objects/objects.ts";
import type { SkillSets } from "../../core/skillset/manager.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { openPackage } from "../../core/skillset/package.ts";
import { PackageRefusedError, type Refusal } from "../../core/skillset/refusal.ts";
import { openInstance } from "../../core/instance.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { envelopeBytes, signedPackage, skillSet } from "./sets.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

interface Fields {
  readonly name: string;
  readonly version: string;
  readonly content_hash: string;
  readonly archive_base64: string;
  readonly package_signature: { readonly alg: string; readonly key: string; readonly sig: string };
}

/** A signed package, read as any reader would. */
function signed(name = "pack"): Fields {
  return JSON.parse(new TextDecoder().decode(signedPackage(skillSet(name)).bytes));
}

const bytesOf = (fields: unknown) => utf8(JSON.stringify(fields));
const open = (fields: unknown) => openPackage(bytesOf(fields), { limits: PACKAGE_LIMITS });

function because(reason: Refusal): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof PackageRefusedError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.equal(error.exitCode, 5);
    return true;
  };
}

Deno.test("a signature is over name, version, content hash and archive hash, domain-separated", async () => {
  const fields = signed();
  const { key } = fields.package_signature;
  const { signature } = await open(fields);
  assert.equal(signature?.key, key);
  // Made by hand from the format, with a key of nobody.
  const seed = new Uint8Array(32).fill(7);
  const archive = sha256(Uint8Array.fromBase64(fields.archive_base64));
  const text = `mmp-package-v1|pack|1.0.0|${fields.content_hash}|${archive}`;
  const package_signature = {
    alg: "Ed25519",
    key: publicKeyOf(seed).toBase64(),
    sig: signText(seed, text).toBase64(),
    comment: "unknown fields mean nothing",
  };
  const opened = await open({ ...fields, package_signature });
  assert.equal(opened.signature?.key, package_signature.key);
});

Deno.test("a signature is over all of an archive that is read in pieces", async () => {
  let noise = "";
  while (noise.length < 200_000) noise += sha256(noise.slice(-64));
  const { bytes, key } = signedPackage(skillSet("pack", {}, { "assets/noise.txt": noise }));
  const { signature, files } = await openPackage(bytes, { limits: PACKAGE_LIMITS });
  assert.equal(signature?.key, key);
  assert.equal(files[0]?.size, noise.length);
});

Deno.test("openPackage() refuses every signature that is not exactly one", async (t) => {
  const fields = signed();
  const { key, sig } = fields.package_signature;
  const other = signed();
  const sigBytes = Uint8Array.fromBase64(sig);
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const half = BigInt(`0x${sigBytes.slice(32).reverse().toHex()}`) + order;
  const beyond = sigBytes.slice();
  beyond.set(Uint8Array.fromHex(half.toString(16).padStart(64, "0")).reverse(), 32);
  const small = new Uint8Array(32);
  small[0] = 1;
  const forged = new Uint8Array(64);
  forged[0] = 1;
  /** The same bytes, the last character with other bits that stand for nothing. */
  const loose = (text: string) => {
    const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const end = text.replace(/=+$/, "");
    const last = digits[digits.indexOf(end.at(-1)!) + 1]!;
    return end.slice(0, -1) + last + text.slice(end.length);
  };
  const cases: readonly [what: string, signature: unknown][] = [
    ["a text", "signed"],
    ["a list", [key, sig]],
    ["nothing in it", {}],
    ["no algorithm", { key, sig }],
    ["another algorithm", { alg: "none", key, sig }],
    ["the algorithm in lower case", { alg: "ed25519", key, sig }],
    ["a key that is a number", { alg: "Ed25519", key: 1, sig }],
    ["a short key", { alg: "Ed25519", key: btoa("x".repeat(31)), sig }],
    ["a long signature", { alg: "Ed25519", key, sig: btoa("x".repeat(65)) }],
    ["no padding", { alg: "Ed25519", key: key.replace("=", ""), sig }],
    ["a blank in base64", { alg: "Ed25519", key, sig: `${sig} ` }],
    ["the alphabet of URLs", { alg: "Ed25519", key, sig: `-_${sig.slice(2)}` }],
    ["base64 of a key that is not canonical", { alg: "Ed25519", key: loose(key), sig }],
    ["base64 of a signature that is not canonical", { alg: "Ed25519", key, sig: loose(sig) }],
    ["a second half beyond the order", { alg: "Ed25519", key, sig: beyond.toBase64() }],
    ["a key of small order", { alg: "Ed25519", key: small.toBase64(), sig: forged.toBase64() }],
    ["the key of another", { alg: "Ed25519", key: other.package_signature.key, sig }],
    ["the signature of another", { alg: "Ed25519", key, sig: other.package_signature.sig }],
  ];
  for (const [what, package_signature] of cases) {
    await t.step(what, async () => {
      await assert.rejects(open({ ...fields, package_signature }), because("bad_signature"));
    });
  }
  await t.step("a signature of another SkillSet", async () => {
    const { package_signature } = signed("other");
    await assert.rejects(open({ ...fields, package_signature }), because("bad_signature"));
  });
  await t.step("the same files packed in other bytes", async () => {
    const packed = Uint8Array.fromBase64(fields.archive_base64);
    packed[9] = 255; // The system named in the header of gzip.
    const archive_base64 = packed.toBase64();
    await open({ ...fields, archive_base64, package_signature: null });
    await assert.rejects(open({ ...fields, archive_base64 }), because("bad_signature"));
  });
});

Deno.test("installPackage() keeps a signature, and it is verified each time it is shown", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    const fields = signed();
    const { signature } = await sets.installPackage(bytesOf(fields), ACTOR);
    assert.deepEqual([signature?.verdict, signature?.trusted], ["valid", null]);
    assert.equal(sets.info("pack").signature?.key, fields.package_signature.key);
    await sets.enable("pack", ACTOR);
    assert.equal(sets.info("pack").signature?.verdict, "valid");
    await Deno.writeTextFile(`${root}/skillsets/pack/knowledge/topic/topic.md`, "edited\n");
    assert.equal(sets.info("pack").signature?.verdict, "other_content");
    const state = await Deno.readTextFile(`${root}/skillsets/config.yml`);
    const now = sets.info("pack").contentHash!;
    const said = state.replace(/content_hash: .*/, `content_hash: ${now}`);
    await Deno.writeTextFile(`${root}/skillsets/config.yml`, said);
    assert.equal(sets.info("pack").signature?.verdict, "invalid");
    await Deno.writeTextFile(`${root}/skillsets/config.yml`, state.replace(/sig: .*/, "sig: 1"));
    assert.equal(sets.info("pack").signature?.verdict, "invalid");
  });
});

Deno.test("installing something else forgets who signed what was there", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    await sets.installPackage(bytesOf(signed()), ACTOR);
    const unsigned = { ...signed(), package_signature: undefined };
    await sets.installPackage(bytesOf(unsigned), ACTOR, { force: true });
    assert.equal(sets.info("pack").signature, null);
    await sets.installPackage(bytesOf(signed()), ACTOR, { force: true });
    assert.equal(sets.info("pack").signature?.verdict, "valid");
    await sets.install(skillSet("pack"), ACTOR, { force: true });
    assert.equal(sets.info("pack").signature, null);
    assert.doesNotMatch(Deno.readTextFileSync(`${root}/skillsets/config.yml`), /signature|sig:/);
  });
});

Deno.test("the settings ask for signatures, and for whose", async (t) => {
  const fields = signed();
  const unsigned = { ...fields, package_signature: undefined };
  const id = (await withSettings("", (sets) => sets.installPackage(bytesOf(fields), ACTOR)))
    .signature!.id!;
  const cases: readonly [
    what: string,
    settings: string,
    fields: unknown,
    reason: Refusal | null,
  ][] = [
    ["nothing is asked", "", unsigned, null],
    ["a signature is asked", "require_signature: true", unsigned, "not_signed"],
    ["a signature is asked and there", "require_signature: true", fields, null],
    ["the key is named", `trusted_keys: [${id}]`, fields, null],
    [
      "as people type it",
      `trusted_keys: ["${id.toLowerCase().replaceAll("-", " ")}"]`,
      fields,
      null,
    ],
    ["another key is named", "trusted_keys: [0000-0000-0000-0000-0000]", fields, "untrusted_key"],
    ["what is no fingerprint", "trusted_keys: [me]", fields, "untrusted_key"],
    ["keys are named, nobody signed", `trusted_keys: [${id}]`, unsigned, "not_signed"],
  ];
  for (const [what, settings, fields, reason] of cases) {
    await t.step(what, async () => {
      const installing = withSettings(
        settings,
        (sets) => sets.installPackage(bytesOf(fields), ACTOR),
      );
      if (reason === null) await installing;
      else await assert.rejects(installing, because(reason));
    });
  }
});

/** Runs in an instance with settings of the exchange. */
async function withSettings<T>(
  settings: string,
  run: (
    sets: SkillSets,
  ) => Promise<T>,
): Promise<T> {
  return await inTempFolder(async (root) => {
    await Deno.mkdir(`${root}/skills`, { recursive: true });
    await Deno.mkdir(`${root}/knowledge`, { recursive: true });
    const text = settings === "" ? "" : `exchange:\n  ${settings}\n`;
    await Deno.writeTextFile(`${root}/skills/config.yml`, text);
    const instance = await openInstance(root, { mode: "write" });
    return await run(await instance.skillsets());
  });
}

Deno.test("package() knows before anything is written whether it can sign", async () => {
  await withInstance(async (instance) => {
    const sets = await instance.skillsets();
    await sets.install(skillSet("pack"), ACTOR);
    assert.throws(() => sets.package("pack", { sign: true }), { code: "not_found" });
    const { public_key } = await sets.signingKey();
    const given = JSON.parse(
      new TextDecoder().decode(envelopeBytes(sets.package("pack", { sign: true }))),
    );
    assert.equal((await open(given)).signature?.key, public_key);
  });
});
