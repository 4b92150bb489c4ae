import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { bytesOf, chainOf, chainOfLength, LAYOUTS } from "../chain/samples.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { openLedger } from "./open_ledger.ts";

Deno.test("FileLedger.placed() tells where every block stands in every layout", async (t) => {
  const chains = [
    chainOfLength(1),
    chainOfLength(40),
    chainOf(["日".repeat(90_000)], ["🚀"], ["a"]),
  ];
  for (const [layout, encode] of Object.entries(LAYOUTS)) {
    await t.step(layout, () =>
      inTempFolder((folder) => {
        for (const chain of chains) {
          Deno.writeTextFileSync(`${folder}/blockchain.json`, encode(chain));
          const { ledger } = openLedger(folder);
          const placed = [...ledger.placed()];
          assert.deepEqual(placed.map(({ block }) => block), chain);
          for (const [at, { at: offset, size, block }] of placed.entries()) {
            assert.deepEqual(ledger.blockAt(offset, size), block);
            const rest = [...ledger.placed(offset + size)];
            assert.deepEqual(rest, placed.slice(at + 1));
          }
        }
      }));
  }
});

Deno.test("FileLedger.placed() reads an interrupted append as undone", async () => {
  await inTempFolder((folder) => {
    const path = `${folder}/blockchain.json`;
    Deno.writeTextFileSync(path, LAYOUTS["usual"]!(chainOfLength(3)));
    const { ledger } = openLedger(folder);
    const before = [...ledger.placed()];
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).slice(0, -2) + ',\n  {\n    "ind');
    assert.deepEqual([...openLedger(folder).ledger.placed()], before);
  });
});

Deno.test("FileLedger.placed() gives the blocks before damage and then reports it", async () => {
  await inTempFolder((folder) => {
    const text = LAYOUTS["usual"]!(chainOfLength(4));
    const bytes = bytesOf(text);
    bytes[text.lastIndexOf("sample")] = 0xff;
    for (const content of [bytes, bytesOf(text.replace('"index": 3', '"index": "x"'))]) {
      Deno.writeFileSync(`${folder}/blockchain.json`, content);
      assert.throws(
        () => [...openLedger(folder).ledger.placed()],
        (error) => error instanceof KairosError && error.code === "corrupt",
      );
    }
  });
});

Deno.test("FileLedger.blockAt() finds nothing where no block stands", async () => {
  await inTempFolder((folder) => {
    assert.equal(openLedger(folder).ledger.blockAt(0, 10), null);
    Deno.writeTextFileSync(`${folder}/blockchain.json`, LAYOUTS["usual"]!(chainOfLength(3)));
    const { ledger } = openLedger(folder);
    const { at, size } = [...ledger.placed()][1]!;
    const places = [
      [at + 1, size],
      [at, size - 1],
      [at, size + 4],
      [0, 5],
      [-1, size],
      [at, 0],
      [at, -5],
      [at, 1e15],
      [1e15, size],
      [NaN, size],
      [at, NaN],
      [at, 0.5],
    ] as const;
    for (const [offset, length] of places) {
      assert.equal(ledger.blockAt(offset, length), null, `${offset}, ${length}`);
    }
    const quiet = ledger.blockAt(at - 1, size + 1);
    assert.equal(quiet?.index, 1, "blanks around it are no other block");
  });
});
