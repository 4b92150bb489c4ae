import assert from "node:assert/strict";
import { DANGER_RULES, VERSION_RULES } from "../../core/layers/audit_rules.ts";
import { parseEntryText } from "../../core/layers/front_matter.ts";
import { skillName } from "../../core/layers/agent_skill.ts";
import { bundledFiles, bundledManifests, bundledNames } from "../../core/skillset/bundled.ts";
import { readSkillSetSource } from "../../core/skillset/source.ts";
import { treeHash } from "../../core/skillset/tree.ts";
import { loadMeetingSettings, MEETING_SETTINGS } from "../../mmp/settings.ts";
import { parseYaml } from "../../core/yaml.ts";
import { ACTOR, withFolder, withInstance } from "../support/instance.ts";
import { envelopeBytes } from "./sets.ts";
import { Disk } from "../../core/disk/mod.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("bundledNames() names what ships, each with a manifest of its own", async () => {
  assert.deepEqual(bundledNames(), ["mmp", "writing_knowledge"]);
  const manifests = await bundledManifests();
  assert.deepEqual(manifests.map(({ name }) => name), bundledNames());
  for (const { layer, description, asksForCode } of manifests) {
    assert.deepEqual([layer, asksForCode], ["L1", []]);
    assert.ok(description.length > 20 && description.length < 120);
  }
});

Deno.test("a bundled SkillSet installs, by name and by its documented path", async () => {
  await withFolder(async (folder) => {
    for (const name of bundledNames()) {
      const files = await bundledFiles(name);
      assert.ok(files.length >= 4, name);
      for (
        const source of [name, `templates/skillsets/${name}`, `./templates/skillsets/${name}/`]
      ) {
        const found = await readSkillSetSource(new Disk(), folder, source, PACKAGE_LIMITS);
        assert.deepEqual(found, files, source);
      }
    }
    assert.deepEqual(await bundledFiles("no_such_set"), []);
  });
});

Deno.test("a bundled SkillSet passes its review, travels, and comes back as it was", async () => {
  await withInstance(async (instance) => {
    const sets = await instance.skillsets();
    for (const name of bundledNames()) {
      const files = await bundledFiles(name);
      const { contentHash, enabled } = await sets.install(files, ACTOR);
      assert.deepEqual([contentHash, enabled], [treeHash(files), true]);
      const { review, problem } = sets.info(name);
      assert.equal(problem, null);
      const { links, instructions, hidden, tools, asksForCode } = review!;
      assert.deepEqual([links, instructions, hidden, tools, asksForCode], [[], [], [], [], []]);
      const envelope = envelopeBytes(sets.package(name));
      assert.deepEqual((await sets.open(envelope)).files, files);
    }
  });
});

Deno.test("a bundled SkillSet's entries can be read, audited and used as skills", async () => {
  for (const { name: set, knowledgeDirs } of await bundledManifests()) {
    const files = new Map((await bundledFiles(set)).map(({ path, bytes }) => [path, bytes]));
    const entries = [...files.keys()].filter((path) => /^knowledge\/[^/]+\/[^/]+\.md$/.test(path));
    assert.deepEqual(
      entries.map((path) => path.replace(/\/[^/]+$/, "")),
      [...knowledgeDirs].sort(),
    );
    for (const path of entries) {
      const name = path.split("/")[1]!;
      const entry = parseEntryText(files.get(path)!, "another");
      assert.deepEqual([entry.problem, entry.name, entry.isPrivate], [null, name, false]);
      assert.ok(entry.description !== null && entry.version !== null && entry.tags.length > 0);
      assert.ok(skillName(name) !== null);
    }
    for (const [path, bytes] of files) {
      const found = [...DANGER_RULES, ...VERSION_RULES].filter((one) =>
        one.pattern.test(text(bytes))
      );
      assert.deepEqual(found.map(({ code }) => code), [], path);
      for (const [, reference] of text(bytes).matchAll(/`(references\/[a-z_]+\.md)`/g)) {
        const entry = path.split("/").slice(0, 2).join("/");
        assert.ok(files.has(`${entry}/${reference}`), `${path} names ${reference}`);
      }
    }
  }
});

Deno.test("mmp brings settings that are read without a warning and change nothing but the name", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    await sets.install(await bundledFiles("mmp"), ACTOR);
    const { warnings, ...settings } = loadMeetingSettings(new Disk(), root);
    assert.deepEqual(warnings, []);
    for (const [key, { default: value }] of Object.entries(MEETING_SETTINGS)) {
      // An instance is somebody; and the actions are told by the knowledge that comes along.
      if (key.startsWith("identity.") || key.endsWith("supported_actions")) continue;
      assert.deepEqual(Reflect.get(settings, key), value, key);
    }
  });
});

Deno.test("mmp ships with meetings off, and every setting is explained as it ships", async () => {
  const files = new Map((await bundledFiles("mmp")).map(({ path, bytes }) => [path, text(bytes)]));
  const settings = parseYaml(files.get("config/meeting.yml")!) as Record<string, unknown>;
  assert.equal(settings["enabled"], false);
  const explained = [...files.get("knowledge/meeting_guide/references/settings.md")!
    .matchAll(/^\| `([a-z_.]+)` \| (.+?) \|/gm)].map((row) => [row[1]!, row[2]!] as const);
  const leaves = Object.entries(settings).flatMap(([group, value]) =>
    value !== null && typeof value === "object"
      ? Object.entries(value).map(([key, inner]) => [`${group}.${key}`, inner] as const)
      : [[group, value] as const]
  );
  assert.deepEqual(explained.map(([key]) => key), leaves.map(([key]) => key));
  for (const [at, [key, value]] of leaves.entries()) {
    const shown = key.endsWith("supported_actions")
      ? `${(value as unknown[]).length} actions`
      : Array.isArray(value)
      ? value.join(", ")
      : String(value);
    assert.equal(explained[at]![1], shown, key);
  }
});
