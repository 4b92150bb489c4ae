import assert from "node:assert/strict";
import { count } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, openLedger, verify } from "./open_ledger.ts";

Deno.test("FileLedger loses no block of many processes, and readers never see damage", async () => {
  const processes = count("processes");
  const writes = count("writesPerProcess");
  await inTempFolder(async (folder) => {
    const script = new URL("append_loop.ts", import.meta.url).pathname;
    const writers = Array.from({ length: processes }, (_, at) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", script, folder, String(at), String(writes)],
        stdout: "null",
        stderr: "piped",
      }).output());
    let running = true;
    const ended = Promise.all(writers).finally(() => running = false);
    const looks = await readWhile(folder, () => running);
    for (const { success, stderr } of await ended) {
      assert.ok(success, new TextDecoder().decode(stderr));
    }
    assert.ok(looks > 0);
    const { ledger } = openLedger(folder);
    const report = await verify(ledger);
    assert.deepEqual(
      [report.valid, report.findings, report.length],
      [true, [], processes * writes + 1],
    );
    const names = blocksOf(ledger).map(({ data }) => data[0]!);
    assert.equal(new Set(names).size, processes * writes + 1);
    for (let at = 0; at < processes; at++) {
      const own = names.filter((name) => name.startsWith(`${at}/`));
      assert.deepEqual(own, Array.from({ length: writes }, (_, i) => `${at}/${i}`));
    }
  });
});

/** Reads in every way as long as others write; the chain must be whole and never shrink. */
async function readWhile(folder: string, isRunning: () => boolean): Promise<number> {
  let looks = 0;
  let least = 0;
  while (isRunning()) {
    const { ledger } = openLedger(folder);
    const head = ledger.head();
    if (head.state !== "absent") {
      assert.equal(head.problem, null);
      assert.ok(head.length >= least);
      const report = await verify(ledger);
      assert.deepEqual([report.findings, report.valid], [[], true]);
      assert.ok(report.length >= head.length);
      const blocks = blocksOf(ledger);
      assert.ok(blocks.length >= report.length);
      least = blocks.length;
      looks++;
    }
    // Lets the writers' ends arrive.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return looks;
}
