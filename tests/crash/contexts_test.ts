import assert from "node:assert/strict";
import { type Instance, openInstance } from "../../core/instance.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { ACTOR, document, NOON } from "../support/instance.ts";
import { inState, recordEffects, someReplays } from "./simulator.ts";

const write = (name: string, body: string) => ({
  session: "s",
  name,
  content: document(name, body),
});

const CHANGES: Readonly<Record<string, (instance: Instance) => Promise<unknown>>> = {
  "a new session": ({ context }) => context.save({ ...write("n", "x"), session: "new" }, ACTOR),
  "a new context": ({ context }) => context.save({ ...write("n", "x"), subfolders: true }, ACTOR),
  "a context again": ({ context }) => context.save(write("a", "two"), ACTOR),
  "a context deleted": ({ context }) => context.delete("s", "a", ACTOR),
  "a session deleted": ({ context }) => context.deleteSession("s", ACTOR),
};

/** Every context with its digest; a session without contexts is no loss and no gain. */
function seen({ context }: Instance): string[] {
  return context.sessions().flatMap(({ id }) =>
    context.list(id).map(({ name, hash, problem }) => `${id}/${name} ${hash} ${problem?.message}`)
  ).sort();
}

Deno.test("a change of a context is there as a whole or not at all, after every crash", async (t) => {
  for (const [name, change] of Object.entries(CHANGES)) {
    await t.step(name, () =>
      inTempFolder(async (root) => {
        const before = await openInstance(root, { mode: "write", clock: () => NOON });
        await before.context.save(write("a", "one"), ACTOR);
        await before.context.save(write("b", "one"), ACTOR);
        const old = seen(before);
        const recording = await recordEffects(root, async (disk) => {
          await change(await openInstance(root, { mode: "write", clock: () => NOON, disk }));
        });
        const young = seen(before);
        assert.notDeepEqual(young, old);
        for (const state of someReplays(recording)) {
          await inState(state, async (folder) => {
            const after = await openInstance(folder, { mode: "write", clock: () => NOON });
            const found = JSON.stringify(seen(after));
            const allowed = state.acknowledged ? [young] : [old, young];
            assert.ok(
              allowed.some((one) => JSON.stringify(one) === found),
              `${state.label}: ${found}`,
            );
            await after.context.save(write("next", "works"), ACTOR);
            if (state.acknowledged) {
              assert.ok(after.store.journal.newest(9).length >= 4, state.label);
            }
          });
        }
      }));
  }
});
