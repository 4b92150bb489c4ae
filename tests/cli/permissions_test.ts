import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { ACCESS, accessOf } from "../../cli/access.ts";
import { COMMANDS } from "../../cli/contents.ts";
import { CliContext } from "../../cli/context.ts";
import type { Io } from "../../cli/io.ts";
import { PERMISSION_KINDS, type PermissionKind } from "../../cli/permissions.ts";
import config from "../../deno.json" with { type: "json" };
import { VARIABLES } from "../../cli/io.ts";
import { inFolder } from "./harness.ts";

const CLI = new URL("../../cli/", import.meta.url).href;
/** Commands that are allowed more with an option. */
const WITH_OPTION = ["serve --http", "package --sign", "skillset package --sign"];
const ROWS = Object.entries(ACCESS);

Deno.test("ACCESS has a row for every command and no row without one", () => {
  assert.deepEqual(
    Object.keys(ACCESS).sort(),
    [...Object.keys(COMMANDS), ...WITH_OPTION, "__complete"].sort(),
  );
});

Deno.test("ACCESS leaves no command more than it needs", async (t) => {
  for (const [path, { opens, keeps }] of ROWS) {
    await t.step(path, () => {
      assert.equal(new Set(keeps).size, keeps.length);
      const reaches = ["start", "serve --http", "meet", "peers token"].includes(path);
      assert.deepEqual(
        keeps.filter((kind) => kind !== "read" && kind !== "write"),
        reaches ? ["net"] : [],
      );
      if (opens === "read") assert.deepEqual(keeps, ["read"]);
      if (opens === "find" || opens === "write") {
        assert.ok(keeps.includes("read") && keeps.includes("write"));
      }
    });
  }
});

Deno.test("the tasks carry what ACCESS leaves some command, and what is read before it is chosen", () => {
  const { kairos, start } = config.tasks;
  const flags = kairos.matchAll(/--allow-([a-z]+)(?:=(\S+))?/g);
  const granted = Object.fromEntries([...flags].map(([, kind, only]) => [kind, only ?? "all"]));
  const left = Object.values(ACCESS).flatMap(({ keeps }) => keeps);
  assert.deepEqual(granted, {
    ...Object.fromEntries(left.map((kind) => [kind, "all"])),
    env: VARIABLES.join(","),
    sys: "uid,gid,username",
  });
  assert.equal(start, `${kairos} start`);
});

Deno.test("accessOf() leaves the net only to a server that listens", () => {
  assert.equal(accessOf("serve", { http: true }), ACCESS["serve --http"]);
  assert.equal(accessOf("serve", { http: false }), ACCESS.serve);
  assert.equal(accessOf("status", { http: true }), ACCESS.status);
});

Deno.test("narrow() leaves the net to a server on pipes only where agents may call others", async (t) => {
  const kept = async (path: keyof typeof ACCESS, families: string | null) => {
    let found: readonly PermissionKind[] = [];
    await inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/.kairos/skills`, { recursive: true });
      if (families !== null) {
        const text = `tools:\n  families: ${families}\n`;
        await Deno.writeTextFile(`${folder}/.kairos/skills/config.yml`, text);
      }
      const io = {
        cwd: folder,
        env: () => undefined,
        stdout: {},
        keepOnly: (kinds: readonly PermissionKind[]) => {
          found = kinds;
          return Promise.resolve();
        },
      } as unknown as Io;
      const context = new CliContext(io, {
        json: false,
        pager: false,
        dataDir: undefined,
        rest: [],
      }, {
        path,
        access: () => ACCESS[path],
        help: () => "",
      });
      await context.narrow({});
    });
    return found;
  };
  const rows: readonly (readonly [keyof typeof ACCESS, string | null, boolean])[] = [
    ["serve", null, false],
    ["serve", "[knowledge]", false],
    ["serve", "[knowledge, meeting]", true],
    ["serve", "[", false],
    ["call", "[meeting]", true],
    ["status", "[meeting]", false],
  ];
  for (const [path, families, isKept] of rows) {
    await t.step(`${path} ${families}`, async () => {
      const { keeps } = ACCESS[path];
      assert.deepEqual(await kept(path, families), isKept ? [...keeps, "net"] : keeps);
    });
  }
});

/** Runs a program of its own and reads the JSON it prints. */
async function inProcess<T>(
  source: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/main.ts`, source);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--no-prompt", ...flags, `${folder}/main.ts`],
      env: { ...env },
    }).output();
    const decoder = new TextDecoder();
    assert.equal(decoder.decode(stderr), "");
    assert.equal(code, 0);
    return JSON.parse(decoder.decode(stdout)) as T;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Which kinds are there before and after `keepOnly(kinds)`, and whether a folder can be read. */
function afterKeeping(kinds: readonly PermissionKind[]): string {
  return `
    import { keepOnly, PERMISSION_KINDS } from "${CLI}permissions.ts";
    const state = (name) => Deno.permissions.querySync({ name }).state;
    const granted = () => PERMISSION_KINDS.filter((name) => state(name) === "granted");
    const folder = new URL(".", import.meta.url);
    const read = () => Deno.permissions.querySync({ name: "read", path: folder }).state;
    const before = granted();
    keepOnly(${JSON.stringify(kinds)});
    console.log(JSON.stringify({ before, after: granted(), read: read() }));
  `;
}

interface Granted {
  readonly before: readonly PermissionKind[];
  readonly after: readonly PermissionKind[];
  readonly read: string;
}

Deno.test("keepOnly() gives up exactly what is not in the row", async (t) => {
  const sets = new Set(ROWS.map(([, { keeps }]) => keeps.join(" ")));
  for (const set of [...sets, PERMISSION_KINDS.join(" ")]) {
    const kinds = PERMISSION_KINDS.filter((kind) => set.split(" ").includes(kind));
    await t.step(set === "" ? "nothing" : set, async () => {
      const { before, after, read } = await inProcess<Granted>(afterKeeping(kinds), ["-A"]);
      assert.deepEqual(before, PERMISSION_KINDS);
      assert.deepEqual(after, kinds);
      assert.equal(read, kinds.includes("read") ? "granted" : "prompt");
    });
  }
});

Deno.test("keepOnly() gives up what was given for one path only, and adds nothing", async () => {
  const flags = ["--allow-read=/", "--allow-env=HOME"];
  const kept = await inProcess<Granted>(afterKeeping(["read", "net"]), flags);
  assert.equal(kept.read, "granted");
  assert.deepEqual(kept.after, kept.before);
  assert.ok(!kept.after.includes("net"));
  assert.equal((await inProcess<Granted>(afterKeeping([]), flags)).read, "prompt");
});

Deno.test("processIo() tells environment and user after their permissions are gone", async (t) => {
  const source = `
    import { processIo } from "${CLI}process_io.ts";
    const io = processIo({ signal: new AbortController().signal, endsItself() {} });
    await io.keepOnly([]);
    await io.keepOnly(["read"]);
    let refused = null;
    let dir;
    try {
      dir = io.env("KAIROS_DATA_DIR");
    } catch (error) {
      refused = error.name;
    }
    const states = ["env", "sys"].map((name) => Deno.permissions.querySync({ name }).state);
    console.log(JSON.stringify({ user: await io.user(), dir, refused, states }));
  `;
  const env = { KAIROS_DATA_DIR: "/somewhere" };
  const states = ["prompt", "prompt"];
  await t.step("with all permissions", async () => {
    const told = await inProcess(source, ["-A"], env);
    assert.deepEqual(told, {
      user: userInfo().username,
      dir: "/somewhere",
      refused: null,
      states,
    });
  });
  await t.step("a refusal comes when it is asked for", async () => {
    const { refused } = await inProcess<{ refused: string }>(source, ["--allow-sys"], env);
    assert.equal(refused, "NotCapable");
  });
});
