import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { HOSTILE_ZIPS } from "../skillset/hostile_zips.ts";
import { zip, zipFile } from "../skillset/zip_parts.ts";
import { inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

const DOCUMENT = "---\nname: release-notes\ndescription: How they are written\n" +
  "allowed-tools:\n  - Bash(rm *)\n---\n\n# Notes\n";

interface Imported {
  readonly name: string;
  readonly layer: string;
  readonly enabled: boolean;
  readonly left_out: readonly string[];
  readonly review: { readonly tools: readonly string[] };
}

interface Exported {
  readonly skills: readonly { readonly name: string; readonly done: string }[];
}

async function skillFolder(path: string, more: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries({ "SKILL.md": DOCUMENT, ...more })) {
    const folder = `${path}/${name}`.replace(/\/[^/]+$/, "");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
}

Deno.test("skillset import takes a folder or a zip, keeps it in L2, out of use, and shows its tools", async () => {
  await inInstance(async (folder) => {
    await skillFolder(`${folder}/skills/release-notes`, { "references/設計.md": "# 設計\n" });
    const argv = ["skillset", "import", "skills/release-notes"];
    const { value } = await kairosJson<Imported>(folder, argv);
    assert.deepEqual([value.name, value.layer, value.enabled], ["release_notes", "L2", false]);
    assert.deepEqual(value.review.tools, ["Bash(rm *)"]);
    assert.equal((await kairos(folder, argv)).code, 1);
    await Deno.writeFile(
      `${folder}/skill.zip`,
      zip([zipFile("x/SKILL.md", DOCUMENT), zipFile("x/scripts/run.sh", "#!/bin/sh\n")]),
    );
    const zipped = ["skillset", "import", "skill.zip", "--name", "theirs"];
    const refused = await kairos(folder, zipped);
    assert.equal(refused.code, 5);
    assert.match(refused.err, /scripts\/run\.sh[^]*--without-scripts/);
    const left = await kairosJson<Imported>(folder, [...zipped, "--without-scripts"]);
    assert.deepEqual([left.value.name, left.value.left_out], ["theirs", ["scripts/run.sh"]]);
    const told = await kairos(folder, [...zipped, "--without-scripts", "--force"]);
    assert.match(told.err, /Left out scripts\/run\.sh\n/);
    assert.equal((await kairos(folder, ["skillset", "import"])).code, 2);
    assert.equal((await kairos(folder, ["skillset", "import", "nothing"])).code, 1);
  });
});

Deno.test("skillset import leaves nothing of a zip that is refused, and ends with 5", async () => {
  await inInstance(async (folder, root) => {
    for (const members of Object.values(HOSTILE_ZIPS)) {
      const { make, limits, reason, what } = members[0]!;
      if (limits !== undefined) continue;
      await Deno.writeFile(`${folder}/skill.zip`, make());
      const before = await snapshot(root);
      const argv = ["skillset", "import", "skill.zip"];
      const { code, value } = await kairosJson<{ error: { data: { reason: string } } }>(
        folder,
        argv,
      );
      assert.deepEqual([code, value.error.data.reason], [5, reason], what);
      assert.deepEqual(await snapshot(root), before, what);
    }
  });
});

Deno.test("skillset import asks for the signatures the settings ask for", async () => {
  await inInstance(async (folder, root) => {
    await skillFolder(`${folder}/release-notes`);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "exchange:\n  require_signature: true\n");
    const { code, err } = await kairos(folder, ["skillset", "import", "release-notes"]);
    assert.equal(code, 5);
    assert.match(err, /not signed/);
  });
});

Deno.test("skillset export writes what was imported, once it is in use, and not into the instance", async () => {
  await inInstance(async (folder, root) => {
    await skillFolder(`${folder}/release-notes`);
    await kairos(folder, ["skillset", "import", "release-notes"]);
    const argv = ["skillset", "export", "release_notes", "--format", "agent-skills", "--to"];
    const early = await kairos(folder, [...argv, ".agents/skills"]);
    assert.equal(early.code, 5);
    assert.match(early.err, /not in use/);
    await kairos(folder, ["skillset", "enable", "release_notes"]);
    // As a program leaves it that was killed between taking a skill away and replacing it.
    const left = `${folder}/.agents/skills/.stage-${crypto.randomUUID()}`;
    await Deno.mkdir(`${left}/old/taken-away`, { recursive: true });
    const first = await kairosJson<Exported>(folder, [...argv, ".agents/skills"]);
    assert.ok((await Deno.stat(`${folder}/.agents/skills/taken-away`)).isDirectory);
    await assert.rejects(Deno.stat(left), Deno.errors.NotFound);
    assert.deepEqual(first.value.skills.map(({ name, done }) => [name, done]), [
      ["release-notes", "written"],
    ]);
    const document = `${folder}/.agents/skills/release-notes/SKILL.md`;
    assert.doesNotMatch(await Deno.readTextFile(document), /allowed-tools/);
    assert.match(
      (await kairos(folder, [...argv, ".agents/skills"])).out,
      /release-notes +unchanged +its fields allowed-tools were left out/,
    );
    await Deno.writeTextFile(document, "mine");
    assert.equal((await kairos(folder, [...argv, ".agents/skills"])).code, 1);
    assert.equal(await Deno.readTextFile(document), "mine");
    assert.equal((await kairos(folder, [...argv, ".agents/skills", "--force"])).code, 0);
    await Deno.symlink(root, `${folder}/aside`);
    const before = await snapshot(root);
    for (const inside of [root, `${root}/knowledge`, "aside/knowledge/new"]) {
      assert.equal((await kairos(folder, [...argv, inside])).code, 5, inside);
    }
    assert.deepEqual(await snapshot(root), before);
    const odd = ["skillset", "export", "release_notes", "--format", "tar", "--to", "x"];
    assert.equal((await kairos(folder, odd)).code, 2);
    assert.equal((await kairos(folder, ["skillset", "export", "release_notes"])).code, 2);
  });
});

Deno.test("skillset import --lock holds skills against a skills-lock.json and fetches nothing", async () => {
  await inInstance(async (folder) => {
    const installed = `${folder}/.agents/skills`;
    await skillFolder(`${installed}/release-notes`, { "references/a.md": "a\n", ".hidden": "h\n" });
    await skillFolder(`${installed}/changed`);
    const hash = createHash("sha256");
    for (
      const [path, text] of [[".hidden", "h\n"], ["references/a.md", "a\n"], ["SKILL.md", DOCUMENT]]
    ) {
      hash.update(path! + text!);
    }
    const computedHash = hash.digest("hex");
    const github = { source: "a/b", sourceType: "github" };
    const skills = {
      "release-notes": { ...github, computedHash },
      changed: { ...github, computedHash },
      gone: { ...github, computedHash },
      odd: github,
      "../../x": { ...github, computedHash },
    };
    await skillFolder(`${installed}/odd`);
    const lock = `${folder}/skills-lock.json`;
    await Deno.writeTextFile(lock, JSON.stringify({ version: 1, skills }));
    const looking = ["skillset", "import", "--lock", "skills-lock.json"];
    const { code, value } = await kairosJson<{ name: string; verdict: string }[]>(folder, looking);
    assert.equal(code, 3);
    assert.deepEqual(value.map(({ name, verdict }) => [name, verdict]), [
      ["release-notes", "matches"],
      ["changed", "differs"],
      ["gone", "missing"],
      ["odd", "unknown"],
      ["../../x", "missing"],
    ]);
    const take = (source: string) =>
      kairos(folder, ["skillset", "import", source, "--force", "--lock", "skills-lock.json"]);
    assert.equal((await take(".agents/skills/release-notes")).code, 0);
    await Deno.writeTextFile(`${installed}/release-notes/.hidden`, "other\n");
    const differs = await take(".agents/skills/release-notes");
    assert.equal(differs.code, 5);
    assert.match(differs.err, /notes other files/);
    await Deno.writeTextFile(lock, JSON.stringify({ version: 1, skills: {} }));
    assert.match((await take(".agents/skills/release-notes")).err, /does not name it/);
  });
});
