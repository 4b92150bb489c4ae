import assert from "node:assert/strict";
import { type Block, encodeLedger, nextBlock } from "../../core/chain/block.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { chainOf, chainOfLength, LAYOUTS, TIME } from "../chain/samples.ts";
import { pick } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, openLedger, verify } from "../ledger/open_ledger.ts";
import { inState, recordEffects, type Replay, replays } from "./simulator.ts";
import { Tree } from "./tree.ts";

const ITEMS = ["記録 of the last block", "second item"];

/** A ledger before an append; `null` where there is none yet. */
interface Scenario {
  readonly before: readonly Block[] | null;
  readonly text?: string;
  readonly items?: readonly string[];
  /** Where the ledger is, from the data directory. */
  readonly path?: string;
  readonly prepare?: (folder: string) => void;
}

const three = chainOfLength(3);
const large = ["大".repeat(50_000), "x".repeat(150_000)];

const SCENARIOS: Record<string, Scenario> = {
  "the first block": { before: null },
  "the first block in folders that are missing": { before: null, path: "data/storage/ledger.json" },
  "the first block behind a link whose target is missing": {
    before: null,
    prepare: (folder) => {
      Deno.mkdirSync(`${folder}/cloud`);
      Deno.symlinkSync(`${folder}/cloud/chain.json`, `${folder}/blockchain.json`);
    },
  },
  "the block after genesis": { before: chainOf() },
  "a large block": { before: three, items: large },
  "a block after a large one": { before: chainOf(["a"], large) },
  "a block of one character": { before: three, items: ["a"] },
  "a block in a folder that is a link": {
    before: three,
    path: "linked/blockchain.json",
    prepare: (folder) => {
      Deno.mkdirSync(`${folder}/real`);
      Deno.symlinkSync("real", `${folder}/linked`);
    },
  },
  ...Object.fromEntries(
    Object.entries(LAYOUTS).map(([layout, encode]) => [
      `a block to a file ${layout}`,
      { before: three, text: encode(three) },
    ]),
  ),
};

const nameOf = ({ path = "blockchain.json" }: Scenario) => path;

function prepare(folder: string, scenario: Scenario): void {
  scenario.prepare?.(folder);
  if (scenario.before !== null) {
    const text = scenario.text ?? encodeLedger(scenario.before);
    Deno.writeTextFileSync(`${folder}/${nameOf(scenario)}`, text);
  }
}

/** Every state a crash in an append may leave. */
function crashedAppends(scenario: Scenario): Promise<Replay[]> {
  return inTempFolder(async (folder) => {
    prepare(folder, scenario);
    const recording = await recordEffects(folder, (disk) => {
      openLedger(folder, disk, nameOf(scenario)).ledger.append(scenario.items ?? ITEMS, TIME);
    });
    return [...replays(recording)];
  });
}

/** Asserts that a crashed ledger is read and recovered with all of a block or without it. */
async function assertWhole(
  folder: string,
  scenario: Scenario,
  state: Replay,
  allowed: readonly number[],
): Promise<void> {
  const last = scenario.before?.at(-1) ?? chainOf()[0]!;
  const after = [
    ...(scenario.before ?? chainOf()),
    nextBlock(last, scenario.items ?? ITEMS, TIME),
  ];
  const found = Tree.snapshot(folder).fingerprint();
  const { ledger, objects, recoveries } = openLedger(folder, undefined, nameOf(scenario));
  const { length } = ledger.head();
  assert.ok(allowed.includes(length), `${length} blocks for a reader: ${state.label}`);
  assert.deepEqual(blocksOf(ledger).map(({ hash }) => hash), hashes(after, length));
  assert.equal((await verify(ledger)).compatible, length > 0, state.label);
  assert.equal(Tree.snapshot(folder).fingerprint(), found, "reading changed something");

  ledger.recover();
  assert.equal(ledger.head().length, length, state.label);
  for (const { object, bytes } of recoveries) assert.equal(objects.get(object)?.length, bytes);
  ledger.append(["next"], TIME);
  const reopened = openLedger(folder, undefined, nameOf(scenario)).ledger;
  const report = await verify(reopened);
  assert.ok(report.valid || scenario.text !== undefined && report.compatible, state.label);
  assert.equal(report.length, Math.max(length, 1) + 1);
  assert.deepEqual(
    blocksOf(reopened).slice(0, -1).map(({ hash }) => hash),
    hashes(after, Math.max(length, 1)),
  );
}

const hashes = (blocks: readonly Block[], length: number) =>
  blocks.slice(0, length).map(({ hash }) => hash);

Deno.test("FileLedger.append() leaves the whole block or nothing of it after every crash", async (t) => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    await t.step(name, async () => {
      const states = await crashedAppends(scenario);
      assert.ok(states.some(({ acknowledged }) => acknowledged));
      const before = scenario.before?.length ?? 0;
      const after = Math.max(before, 1) + 1;
      for (const state of pick("crashReplays", states)) {
        const allowed = state.acknowledged ? [after] : [before, after];
        await inState(state, (folder) => assertWhole(folder, scenario, state, allowed));
      }
    });
  }
});

Deno.test("FileLedger.recover() can itself be interrupted at every point", async (t) => {
  for (const items of [ITEMS, ["a"], large]) {
    const scenario: Scenario = { before: three, items };
    await t.step(`a block of ${items.join("").length} characters`, async () => {
      const torn: Replay[] = [];
      for (const state of await crashedAppends(scenario)) {
        const isTorn = await inState(state, (folder) => openLedger(folder).ledger.isTorn());
        if (isTorn) torn.push(state);
      }
      assert.ok(torn.length > 5);
      for (const first of pick("crashReplays", torn)) {
        const recording = await inState(first, (folder) => {
          const real = Deno.realPathSync(folder);
          return recordEffects(real, (disk) => openLedger(real, disk).ledger.recover());
        });
        for (const second of replays(recording)) {
          const state = { ...second, label: `${first.label}; ${second.label}` };
          await inState(state, async (folder) => {
            await assertWhole(folder, scenario, state, [three.length]);
            if (second.acknowledged) assert.ok(isKept(folder, first), "the cut bytes are not kept");
          });
        }
      }
    });
  }
});

/** Whether the bytes behind the last whole block of a torn ledger are among the objects. */
function isKept(folder: string, torn: Replay): boolean {
  const inode = torn.tree.locate(`${torn.tree.origin}/blockchain.json`, true).inode!;
  const file = torn.tree.get(inode);
  if (file.kind !== "file") return false;
  const id = sha256(file.bytes.subarray(new TextEncoder().encode(encodeLedger(three)).length - 2));
  return openLedger(folder).objects.get(id) !== null;
}
