/**
 * A process that appends: `append_loop.ts <folder> <name> <count>`.
 *
 * @module
 */

import { acquireLock, Disk } from "../../core/disk/mod.ts";
import { TIME } from "../chain/samples.ts";
import { openLedger } from "./open_ledger.ts";

if (import.meta.main) {
  const [folder = "", name = "", many = "0"] = Deno.args;
  const disk = new Disk();
  const { ledger } = openLedger(folder, disk);
  for (let at = 0; at < Number(many); at++) {
    const options = { timeout: 120_000, holder: `pid ${Deno.pid} (test writer ${name})` };
    using _lock = await acquireLock(disk, ledger.lockPath, options);
    ledger.recover();
    // Sizes from a few bytes to several pages, so that writes are seen half done if they can be.
    ledger.append([`${name}/${at}`, "記".repeat((at % 5) ** 6)], TIME);
  }
}
