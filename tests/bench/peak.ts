/**
 * The program, and how much memory it took: `peak.ts ARGS...`. The largest resident size is the last
 * line of standard error, in KiB.
 *
 * @module
 */

import { processIo } from "../../cli/process_io.ts";
import { run } from "../../cli/run.ts";

const io = processIo({ signal: new AbortController().signal, endsItself: () => {} });
await run(Deno.args, { ...io, keepOnly: () => Promise.resolve() });
const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))!;
Deno.stderr.writeSync(new TextEncoder().encode(`${peak}\n`));
