import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Block, encodeLedger } from "../../core/chain/block.ts";
import { canonicalTimestamp } from "../../core/chain/timestamp.ts";
import { KairosError } from "../../core/errors.ts";
import { bytesOf, chainOfLength, TIME } from "../chain/samples.ts";
import { count } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, openLedger } from "./open_ledger.ts";

/** Makes a ledger by appends, so that its lock file notes the last acknowledged block. */
function writeLedger(folder: string, chain: readonly Block[]): void {
  const { ledger } = openLedger(folder);
  for (const block of chain.slice(1)) ledger.append(block.data, TIME);
}

/** Asserts that nobody writes to a damaged ledger. */
function assertRefused(folder: string, bytes: Uint8Array, what: string): void {
  const path = `${folder}/blockchain.json`;
  Deno.writeFileSync(path, bytes);
  const { ledger, recoveries } = openLedger(folder);
  assert.equal(ledger.head().state, "corrupt", what);
  for (const use of [() => ledger.append(["a"], TIME), () => ledger.recover()]) {
    assert.throws(use, (error) => error instanceof KairosError && error.code === "corrupt", what);
  }
  assert.deepEqual(Deno.readFileSync(path), bytes, what);
  assert.deepEqual(recoveries, []);
}

const chain = chainOfLength(5);
const text = encodeLedger(chain);
const lastBlock = text.lastIndexOf("\n  {\n");

Deno.test("FileLedger refuses a last block with a changed byte", async (t) => {
  const bytes = bytesOf(text);
  const start = bytesOf(text.slice(0, lastBlock)).length;
  const values = [1, 2, 4, 8, 16, 32, 64, 128].slice(0, Math.max(3, count("fuzzRuns") / 125));
  await inTempFolder(async (folder) => {
    writeLedger(folder, chain);
    for (let at = start; at < bytes.length; at++) {
      for (const bits of values) {
        const changed = bytes.slice();
        changed[at] = bytes[at]! ^ bits;
        const what = `byte ${at}: ${bytes[at]} became ${changed[at]}`;
        if (keepsLink(changed)) assertKept(folder, changed, what);
        else assertRefused(folder, changed, what);
      }
    }
    await t.step("and the ledger is as before when the byte is back", () => {
      Deno.writeFileSync(`${folder}/blockchain.json`, bytes);
      assert.deepEqual(blocksOf(openLedger(folder).ledger), chain);
    });
  });
});

/** Whether the change is one the end of a chain cannot show: everything that links is the same. */
function keepsLink(changed: Uint8Array): boolean {
  try {
    const blocks = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(changed));
    const [{ index, data, previous_hash, merkle_root, timestamp }, was] = [
      blocks.at(-1),
      chain[4]!,
    ];
    const linked = { index, data, previous_hash, merkle_root };
    assert.deepEqual(linked, {
      index: was.index,
      data: was.data,
      previous_hash: was.previous_hash,
      merkle_root: was.merkle_root,
    });
    return blocks.length === 5 && canonicalTimestamp(timestamp) !== null;
  } catch {
    return isUnclosed(changed);
  }
}

/** Whether only the closing bracket is in a state an interrupted append leaves: nothing is lost. */
function isUnclosed(changed: Uint8Array): boolean {
  const end = new TextDecoder("latin1").decode(changed.subarray(-2));
  const whole = Buffer.compare(changed.slice(0, -2), bytesOf(text).slice(0, -2)) === 0;
  return whole && /^[,\n\0][\n\]\0]$/.test(end);
}

function assertKept(folder: string, bytes: Uint8Array, what: string): void {
  Deno.writeFileSync(`${folder}/blockchain.json`, bytes);
  const { ledger } = openLedger(folder);
  assert.doesNotThrow(() => ledger.recover(), what);
  const blocks = blocksOf(ledger);
  assert.deepEqual(blocks.slice(0, 4), chain.slice(0, 4), what);
  assert.deepEqual(blocks[4]?.data, chain[4]!.data, what);
}

Deno.test("FileLedger refuses a file that was cut before its last acknowledged block", async (t) => {
  const bytes = bytesOf(text);
  const start = bytesOf(text.slice(0, lastBlock)).length;
  await inTempFolder(async (folder) => {
    writeLedger(folder, chain);
    const blockEnd = bytes.length - "\n]".length;
    await t.step("cut within the block", () => {
      for (let end = start - 1; end < blockEnd; end++) {
        assertRefused(folder, bytes.slice(0, end), `cut to ${end} bytes`);
      }
    });
    await t.step("overwritten with zeros", () => {
      for (let at = start - 1; at < blockEnd; at += 7) {
        assertRefused(folder, bytes.map((byte, i) => i < at ? byte : 0), `zeros from ${at}`);
      }
    });
    await t.step("cut behind the block, nothing is lost", () => {
      for (const end of [blockEnd, blockEnd + 1]) {
        assertKept(folder, bytes.slice(0, end), `cut to ${end} bytes`);
      }
    });
    await t.step("without the note it passes for an interrupted append", () => {
      Deno.removeSync(`${folder}/blockchain.json.lock`);
      Deno.writeFileSync(`${folder}/blockchain.json`, bytes.slice(0, blockEnd - 1));
      const { ledger, recoveries } = openLedger(folder);
      ledger.recover();
      assert.deepEqual(blocksOf(ledger), chain.slice(0, 4));
      assert.equal(recoveries.length, 1);
    });
  });
});

Deno.test("FileLedger refuses what no interrupted append leaves", async (t) => {
  const body = text.slice(0, -2);
  const cases: Record<string, string> = {
    "text behind the closing bracket": text + "x",
    "a second array behind the first": text + "[]",
    "a brace for the bracket": body + "\n}",
    "a block that opens otherwise": body + ',\n  {\n   "index"',
    "a block with another index": body + ',\n  {\n    "index": 7,',
    "a comma too many": body + ",\n]",
    "a comma and blanks": body + ",    ",
    "a whole block that does not follow": body + text.slice(lastBlock).replace("\n", ",\n"),
  };
  for (const [name, content] of Object.entries(cases)) {
    await t.step(
      name,
      () => inTempFolder((folder) => assertRefused(folder, bytesOf(content), name)),
    );
  }
});
