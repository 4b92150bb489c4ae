/**
 * The program, but it gives up no permission: Deno wants all of them for what lies below `/dev`, where
 * the other file system of a test is.
 *
 * @module
 */

import { processIo } from "../../cli/process_io.ts";
import { run } from "../../cli/run.ts";

const io = processIo({ signal: new AbortController().signal, endsItself: () => {} });
Deno.exitCode = await run(Deno.args, { ...io, keepOnly: () => Promise.resolve() });
