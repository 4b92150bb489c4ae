import assert from "node:assert/strict";
import { HOSTILE } from "../skillset/hostile.ts";
import { packed, skillSet } from "../skillset/sets.ts";
import { inFolder, inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

interface Verified {
  readonly kind: string;
  readonly verdict: string;
  readonly signature: { readonly id: string; readonly verdict: string; readonly trusted: boolean };
  readonly changed_files: readonly string[];
}

/** Writes the folder of a SkillSet and installs it. */
async function install(folder: string, name: string, ...more: string[]): Promise<void> {
  for (const { path, bytes } of skillSet(name)) {
    const at = `${folder}/src-${name}/${path}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(at, bytes);
  }
  const { code, err } = await kairos(folder, [
    "skillset",
    "install",
    `./src-${name}`,
    "--force",
    ...more,
  ]);
  assert.equal(code, 0, err);
}

Deno.test("verify without an argument, or with a data directory, verifies the instance", async () => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["chain", "record", "one"]);
    const expected = await kairos(folder, ["chain", "verify"]);
    assert.match(expected.out, /^Chain: valid/);
    assert.deepEqual(await kairos(folder, ["verify"]), expected);
    assert.deepEqual(await kairos(folder, ["verify", root]), expected);
    await inFolder(async (elsewhere) => {
      assert.deepEqual(await kairos(elsewhere, ["verify", root]), expected);
    });
    const path = `${root}/storage/blockchain.json`;
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace('"one"', '"two"'));
    assert.equal((await kairos(folder, ["verify", "--json"])).code, 3);
    assert.equal((await kairos(folder, ["verify", ".kairos", "--json"])).code, 3);
  });
});

Deno.test("verify opens a package and keeps nothing of it, with and without an instance", async () => {
  await inInstance(async (folder) => {
    await install(folder, "pack");
    const { out } = await kairos(folder, ["package", "pack", "--sign"]);
    const { value: key } = await kairosJson<{ id: string }>(folder, ["skillset", "key"]);
    await Deno.writeTextFile(`${folder}/pack.json`, out);
    const before = await snapshot(folder);
    const { code, value } = await kairosJson<Verified>(folder, ["verify", "pack.json"]);
    assert.equal(code, 0);
    assert.deepEqual([value.kind, value.verdict], ["package", "whole"]);
    assert.deepEqual([value.signature.id, value.signature.verdict], [key.id, "valid"]);
    assert.match(
      (await kairos(folder, ["verify", "-"], { stdin: out })).out,
      /Signed by +[0-9A-Z-]{24}: verifies\n/,
    );
    assert.deepEqual(await snapshot(folder), before);
    await inFolder(async (elsewhere) => {
      const away = await kairosJson<Verified>(elsewhere, ["verify", "-"], { stdin: out });
      assert.deepEqual(away.value.signature, value.signature);
    });
    for (const members of Object.values(HOSTILE)) {
      const { make, limits, reason, what } = members[0]!;
      if (limits !== undefined) continue;
      const refused = await kairosJson<{ error: { data: { reason: string } } }>(
        folder,
        ["verify", "-"],
        { stdin: make() },
      );
      assert.deepEqual([refused.code, refused.value.error.data.reason], [5, reason], what);
    }
    assert.deepEqual(await snapshot(folder), before);
    assert.equal((await kairos(folder, ["verify", "-"], { terminal: true })).code, 2);
  });
});

Deno.test("verify says of a package what the settings would say of it", async () => {
  await inInstance(async (folder, root) => {
    await Deno.writeFile(`${folder}/pack.json`, packed(skillSet("pack")));
    assert.equal((await kairos(folder, ["verify", "pack.json"])).code, 0);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "exchange:\n  require_signature: true\n");
    const { code, err } = await kairos(folder, ["verify", "pack.json"]);
    assert.equal(code, 5);
    assert.match(err, /not signed/);
  });
});

Deno.test("verify holds an installed SkillSet against its record", async (t) => {
  await inInstance(async (folder, root) => {
    const verify = async (...argv: string[]) => {
      const { code, value } = await kairosJson<Verified>(folder, ["verify", ...argv]);
      return [code, value.verdict, ...(value.changed_files ?? [])];
    };
    const topic = `${root}/skillsets/pack/knowledge/topic/topic.md`;
    await t.step("as recorded", async () => {
      await install(folder, "pack");
      assert.deepEqual(await verify("pack"), [0, "as_recorded"]);
    });
    await t.step("changed", async () => {
      await Deno.writeTextFile(topic, "other\n");
      assert.deepEqual(await verify("pack"), [3, "changed"]);
      assert.match((await kairos(folder, ["verify", "pack"])).out, /changed since it was recorded/);
    });
    await t.step("in L0, file by file", async () => {
      await install(folder, "pack", "--layer", "l0");
      await Deno.writeTextFile(topic, "other\n");
      await Deno.writeTextFile(`${root}/skillsets/pack/knowledge/new.md`, "new\n");
      const changed = ["knowledge/new.md", "knowledge/topic/topic.md"];
      assert.deepEqual(await verify("pack"), [3, "changed", ...changed]);
    });
    await t.step("never recorded, and removed by its record", async () => {
      await install(folder, "gone");
      await Deno.rename(`${root}/skillsets/gone`, `${root}/skillsets/kept`);
      const manifest = `${root}/skillsets/kept/skillset.json`;
      const text = await Deno.readTextFile(manifest);
      await Deno.writeTextFile(manifest, text.replace('"gone"', '"kept"'));
      assert.deepEqual(await verify("kept"), [3, "unrecorded"]);
      await install(folder, "gone");
      await Deno.rename(`${root}/skillsets/gone`, `${folder}/aside`);
      await install(folder, "gone");
      await kairos(folder, ["skillset", "remove", "gone", "--yes"]);
      await Deno.rename(`${folder}/aside`, `${root}/skillsets/gone`);
      assert.deepEqual(await verify("gone"), [3, "removed"]);
    });
    await t.step("L2 has no record, but a line in the journal and a signature", async () => {
      const { out } = await kairos(folder, ["package", "kept", "--sign"]);
      await kairos(folder, ["skillset", "remove", "kept", "--yes"]);
      const installed = await kairos(folder, ["install-archive", "-"], { stdin: out });
      assert.equal(installed.code, 0, installed.err);
      assert.deepEqual(await verify("kept"), [0, "as_noted"]);
      const shown = await kairos(folder, ["verify", "kept"]);
      assert.match(shown.out, /Last in journal +install_from_archive at .*, hash [0-9a-f]{12}\n/);
      await Deno.writeTextFile(`${root}/skillsets/kept/knowledge/topic/topic.md`, "other\n");
      assert.deepEqual(await verify("kept"), [3, "changed"]);
      const { out: info } = await kairos(folder, ["skillset", "info", "kept"]);
      assert.match(info, /Signed by +[0-9A-Z-]{24}: verifies, but other content was signed/);
    });
    await t.step("L2 without a signature, noted, changed, and noted nowhere", async () => {
      await install(folder, "plain", "--layer", "l1");
      await install(folder, "plain", "--layer", "l2");
      assert.deepEqual(await verify("plain"), [0, "as_noted"]);
      const journal = `${root}/skills/action_log.jsonl`;
      const lines = await Deno.readTextFile(journal);
      await Deno.remove(journal);
      assert.deepEqual(await verify("plain"), [0, "not_recorded"]);
      await Deno.writeTextFile(journal, lines);
      const at = `${root}/skillsets/plain/knowledge/topic/topic.md`;
      await Deno.writeTextFile(at, "other\n");
      assert.deepEqual(await verify("plain"), [3, "changed"]);
      await kairos(folder, ["skillset", "disable", "plain"]);
      assert.deepEqual(await verify("plain"), [0, "as_noted"], "what is there now was noted");
    });
    await t.step("broken", async () => {
      await Deno.writeTextFile(`${root}/skillsets/kept/skillset.json`, "{");
      assert.deepEqual(await verify("kept"), [3, "broken"]);
    });
  });
});

Deno.test("verify does not guess what fits several kinds, or none", async () => {
  await inInstance(async (folder) => {
    await install(folder, "pack");
    await Deno.writeFile(`${folder}/pack`, packed(skillSet("pack")));
    const both = await kairos(folder, ["verify", "pack"]);
    assert.equal(both.code, 2);
    assert.match(both.err, /a package and an installed SkillSet[^]*--as package or --as skillset/);
    for (const kind of ["package", "skillset"]) {
      const argv = ["verify", "pack", "--as", kind];
      assert.equal((await kairosJson<Verified>(folder, argv)).value.kind, kind);
    }
    assert.equal((await kairosJson<Verified>(folder, ["verify", "./pack"])).value.kind, "package");
    assert.equal((await kairos(folder, ["verify", "nothing"])).code, 1);
    assert.equal((await kairos(folder, ["verify", "pack", "--as", "peer"])).code, 2);
    await inFolder(async (elsewhere) => {
      assert.equal((await kairos(elsewhere, ["verify"])).code, 2);
      assert.equal((await kairos(elsewhere, ["verify", "x", "--data-dir", "gone"])).code, 2);
    });
  });
});

Deno.test("package --sign makes the key once, and so does skillset key", async () => {
  await inInstance(async (folder, root) => {
    await install(folder, "pack");
    const first = await kairosJson<{ id: string; public_key: string }>(folder, ["skillset", "key"]);
    assert.match(first.value.id, /^(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
    const { out } = await kairos(folder, ["package", "pack", "--sign"]);
    assert.equal(JSON.parse(out).package_signature.key, first.value.public_key);
    assert.equal(
      JSON.parse((await kairos(folder, ["package", "pack"])).out).package_signature,
      undefined,
    );
    await Deno.remove(`${root}/storage/keys/package.json`);
    await kairos(folder, ["package", "pack", "--sign"]);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "exchange:\n  sign: true\n");
    const other = JSON.parse((await kairos(folder, ["package", "pack"])).out).package_signature.key;
    assert.notEqual(other, first.value.public_key);
    const shown = await kairos(folder, ["skillset", "key"]);
    assert.ok(shown.out.includes(other));
    const secret = JSON.parse(await Deno.readTextFile(`${root}/storage/keys/package.json`));
    assert.ok(!(shown.out + shown.err).includes(secret.private_key));
  });
});
