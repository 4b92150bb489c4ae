import assert from "node:assert/strict";
import { HOSTILE } from "../skillset/hostile.ts";
import { packed, skillSet } from "../skillset/sets.ts";
import { inInstance, kairos, kairosJson } from "./harness.ts";

interface Change {
  readonly name: string;
  readonly layer: string;
  readonly action: string;
  readonly enabled: boolean;
  readonly content_hash: string;
  readonly review: { readonly files: readonly unknown[] };
}

/** Writes a SkillSet's folder. */
async function folderOf(path: string, name: string, more: Readonly<Record<string, string>> = {}) {
  for (const { path: inner, bytes } of skillSet(name, {}, more)) {
    const at = `${path}/${inner}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(at, bytes);
  }
}

Deno.test("skillset install, list, info, disable, enable and remove tell what they did", async () => {
  await inInstance(async (folder) => {
    const run = async (...argv: string[]) => {
      const { code, out, err } = await kairos(folder, ["skillset", ...argv]);
      assert.equal(code, 0, err);
      return out;
    };
    assert.match(await run("list"), /No SkillSets installed/);
    await folderOf(`${folder}/源`, "pack");
    assert.match(await run("install", "./源"), /^Installed SkillSet 'pack' v1\.0\.0 \[L1\], block/);
    assert.match(await run("list"), /pack +1\.0\.0 +L1 +enabled +About pack/);
    assert.match(await run("info", "pack"), /Content hash +[0-9a-f]{64}\n/);
    assert.match(await run("disable", "pack"), /^Disabled/);
    assert.match(await run("disable", "pack"), /^Nothing to do for/);
    assert.match(await run("share", "pack"), /^Shared/);
    assert.match(await run("info", "pack"), /Shared +with instances/);
    assert.match(await run("unshare", "pack"), /^Stopped sharing/);
    assert.match(await run("enable", "pack"), /^Enabled/);
    const again = await kairos(folder, ["skillset", "install", "./源"]);
    assert.equal(again.code, 1);
    assert.match(again.err, /already installed at skillsets\/pack[^]*--force/);
    assert.match(await run("install", "./源", "--force", "--layer", "L2"), /Reinstalled.*\[L2\]/);
    const unsaid = await kairos(folder, ["skillset", "remove", "pack"]);
    assert.equal(unsaid.code, 5);
    assert.match(await run("remove", "pack", "--yes"), /^Removed/);
    assert.equal((await kairos(folder, ["skillset", "info", "pack"])).code, 1);
  });
});

Deno.test("skillset share names the documents that keep a SkillSet from being offered", async () => {
  await inInstance(async (folder) => {
    const path = "knowledge/mine/mine.md";
    await folderOf(`${folder}/pack`, "pack", { [path]: "---\npublic: no\n---\n\nMine\n" });
    assert.equal((await kairos(folder, ["skillset", "install", "./pack"])).code, 0);
    const { code, out, err } = await kairos(folder, ["skillset", "share", "pack"]);
    assert.equal(code, 0, err);
    assert.match(out, /^Shared/);
    assert.match(err, /^Not offered: knowledge\/mine\/mine\.md says that it is private$/m);
    const again = ["skillset", "share", "pack"];
    const { value } = await kairosJson<{ readonly kept_private: string[] }>(folder, again);
    assert.deepEqual(value.kept_private, [path]);
    await folderOf(`${folder}/open`, "open");
    await kairos(folder, ["skillset", "install", "./open"]);
    assert.equal((await kairos(folder, ["skillset", "share", "open"])).err, "");
  });
});

Deno.test("skillset list --available names what ships, and each of it installs by name", async () => {
  await inInstance(async (folder) => {
    const { out } = await kairos(folder, ["skillset", "list", "--available"]);
    assert.match(out, /^NAME +VERSION +LAYER +ABOUT\nmmp +1\.0\.0 +L1 +Meeting/);
    const argv = ["skillset", "list", "--available"];
    const { value } = await kairosJson<{ readonly name: string }[]>(folder, argv);
    assert.ok(value.length >= 2);
    for (const { name } of value) {
      assert.equal((await kairos(folder, ["skillset", "install", name])).code, 0);
    }
    const unknown = await kairos(folder, ["skillset", "install", "no_such_set"]);
    assert.match(unknown.err, /Source path not found[^]*mmp, writing_knowledge/);
  });
});

Deno.test("package prints what install-archive takes, and both say so under two names", async () => {
  await inInstance(async (folder) => {
    await folderOf(`${folder}/src`, "pack", { "knowledge/設計.md": "日本語\n" });
    await kairos(folder, ["skillset", "install", "./src"]);
    const { out, err } = await kairos(folder, ["package", "pack"]);
    assert.equal(err, "");
    assert.equal(JSON.parse(out).name, "pack");
    assert.equal((await kairos(folder, ["skillset", "package", "pack"])).out.length, out.length);
    const told = await kairos(folder, ["package", "pack"], { terminal: true });
    assert.match(told.err, /Packed pack: 3 files/);
    await kairos(folder, ["skillset", "remove", "pack", "--yes"]);
    const { value } = await kairosJson<Change>(folder, ["install-archive", "-"], { stdin: out });
    assert.deepEqual(
      [value.layer, value.enabled, value.action, value.review.files.length],
      ["L2", false, "install_from_archive", 3],
    );
    await Deno.writeTextFile(`${folder}/peer.json`, `{"skillset_package":${out}}`);
    const argv = ["skillset", "install-archive", "peer.json", "--force", "--enable"];
    const forced = await kairosJson<Change>(folder, argv);
    assert.deepEqual([forced.value.action, forced.value.enabled], ["reinstall_from_archive", true]);
    assert.equal(forced.value.content_hash, value.content_hash);
  });
});

Deno.test("install-archive refuses with exit code 5 and shows no control characters", async () => {
  await inInstance(async (folder, root) => {
    for (const members of Object.values(HOSTILE)) {
      const { make, limits, reason, what } = members.at(-1)!;
      if (limits !== undefined) continue;
      const { code, err } = await kairos(folder, ["install-archive"], { stdin: make() });
      assert.equal(code, 5, `${what}: ${err}`);
      // deno-lint-ignore no-control-regex -- the point is that there are none
      assert.doesNotMatch(err, /[\0-\x09\x0b-\x1f\x7f\u202e\u200b]/, what);
      const { value } = await kairosJson<{ error: { data: { reason: string } } }>(
        folder,
        ["install-archive"],
        { stdin: make() },
      );
      assert.equal(value.error.data.reason, reason, what);
    }
    await assert.rejects(Deno.stat(`${root}/skillsets`), Deno.errors.NotFound);
  });
});

Deno.test("what somebody else wrote has no power over a screen it is piped to", async (t) => {
  const steering = "\x1b]0;title\x07\x9b31m\u202e text\n";
  // deno-lint-ignore no-control-regex -- the point is that there are none
  const power = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/;
  await inInstance(async (folder, root) => {
    const files = skillSet("pack", {}, { "knowledge/a.md": steering });
    await Deno.writeFile(`${folder}/esc.json`, packed(files));
    await Deno.writeFile(`${folder}/plain.json`, packed(skillSet("pack")));
    await folderOf(`${folder}/own`, "pack", { "knowledge/a.md": steering });
    await folderOf(`${folder}/other`, "pack");
    const shown = async (...argv: string[]) => {
      const { out, err } = await kairos(folder, argv);
      assert.match(out, /^[-+].* text/m, err);
      return out;
    };
    await kairos(folder, ["install-archive", "plain.json"]);
    const foreign: readonly (readonly string[])[] = [
      ["skillset", "diff", "pack", "esc.json"],
      ["skillset", "diff", "esc.json", "./other"],
      ["install-archive", "esc.json", "--force"],
      ["skillset", "diff", "./other", "pack"],
      ["skillset", "install", "./other", "--force"],
    ];
    for (const argv of foreign) {
      await t.step(argv.join(" "), async () => assert.doesNotMatch(await shown(...argv), power));
    }
    await t.step("skillset upgrade", async () => {
      await kairos(folder, ["skillset", "install", "mmp"]);
      const manifest = `${root}/skillsets/mmp/skillset.json`;
      const shipped = JSON.parse(await Deno.readTextFile(manifest));
      const older = { ...shipped, version: "0.0.1", description: "\x9b31m\u202e text" };
      await Deno.writeTextFile(manifest, JSON.stringify(older, null, 1));
      assert.doesNotMatch(await shown("skillset", "upgrade"), power);
    });
    await t.step("what is one's own stays a patch", async () => {
      assert.match(await shown("skillset", "diff", "./other", "./own"), power);
    });
  });
});

Deno.test("install-archive reads no package from a terminal and shows its help there", async () => {
  await inInstance(async (folder) => {
    for (const argv of [["install-archive"], ["install-archive", "-"]]) {
      const { code, err } = await kairos(folder, argv, { terminal: true });
      assert.equal(code, 2);
      assert.match(err, /^EXAMPLES\n {2}kairos install-archive my_pack\.json .*\nUSAGE\n/s);
      assert.match(err, /\nError: .*\n.*kairos package NAME \| kairos install-archive -\n$/);
    }
  });
});

Deno.test("skillset diff compares folders, packages and installed SkillSets", async () => {
  await inInstance(async (folder) => {
    await folderOf(`${folder}/old`, "pack", { "knowledge/a.md": "one\n", "config/c.yml": "" });
    await folderOf(`${folder}/new`, "pack", { "knowledge/a.md": "two\n" });
    await kairos(folder, ["skillset", "install", "./old"]);
    await Deno.writeFile(`${folder}/pack.json`, packed(skillSet("pack", {}, {})));
    const diff = async (...sides: string[]) =>
      (await kairos(folder, ["skillset", "diff", ...sides])).out;
    assert.equal(await diff("pack", "./old"), "");
    const out = await diff("pack", "./new");
    assert.match(out, /Empty file config\/c\.yml removed\n/);
    assert.match(out, /\n-one\n\+two\n/);
    const json = await kairosJson<{ files: { path: string; change: string }[] }>(
      folder,
      ["skillset", "diff", "./new", "pack.json"],
    );
    assert.deepEqual(json.value.files.map(({ path, change }) => [path, change]), [
      ["knowledge/a.md", "removed"],
    ]);
    assert.equal((await kairos(folder, ["skillset", "diff", "pack", "nothing"])).code, 1);
  });
});

Deno.test("skillset diff takes every kind on either side and does not mix up names and paths", async (t) => {
  await inInstance(async (folder) => {
    const run = async (sides: readonly string[], stdin = "") => {
      const argv = ["skillset", "diff", ...sides];
      const { code, value, err } = await kairosJson<
        { files: { path: string; change: string }[]; error?: unknown }
      >(folder, argv, { stdin });
      return { code, err, files: value.files?.map(({ path, change }) => [path, change]) };
    };
    await folderOf(`${folder}/pack`, "pack", { "knowledge/a.md": "one\n" });
    await kairos(folder, ["skillset", "install", "./pack"]);
    const { out } = await kairos(folder, ["package", "pack"]);
    await Deno.writeTextFile(`${folder}/pack.json`, out);
    await Deno.writeTextFile(`${folder}/pack/knowledge/a.md`, "two\n");
    const sides: Readonly<Record<string, string>> = {
      installed: "pack",
      package: "pack.json",
      piped: "-",
      folder: "./pack",
    };
    for (const [left, before] of Object.entries(sides)) {
      for (const [right, after] of Object.entries(sides)) {
        await t.step(`${left} and ${right}`, async () => {
          const { code, files } = await run([before, after], out);
          if (left === "piped" && right === "piped") return assert.equal(code, 2);
          const differs = (left === "folder") !== (right === "folder");
          assert.deepEqual(files, differs ? [["knowledge/a.md", "changed"]] : []);
        });
      }
    }
    await t.step("a name that is a folder too is said", async () => {
      const { err } = await kairos(folder, ["skillset", "diff", "pack", "./pack"]);
      assert.match(err, /pack is the installed SkillSet; write \.\/pack for the folder/);
    });
    await t.step("a package that is refused", async () => {
      const hostile = Object.values(HOSTILE)[0]![0]!.make();
      const argv = ["skillset", "diff", "pack", "-"];
      assert.equal((await kairos(folder, argv, { stdin: hostile })).code, 5);
    });
  });
});

Deno.test("skillset install shows what it replaces, and skillset upgrade what it would", async () => {
  await inInstance(async (folder) => {
    await folderOf(`${folder}/old`, "pack", { "knowledge/a.md": "one\n" });
    await folderOf(`${folder}/new`, "pack", { "knowledge/a.md": "two\n" });
    await kairos(folder, ["skillset", "install", "./old"]);
    const refused = await kairos(folder, ["skillset", "install", "./new"]);
    assert.match(
      refused.err,
      /already installed at skillsets\/pack; by this 0 files added, 1 chang/,
    );
    assert.match(refused.err, /kairos skillset diff pack .*--force/);
    const forced = await kairos(folder, ["skillset", "install", "./new", "--force"]);
    assert.match(
      forced.out,
      /Reinstalled.*\n0 files added, 1 changed, 0 removed\n[^]*\n-one\n\+two\n/,
    );
    const { value } = await kairosJson<{ files: { path: string; diff: string }[] }>(
      folder,
      ["skillset", "install", "./old", "--force"],
    );
    assert.deepEqual(value.files.map(({ path }) => path), ["knowledge/a.md"]);
    assert.match(value.files[0]!.diff, /\n-two\n\+one\n/);
    assert.equal((await kairos(folder, ["skillset", "upgrade"])).out, "Nothing to upgrade\n");
    const own = await kairos(folder, ["skillset", "upgrade", "pack", "--apply"]);
    assert.equal(own.code, 1);
    assert.match(own.err, /Cannot upgrade SkillSet 'pack': it does not ship/);
  });
});

Deno.test("skillset upgrade shows what ships, and makes the change when that is said", async () => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["skillset", "install", "mmp"]);
    const manifest = `${root}/skillsets/mmp/skillset.json`;
    const shipped = await Deno.readTextFile(manifest);
    const older = shipped.replace(/"version": *"[^"]*"/, '"version": "0.0.1"');
    await Deno.writeTextFile(manifest, older);
    const shown = await kairos(folder, ["skillset", "upgrade"]);
    assert.match(shown.out, /^mmp 0\.0\.1 -> \S+: 0 files added, 1 changed, 0 removed\n/);
    assert.match(shown.out, /^-.*"0\.0\.1"/m);
    assert.match(shown.err, /Next: kairos skillset upgrade --apply/);
    assert.equal(await Deno.readTextFile(manifest), older, "shown is not done");
    const { value } = await kairosJson<{
      upgrades: { name: string; from: string; files: { path: string }[]; applied: Change }[];
    }>(folder, ["skillset", "upgrade", "mmp", "--apply"]);
    const [{ name, from, files, applied } = assert.fail("none")] = value.upgrades;
    assert.deepEqual([name, from, applied.action], ["mmp", "0.0.1", "upgrade"]);
    assert.deepEqual(files.map(({ path }) => path), ["skillset.json"]);
    assert.equal(await Deno.readTextFile(manifest), shipped);
  });
});

Deno.test("skillset upgrade of several tells which were done when one fails", async () => {
  await inInstance(async (folder, root) => {
    for (const name of ["mmp", "writing_knowledge"]) {
      await kairos(folder, ["skillset", "install", name]);
      const manifest = `${root}/skillsets/${name}/skillset.json`;
      const older = (await Deno.readTextFile(manifest))
        .replace(/"version": *"[^"]*"/, '"version": "0.0.1"');
      await Deno.writeTextFile(manifest, older);
    }
    const knowledge = `${root}/skillsets/mmp/knowledge`;
    for await (const { name } of Deno.readDir(knowledge)) {
      await Deno.remove(`${knowledge}/${name}`, { recursive: true });
      await Deno.writeTextFile(`${knowledge}/${name}`, "a file where a folder should be\n");
    }
    const { code, value } = await kairosJson<{
      upgrades: { name: string; applied: Change | null; error?: { code: string } }[];
    }>(folder, ["skillset", "upgrade", "--apply"]);
    assert.equal(code, 5);
    assert.deepEqual(
      value.upgrades.map(({ name, applied, error }) => [name, applied?.action, error?.code]),
      [["mmp", undefined, "refused"], ["writing_knowledge", "upgrade", undefined]],
    );
    const again = await kairos(folder, ["skillset", "upgrade", "--apply"]);
    assert.equal(again.code, 5, "alone it fails as by its name");
    assert.match(again.err, /^Error: /);
  });
});

Deno.test("skillset disable and remove of L0 make a proposal and say how it is decided", async () => {
  await inInstance(async (folder) => {
    await folderOf(`${folder}/src`, "pack");
    await kairos(folder, ["skillset", "install", "./src", "--layer", "L0"]);
    const lawless = await kairos(folder, ["skillset", "disable", "pack"]);
    assert.equal(lawless.code, 5);
    assert.match(
      lawless.err,
      /^Error: L0 SkillSet 'pack' requires human approval to disable; Cannot/,
    );
    await kairos(folder, ["init"]);
    for (const verb of [["disable"], ["remove", "--yes"]]) {
      const argv = ["skillset", ...verb, "pack", "--reason", "It is outdated"];
      const { code, err } = await kairos(folder, argv);
      assert.equal(code, 5);
      const phrase = `L0 SkillSet 'pack' requires human approval to ${verb[0]}`;
      assert.ok(err.includes(phrase), err);
      const id = /kairos proposals approve (\S+?)`/.exec(err)?.[1];
      const { value } = await kairosJson<{ error: { message: string; data: unknown } }>(
        folder,
        argv,
      );
      assert.equal(value.error.message, phrase);
      assert.deepEqual(value.error.data, { requires_approval: true, proposal: id });
      const shown = await kairos(folder, ["proposals", "show", id!]);
      assert.match(shown.out, new RegExp(`Kind +skillset_${verb[0]} of pack`));
      assert.match(shown.out, /Reason +It is outdated/);
      assert.match(shown.out, /knowledge\/topic\/topic\.md \(\d+ bytes\)/);
    }
    const { value } = await kairosJson<{ enabled: boolean }>(folder, ["skillset", "info", "pack"]);
    assert.equal(value.enabled, true);
  });
});

Deno.test("a SkillSet that is broken stops no other command", async () => {
  await inInstance(async (folder, root) => {
    await Deno.mkdir(`${root}/skillsets/broken`, { recursive: true });
    await Deno.writeTextFile(`${root}/skillsets/broken/skillset.json`, "{");
    for (const argv of [["status"], ["skillset", "list"], ["skillset", "info", "broken"]]) {
      const { code, err } = await kairos(folder, argv);
      assert.equal(code, 0, err);
    }
    assert.match((await kairos(folder, ["skillset", "list"])).out, /broken .*! Invalid/);
    assert.equal((await kairos(folder, ["package", "broken"])).code, 1);
  });
});
