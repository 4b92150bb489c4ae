import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeLedger } from "../../core/chain/block.ts";
import { KairosError } from "../../core/errors.ts";
import { bytesOf, chainOfLength, LAYOUTS, TIME } from "../chain/samples.ts";
import { count } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, oldestBlocksOf, openLedger, verify } from "./open_ledger.ts";

const chain = chainOfLength(4);

/** Pieces a ledger is made of, in any order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      ",",
      "\n",
      "\n]",
      ",\n",
      "\n  {\n",
      "\n  }",
      '"',
      "\\",
      "\0",
      "\ufeff",
      "null",
      "0",
      "1e999",
      '"data"',
      '"index": 0',
      '  {\n    "index": 4,',
      "\ud800",
      ...chain.map((block) => encodeLedger([block]).slice(1, -2)),
      encodeLedger(chain),
      encodeLedger(chain).slice(0, -2),
    ),
    fc.string(),
  ),
  { maxLength: 12 },
).map((parts) => bytesOf(parts.join("")));

/** A ledger in some layout in which pieces were changed, cut out or put in. */
const damaged = fc.tuple(
  fc.constantFrom(...Object.keys(LAYOUTS).filter((layout) => !layout.includes("many"))),
  fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 8 })), { maxLength: 3 }),
).map(([layout, edits]) => {
  let bytes = bytesOf(LAYOUTS[layout]!(chain));
  for (const [place, length, insert] of edits) {
    // Most of what matters happens at the end.
    const at = Math.max(0, bytes.length - place % (2 * bytes.length));
    bytes = new Uint8Array([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + length)]);
  }
  return bytes;
});

Deno.test("FileLedger survives any file: an error people can act on, or a chain that links", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/blockchain.json`;
    await fc.assert(
      fc.asyncProperty(fc.oneof(pieces, damaged, fc.uint8Array()), async (content) => {
        Deno.writeFileSync(path, content);
        const { ledger } = openLedger(folder);
        const head = ledger.head();
        const report = await verify(ledger);
        await outcome(() => oldestBlocksOf(ledger));
        const read = await outcome(() => blocksOf(ledger));
        assert.deepEqual(Deno.readFileSync(path), content, "reading changed the file");
        if (report.compatible) {
          assert.deepEqual([head.state, head.length], ["readable", report.length]);
          assert.equal(head.last?.hash, report.lastHash);
          assert.equal(read?.length, report.length);
        }
        const length = head.last === null ? null : head.length;
        const block = await outcome(() => ledger.append(["fuzz"], TIME));
        if (length === null) assert.equal(block, null);
        if (block === null) {
          assert.deepEqual(Deno.readFileSync(path), content, "a refused append changed the file");
          return;
        }
        assert.equal(block.index, length);
        const after = await verify(ledger);
        assert.equal(after.compatible, report.compatible);
        if (report.compatible) assert.equal(after.length, report.length + 1);
        Deno.removeSync(ledger.lockPath);
      }),
      { numRuns: count("fuzzRuns") },
    );
  });
});

/** What a call returns, or `null` when it throws the way it may. */
async function outcome<T>(call: () => T | Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    assert.ok(error instanceof KairosError, String(error));
    return null;
  }
}
