import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { KairosError } from "../../core/errors.ts";
import { Base64Reader } from "../../core/skillset/base64_reader.ts";
import { parseEnvelope } from "../../core/skillset/envelope.ts";
import { judgeForm, judgePlace } from "../../core/skillset/judge_path.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { openPackage } from "../../core/skillset/package.ts";
import { PackageRefusedError } from "../../core/skillset/refusal.ts";
import { unpack } from "../../core/skillset/unpack.ts";
import { count, pick } from "../counts.ts";
import { GOOD, HOSTILE, LEGAL } from "./hostile.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { wrap } from "./hostile_parts.ts";
import { skillSet } from "./sets.ts";

/** Every path below a folder. */
function paths(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return [path, ...isDirectory ? paths(path) : []];
  }).sort();
}

Deno.test("installPackage() refuses every hostile package for its own reason and leaves nothing", async (t) => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    await sets.install(skillSet("notes"), ACTOR);
    const before = paths(root);
    const { length } = instance.store.ledger.head();
    const made = Object.values(HOSTILE).flat().length;
    assert.ok(made >= 80, `${made} hostile packages`);
    for (const [family, members] of Object.entries(HOSTILE)) {
      await t.step(family, async () => {
        for (const { what, reason, make, limits } of pick("hostileOfFamily", members)) {
          const refused = limits === undefined
            ? sets.installPackage(make(), ACTOR)
            : openPackage(make(), { limits: { ...PACKAGE_LIMITS, ...limits } });
          await assert.rejects(refused, (error) => {
            assert.ok(error instanceof PackageRefusedError, `${what}: ${error}`);
            assert.equal(error.reason, reason, `${what}: ${error.message}`);
            // deno-lint-ignore no-control-regex -- the point is that there are none
            assert.doesNotMatch(error.message, /[\0-\x1f\x7f\u202e\u200b]/, what);
            return true;
          });
          assert.deepEqual(paths(root), before, what);
        }
      });
    }
    assert.equal(instance.store.ledger.head().length, length);
  });
});

Deno.test("openPackage() opens packages that are merely unusual", async (t) => {
  for (const [what, make] of Object.entries(LEGAL)) {
    await t.step(what, async () => {
      const { manifest } = await openPackage(make(), { limits: PACKAGE_LIMITS });
      assert.equal(manifest.name, "pack");
    });
  }
  const { manifest } = await openPackage(LEGAL["a manifest that asks for code"]!(), {
    limits: PACKAGE_LIMITS,
  });
  assert.equal(manifest.asksForCode.length, 6);
});

/** Numbers that look random and are the same at each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Changes a few places: a byte, a run taken out, doubled, or moved. */
function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let copy = Buffer.from(bytes);
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(copy.length);
    const run = copy.subarray(at, at + 1 + random(600));
    const rest = copy.subarray(at + run.length);
    const kind = random(4);
    if (kind === 0) copy[at] = random(256);
    if (kind === 1) copy = Buffer.concat([copy.subarray(0, at), rest]);
    if (kind === 2) copy = Buffer.concat([copy.subarray(0, at), run, run, rest]);
    if (kind === 3) copy = Buffer.concat([rest, copy.subarray(0, at), run]);
  }
  return copy;
}

/** A package whose envelope, stream or archive was damaged; the outer parts are right again. */
function damaged(random: (below: number) => number): Uint8Array {
  const good = wrap(GOOD);
  const where = random(3);
  if (where === 0) return mutated(good, random);
  const { archive_base64, ...rest } = JSON.parse(new TextDecoder().decode(good));
  const packed = Buffer.from(archive_base64, "base64");
  const other = where === 1
    ? mutated(packed, random)
    : gzipSync(mutated(gunzipSync(packed), random), { level: 1 });
  const text = JSON.stringify({ ...rest, archive_base64: Buffer.from(other).toString("base64") });
  return new TextEncoder().encode(text);
}

/** Every file below a folder, with its bytes. */
function files(folder: string): Map<string, string> {
  const all = paths(folder).filter((path) => Deno.lstatSync(path).isFile);
  return new Map(all.map((path) => [path, Buffer.from(Deno.readFileSync(path)).toString("hex")]));
}

/** What is staged, or waits to be thrown away. */
const leftovers = (root: string): string[] => paths(root).filter((path) => /\/\.[^/]*$/.test(path));

/** Takes a package apart in this process; the decoder is the same code in a Worker. */
async function takeApart(bytes: Uint8Array): Promise<void> {
  const { archive_base64, name } = parseEnvelope(bytes, PACKAGE_LIMITS);
  const text = new Base64Reader(archive_base64.length, PACKAGE_LIMITS.inputBytes);
  text.push(archive_base64);
  for await (const { path } of unpack(text.bytes(), name, PACKAGE_LIMITS)) {
    assert.equal(judgeForm(path, PACKAGE_LIMITS.depth), null);
    assert.equal(judgePlace(path, PACKAGE_LIMITS.allowedTypes), null);
  }
}

Deno.test("damaged packages are refused or harmless, and are installed whole or not at all", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    await sets.installPackage(wrap(GOOD), ACTOR);
    const { contentHash } = sets.info("pack");
    const random = numbers(20260120);
    const runs = count("packageMutations");
    for (let run = 0; run < runs; run++) {
      const bytes = damaged(random);
      try {
        await takeApart(bytes);
      } catch (error) {
        if (!(error instanceof PackageRefusedError)) throw error;
      }
      // Some go the whole way, over one that is there already and enabled.
      if (run % 200 !== 0) continue;
      if (!sets.info("pack").enabled) await sets.enable("pack", ACTOR);
      const before = files(root);
      const { length } = instance.store.ledger.head();
      try {
        const { enabled } = await sets.installPackage(bytes, ACTOR, { force: true });
        assert.equal(enabled, false);
        // What is damaged and still comes in is what it says it is: nothing in it was changed.
        assert.equal(sets.info("pack").contentHash, contentHash);
      } catch (error) {
        assert.ok(error instanceof KairosError && error.code === "refused", String(error));
        assert.deepEqual(files(root), before);
      }
      assert.deepEqual([leftovers(root), instance.store.ledger.head().length], [[], length]);
    }
  });
});
