import assert from "node:assert/strict";
import { type Block, encodeBlock, encodeLedger, nextBlock } from "../../core/chain/block.ts";
import { bytesOf, chainOfLength, TIME } from "../chain/samples.ts";
import { pick } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, oldestBlocksOf, openLedger, verify } from "./open_ledger.ts";

const before = chainOfLength(4);
const block = nextBlock(before.at(-1)!, ['日本語 and "quotes"', "x".repeat(700)], TIME);
const whole = encodeLedger(before).slice(0, -2);
const added = bytesOf(`,\n${encodeBlock(block)}\n]`);

/** The bytes that stand behind the last whole block. */
type Rest = Uint8Array;

const cut = (length: number): Rest => added.slice(0, length);
const zerosFrom = (at: number): Rest => added.map((byte, i) => i < at ? byte : 0);
const withJoint = (joint: string, rest: Rest): Rest => {
  const bytes = rest.slice();
  bytes.set(bytesOf(joint).subarray(0, bytes.length));
  return bytes;
};

/** Lengths with which the block is not whole. */
const inBlock = [...added.keys()].slice(0, -"\n]".length);

const TORN: Record<string, Rest[]> = {
  "cut at every place within the block": inBlock.slice(1).map(cut),
  "zeros from every place on": inBlock.map(zerosFrom),
  "the old joint and a part of the block": inBlock.slice("\n]  {".length).map((at) =>
    withJoint("\n]", cut(at))
  ),
  "the old joint and the whole block": [withJoint("\n]", added)],
  "half of the joint": [",]", "\n\n", "\0\n", ",\0", "\0\0", "\n\0", "\0]"].map((joint) =>
    withJoint(joint, added)
  ),
  "only the joint": [",\n", "\0", "\0\0", ",\0", "\n"].map(bytesOf),
};

Deno.test("FileLedger reads an interrupted append as undone and undoes it when it writes", async (t) => {
  for (const [name, rests] of Object.entries(TORN)) {
    await t.step(name, () =>
      inTempFolder(async (folder) => {
        for (const rest of pick("tornPlaces", rests)) await assertUndone(folder, rest);
      }));
  }
});

async function assertUndone(folder: string, rest: Rest): Promise<void> {
  const path = `${folder}/blockchain.json`;
  const bytes = new Uint8Array([...bytesOf(whole), ...rest]);
  Deno.writeFileSync(path, bytes);
  const { ledger, objects, recoveries } = openLedger(folder);
  assert.equal(ledger.isTorn(), true);
  assert.deepEqual(ledger.head().last, before.at(-1));
  assert.deepEqual(blocksOf(ledger), before);
  assert.deepEqual(await oldestBlocksOf(ledger), before);
  const report = await verify(ledger);
  assert.deepEqual([report.valid, report.length], [true, before.length]);
  assert.deepEqual(Deno.readFileSync(path), bytes, "reading changed the file");

  ledger.recover();
  assert.equal(Deno.readTextFileSync(path), encodeLedger(before));
  assert.deepEqual(recoveries.map(({ length, bytes }) => [length, bytes]), [[
    before.length,
    rest.length,
  ]]);
  assert.deepEqual(objects.get(recoveries[0]!.object), rest);
  ledger.recover();
  assert.equal(recoveries.length, 1);
}

Deno.test("FileLedger takes a block that was written to its last byte for whole", async () => {
  for (const rest of [cut(added.length - 2), cut(added.length - 1), added]) {
    await inTempFolder((folder) => {
      const path = `${folder}/blockchain.json`;
      Deno.writeFileSync(path, new Uint8Array([...bytesOf(whole), ...rest]));
      const { ledger } = openLedger(folder);
      assert.deepEqual(ledger.head().last, block);
      ledger.recover();
      assert.equal(Deno.readTextFileSync(path), encodeLedger([...before, block]));
    });
  }
});

Deno.test("FileLedger takes blanks behind the closing bracket for blanks", async () => {
  for (const rest of ["\n] ", "\n]  "]) {
    await inTempFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/blockchain.json`, whole + rest);
      const { ledger, recoveries } = openLedger(folder);
      ledger.recover();
      assert.deepEqual([ledger.head().last, recoveries], [before.at(-1), []]);
    });
  }
});

Deno.test("FileLedger undoes an interrupted append behind genesis and behind a large block", async () => {
  for (const blocks of [chainOfLength(1), largeChain()]) {
    const more = bytesOf(
      `,\n${encodeBlock(nextBlock(blocks.at(-1)!, ["b".repeat(200_000)], TIME))}\n]`,
    );
    for (const length of [1, 2, 3, 20, 150_000, more.length - 3]) {
      await inTempFolder((folder) => {
        const start = bytesOf(encodeLedger(blocks).slice(0, -2));
        const bytes = new Uint8Array([...start, ...more.subarray(0, length)]);
        Deno.writeFileSync(`${folder}/blockchain.json`, bytes);
        const { ledger } = openLedger(folder);
        ledger.recover();
        assert.equal(Deno.readTextFileSync(`${folder}/blockchain.json`), encodeLedger(blocks));
      });
    }
  }
});

function largeChain(): Block[] {
  const chain = chainOfLength(2);
  return [...chain, nextBlock(chain[1]!, ["a".repeat(300_000)], TIME)];
}
