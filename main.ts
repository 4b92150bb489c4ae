/**
 * The program: arguments in, exit code out.
 *
 * @module
 */

import { processIo } from "./cli/process_io.ts";
import { run } from "./cli/run.ts";

/** Exit code of a program that was interrupted, as shells count it. */
const INTERRUPTED = 130;

if (import.meta.main) {
  const stop = new AbortController();
  let graceful = false;
  const interrupt = () => {
    // A change is never interrupted: it holds the thread until it is whole.
    if (!graceful || stop.signal.aborted) Deno.exit(INTERRUPTED);
    stop.abort();
  };
  Deno.addSignalListener("SIGINT", interrupt);
  const io = processIo({ signal: stop.signal, endsItself: () => graceful = true });
  const code = await run(Deno.args, io);
  Deno.removeSignalListener("SIGINT", interrupt);
  Deno.exitCode = stop.signal.aborted ? INTERRUPTED : code;
  // A server has answered what it could; a connection somebody keeps open must not hold the program.
  if (graceful) Deno.exit();
}
