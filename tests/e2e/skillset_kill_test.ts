import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { Disk } from "../../core/disk/mod.ts";
import { openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { bundledFiles } from "../../core/skillset/bundled.ts";
import { replacedTree, upgradedTree } from "../../core/skillset/compare.ts";
import type { SkillSets } from "../../core/skillset/manager.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { treeHash } from "../../core/skillset/tree.ts";
import { count } from "../counts.ts";
import { packed, skillSet } from "../skillset/sets.ts";
import { ACTOR } from "../support/instance.ts";
import { kairosArgs, withDataDir } from "./mcp_process.ts";

/** One of a SkillSet that ships with kairos, so that it can be upgraded. */
const NAME = "mmp";

/** An older version with many files, so that writing it takes a while. */
const version = (version: string): PackedFile[] =>
  skillSet(
    NAME,
    { version },
    Object.fromEntries(
      Array.from(
        { length: 12 },
        (_, at) => [`knowledge/章_${at % 5}/${version}_${at}.md`, `${version} ${at}\n`.repeat(500)],
      ),
    ),
  );

const ONE = version("0.1");
const TWO = version("0.2");
const SHIPPED = await bundledFiles(NAME);

/** What a reader sees of the SkillSet. */
interface Found {
  readonly files: readonly PackedFile[];
  readonly enabled: boolean;
}

/** A command, and what it makes of what is there. */
interface Command {
  readonly args: (folder: string) => readonly string[];
  /** What has to be there: nothing, an older version, or any version. */
  readonly needs: "nothing" | "older" | "any";
  readonly next: (before: Found) => Found | null;
}

const COMMANDS: readonly Command[] = [
  {
    args: (folder) => ["install-archive", `${folder}/one.json`, "--layer", "L1"],
    needs: "nothing",
    next: () => ({ files: ONE, enabled: false }),
  },
  {
    args: (folder) => ["skillset", "install", `${folder}/two`, "--force"],
    needs: "any",
    next: ({ files }) => ({ files: replacedTree(files, TWO), enabled: true }),
  },
  {
    args: () => ["skillset", "disable", NAME],
    needs: "any",
    next: ({ files }) => ({ files, enabled: false }),
  },
  {
    args: () => ["skillset", "upgrade", NAME, "--apply"],
    needs: "older",
    next: ({ files, enabled }) => ({ files: upgradedTree(files, SHIPPED), enabled }),
  },
  {
    args: (folder) => ["install-archive", `${folder}/one.json`, "--layer", "L1", "--force"],
    needs: "any",
    next: ({ files }) => ({ files: replacedTree(files, ONE), enabled: false }),
  },
  {
    args: () => ["skillset", "enable", NAME],
    needs: "any",
    next: ({ files }) => ({ files, enabled: true }),
  },
  { args: () => ["skillset", "remove", NAME, "--yes"], needs: "any", next: () => null },
];

async function open(root: string, mode: "read" | "write"): Promise<SkillSets> {
  return await (await openInstance(root, { mode })).skillsets();
}

async function seen(root: string): Promise<Found | null> {
  const sets = await open(root, "read");
  if (sets.list().length === 0) return null;
  const { enabled, problem } = sets.info(NAME);
  assert.equal(problem, null);
  return { files: sets.files(NAME), enabled };
}

/** What two looks have to agree on. */
function summary(found: Found | null): unknown {
  return found === null ? null : { hash: treeHash(found.files), enabled: found.enabled };
}

/** What the newest records say of the SkillSet. */
async function recorded(root: string): Promise<unknown> {
  const { store } = await openInstance(root, { mode: "read" });
  let hash: string | undefined;
  for (const { data } of store.ledger.newest()) {
    if (!data[0]?.startsWith('{"type":"skillset_event"')) continue;
    const event = JSON.parse(data[0]);
    if (event.action === "remove" && hash === undefined) return null;
    hash ??= event.content_hash;
    // An upgrade says nothing of it.
    if (event.action === "upgrade") continue;
    return { hash, enabled: ["install", "reinstall", "enable"].includes(event.action) };
  }
  return null;
}

/** Brings the instance to where a command can begin. */
async function prepare(root: string, { needs }: Command): Promise<Found | null> {
  const before = await seen(root);
  if (needs === "nothing") {
    if (before !== null) await (await open(root, "write")).remove(NAME, ACTOR);
    return null;
  }
  if (needs === "older" || before === null) {
    const options = { layer: "L1", force: true } as const;
    await (await open(root, "write")).installPackage(packed(ONE), ACTOR, options);
  }
  return await seen(root);
}

/** Parts of a change, by what is there meanwhile. */
const PHASES: readonly ((root: string) => boolean)[] = [isStaging, isUnderWay];

/**
 * Starts a command and kills it with signal 9 some looks after a part of the change began.
 *
 * @returns Whether it had said that it was done
 */
async function killed(root: string, args: readonly string[], round: number): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: kairosArgs(...args, "--data-dir", root),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  let hasEnded = false;
  const status = child.status.then((status) => {
    hasEnded = true;
    return status;
  });
  const hasBegun = PHASES[round % PHASES.length]!;
  for (let left = 1 + round % 11; !hasEnded && left > 0;) {
    // Once it has begun, the looks are counted; it may be over by the next one.
    if (left <= round % 11 || hasBegun(root)) left--;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!hasEnded) child.kill("SIGKILL");
  const { code, signal } = await status;
  assert.ok(signal === "SIGKILL" || code === 0, `${code}: ${await said}`);
  await said;
  return code === 0;
}

function isStaging(root: string): boolean {
  return new Disk().list(`${root}/skillsets`).some(({ name }) => name.startsWith("."));
}

function isUnderWay(root: string): boolean {
  return new Disk().list(`${root}/storage/intents`).length > 0;
}

Deno.test("a SkillSet is old or new after every kill -9 of the program, and the chain agrees", async () => {
  await withDataDir(async (root) => {
    const folder = root.slice(0, root.lastIndexOf("/"));
    for (const [name, files] of Object.entries({ one: ONE, two: TWO })) {
      Deno.writeFileSync(`${folder}/${name}.json`, packed(files));
      for (const { path, bytes } of files) {
        const at = `${folder}/${name}/${path}`;
        Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
        Deno.writeFileSync(at, bytes);
      }
    }
    let halfway = 0;
    for (let round = 0; round < count("skillSetKills"); round++) {
      const command = COMMANDS[round % COMMANDS.length]!;
      const before = await prepare(root, command);
      const isDone = await killed(root, command.args(folder), round);
      const after = summary(await seen(root));
      const young = summary(command.next(before ?? { files: [], enabled: false }));
      const allowed = isDone ? [young] : [summary(before), young];
      const context = `round ${round}, ${command.args("").join(" ")}`;
      assert.ok(allowed.some((one) => isDeepStrictEqual(one, after)), context);
      assert.deepEqual(await recorded(root), after, context);
      if (isStaging(root) || isUnderWay(root)) halfway++;
      const writer = await openInstance(root, { mode: "write" });
      await writer.store.recover();
      assert.deepEqual(summary(await seen(root)), after, context);
      assert.equal(isStaging(root) || isUnderWay(root), false, context);
    }
    assert.ok(halfway > 0, "no kill came in the middle of a change");
    const { store } = await openInstance(root, { mode: "write" });
    const { valid, findings } = await auditLedger(store);
    assert.deepEqual([valid, findings], [true, []]);
  });
});
