import assert from "node:assert/strict";
import { encodeLedger } from "../../core/chain/block.ts";
import { Disk, type Effect, type Fault } from "../../core/disk/mod.ts";
import { FailingDisk, FAULTS } from "../disk/failing_disk.ts";
import { KairosError } from "../../core/errors.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { chainOfLength, LAYOUTS, TIME } from "../chain/samples.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, openLedger, verify } from "./open_ledger.ts";

const chain = chainOfLength(4);
const BEFORE: Record<string, string | null> = {
  "the first append": null,
  ...Object.fromEntries(
    Object.entries(LAYOUTS).map(([layout, encode]) => [`a file ${layout}`, encode(chain)]),
  ),
};

Deno.test("FileLedger.append() leaves everything as before when an effect fails", async (t) => {
  for (const [name, text] of Object.entries(BEFORE)) {
    for (const [what, fault] of Object.entries(FAULTS)) {
      await t.step(`${name}, ${what}`, async () => {
        let failed = 0;
        for (let nth = 1; await appendFails(text, nth, fault); nth++) failed++;
        assert.ok(failed >= 3, `only ${failed} effects failed`);
      });
    }
  }
});

/** Whether the n-th effect was one the append depends on; asserts what holds then. */
function appendFails(
  text: string | null,
  nth: number,
  fault: (effect: Effect) => Fault,
): Promise<boolean> {
  return inTempFolder(async (folder) => {
    const path = `${folder}/blockchain.json`;
    if (text !== null) Deno.writeTextFileSync(path, text);
    const disk = new FailingDisk(nth, fault);
    const { ledger } = openLedger(folder, disk);
    let error: unknown = null;
    try {
      ledger.append(["lost"], TIME);
    } catch (thrown) {
      error = thrown;
    }
    const effect = disk.effects[nth - 1];
    if (error === null) {
      assert.ok(
        effect === undefined || effect.path.endsWith(".lock"),
        `${effect?.kind} was missed`,
      );
      return false;
    }
    assert.ok(error instanceof KairosError && error.code === "io", String(error));
    assert.ok(!error.message.includes(folder), "the message shows a path");
    const now = text === null ? disk.stat(path) : Deno.readTextFileSync(path);
    assert.equal(now, text, `after ${effect?.kind} failed`);
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
    assert.deepEqual(names, text === null ? [] : ["blockchain.json"]);
    const block = ledger.append(["made"], TIME);
    assert.equal(block.index, text === null ? 1 : chain.length);
    const report = await verify(ledger);
    assert.deepEqual([report.valid, report.length], [true, block.index + 1]);
    return true;
  });
}

Deno.test("FileLedger.recover() leaves the torn file as it is when an effect fails", async () => {
  const torn = encodeLedger(chain).slice(0, -300);
  const rest = torn.slice(encodeLedger(chain.slice(0, 3)).length - "\n]".length);
  for (let nth = 1, failed = true; failed; nth++) {
    failed = await inTempFolder((folder) => {
      const path = `${folder}/blockchain.json`;
      Deno.writeTextFileSync(path, torn);
      const disk = new FailingDisk(nth, FAULTS["the disk fails"]!);
      const { ledger, objects } = openLedger(folder, disk);
      try {
        ledger.recover();
      } catch (error) {
        assert.ok(error instanceof KairosError && error.code === "io");
      }
      assert.equal(ledger.head().length, 3, `after effect ${nth} failed`);
      ledger.recover();
      assert.equal(Deno.readTextFileSync(path), encodeLedger(chain.slice(0, 3)));
      assert.notEqual(objects.get(sha256(rest)), null, "the cut bytes are not kept");
      return disk.effects.length >= nth && nth < 100;
    });
  }
});

Deno.test("FileLedger is torn, not damaged, when even the way back fails", async () => {
  const text = encodeLedger(chain);
  for (let nth = 1; nth <= 3; nth++) {
    await inTempFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/blockchain.json`, text);
      let effects = 0;
      const disk = new Disk({
        onEffect: (effect) => ++effects >= nth ? FAULTS["the disk is full"]!(effect) : undefined,
      });
      assert.throws(() => openLedger(folder, disk).ledger.append(["lost"], TIME), KairosError);
      const { ledger } = openLedger(folder);
      ledger.append(["made"], TIME);
      assert.equal((await verify(ledger)).valid, true);
      assert.deepEqual(blocksOf(ledger).slice(0, chain.length), chain);
    });
  }
});
