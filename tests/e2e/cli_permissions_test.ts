import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { ACCESS } from "../../cli/access.ts";
import { type CommandPath, COMMANDS } from "../../cli/contents.ts";
import { PERMISSION_KINDS, type PermissionKind } from "../../cli/permissions.ts";
import { VARIABLES } from "../../cli/io.ts";
import { document, kairos } from "../cli/harness.ts";
import { pick } from "../counts.ts";
import { zip, zipFile } from "../skillset/zip_parts.ts";
import { type Ended, inEmptyFolder, program } from "./cli_program.ts";

const ROOT = new URL("../../", import.meta.url).href;

/** A call and what is piped into it. */
interface Call {
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** The exit code; 0 unless given. */
  readonly code?: number;
}

/** A call that would ask for a passphrase, and there is no terminal. */
const asking = (...argv: string[]): Call => ({ argv: ["approver", ...argv], code: 5 });

/** A public key somebody else sent. */
const LINE = "kairos-approver:Ben:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/** A version of the law that was never kept here. */
const SNAPSHOT = "kairos_20200101_000000_00000000.ts";

/** A definition of the protocol. */
const DEBATE = "---\nname: debate\ntype: protocol_extension\nactions: [argue]\n---\n\n# Debate\n";

type Path = keyof typeof ACCESS;

const LIST = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "knowledge_list", arguments: {} },
});

/** Calls that need more than the first example of a command's help gives. */
const CALLS: { readonly [path in Path]?: Call } = {
  start: { argv: ["start", "--port", "0"] },
  serve: { argv: ["serve"], stdin: `${LIST}\n` },
  "serve --http": { argv: ["serve", "--http", "--port", "0"] },
  "chain repair": { argv: ["chain", "repair", "--yes"] },
  "chain record": { argv: ["chain", "record"], stdin: "a note" },
  "knowledge show": { argv: ["knowledge", "show", "a"] },
  "knowledge set": { argv: ["knowledge", "set", "new"], stdin: document("new") },
  "knowledge delete": { argv: ["knowledge", "delete", "b", "--yes"] },
  "knowledge archive": { argv: ["knowledge", "archive", "c"] },
  "knowledge unarchive": { argv: ["knowledge", "unarchive", "d"] },
  "knowledge history": { argv: ["knowledge", "history", "a"] },
  "knowledge diff": { argv: ["knowledge", "diff", "a"] },
  "knowledge restore": { argv: ["knowledge", "restore", "a", "2"] },
  history: { argv: ["history", "a"] },
  blame: { argv: ["blame", "a"] },
  "context show": { argv: ["context", "show", "s", "one"] },
  "context save": { argv: ["context", "save", "two", "--session", "s"], stdin: document("two") },
  "context delete": { argv: ["context", "delete", "s", "three", "--yes"] },
  "skillset info": { argv: ["skillset", "info", "one"] },
  "skillset install": { argv: ["skillset", "install", "./three"] },
  "skillset upgrade": { argv: ["skillset", "upgrade"] },
  "skillset enable": { argv: ["skillset", "enable", "one"] },
  "skillset disable": { argv: ["skillset", "disable", "one"] },
  "skillset share": { argv: ["skillset", "share", "one"] },
  "skillset unshare": { argv: ["skillset", "unshare", "one"] },
  "skillset remove": { argv: ["skillset", "remove", "two", "--yes"] },
  "skillset diff": { argv: ["skillset", "diff", "one", "./three"] },
  "skillset import": { argv: ["skillset", "import", "skill.zip"] },
  "skillset export": { argv: ["skillset", "export", "three", "--to", ".agents/skills"] },
  "skillset package": { argv: ["skillset", "package", "one"] },
  "skillset package --sign": { argv: ["skillset", "package", "one", "--sign"] },
  "skillset install-archive": { argv: ["skillset", "install-archive"], stdin: "{}", code: 5 },
  package: { argv: ["package", "one"] },
  "package --sign": { argv: ["package", "one", "--sign"] },
  "install-archive": { argv: ["install-archive", "-"], stdin: "{}", code: 5 },
  "state commit": { argv: ["state", "commit", "a reason", "--force"] },
  "state restore": { argv: ["state", "restore", "last", "--yes"] },
  "objects gc": { argv: ["objects", "gc"] },
  "approver init": asking("init"),
  "approver add": { argv: ["approver", "add", LINE], code: 1 },
  "approver remove": { argv: ["approver", "remove", "Ben"], code: 1 },
  "approver reset": asking("reset", "--yes"),
  "approver passphrase": asking("passphrase"),
  "approver recover": asking("recover"),
  "approver export-key": asking("export-key", "--make", "--name", "nobody"),
  "skills propose": { argv: ["skills", "propose", "-"], stdin: "", code: 1 },
  "skills adopt": { argv: ["skills", "adopt"], code: 1 },
  "skills convert": { argv: ["skills", "convert"], code: 1 },
  "skills verify": { argv: ["skills", "verify", "core_safety"] },
  "skills diff": { argv: ["skills", "diff", SNAPSHOT], code: 1 },
  "skills rollback": { argv: ["skills", "rollback", SNAPSHOT], code: 1 },
  "proposals show": { argv: ["proposals", "show", "0a1b2c3d"], code: 1 },
  "proposals export": { argv: ["proposals", "export", "0a1b2c3d"], code: 1 },
  "proposals approve": { argv: ["proposals", "approve", "0a1b2c3d"], code: 1 },
  "proposals reject": { argv: ["proposals", "reject", "0a1b2c3d"], code: 1 },
  "proposals apply": { argv: ["proposals", "apply", "0a1b2c3d"], code: 1 },
  "approver sign": asking("sign", "./one/skillset.json"),
  "identity export": { argv: ["identity", "export"] },
  meet: { argv: ["meet", "http://127.0.0.1:65535"], code: 1 },
  "peers show": { argv: ["peers", "show", "nobody"], code: 1 },
  "peers trust": { argv: ["peers", "trust", "nobody"], code: 1 },
  "peers forget": { argv: ["peers", "forget", "nobody"], code: 1 },
  "peers block": { argv: ["peers", "block", "nobody"], code: 1 },
  "peers token": { argv: ["peers", "token", "http://127.0.0.1:65535"], code: 1 },
  "protocol evaluate": { argv: ["protocol", "evaluate", "-"], stdin: DEBATE },
  "protocol propose": { argv: ["protocol", "propose", "-"], stdin: DEBATE },
  "protocol adopt": { argv: ["protocol", "adopt", "-"], stdin: DEBATE },
  call: { argv: ["call", "chain_record", 'logs:=["from a tool"]'] },
  __complete: { argv: ["__complete", "zsh", "knowledge", "show", "="] },
  help: { argv: ["help", "exit-codes"] },
  // Alone it ends before it would have to give up anything.
  version: { argv: ["version", "--"] },
};

/** The rows of the table, or some of them. */
const PATHS = pick("permittedCommands", Object.keys(ACCESS) as Path[]);

async function callOf(path: Path): Promise<Call> {
  const call = CALLS[path];
  if (call !== undefined) return call;
  const [example] = (await COMMANDS[path as CommandPath].load()).default.examples;
  return { argv: example!.call.split(" ") };
}

/** Runs a test where every call of the table finds what it needs. */
async function inFilledInstance(test: (folder: string) => Promise<void>): Promise<void> {
  await inEmptyFolder(async (folder) => {
    await kairos(folder, ["init"]);
    for (const name of ["a", "a", "b", "c", "d"]) {
      const stdin = document(name, crypto.randomUUID());
      await kairos(folder, ["knowledge", "set", name], { stdin });
    }
    await kairos(folder, ["knowledge", "archive", "d"]);
    for (const name of ["one", "three"]) {
      await kairos(folder, ["context", "save", name, "--session", "s"], { stdin: document(name) });
    }
    for (const name of ["one", "two", "three"]) {
      await Deno.mkdir(`${folder}/${name}`);
      const manifest = JSON.stringify({ name, version: "1" });
      await Deno.writeTextFile(`${folder}/${name}/skillset.json`, manifest);
      if (name !== "three") await kairos(folder, ["skillset", "install", `./${name}`]);
    }
    await Deno.mkdir(`${folder}/three/knowledge/topic`, { recursive: true });
    await Deno.writeTextFile(`${folder}/three/knowledge/topic/topic.md`, document("topic"));
    await Deno.writeFile(`${folder}/skill.zip`, zip([zipFile("SKILL.md", document("a-skill"))]));
    await test(folder);
  });
}

/** The program, given everything; when it has ended, it tells what it could still have done. */
const TELLING = `
  import { processIo } from "${ROOT}cli/process_io.ts";
  import { run } from "${ROOT}cli/run.ts";
  const stop = new AbortController();
  // A server stops as soon as it is up.
  const endsItself = () => void (Deno.args[0] === "serve" && !Deno.args.includes("--http") ||
    setTimeout(() => stop.abort(), 0));
  const code = await run(Deno.args, processIo({ signal: stop.signal, endsItself }));
  const left = ${JSON.stringify(PERMISSION_KINDS)}
    .filter((name) => Deno.permissions.querySync({ name }).state === "granted");
  console.error("\\nLEFT " + JSON.stringify({ code, left }));
`;

Deno.test("every command gives up what the table of access does not leave it", async (t) => {
  await inFilledInstance(async (folder) => {
    const main = `${folder}/../main.ts`;
    await Deno.writeTextFile(main, TELLING);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    for (const path of PATHS) {
      await t.step(path, async () => {
        const { argv, stdin = "", code: expected = 0 } = await callOf(path);
        const flags = ["--quiet", "--no-check", "--config", config, "-A"];
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", ...flags, main, ...argv],
          cwd: folder,
          env: { KAIROS_DATA_DIR: "" },
          stdin: "piped",
          stdout: "null",
          stderr: "piped",
        }).spawn();
        const writer = child.stdin.getWriter();
        await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
        await writer.close().catch(() => {});
        const err = new TextDecoder().decode((await child.output()).stderr);
        const [, told] = /\nLEFT (.*)\n$/.exec(err) ?? assert.fail(err);
        const { code, left } = JSON.parse(told!) as { code: number; left: PermissionKind[] };
        assert.equal(code, expected, err);
        assert.deepEqual(left, ACCESS[path].keeps);
      });
    }
  });
});

/** What is looked at before it is given up: no more than this of the environment and the system. */
const FIRST = [`--allow-env=${VARIABLES.join(",")}`, "--allow-sys=uid,gid,username"];

/** Servers that listen run until they are stopped: the step above starts them. */
const ENDLESS: readonly Path[] = ["start", "serve --http"];

Deno.test("every command works with the kinds of its row, environment and user alone", async (t) => {
  await inFilledInstance(async (folder) => {
    for (const path of PATHS) {
      if (ENDLESS.includes(path)) continue;
      await t.step(path, async () => {
        const { argv, stdin, code: expected = 0 } = await callOf(path);
        const { keeps } = ACCESS[path];
        const others = PERMISSION_KINDS.filter((kind) => !keeps.includes(kind));
        const { code, err }: Ended = await program(folder, argv, {
          permissions: [
            ...keeps.map((kind) => `--allow-${kind}`),
            ...others.filter((kind) => kind !== "env" && kind !== "sys")
              .map((kind) => `--deny-${kind}`),
            ...FIRST,
          ],
          ...stdin === undefined ? {} : { stdin },
        });
        assert.equal(code, expected, err);
        const refusal = expected === 0
          ? /warning|prompt|permi|NotCapable|Error/i
          : /permi|NotCapable/i;
        assert.doesNotMatch(err, refusal);
      });
    }
    await t.step("the user's name is on the chain", async () => {
      await program(folder, ["knowledge", "set", "mine"], { stdin: document("mine") });
      const { out } = await program(folder, ["knowledge", "history", "mine", "--json"]);
      assert.ok(out.includes(`"cli:${userInfo().username}"`), out);
    });
  });
});
