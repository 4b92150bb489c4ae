import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import {
  changeApprovers,
  loadApprovers,
  replayApprovers,
  resetApprovers,
} from "../../core/evolution/approvers.ts";
import { openInstance } from "../../core/instance.ts";
import { createKeyFile, readKeyFile, replaceKeyFile } from "../../core/keys/key_file.ts";
import { OpenKey, sealKey } from "../../core/keys/sealed_key.ts";
import type { Store } from "../../core/store.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { inState, recordEffects, replays, someReplays } from "./simulator.ts";

const [ADA, BEN] = [OpenKey.generate("Ada"), OpenKey.generate("Ben")];
const ONE = { keys: [ADA], required: 1, signers: [ADA], actor: ACTOR };

const CHANGES: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  "another set": (store) =>
    changeApprovers(store, { ...ONE, keys: [ADA, BEN], base: loadApprovers(store).set }),
  "a reset": (store) => resetApprovers(store, { ...ONE, keys: [BEN], signers: [BEN] }),
};

Deno.test("chain and pointers name the same approvers after every crash", async (t) => {
  for (const [name, change] of Object.entries(CHANGES)) {
    await t.step(name, () =>
      inTempFolder(async (root) => {
        const open = async (folder: string, disk = new Disk()) =>
          (await openInstance(folder, { mode: "write", clock: () => NOON, disk })).store;
        const store = await open(root);
        await store.exclusive(() => store.append(["the first block"]));
        const old = (await changeApprovers(store, { ...ONE, base: null })).set!.hash;
        const recording = await recordEffects(root, async (disk) => {
          await change(await open(root, disk));
        });
        const young = loadApprovers(store).set!.hash;
        assert.notEqual(young, old);
        for (const state of someReplays(recording)) {
          await inState(state, async (folder) => {
            const after = await open(folder);
            const { set, problem } = loadApprovers(after);
            assert.equal(problem, null, state.label);
            const allowed = state.acknowledged ? [young] : [old, young];
            assert.ok(allowed.includes(set!.hash), state.label);
            assert.equal((await replayApprovers(after.ledger)).set?.hash, set!.hash, state.label);
          });
        }
      }));
  }
});

Deno.test("a key file holds the old or the new key after every crash, and a new one is whole", async (t) => {
  const secret = new TextEncoder().encode("four words of it");
  const sealed = await sealKey(ADA, { passphrase: secret, recovery: secret });
  const renewed = { ...sealed, passphrase: sealed.recovery };
  const found = (folder: string) => {
    try {
      return JSON.stringify(readKeyFile(new Disk(), `${folder}/ada.json`));
    } catch {
      return null;
    }
  };
  const [OLD, NEW] = [JSON.stringify(sealed), JSON.stringify(renewed)];
  const cases = {
    "made": {
      before: null,
      after: OLD,
      act: (disk: Disk, root: string) => createKeyFile(disk, `${root}/ada.json`, sealed),
    },
    "replaced": {
      before: OLD,
      after: NEW,
      act: (disk: Disk, root: string) => replaceKeyFile(disk, `${root}/ada.json`, renewed),
    },
  };
  for (const [name, { before, after, act }] of Object.entries(cases)) {
    await t.step(name, () =>
      inTempFolder(async (root) => {
        if (before !== null) createKeyFile(new Disk(), `${root}/ada.json`, sealed);
        const recording = await recordEffects(root, (disk) => Promise.resolve(act(disk, root)));
        for (const state of replays(recording)) {
          await inState(state, (folder) => {
            const allowed = state.acknowledged ? [after] : [before, after];
            assert.ok(allowed.includes(found(folder)), state.label);
            return Promise.resolve();
          });
        }
      }));
  }
});
