import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import { initInstance } from "../../core/init.ts";
import { openInstance } from "../../core/instance.ts";
import { pick } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { NOON } from "../support/instance.ts";
import { inState, recordEffects, replays } from "./simulator.ts";

const init = (disk: Disk, root: string) =>
  initInstance(disk, root, { version: "1.2.3", clock: () => NOON });

/**
 * Every file below a folder with its content. Lock files say who held them and are left out, and so
 * are intents: one that has ended may come back and finds nothing to do.
 */
function files(folder: string, below = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${below}`)) {
    const path = below === "" ? name : `${below}/${name}`;
    if (name === "intents") continue;
    if (isDirectory) Object.assign(found, files(folder, path));
    else if (!name.endsWith(".lock")) found[path] = Deno.readTextFileSync(`${folder}/${path}`);
  }
  return found;
}

Deno.test("initInstance() leaves after every crash what a second run completes", async () => {
  await inTempFolder(async (folder) => {
    const recording = await recordEffects(folder, (disk) => init(disk, `${folder}/.kairos`));
    const complete = files(`${folder}/.kairos`);
    assert.ok(Object.keys(complete).length > 8);
    const states = [...replays(recording)];
    const finished = states.filter(({ acknowledged }) => acknowledged);
    assert.ok(finished.length > 0);
    for (const state of finished) {
      await inState(
        state,
        (copy) => assert.deepEqual(files(`${copy}/.kairos`), complete, state.label),
      );
    }
    for (const state of pick("crashReplays", states)) {
      await inState(state, async (copy) => {
        await init(new Disk(), `${copy}/.kairos`);
        assert.deepEqual(files(`${copy}/.kairos`), complete, state.label);
        const { knowledge } = await openInstance(`${copy}/.kairos`, { mode: "write" });
        assert.deepEqual(knowledge.list().map(({ problem }) => problem), [null, null]);
      });
    }
  });
});
