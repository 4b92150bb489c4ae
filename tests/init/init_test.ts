import assert from "node:assert/strict";
import { templateFiles } from "../../core/assets.ts";
import { defaultConfig, loadConfig } from "../../core/config/config.ts";
import { loadSafety } from "../../core/config/safety.ts";
import { readToolMetadata } from "../../core/config/tool_metadata.ts";
import { acquireLock, Disk, type Effect } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { initInstance, type InitOptions } from "../../core/init.ts";
import { parseEntryText } from "../../core/layers/front_matter.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { parseYaml } from "../../core/yaml.ts";
import { pick } from "../counts.ts";

const OPTIONS: InitOptions = { version: "9.8.7", clock: () => Date.UTC(2026, 0, 20, 10, 30, 5, 7) };
const LOCK = "storage/blockchain.json.lock";

const HOLDS = [
  "config/",
  "context/",
  "knowledge/",
  "knowledge/getting_started/",
  "knowledge/kairos_formats/",
  "skills/",
  "skills/versions/",
  "storage/",
  "storage/intents/",
  "storage/objects/",
  ".gitignore",
  ".kairos_meta.yml",
  "config/safety.yml",
  "config/tool_metadata.yml",
  "skills/config.yml",
  "skills/kairos.d.ts",
  "skills/kairos.md",
  "skills/kairos.ts",
  "skills/kairos_quickguide.md",
  "skills/kairos_tutorial.md",
  "skills/law.json",
];

/** What the first law leaves beside its source and its pointer. */
const OF_THE_LAW =
  /^(?:skills\/law\.json|skills\/versions\/kairos_.*|storage\/blockchain\.json|storage\/objects\/.*)$/;

/** What `init` puts into an instance; SkillSets wait until somebody installs one. */
const MADE = templateFiles().filter(({ role }) => role !== "skillset");

async function withFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every path below a folder, with the text of files; without the lock file. */
function snapshot(root: string, below = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(root + "/" + below)) {
    const path = below + name;
    if (isDirectory) Object.assign(found, { [`${path}/`]: "" }, snapshot(root, `${path}/`));
    else if (path !== LOCK) found[path] = Deno.readTextFileSync(`${root}/${path}`);
  }
  return found;
}

const TEMPLATE_SKILLS = [
  "config.yml",
  "kairos.d.ts",
  "kairos.md",
  "kairos.ts",
  "kairos_quickguide.md",
  "kairos_tutorial.md",
];

Deno.test("initInstance() makes a complete instance", async (t) => {
  await withFolder(async (folder) => {
    const root = `${folder}/deep/.kairos`;
    const report = await initInstance(new Disk(), root, OPTIONS);
    await t.step("and reports it", () => {
      assert.equal(report.root, root);
      assert.deepEqual(report.created.toSorted(), HOLDS.toSorted());
      assert.deepEqual(report.kept, []);
    });
    await t.step("with every template as it ships", async () => {
      for (const template of MADE) {
        const text = await Deno.readTextFile(`${root}/${template.path}`);
        assert.equal(text, await template.load(), template.path);
      }
    });
    await t.step("with nothing else", () => {
      const files = Object.keys(snapshot(root))
        .filter((path) => !path.endsWith("/") && !OF_THE_LAW.test(path));
      const shipped = MADE.map(({ path }) => path);
      assert.deepEqual(files.toSorted(), [...shipped, ".kairos_meta.yml"].toSorted());
    });
    await t.step({
      name: "with folders of versions and intents for the owner only",
      ignore: Deno.build.os === "windows",
      fn: () => {
        for (const path of ["storage/objects", "storage/intents"]) {
          assert.equal((Deno.statSync(`${root}/${path}`).mode ?? 0) & 0o777, 0o700, path);
        }
      },
    });
    await t.step("with settings that are the defaults", () => {
      assert.deepEqual(loadConfig(new Disk(), root), defaultConfig());
      const { isBlocked: _, ...safety } = loadSafety(new Disk(), root);
      assert.deepEqual(safety, {
        maxReadBytes: 100_000,
        maxSearchLines: 500,
        maxTreeDepth: 5,
        blocklist: [".env*", "*.key", "*.pem"],
      });
      const { tools, problems } = readToolMetadata(new Disk(), root);
      assert.deepEqual([tools.size, problems], [0, []]);
    });
    await t.step("with entries that can be read", () => {
      for (const name of ["getting_started", "kairos_formats"]) {
        const entry = parseEntryText(
          Deno.readFileSync(`${root}/knowledge/${name}/${name}.md`),
          "another",
        );
        assert.equal(entry.problem, null);
        assert.equal(entry.name, name);
        assert.ok(entry.description !== null && entry.version !== null && entry.tags.length > 0);
        assert.equal(entry.isPrivate, false);
      }
    });
    await t.step("with a baseline for upgrades", () => {
      const text = Deno.readTextFileSync(`${root}/.kairos_meta.yml`);
      const digest = (path: string) => `sha256:${sha256(Deno.readFileSync(`${root}/${path}`))}`;
      const files = [".gitignore", "config/safety.yml", "config/tool_metadata.yml"];
      const entries = ["getting_started", "kairos_formats"];
      assert.deepEqual(parseYaml(text), {
        kairos_mcp_version: "9.8.7",
        initialized_at: "2026-01-20T10:30:05Z",
        template_hashes: Object.fromEntries(
          TEMPLATE_SKILLS.map((name) => `skills/${name}`)
            .concat(files)
            .map((path) => [path, digest(path)]),
        ),
        knowledge_hashes: Object.fromEntries(
          entries.map((name) => [name, digest(`knowledge/${name}/${name}.md`)]),
        ),
      });
    });
  });
});

Deno.test("initInstance() changes nothing the second time", async () => {
  await withFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    const { created } = await initInstance(new Disk(), root, OPTIONS);
    const before = snapshot(root);
    const effects: Effect[] = [];
    const disk = new Disk({ onEffect: (effect) => void effects.push(effect) });
    const again = await initInstance(disk, root, { version: "10.0.0", clock: () => 0 });
    assert.deepEqual(effects, []);
    assert.deepEqual(snapshot(root), before);
    assert.deepEqual([again.created, again.kept], [[], created]);
  });
});

Deno.test("initInstance() never overwrites what it finds", async (t) => {
  const found: Record<string, string> = {
    ".gitignore": "mine\n",
    ".kairos_meta.yml": "kairos_mcp_version: 3.75.0\n",
    "config/safety.yml": "blocklist: [mine]\n",
    "config/tool_metadata.yml": "mine: {}\n",
    "skills/config.yml": "http: {port: 9}\n",
    "skills/kairos.md": "",
    "knowledge/kairos_formats/kairos_formats.md": "my own\n",
    "knowledge/getting_started": "a file where an entry would be\n",
  };
  for (const [path, text] of Object.entries(found)) {
    await t.step(path, () =>
      withFolder(async (root) => {
        Deno.mkdirSync(`${root}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
        Deno.writeTextFileSync(`${root}/${path}`, text);
        const { kept } = await initInstance(new Disk(), root, OPTIONS);
        const after = snapshot(root);
        assert.equal(after[path], text);
        const unit = path.startsWith("knowledge/kairos_formats/")
          ? "knowledge/kairos_formats/"
          : path;
        assert.ok(kept.some((one) => one.replace(/\/$/, "") === unit.replace(/\/$/, "")));
        // An entry is somebody's as a whole.
        assert.equal(
          after["knowledge/kairos_formats/references/chain.md"] !== undefined,
          unit === path,
        );
        assert.ok(HOLDS.every((one) => one === "knowledge/getting_started/" || one in after));
      }));
  }
  await t.step("a link to nowhere", () =>
    withFolder(async (root) => {
      Deno.mkdirSync(`${root}/skills`);
      Deno.symlinkSync(`${root}/gone`, `${root}/skills/kairos.md`);
      await initInstance(new Disk(), root, OPTIONS);
      assert.equal(Deno.readLinkSync(`${root}/skills/kairos.md`), `${root}/gone`);
    }));
  await t.step("a room that is a link", () =>
    withFolder(async (folder) => {
      const root = `${folder}/.kairos`;
      Deno.mkdirSync(root);
      Deno.mkdirSync(`${folder}/elsewhere`);
      Deno.symlinkSync(`${folder}/elsewhere`, `${root}/knowledge`);
      await initInstance(new Disk(), root, OPTIONS);
      assert.equal(Deno.lstatSync(`${root}/knowledge`).isSymlink, true);
      assert.ok(Deno.statSync(`${folder}/elsewhere/getting_started/getting_started.md`).isFile);
    }));
  await t.step(
    "a file where the data directory must be is refused",
    () =>
      withFolder(async (folder) => {
        Deno.writeTextFileSync(`${folder}/.kairos`, "mine");
        await assert.rejects(
          initInstance(new Disk(), `${folder}/.kairos`, OPTIONS),
          (error) => error instanceof KairosError && /found something else/.test(error.message),
        );
      }),
  );
  await t.step("a file where a folder must be is refused", () =>
    withFolder(async (root) => {
      Deno.writeTextFileSync(`${root}/storage`, "mine");
      await assert.rejects(
        initInstance(new Disk(), root, OPTIONS),
        (error) => error instanceof KairosError && error.code === "invalid",
      );
      assert.equal(Deno.readTextFileSync(`${root}/storage`), "mine");
    }));
});

Deno.test("initInstance() completes what a crash left, at every point", async (t) => {
  let expected: Record<string, string> = {};
  let total = 0;
  await withFolder(async (folder) => {
    const disk = new Disk({ onEffect: () => void total++ });
    await initInstance(disk, `${folder}/.kairos`, OPTIONS);
    expected = snapshot(`${folder}/.kairos`);
  });
  assert.ok(total > 50, `only ${total} effects`);
  const points = Array.from({ length: total }, (_, at) => at);
  // A crash ends everything; a failing disk lets the process tidy up.
  for (const kind of ["crash", "failure"] as const) {
    await t.step(kind, async () => {
      for (const point of pick("crashReplays", points)) {
        await withFolder(async (folder) => {
          const root = `${folder}/.kairos`;
          let seen = 0;
          const disk = new Disk({
            onEffect: () => {
              const at = seen++;
              const fails = kind === "crash" ? at >= point : at === point;
              return fails ? { error: new Error("stopped") } : undefined;
            },
          });
          await assert.rejects(initInstance(disk, root, OPTIONS), KairosError);
          const left = Deno.readDirSync(folder).next().done ? {} : snapshot(root);
          for (const [path, text] of Object.entries(left)) {
            if (!/\.stage-|^storage\/intents\//.test(path)) {
              assert.equal(text, expected[path], `${point}: ${path}`);
            }
          }
          await initInstance(new Disk(), root, OPTIONS);
          assert.deepEqual(snapshot(root), expected, `after a ${kind} at effect ${point}`);
        });
      }
    });
  }
});

Deno.test("initInstance() syncs bytes before names, and names before the baseline", async (t) => {
  const parentOf = (path: string) => path.replace(/\/[^/]+$/, "");
  const check = (effects: readonly Effect[], root: string) => {
    const synced = new Set<string>();
    const bytes = new Set<string>();
    const names = new Set<string>();
    for (const effect of effects) {
      const { kind, path } = effect;
      if (kind === "write") bytes.add(path);
      if (kind === "sync") bytes.delete(path);
      if (kind === "mkdir") names.add(parentOf(path));
      // A staged file is renamed, so its first name need not last.
      if (kind === "create" && !/\/\.stage-[^/]+$/.test(path)) names.add(parentOf(path));
      if (kind === "syncDir") {
        synced.add(path);
        names.delete(path);
      }
      if (effect.kind !== "rename") continue;
      const stale = [...bytes, ...names].filter((one) =>
        one === path || one.startsWith(`${path}/`)
      );
      assert.deepEqual(stale, [], `${effect.to} is complete before it has its name`);
      if (effect.to.endsWith(".kairos_meta.yml")) {
        assert.deepEqual([...names], [], "names synced before the baseline");
        const rooms = ["", "/skills", "/knowledge", "/config", "/storage"].map((one) => root + one);
        assert.deepEqual(rooms.filter((room) => !synced.has(room)), [], "every folder synced");
      }
      names.add(parentOf(effect.to));
    }
    assert.deepEqual([...names], [], "no name is left unsynced");
  };
  await withFolder(async (folder) => {
    await t.step("in one go", async () => {
      const effects: Effect[] = [];
      const disk = new Disk({ onEffect: (effect) => void effects.push(effect) });
      await initInstance(disk, `${folder}/deep/a`, OPTIONS);
      check(effects, `${folder}/deep/a`);
    });
    await t.step("after a run that stopped before the baseline", async () => {
      const root = `${folder}/b`;
      const failing = new Disk({
        onEffect: (effect) =>
          effect.kind === "rename" && effect.to.endsWith("_meta.yml")
            ? { error: new Error("stopped") }
            : undefined,
      });
      await assert.rejects(initInstance(failing, root, OPTIONS));
      const effects: Effect[] = [];
      const disk = new Disk({ onEffect: (effect) => void effects.push(effect) });
      await initInstance(disk, root, OPTIONS);
      check(effects, root);
    });
    await t.step("where something was removed later", async () => {
      const root = `${folder}/c`;
      await initInstance(new Disk(), root, OPTIONS);
      Deno.removeSync(`${root}/skills/versions`, { recursive: true });
      Deno.removeSync(`${root}/knowledge`, { recursive: true });
      const effects: Effect[] = [];
      const disk = new Disk({ onEffect: (effect) => void effects.push(effect) });
      const { created } = await initInstance(disk, root, OPTIONS);
      assert.deepEqual(created.length, 4);
      check(effects, root);
    });
  });
});

Deno.test("initInstance() waits for other writers and says who holds the lock", async () => {
  await withFolder(async (root) => {
    Deno.mkdirSync(`${root}/storage`);
    const disk = new Disk();
    using _lock = await acquireLock(disk, `${root}/${LOCK}`, { timeout: 0, holder: "somebody" });
    await assert.rejects(
      initInstance(disk, root, { ...OPTIONS, lockTimeout: 0 }),
      (error) =>
        error instanceof KairosError && error.code === "locked" &&
        error.message.includes("somebody"),
    );
    assert.equal(disk.stat(`${root}/skills/kairos.md`), null);
  });
});

Deno.test("initInstance() works in folders with unusual names", async (t) => {
  for (const name of ["with spaces", `"quotes' $HOME`, "line\nbreak", "日本語の記録", "%41#?&"]) {
    await t.step({
      name: JSON.stringify(name),
      ignore: Deno.build.os === "windows",
      fn: () =>
        withFolder(async (folder) => {
          const root = `${folder}/${name}/.kairos`;
          const { created } = await initInstance(new Disk(), root, OPTIONS);
          assert.equal(created.length, HOLDS.length);
          assert.ok(Deno.statSync(`${root}/skills/kairos.md`).isFile);
          assert.deepEqual(loadConfig(new Disk(), root), defaultConfig());
        }),
    });
  }
});
