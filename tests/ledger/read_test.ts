import assert from "node:assert/strict";
import { type Block, encodeBlock, encodeLedger, nextBlock } from "../../core/chain/block.ts";
import { KairosError } from "../../core/errors.ts";
import { bytesOf, chainOf, chainOfLength, LAYOUTS, TIME } from "../chain/samples.ts";
import { CountingDisk } from "../disk/counting_disk.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, oldestBlocksOf, openLedger } from "./open_ledger.ts";

const FIRST_LOOK = 64 * 1024;
const WINDOW = 256 * 1024;

Deno.test("FileLedger.newest() and oldest() agree in every layout", async (t) => {
  for (const [layout, encode] of Object.entries(LAYOUTS)) {
    await t.step(layout, async () => {
      for (const length of [1, 2, 3, 40]) {
        await assertReads(encode(chainOfLength(length)), chainOfLength(length));
      }
    });
  }
});

Deno.test("FileLedger reads blocks of any size across the borders of its windows", async (t) => {
  await t.step("one block from a byte to 300 KiB", async () => {
    for (const size of [1, 1000, FIRST_LOOK, WINDOW, 300 * 1024]) {
      for (const text of ["x", "日", "🚀"]) {
        const chain = chainOf(["a"], [text.repeat(Math.ceil(size / bytesOf(text).length))], ["b"]);
        await assertReads(encodeLedger(chain), chain);
        await assertReads(JSON.stringify(chain), chain);
      }
    }
  });
  for (const border of [FIRST_LOOK, WINDOW]) {
    await t.step(`a border of ${border} bytes at every place of the joint`, async () => {
      const empty = bytesOf(encodeBlock(chainOf(["a"], ["b"], [""])[3]!)).length;
      for (let shift = -24; shift <= 8; shift++) {
        const item = "x".repeat(border - empty - 2 + shift);
        const chain = chainOf(["日本"], ["b"], [item]);
        await assertReads(encodeLedger(chain), chain);
      }
    });
  }
  await t.step("many sizes in a row", async () => {
    const sizes = [1, 7, 90_000, 3, 262_000, 500, 131_072, 12, 400_000, 65_000, 65_536, 2];
    const chain = chainOf(...sizes.map((size) => ["あ".repeat(Math.ceil(size / 3)), "🚀"]));
    for (const encode of Object.values(LAYOUTS)) await assertReads(encode(chain), chain);
  });
});

async function assertReads(text: string, chain: readonly Block[]): Promise<void> {
  await inTempFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/blockchain.json`, text);
    const { ledger } = openLedger(folder);
    const head = ledger.head();
    assert.deepEqual([head.state, head.length, head.last], [
      "readable",
      chain.length,
      chain.at(-1),
    ]);
    assert.deepEqual(blocksOf(ledger), chain);
    assert.deepEqual(await oldestBlocksOf(ledger), chain);
    const pieces = [];
    for await (const piece of ledger.bytes()) pieces.push(piece);
    assert.equal(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).text(), text);
  });
}

Deno.test("FileLedger.newest() reads no more than is asked for", async () => {
  await inTempFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/blockchain.json`, encodeLedger(chainOfLength(5000)));
    const disk = new CountingDisk();
    const { ledger } = openLedger(folder, disk);
    for (const block of ledger.newest()) if (block.index === 4990) break;
    assert.equal(ledger.head().length, 5000);
    assert.ok(disk.bytesRead < FIRST_LOOK + WINDOW + 4096, `${disk.bytesRead} bytes`);
  });
});

Deno.test("FileLedger.newest() finds a block larger than its window without reading the rest", async () => {
  await inTempFolder((folder) => {
    const chain = chainOfLength(5000);
    chain.push(nextBlock(chain.at(-1)!, ["x".repeat(WINDOW + 1)], TIME));
    const text = encodeLedger(chain);
    Deno.writeTextFileSync(`${folder}/blockchain.json`, text);
    const disk = new CountingDisk();
    const [last, before] = openLedger(folder, disk).ledger.newest();
    assert.deepEqual([last?.index, before?.index], [5000, 4999]);
    assert.ok(disk.bytesRead < text.length, `${disk.bytesRead} bytes`);
  });
});

Deno.test("FileLedger.head() tells every state and never throws", async (t) => {
  const chain = chainOfLength(3);
  const cases: Record<string, [content: string, state: string]> = {
    "no bytes": ["", "unreadable"],
    "an empty list": ["[]", "empty"],
    "an empty list with blanks": [" [\r\n\t] \n", "empty"],
    "an object": ["{}", "corrupt"],
    "text": ["hello", "corrupt"],
    "a byte order mark": ["\ufeff" + encodeLedger(chain), "corrupt"],
    "numbers": ["[1,2]", "corrupt"],
    "genesis alone": [encodeLedger(chain.slice(0, 1)), "readable"],
    "another genesis": [encodeLedger(chain).replace("Genesis Block", "Genesis block"), "readable"],
    "another genesis alone": [encodeLedger([{ ...chain[0]!, data: ["other"] }]), "corrupt"],
    "a last block of another chain": [
      encodeLedger([...chain, chainOf(["a"], ["b"], ["c"])[3]!]),
      "corrupt",
    ],
    "a last block twice": [encodeLedger([...chain, chain[2]!]), "corrupt"],
    "a gap": [encodeLedger([chain[0]!, chain[2]!]), "corrupt"],
    "a list that is not closed": [JSON.stringify(chain).slice(0, -1), "corrupt"],
  };
  for (const [name, [content, state]] of Object.entries(cases)) {
    await t.step(name, () =>
      inTempFolder((folder) => {
        Deno.writeTextFileSync(`${folder}/blockchain.json`, content);
        const head = openLedger(folder).ledger.head();
        assert.equal(head.state, state);
        assert.equal(head.problem === null, state === "readable");
        if (state !== "readable") assert.deepEqual([head.length, head.last], [0, null]);
      }));
  }
  await t.step("a folder", () =>
    inTempFolder((folder) => {
      Deno.mkdirSync(`${folder}/blockchain.json`);
      const { ledger } = openLedger(folder);
      assert.equal(ledger.head().state, "unreadable");
      assert.throws(() => ledger.append(["a"], ""), KairosError);
    }));
  await t.step({
    name: "a device that never ends",
    ignore: Deno.build.os !== "linux",
    fn: () =>
      inTempFolder((folder) => {
        Deno.symlinkSync("/dev/zero", `${folder}/blockchain.json`);
        const { ledger } = openLedger(folder);
        assert.equal(ledger.head().state, "unreadable");
        for (const use of [() => ledger.recover(), () => [...ledger.newest()]]) {
          assert.throws(use, (error) => error instanceof KairosError && error.code === "invalid");
        }
      }),
  });
});

Deno.test("FileLedger.newest() reports invalid UTF-8 as damage", async () => {
  await inTempFolder((folder) => {
    const bytes = bytesOf(encodeLedger(chainOfLength(4)));
    bytes[encodeLedger(chainOfLength(1)).indexOf("Genesis")] = 0xff;
    Deno.writeFileSync(`${folder}/blockchain.json`, bytes);
    assert.throws(
      () => [...openLedger(folder).ledger.newest()],
      (error) => error instanceof KairosError && error.code === "corrupt",
    );
  });
});
