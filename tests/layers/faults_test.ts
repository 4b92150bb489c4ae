import assert from "node:assert/strict";
import type { Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { pick } from "../counts.ts";
import { FailingDisk, FAULTS } from "../disk/failing_disk.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { ACTOR, document, NOON } from "../support/instance.ts";

const write = (body: string) => ({ name: "note", content: document("note", body) });

const CHANGES: Readonly<Record<string, (instance: Instance) => Promise<unknown>>> = {
  "create": ({ knowledge }) => knowledge.create({ ...write("new"), name: "新" }, ACTOR),
  "update": ({ knowledge }) => knowledge.update(write("two"), ACTOR),
  "delete": ({ knowledge }) => knowledge.delete("note", ACTOR),
  "archive": ({ knowledge }) => knowledge.archive("note", ACTOR),
  "unarchive": ({ knowledge }) => knowledge.unarchive("old", ACTOR),
  "restore": ({ knowledge }) => knowledge.restore("note", "1", ACTOR),
  "save of a context": ({ context }) => context.save({ ...write("x"), session: "s" }, ACTOR),
  "save of a context again": ({ context }) =>
    context.save({ ...write("y"), name: "a", session: "t" }, ACTOR),
  "delete of a context": ({ context }) => context.delete("t", "a", ACTOR),
};

const open = (root: string, disk?: Disk) =>
  openInstance(root, { mode: "write", clock: () => NOON, ...(disk === undefined ? {} : { disk }) });

async function furnish(root: string): Promise<void> {
  const { knowledge, context } = await open(root);
  await knowledge.create(write("one"), ACTOR);
  await knowledge.update(write("one and a half"), ACTOR);
  await knowledge.create({ ...write("x"), name: "old" }, ACTOR);
  await knowledge.archive("old", ACTOR);
  await context.save({ ...write("x"), name: "a", session: "t" }, ACTOR);
}

/** What a person sees: entries and contexts by their digests, and the height. */
async function seen(root: string): Promise<string> {
  const { knowledge, context, store } = await openInstance(root, { mode: "read" });
  const brief = (list: { name: string; hash: string | null }[]) =>
    list.map(({ name, hash }) => [name, hash]);
  return JSON.stringify({
    active: brief(knowledge.list()),
    archived: brief(knowledge.list({ archived: true })),
    contexts: context.sessions().map(({ id }) => [id, brief(context.list(id))]).filter(([, list]) =>
      list!.length > 0
    ),
    height: store.ledger.head().length,
  });
}

Deno.test("a change whose disk fails at any effect is refused cleanly, and whole or absent", async (t) => {
  for (const [what, change] of pick("faultyChanges", Object.entries(CHANGES))) {
    for (const [fault, fail] of Object.entries(FAULTS)) {
      await t.step(`${what}, ${fault}`, () =>
        inTempFolder(async (template) => {
          await furnish(template);
          const old = await seen(template);
          const working = new FailingDisk(Infinity, fail);
          const young = await inCopy(template, async (root) => {
            await change(await open(root, working));
            return await seen(root);
          });
          assert.notEqual(young, old);
          let failures = 0;
          for (const [at, { kind }] of working.effects.entries()) {
            // How a write fails differs; any other effect fails in one way.
            if (kind !== "write" && fault !== "the disk fails") continue;
            await inCopy(template, async (root) => {
              const disk = new FailingDisk(at + 1, fail);
              const outcome = await open(root, disk).then(change).then(
                () => null,
                (error) => error,
              );
              const found = await seen(root);
              if (outcome === null) assert.equal(found, young, `effect ${at} (${kind}) was hidden`);
              else {
                failures++;
                assert.ok(outcome instanceof KairosError, String(outcome));
                assert.equal(outcome.code, "io", outcome.message);
                const stands = outcome.data?.block !== undefined;
                // A context has no record that could decide; either is fine, a mixture is not.
                const expected = what.includes("context") ? [old, young] : [stands ? young : old];
                assert.ok(expected.includes(found), `effect ${at} (${kind}): ${found}`);
              }
              const next = await open(root);
              await next.knowledge.set({ name: "next", content: "works" }, ACTOR);
              assert.equal((await auditLedger(next.store)).valid, true);
            });
          }
          assert.ok(failures >= 1, "no effect failed");
        }));
    }
  }
});

/** Runs something in a copy of a folder. */
function inCopy<T>(from: string, run: (folder: string) => Promise<T>): Promise<T> {
  return inTempFolder(async (folder) => {
    copy(from, folder);
    return await run(folder);
  });
}

function copy(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copy(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}
