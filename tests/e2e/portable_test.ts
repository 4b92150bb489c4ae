/**
 * The portable executable as somebody gets it: one file, an empty home, no deno anywhere.
 *
 * @module
 */

import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { buildPortable } from "../../.release/portable/build.ts";
import { whole } from "../counts.ts";
import { packed, skillSet } from "../skillset/sets.ts";
import { zip, zipFile } from "../skillset/zip_parts.ts";
import { FREES, LAZY, runFlags } from "../../.release/portable/run_flags.ts";
import { pinnedVersion, runtime } from "../../.release/portable/runtime.ts";

const WINDOWS = Deno.build.os === "windows";
/** Nothing of it is run where only some of the tests are: making it takes long. */
const PARTLY = WINDOWS || !whole();
const ROOT = !WINDOWS && Deno.uid() === 0;
const VERSION = new RegExp(`^kairos ${config.version.replaceAll(".", "\\.")}\n$`);

/** A machine of its own: the executable, a home, a working folder. */
interface Place {
  /** Folder that holds everything else. */
  readonly folder: string;
  /** The empty home. */
  readonly home: string;
  /** Path of the executable. */
  readonly kairos: string;
  /** The folder the executable unpacks to, once it has. */
  cache(): Promise<string>;
  /** Starts the executable. */
  spawn(args: readonly string[], env?: Record<string, string>): Deno.ChildProcess;
  /** Runs the executable to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
}

interface RunOptions {
  readonly input?: string;
  readonly env?: Record<string, string>;
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Folder of the executable, made once for all tests; `null` before the first. */
let shared: { readonly folder: string; readonly kairos: Promise<string> } | null = null;

/** Builds once; compressed fast, as the size is not tested. */
function build(): Promise<string> {
  if (shared === null) {
    const folder = Deno.makeTempDirSync({ prefix: "kairos portable " });
    shared = { folder, kairos: buildPortable({ output: `${folder}/kairos`, level: 1 }) };
  }
  return shared.kairos;
}

globalThis.addEventListener("unload", () => {
  if (shared !== null) Deno.removeSync(shared.folder, { recursive: true });
});

async function inPlace(test: (place: Place) => Promise<void>): Promise<void> {
  const kairos = await build();
  const folder = await Deno.makeTempDir({ prefix: "kairos place " });
  const home = `${folder}/home`;
  for (const name of ["home", "here", "tmp"]) await Deno.mkdir(`${folder}/${name}`);
  const spawn = (args: readonly string[], env: Record<string, string> = { HOME: home }) =>
    new Deno.Command(kairos, {
      args: [...args],
      cwd: `${folder}/here`,
      clearEnv: true,
      env: { PATH: "/usr/bin:/bin", TMPDIR: `${folder}/tmp`, ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  try {
    await test({
      folder,
      home,
      kairos,
      spawn,
      cache: async () => `${home}/.cache/kairos/${(await names(`${home}/.cache/kairos`)).join()}`,
      run: (args, { input = "", env } = {}) => finish(spawn(args, env), input),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function finish(child: Deno.ChildProcess, input: string): Promise<Outcome> {
  const writer = child.stdin.getWriter();
  // A program that ends without reading closes the pipe under us.
  const writing = writer.write(new TextEncoder().encode(input)).then(() => writer.close());
  const [output] = await Promise.all([child.output(), writing.catch(() => {})]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}

/** Identity and change time of every unpacked file: replaced and rewritten files differ in it. */
async function fingerprint(cache: string): Promise<string[]> {
  const plain = (await names(cache)).filter((name) => !name.startsWith("."));
  return await Promise.all(plain.map(async (name) => {
    const { ino, size, mtime, ctime } = await Deno.lstat(`${cache}/${name}`);
    return [name, ino, size, mtime?.getTime(), ctime?.getTime()].join(" ");
  }));
}

function works(outcome: Outcome): void {
  assert.deepEqual({ code: outcome.code, stderr: outcome.stderr }, { code: 0, stderr: "" });
  assert.match(outcome.stdout, VERSION);
}

const close = (folder: string) => Deno.chmod(folder, 0o700);

/** What makes a folder unsafe, and safe again. */
const UNSAFE: Readonly<Record<string, Record<"spoil" | "restore", (f: string) => Promise<void>>>> =
  {
    "group may write": { spoil: (folder) => Deno.chmod(folder, 0o770), restore: close },
    "everybody may write": { spoil: (folder) => Deno.chmod(folder, 0o702), restore: close },
    "a link": {
      spoil: async (folder) => {
        await Deno.rename(folder, `${folder}.real`);
        await Deno.symlink(`${folder}.real`, folder);
      },
      restore: async (folder) => {
        await Deno.remove(folder);
        await Deno.rename(`${folder}.real`, folder);
      },
    },
    ...(ROOT
      ? {
        "another owner": {
          spoil: (folder) => Deno.chown(folder, 12345, 12345),
          restore: (folder) => Deno.chown(folder, 0, 0),
        },
      }
      : {}),
  };

Deno.test({
  name: "portable executable does the work of kairos from an empty home without deno",
  ignore: PARTLY,
  fn: () =>
    inPlace(async ({ home, run, folder }) => {
      // Files of the folder it is called in must not steer the runtime.
      for (const name of ["deno.json", "package.json", ".npmrc"]) {
        await Deno.writeTextFile(`${folder}/here/${name}`, "{broken");
      }
      works(await run(["version"]));
      assert.equal((await run(["init"])).code, 0);
      const status = await run(["status", "--json"]);
      assert.equal(JSON.parse(status.stdout).version, config.version);
      const answer = await run([], {
        input: '{"jsonrpc":"2.0","id":1,"method":"tools/call",' +
          '"params":{"name":"chain_verify","arguments":{}}}\n',
      });
      assert.equal(answer.code, 0);
      const { id, result } = JSON.parse(answer.stdout);
      assert.equal(id, 1);
      assert.equal(result.isError ?? false, false);
      assert.equal(typeof result.structuredContent.valid, "boolean");
      assert.deepEqual(await names(home), [".cache"]);
      assert.deepEqual(await names(`${home}/.cache`), ["kairos"]);
      assert.deepEqual(await names(`${folder}/tmp`), []);
    }),
});

Deno.test({
  name: "portable executable takes packages and zips apart where there is no permission",
  ignore: PARTLY,
  fn: () =>
    inPlace(async ({ folder, run }) => {
      const here = `${folder}/here`;
      await run(["init"]);
      await Deno.writeFile(`${here}/pack.json`, packed(skillSet("pack")));
      const installed = await run(["install-archive", "pack.json"]);
      assert.equal(installed.code, 0, installed.stderr);
      const document = "---\nname: a-skill\ndescription: x\n---\n";
      await Deno.writeFile(`${here}/skill.zip`, zip([zipFile("SKILL.md", document)]));
      const imported = await run(["skillset", "import", "skill.zip"]);
      assert.equal(imported.code, 0, imported.stderr);
      assert.match((await run(["skillset", "list"])).stdout, /a_skill[^]*pack/);
    }),
});

Deno.test({
  name: "portable executable passes arguments and exit code through",
  ignore: PARTLY,
  fn: () =>
    inPlace(async ({ run }) => {
      const { code, stderr } = await run(["no such 'command' $HOME *"]);
      assert.equal(code, 2);
      assert.match(stderr, /"no such 'command' \$HOME \*"/);
    }),
});

Deno.test({
  name: "portable executable becomes the program, so a signal ends it and leaves nothing behind",
  ignore: PARTLY,
  fn: () =>
    inPlace(async ({ run, spawn }) => {
      await run(["init"]);
      const server = spawn([]);
      const writer = server.stdin.getWriter();
      await writer.write(new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ping"}\n'));
      const reader = server.stdout.getReader();
      assert.match(new TextDecoder().decode((await reader.read()).value), /"id":1/);
      server.kill("SIGTERM");
      // The program's own way to stop; a shell in between would have been killed.
      const { code, signal } = await server.status;
      assert.deepEqual({ code, signal }, { code: 0, signal: null });
      // A process left behind would keep the pipe open.
      assert.equal((await reader.read()).done, true);
      await Promise.all([writer.close().catch(() => {}), server.stderr.cancel()]);
    }),
});

Deno.test({
  name: "portable executable unpacks once, for its owner only",
  ignore: PARTLY,
  fn: () =>
    inPlace(async ({ home, run, cache }) => {
      works(await run(["version"]));
      const before = await fingerprint(await cache());
      works(await run(["version"]));
      assert.deepEqual(await fingerprint(await cache()), before);
      for (const folder of [`${home}/.cache/kairos`, await cache()]) {
        assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
      }
    }),
});

Deno.test({
  name: "portable executable survives eight first starts at once",
  ignore: PARTLY,
  fn: () =>
    inPlace(async ({ home, run, cache }) => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => run(["version"])));
      outcomes.forEach(works);
      assert.equal((await names(`${home}/.cache/kairos`)).length, 1);
      const before = await fingerprint(await cache());
      works(await run(["version"]));
      assert.deepEqual(await fingerprint(await cache()), before);
    }),
});

Deno.test({
  name: "portable executable unpacks a damaged cache again",
  ignore: PARTLY,
  fn: (t) =>
    inPlace(async ({ run, cache }) => {
      works(await run(["version"]));
      const folder = await cache();
      const whole = (await fingerprint(folder)).map((line) => line.split(" ")[2]);
      const damages: Record<string, () => Promise<void>> = {
        "a cut program": () => Deno.truncate(`${folder}/main.js`, 10),
        "an emptied runtime": () => Deno.truncate(`${folder}/deno`),
        "a longer program": () => Deno.writeTextFile(`${folder}/main.js`, "//", { append: true }),
        "a missing program": () => Deno.remove(`${folder}/main.js`),
        "a program others may write": () => Deno.chmod(`${folder}/main.js`, 0o620),
        "a link in place of the program": async () => {
          await Deno.rename(`${folder}/main.js`, `${folder}/other`);
          await Deno.symlink("other", `${folder}/main.js`);
        },
      };
      for (const [name, damage] of Object.entries(damages)) {
        await t.step(name, async () => {
          const before = await fingerprint(folder);
          await damage();
          works(await run(["version"]));
          await Deno.remove(`${folder}/other`).catch(() => {});
          const after = await fingerprint(folder);
          assert.notDeepEqual(after, before);
          assert.deepEqual(after.map((line) => line.split(" ")[2]), whole);
          assert.equal((await Deno.lstat(`${folder}/main.js`)).mode! & 0o777, 0o600);
        });
      }
      await t.step("found by three starts at once", async () => {
        await Deno.truncate(`${folder}/deno`);
        (await Promise.all([1, 2, 3].map(() => run(["version"])))).forEach(works);
      });
    }),
});

Deno.test({
  name: "portable executable never runs from a folder others could have filled",
  ignore: PARTLY,
  fn: (t) =>
    inPlace(async ({ folder, home, run, cache }) => {
      works(await run(["version"]));
      const content = await cache();
      // As long as the real one: only the folder gives it away.
      const { size } = await Deno.stat(`${content}/main.js`);
      await Deno.writeTextFile(`${content}/main.js`, "throw 'foreign'".padEnd(size));
      for (const [name, { spoil, restore }] of Object.entries(UNSAFE)) {
        for (const path of [`${home}/.cache/kairos`, content]) {
          await t.step(`${name}: ${path === content ? "content" : "root"}`, async () => {
            await spoil(path);
            works(await run(["version"]));
            assert.deepEqual(await names(`${folder}/tmp`), [`kairos-${Deno.uid()}`]);
            await restore(path);
          });
        }
      }
      const { mode } = await Deno.stat(`${folder}/tmp/kairos-${Deno.uid()}`);
      assert.equal(mode! & 0o777, 0o700);
      assert.match((await run(["version"])).stderr, /foreign/, "the folder was why it did not run");
    }),
});

Deno.test({
  name: "portable executable takes the cache folder the environment names",
  ignore: PARTLY,
  fn: (t) =>
    inPlace(async ({ folder, home, run }) => {
      const cases: Record<string, { env: Record<string, string>; at: string }> = {
        "XDG_CACHE_HOME": {
          env: { HOME: home, XDG_CACHE_HOME: `${folder}/x y` },
          at: "x y/kairos",
        },
        "no home": { env: {}, at: `tmp/kairos-${Deno.uid()}` },
        "a relative XDG_CACHE_HOME": {
          env: { HOME: home, XDG_CACHE_HOME: "x", TMPDIR: `${folder}/t` },
          at: `t/kairos-${Deno.uid()}`,
        },
      };
      for (const [name, { env, at }] of Object.entries(cases)) {
        await t.step(name, async () => {
          works(await run(["version"], { env }));
          assert.equal((await names(`${folder}/${at}`)).length, 1);
        });
      }
      assert.deepEqual(await names(home), []);
      assert.deepEqual(await names(`${folder}/here`), []);
    }),
});

Deno.test({
  name: "portable executable says so when it cannot unpack",
  ignore: PARTLY,
  fn: (t) =>
    inPlace(async ({ folder, home, kairos }) => {
      const whole = await Deno.readFile(kairos);
      const flipped = whole.slice();
      flipped[whole.length - 5_000_000]! ^= 0xff;
      const cases: Record<string, { bytes: Uint8Array; env: Record<string, string> }> = {
        "a cut download": { bytes: whole.subarray(0, -1_000_000), env: { HOME: home } },
        "a flipped bit": { bytes: flipped, env: { HOME: home } },
        "no folder": { bytes: whole, env: { HOME: kairos } },
      };
      for (const [name, { bytes, env }] of Object.entries(cases)) {
        await t.step(name, async () => {
          const path = `${folder}/other`;
          await Deno.writeFile(path, bytes, { mode: 0o755 });
          const child = new Deno.Command("/bin/sh", {
            args: [path, "version"],
            clearEnv: true,
            env: { PATH: "/usr/bin:/bin", TMPDIR: `${kairos}/x`, ...env },
            stdin: "piped",
            stdout: "piped",
            stderr: "piped",
          }).spawn();
          const { code, stdout, stderr } = await finish(child, "");
          assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
          assert.match(stderr, /^Error: Cannot start kairos: .+\nSet XDG_CACHE_HOME .+\n$/);
        });
      }
    }),
});

Deno.test("runFlags() gives the flags every task of deno.json uses", () => {
  const flags = runFlags(config);
  assert.deepEqual(flags, [
    LAZY,
    FREES,
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env=HOME,KAIROS_APPROVER,KAIROS_DATA_DIR,NO_COLOR,TERM,XDG_CONFIG_HOME",
    "--allow-sys=uid,gid,username",
    "--allow-net",
    "--unstable-no-legacy-abort",
    "--unstable-raw-imports",
    "--unstable-worker-options",
  ]);
  assert.equal(
    config.tasks.compile,
    `deno compile ${
      flags.filter((flag) => flag !== LAZY).join(" ")
    } --include core/skillset/decode_worker.ts ` +
      "--output dist/kairos main.ts",
  );
});

Deno.test("runFlags() refuses a task line a shell would read more into", () => {
  for (const kairos of ["deno run main.ts", "deno run --a;b main.ts", "deno run --a x.ts"]) {
    assert.throws(() => runFlags({ tasks: { kairos }, unstable: [] }), SyntaxError, kairos);
  }
});

Deno.test("runtime() takes the pinned deno and no other", async () => {
  assert.equal(await pinnedVersion(), Deno.version.deno);
  await assert.rejects(runtime("0.0.1"), TypeError);
});
