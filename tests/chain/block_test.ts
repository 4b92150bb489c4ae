import assert from "node:assert/strict";
import {
  blockHash,
  encodeBlock,
  encodeLedger,
  GENESIS,
  MAX_BLOCK_ITEMS,
  MAX_BLOCK_TEXT,
  nextBlock,
  ZERO_HASH,
} from "../../core/chain/block.ts";
import { merkleRoot } from "../../core/chain/merkle.ts";
import { KairosError } from "../../core/errors.ts";
import { TIME } from "./samples.ts";

Deno.test("GENESIS hashes to itself and is frozen in the format", () => {
  const { index, timestamp, previous_hash, merkle_root, data } = GENESIS;
  assert.deepEqual([index, previous_hash, merkle_root], [0, ZERO_HASH, ZERO_HASH]);
  const compact = JSON.stringify(data);
  assert.equal(blockHash(index, timestamp, previous_hash, merkle_root, compact), GENESIS.hash);
  assert.equal(
    GENESIS.hash,
    "19bcc95a7b5946ca2c1029728cb623975c2807690f8fd354ca6799878c4b7efd",
  );
});

Deno.test("nextBlock() links to the block before and binds its items", () => {
  const block = nextBlock(GENESIS, ["a", "日本\n"], TIME);
  assert.deepEqual(
    [block.index, block.previous_hash, block.merkle_root, block.timestamp],
    [1, GENESIS.hash, merkleRoot(["a", "日本\n"]), TIME],
  );
  assert.equal(
    block.hash,
    blockHash(1, TIME, GENESIS.hash, block.merkle_root, '["a","日本\\n"]'),
  );
  assert.equal(nextBlock(block, ["b"], TIME).previous_hash, block.hash);
});

Deno.test("nextBlock() does not share its items with the caller", () => {
  const items = ["a"];
  const block = nextBlock(GENESIS, items, TIME);
  items.push("b");
  assert.deepEqual(block.data, ["a"]);
});

Deno.test("nextBlock() refuses what no block may hold", async (t) => {
  const cases: Record<string, [items: string[], code: string | null]> = {
    "nothing": [[], "invalid"],
    "a lone high surrogate": [["ok", "a\ud83d"], "invalid"],
    "a lone low surrogate": [["\ude80a"], "invalid"],
    "surrogates in the wrong order": [["\ude80\ud83d"], "invalid"],
    "a pair of surrogates": [["\ud83d\ude80"], null],
    "an empty item": [[""], null],
    "as many items as there may be": [Array(MAX_BLOCK_ITEMS).fill("a"), null],
    "one item too many": [Array(MAX_BLOCK_ITEMS + 1).fill("a"), "too_large"],
    "as much text as there may be": [["x", "x".repeat(MAX_BLOCK_TEXT - 1)], null],
    "one character too many": [["x", "x".repeat(MAX_BLOCK_TEXT)], "too_large"],
  };
  for (const [name, [items, code]] of Object.entries(cases)) {
    await t.step(name, () => {
      if (code === null) assert.equal(nextBlock(GENESIS, items, TIME).data.length, items.length);
      else {
        assert.throws(
          () => nextBlock(GENESIS, items, TIME),
          (error) => error instanceof KairosError && error.code === code,
        );
      }
    });
  }
});

Deno.test("encodeBlock() writes the layout of the format to the byte", () => {
  const block = nextBlock(GENESIS, ['a"b', "記"], TIME);
  assert.equal(
    encodeBlock(block),
    `  {
    "index": 1,
    "timestamp": "${TIME}",
    "data": [
      "a\\"b",
      "記"
    ],
    "previous_hash": "${GENESIS.hash}",
    "merkle_root": "${block.merkle_root}",
    "hash": "${block.hash}"
  }`,
  );
  assert.equal(encodeLedger([GENESIS, block]), JSON.stringify([GENESIS, block], null, 2));
});
