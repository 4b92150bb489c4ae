import assert from "node:assert/strict";
import { encodeLedger } from "../../core/chain/block.ts";
import { Disk, type Effect } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { chainOf, chainOfLength, LAYOUTS, TIME } from "../chain/samples.ts";
import { CountingDisk } from "../disk/counting_disk.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, oldestBlocksOf, openLedger, verify } from "./open_ledger.ts";

Deno.test("FileLedger.append() writes the exact file of the format", async (t) => {
  const chain = chainOfLength(6);
  await inTempFolder(async (folder) => {
    const path = `${folder}/blockchain.json`;
    const { ledger } = openLedger(folder);
    assert.deepEqual(ledger.head(), { state: "absent", length: 0, last: null, problem: null });
    for (const [at, block] of chain.entries()) {
      if (at === 0) continue;
      await t.step(`block ${at}`, () => {
        assert.deepEqual(ledger.append(block.data, TIME), block);
        assert.equal(Deno.readTextFileSync(path), encodeLedger(chain.slice(0, at + 1)));
        assert.deepEqual(ledger.head().last, block);
        assert.equal(ledger.head().length, at + 1);
      });
    }
    if (Deno.build.os !== "windows") {
      assert.equal(Deno.statSync(path).mode! & 0o777 & ~Deno.umask(), 0o644 & ~Deno.umask());
    }
  });
});

Deno.test("FileLedger.append() goes on in any layout and leaves the old blocks as they stand", async (t) => {
  for (const length of [1, 2, 5]) {
    const chain = chainOfLength(length);
    for (const [layout, encode] of Object.entries(LAYOUTS)) {
      await t.step(`${length} blocks ${layout}`, () =>
        inTempFolder(async (folder) => {
          const path = `${folder}/blockchain.json`;
          const text = encode(chain);
          Deno.writeTextFileSync(path, text);
          Deno.chmodSync(path, 0o640);
          const { ledger } = openLedger(folder);
          for (let more = 1; more <= 3; more++) {
            const block = ledger.append([`more ${more}`], TIME);
            assert.equal(block.index, length + more - 1);
            const kept = text.trimEnd().slice(0, -1).trimEnd();
            assert.ok(Deno.readTextFileSync(path).startsWith(kept));
            const report = await verify(ledger);
            assert.deepEqual([report.valid, report.length, report.findings], [
              true,
              length + more,
              [],
            ]);
            const fresh = openLedger(folder).ledger;
            assert.deepEqual(fresh.head().last, block);
            assert.deepEqual(blocksOf(fresh), await oldestBlocksOf(fresh));
          }
          if (Deno.build.os !== "windows") {
            assert.equal(Deno.statSync(path).mode! & 0o777, 0o640);
          }
        }));
    }
  }
});

Deno.test("FileLedger.append() costs the same at every length", async (t) => {
  for (const layout of Object.keys(LAYOUTS)) {
    await t.step(`to a file ${layout}`, async () => {
      const costs = [];
      for (const length of [50, 1500]) {
        costs.push(await inTempFolder((folder) => costOfAppend(folder, layout, length)));
      }
      const [short, long] = costs;
      assert.deepEqual(long!.effects, short!.effects);
      assert.deepEqual(short!.effects, ["write", "write", "sync"]);
      assert.ok(long!.written - short!.written < 20, `${long!.written} bytes written`);
      assert.ok(long!.read <= 128 * 1024, `${long!.read} bytes read`);
    });
  }
});

/** What an append by a new process costs after two appends by another. */
function costOfAppend(
  folder: string,
  layout: string,
  length: number,
): { effects: string[]; written: number; read: number } {
  Deno.writeTextFileSync(`${folder}/blockchain.json`, LAYOUTS[layout]!(chainOfLength(length)));
  const first = openLedger(folder).ledger;
  first.append(["first"], TIME);
  first.append(["second"], TIME);
  const effects: Effect[] = [];
  const disk = new CountingDisk({
    onEffect: (effect) => {
      effects.push(effect);
      return undefined;
    },
  });
  openLedger(folder, disk).ledger.append(["third"], TIME);
  const written = effects.reduce(
    (sum, one) => sum + (one.kind === "write" ? one.bytes.length : 0),
    0,
  );
  return { effects: effects.map(({ kind }) => kind), written, read: disk.bytesRead };
}

Deno.test("FileLedger.append() refuses what is no block and changes nothing", async (t) => {
  const cases: Record<string, [items: string[], code: string]> = {
    "no items": [[], "invalid"],
    "half a character": [["\ud800"], "invalid"],
    "too much text": [["x".repeat(4 * 1024 * 1024 + 1)], "too_large"],
  };
  for (const [name, [items, code]] of Object.entries(cases)) {
    for (const before of [null, encodeLedger(chainOf(["a"]))]) {
      await t.step(
        `${name}, ${before === null ? "no file" : "a file"}`,
        () =>
          inTempFolder((folder) => {
            if (before !== null) Deno.writeTextFileSync(`${folder}/blockchain.json`, before);
            const { ledger } = openLedger(folder);
            assert.throws(
              () => ledger.append(items, TIME),
              (error) => error instanceof KairosError && error.code === code,
            );
            const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
            assert.deepEqual(names, before === null ? [] : ["blockchain.json"]);
            if (before !== null) {
              assert.equal(Deno.readTextFileSync(`${folder}/blockchain.json`), before);
            }
          }),
      );
    }
  }
});

Deno.test("FileLedger.append() does not fail for want of a note in the lock file", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk({
      onEffect: ({ kind, path }) =>
        kind === "create" && path.endsWith(".lock") ? { error: new Error("no") } : undefined,
    });
    assert.equal(openLedger(folder, disk).ledger.append(["a"], TIME).index, 1);
  });
});
