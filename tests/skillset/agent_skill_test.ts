import assert from "node:assert/strict";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { Disk, transitName } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { skillDocument } from "../../core/layers/agent_skill.ts";
import { parseEntryText } from "../../core/layers/front_matter.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { PackageRefusedError, type Refusal } from "../../core/skillset/refusal.ts";
import { type ExportedSkill, exportSkills } from "../../core/skillset/skill_export.ts";
import { tidySkillFolder, writeSkillFolder } from "../../core/skillset/skill_folder.ts";
import { importSkill, type SkillImportOptions } from "../../core/skillset/skill_import.ts";
import { parseSkillsLock, skillFolderHash } from "../../core/skillset/skills_lock.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { count } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** Files by path to text. */
const files = (texts: Readonly<Record<string, string>>): PackedFile[] =>
  Object.entries(texts).map(([path, text]) => ({ path, bytes: utf8(text) }));

const skill = (front: string, more: Readonly<Record<string, string>> = {}): PackedFile[] =>
  files({ "SKILL.md": `---\n${front}\n---\n\n# Body\r\nアあ\n`, ...more });

const GOOD = "name: release-notes\ndescription: How they are written";

const take = (found: PackedFile[], options: Partial<SkillImportOptions> = {}) =>
  importSkill(found, { limits: PACKAGE_LIMITS, ...options });

Deno.test("importSkill() makes a SkillSet whose knowledge is the skill, byte for byte but its name", () => {
  const front =
    `${GOOD}\nlicense: MIT\nallowed-tools: Bash\nmetadata:\n  author: Ada\n  version: "2.1"`;
  const more = { "references/設計.md": "# 設計\n", "LICENSE.txt": "MIT\n" };
  const { files, manifest, leftOut, skill: name } = take(skill(front, more));
  assert.deepEqual(files.map(({ path }) => path), [
    "knowledge/release_notes/release_notes.md",
    "knowledge/release_notes/references/設計.md",
    "knowledge/release_notes/LICENSE.txt",
    "skillset.json",
  ]);
  const expected = textOf(skill(front)[0]!.bytes).replace(
    "name: release-notes",
    `name: "release_notes"`,
  );
  assert.equal(textOf(files[0]!.bytes), expected);
  assert.deepEqual([name, leftOut], ["release-notes", []]);
  assert.deepEqual(
    [manifest.name, manifest.version, manifest.author, manifest.layer],
    ["release_notes", "2.1", "Ada", "L2"],
  );
  assert.equal(take(skill(front), { name: "theirs" }).manifest.name, "theirs");
});

Deno.test("importSkill() takes the one folder a zip begins with, and no more than one skill", () => {
  const inside = (folder: string, found: PackedFile[]) =>
    found.map(({ path, bytes }) => ({ path: `${folder}/${path}`, bytes }));
  assert.equal(take(inside("release-notes-main", skill(GOOD))).skill, "release-notes");
  const two = [...inside("a", skill(GOOD)), ...inside("b", skill(GOOD))];
  assert.throws(() => take(two), { code: "not_found", hint: /"a", "b"/ });
  assert.throws(() => take(files({ "README.md": "x" })), { code: "not_found" });
  assert.throws(
    () => take([...inside("a", skill(GOOD)), ...files({ "x.md": "x" })]),
    (error) => error instanceof PackageRefusedError && error.reason === "outside_folder",
  );
});

Deno.test("importSkill() holds the front matter to the rules of the format", async (t) => {
  const cases: readonly [what: string, front: string][] = [
    ["no name", "description: x"],
    ["no description", "name: a"],
    ["an empty description", "name: a\ndescription: '  '"],
    ["a description of 1,025 characters", `name: a\ndescription: ${"字".repeat(1025)}`],
    ["capitals", "name: Notes\ndescription: x"],
    ["a blank", "name: my notes\ndescription: x"],
    ["an underscore", "name: my_notes\ndescription: x"],
    ["two dashes", "name: my--notes\ndescription: x"],
    ["a dash at the end", "name: notes-\ndescription: x"],
    ["65 characters", `name: ${"n".repeat(65)}\ndescription: x`],
    ["a number for a name", "name: 1\ndescription: x"],
    ["a path for a name", "name: ../../x\ndescription: x"],
    ["a compatibility of 501 characters", `${GOOD}\ncompatibility: ${"c".repeat(501)}`],
    ["metadata that are no texts", `${GOOD}\nmetadata:\n  a: [1]`],
    ["a name over two lines", "name: >-\n  release-notes\ndescription: x"],
    ["no YAML", "name: [unclosed"],
    ["code as a tag", "name: !!js/function 'x'\ndescription: x"],
    ["a name twice", `${GOOD}\nname: other`],
  ];
  for (const [what, front] of cases) {
    await t.step(what, () => {
      assert.throws(() => take(skill(front)), (error) => {
        assert.ok(error instanceof KairosError, String(error));
        assert.equal(error.code, "invalid", error.message);
        return true;
      });
    });
  }
  await t.step("no front matter", () => {
    assert.throws(() => take(files({ "SKILL.md": "# Notes\n" })), { code: "invalid" });
  });
});

Deno.test("importSkill() refuses programs, or leaves them out and says which", async (t) => {
  const programs: readonly [path: string, text: string][] = [
    ["scripts/run.py", "print(1)\n"],
    ["scripts/README.md", "a text among scripts\n"],
    ["references/scripts/x.md", "the same further down\n"],
    ["helper.js", "1\n"],
    ["assets/tool.md", "#!/bin/sh\n"],
  ];
  for (const [path, text] of programs) {
    await t.step(path, () => {
      const found = skill(GOOD, { [path]: text, "references/a.md": "a\n" });
      assert.throws(() => take(found), (error) => {
        assert.ok(error instanceof PackageRefusedError, String(error));
        assert.deepEqual([error.reason, error.what], ["executable", path]);
        assert.match(error.message, /--without-scripts/);
        return true;
      });
      const { files, leftOut } = take(found, { withoutScripts: true });
      assert.deepEqual(leftOut, [path]);
      assert.ok(files.every((file) => !file.path.endsWith(path)));
      assert.equal(files.length, 3);
    });
  }
  const others: readonly [path: string, reason: Refusal][] = [
    ["assets/x.docx", "type_not_allowed"],
    ["../x.md", "path_traversal"],
    ["a\\..\\x.md", "path_traversal"],
    ["references/nul.md", "reserved_name"],
    ["Release_notes.md", "collision"],
    ["release_notes.md", "duplicate"],
  ];
  for (const [path, reason] of others) {
    await t.step(`${path} whatever is said`, () => {
      const found = skill(GOOD, { [path]: "x" });
      assert.throws(
        () => take(found, { withoutScripts: true }),
        (error) => error instanceof PackageRefusedError && error.reason === reason,
        reason,
      );
    });
  }
});

Deno.test("exportSkills() writes what importSkill() took, without the tools it asks for", () => {
  const front = `${GOOD}\nallowed-tools: Bash(rm -rf *)\nlicense: MIT`;
  const { files } = take(skill(front, { "references/a.md": "a\n" }));
  const { skills, skipped } = exportSkills(files);
  assert.deepEqual(skipped, []);
  assert.deepEqual(skills.map(({ name, entry }) => [name, entry]), [
    ["release-notes", "release_notes"],
  ]);
  const [{ files: written, notes }] = skills as [ExportedSkill];
  assert.deepEqual(written.map(({ path }) => path), ["SKILL.md", "references/a.md"]);
  const read = parseEntryText(written[0]!.bytes, "");
  assert.deepEqual(read.fields, {
    license: "MIT",
    name: "release-notes",
    description: "How they are written",
  });
  assert.ok(textOf(written[0]!.bytes).endsWith("# Body\r\nアあ\n"));
  assert.deepEqual(notes, ["its fields allowed-tools were left out"]);
  assert.equal(take([...written]).skill, "release-notes");
});

Deno.test("skillDocument() passes on no tools that knowledge of others asks for", () => {
  const bytes = utf8("---\ndescription: x\nallowed-tools: Bash\n---\nbody\n");
  const made = (received: boolean) => {
    const origin = { skillset: "pack", received };
    const { text } = skillDocument(parseEntryText(bytes, "a"), textOf(bytes), "a", origin) as {
      text: string;
    };
    return text.includes("allowed-tools");
  };
  assert.deepEqual([made(true), made(false)], [false, true]);
});

Deno.test("exportSkills() makes entries fit the format, or says why they do not", () => {
  const entry = (name: string, front: string, more: Readonly<Record<string, string>> = {}) =>
    files(Object.fromEntries([
      [`knowledge/${name}/${name}.md`, `---\n${front}\n---\nbody\n`],
      ...Object.entries(more).map(([path, text]) => [`knowledge/${name}/${path}`, text]),
    ]));
  const { skills, skipped } = exportSkills([
    ...entry("long", `description: ${"字".repeat(2000)}\nversion: 1.10\ntags: [a]`),
    ...entry("設計", "description: x"),
    ...entry("a_b", "description: x"),
    ...entry("a-b", "description: x"),
    ...entry("mute", "version: 1"),
    ...entry("secret", "description: x\nprivate: true"),
    ...entry("double", "description: x", { "skill.md": "theirs" }),
    ...files({ "skillset.json": "{}", "knowledge/loose.md": "x", "knowledge/a/b/b.md": "x" }),
  ]);
  assert.deepEqual(skills.map(({ name }) => name), ["long", "a-b"]);
  const { fields } = parseEntryText(skills[0]!.files[0]!.bytes, "");
  assert.equal([...String(fields["description"])].length, 1024);
  assert.deepEqual(fields["metadata"], { version: "1.10" });
  assert.equal(skills[0]!.notes.length, 2);
  assert.deepEqual(skipped.map((one) => one.entry), ["設計", "a-b", "mute", "secret", "double"]);
});

Deno.test("writeSkillFolder() replaces its own skills and no others", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk();
    const target = `${folder}/.agents/skills`;
    const one = (text: string): ExportedSkill => ({
      name: "notes",
      entry: "notes",
      files: files({ "SKILL.md": text, "references/a.md": "a\n" }),
      notes: [],
    });
    const write = (text: string, force = false) =>
      writeSkillFolder(disk, target, one(text), {
        skillset: "pack",
        version: "1",
        limits: PACKAGE_LIMITS,
        force,
      });
    const names = (at: string) => disk.list(at).map(({ name }) => name).sort();
    assert.equal(write("one"), "written");
    assert.equal(write("one"), "unchanged");
    assert.equal(write("two"), "replaced");
    assert.equal(Deno.readTextFileSync(`${target}/notes/SKILL.md`), "two");
    assert.deepEqual(names(`${target}/notes`), [".kairos.json", "SKILL.md", "references"]);
    for (const edit of ["SKILL.md", "references/new.md", ".hidden"]) {
      write("two", true);
      Deno.writeTextFileSync(`${target}/notes/${edit}`, "edited");
      assert.throws(() => write("three"), { code: "exists", hint: /--force/ }, edit);
      assert.equal(Deno.readTextFileSync(`${target}/notes/${edit}`), "edited");
    }
    assert.equal(write("three", true), "replaced");
    Deno.removeSync(`${target}/notes/.kairos.json`);
    assert.throws(() => write("three"), { code: "exists" });
    Deno.removeSync(`${target}/notes`, { recursive: true });
    Deno.symlinkSync(`${folder}/elsewhere`, `${target}/notes`);
    assert.throws(() => write("three", true), { code: "exists" });
    assert.deepEqual(names(target), ["notes"]);
    assert.equal(disk.stat(`${folder}/elsewhere`), null);
  });
});

Deno.test("writeSkillFolder() leaves a whole skill when the disk fails at any point", async () => {
  for (let failing = 0;; failing++) {
    const isDone = await inTempFolder((folder) => {
      const one = (text: string): ExportedSkill => {
        return { name: "notes", entry: "notes", files: files({ "SKILL.md": text }), notes: [] };
      };
      const options = { skillset: "p", version: "1", limits: PACKAGE_LIMITS, force: false };
      writeSkillFolder(new Disk(), folder, one("old"), options);
      let left = failing;
      const disk = new Disk({
        onEffect: () =>
          left-- === 0 ? { error: new Deno.errors.PermissionDenied("no") } : undefined,
      });
      let failed = false;
      try {
        writeSkillFolder(disk, folder, one("new"), options);
      } catch {
        failed = true;
      }
      const found = Deno.readTextFileSync(`${folder}/notes/SKILL.md`);
      assert.ok(found === "old" || found === "new", found);
      return !failed;
    });
    if (isDone) break;
    assert.ok(failing < 100);
  }
});

Deno.test("tidySkillFolder() puts back what an export that was killed had taken away", async () => {
  let steps = 0;
  for (let killed = 0;; killed++) {
    const isDone = await inTempFolder((folder) => {
      const options = { skillset: "p", version: "1", limits: PACKAGE_LIMITS, force: false };
      const one = (text: string): ExportedSkill => {
        return { name: "notes", entry: "notes", files: files({ "SKILL.md": text }), notes: [] };
      };
      const disk = new Disk();
      writeSkillFolder(disk, folder, one("old"), options);
      Deno.mkdirSync(`${folder}/.stage-of-mine`);
      let left = killed;
      const dying = new Disk({
        onEffect: () =>
          left-- <= 0 ? { error: new Deno.errors.PermissionDenied("dead") } : undefined,
      });
      let died = false;
      try {
        writeSkillFolder(dying, folder, one("new"), options);
      } catch {
        died = true;
      }
      if (disk.stat(`${folder}/notes`) === null) steps++;
      tidySkillFolder(disk, folder);
      const found = Deno.readTextFileSync(`${folder}/notes/SKILL.md`);
      assert.ok(found === "old" || found === "new", found);
      const names = disk.list(folder).map(({ name }) => name).sort();
      assert.deepEqual(names, [".stage-of-mine", "notes"], `killed at ${killed}`);
      return !died;
    });
    if (isDone) break;
    assert.ok(killed < 100);
  }
  assert.ok(steps > 0, "it was killed between the two renames too");
});

Deno.test("tidySkillFolder() leaves alone what somebody is at work in", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk();
    const transit = `${folder}/${transitName("stage")}`;
    disk.makeFolder(`${transit}/old/notes`);
    {
      using held = disk.open(`${transit}/lock`, "createNew");
      assert.ok(held.tryLock());
      tidySkillFolder(disk, folder);
      assert.equal(disk.stat(`${folder}/notes`), null);
    }
    tidySkillFolder(disk, folder);
    assert.equal(disk.stat(`${folder}/notes`)?.kind, "folder");
    assert.equal(disk.stat(transit), null);
  });
});

Deno.test("parseSkillsLock() reads what the skills command writes, and nothing else", async (t) => {
  const entry = {
    source: "a/b",
    sourceType: "github",
    skillPath: "x",
    computedHash: "0".repeat(64),
  };
  const text = JSON.stringify({ version: 1, skills: { notes: entry } });
  assert.deepEqual(parseSkillsLock(utf8(text)), [
    { name: "notes", source: "a/b", sourceType: "github", hash: "0".repeat(64) },
  ]);
  const odd = JSON.stringify({ version: 1, skills: { a: { ...entry, computedHash: "md5:1" } } });
  assert.equal(parseSkillsLock(utf8(odd))[0]?.hash, null);
  const broken = [
    "",
    "[]",
    "{}",
    '{"version":2,"skills":{}}',
    '{"version":1,"skills":[]}',
    '{"version":1,"skills":{"a":{"source":1,"sourceType":"x"}}}',
    '{"version":1,"skills":{},"skills":{}}',
    "<<<<<<< HEAD\n{}",
  ];
  for (const one of broken) {
    await t.step(one, () => {
      assert.throws(() => parseSkillsLock(utf8(one)), { code: "invalid" });
    });
  }
});

Deno.test("skillFolderHash() is SHA-256 over paths and contents in the order people sort them", () => {
  const texts = { "b.md": "2", "SKILL.md": "1", "a/x.md": "3", "A.md": "4" };
  const order = ["A.md", "a/x.md", "b.md", "SKILL.md"] as const;
  const hash = createHash("sha256");
  for (const path of order) hash.update(path + texts[path]);
  assert.equal(skillFolderHash(files(texts)), hash.digest("hex"));
});

Deno.test("a skill that is taken over, exported and taken over again stays what it is", () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){0,3}$/);
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    .filter((one) => one.trim() !== "" && one.isWellFormed());
  const fields = fc.record({
    description: text,
    license: fc.option(text, { nil: undefined }),
    version: fc.option(fc.constantFrom("1.2.3", "2.0"), { nil: undefined }),
  });
  fc.assert(
    fc.property(name, fields, fc.string({ unit: "grapheme" }), (name, fields, body) => {
      const { version, ...rest } = fields;
      const all = { name, ...rest, ...(version === undefined ? {} : { metadata: { version } }) };
      const front = Object.entries(all).filter(([, value]) => value !== undefined)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      const first = take(skill(front.join("\n"), { "references/a.md": body.replaceAll("\0", "") }));
      const again = (found: readonly PackedFile[]) => {
        const { skills: [made], skipped } = exportSkills(found);
        assert.deepEqual(skipped, []);
        return take([...made!.files]);
      };
      const second = again(first.files);
      assert.deepEqual(second.manifest, first.manifest);
      assert.deepEqual(second.files.slice(1), first.files.slice(1));
      const fieldsOf = ({ files }: typeof first) => parseEntryText(files[0]!.bytes, "").fields;
      assert.deepEqual(fieldsOf(second), fieldsOf(first));
      assert.deepEqual(again(second.files).files, second.files);
    }),
    { numRuns: count("fuzzRuns") },
  );
});
