/**
 * The HTTP server and the bare one beside it, each in a process of its own.
 *
 * @module
 */

import { bundle } from "../../.release/portable/bundle.ts";
import { FREES } from "../../.release/portable/run_flags.ts";
import { kairosArgs, MAIN, withHttpServer } from "../e2e/mcp_process.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** Milliseconds of a tick of the kernel's clock. */
const TICK = 10;

/** Where the two programs are. */
export interface Scripts {
  /** Ours. */
  readonly ours: string;
  /** The bare one. */
  readonly bare: string;
}

/** As they are written. */
export const SOURCES: Scripts = {
  ours: MAIN,
  bare: new URL("bare_http.ts", import.meta.url).pathname,
};

/**
 * Makes of both what is shipped: one file without types and comments.
 *
 * @param folder Where to put them
 * @returns Their scripts
 */
export async function bundled(folder: string): Promise<Scripts> {
  const place = async (script: string) => {
    const { entry, files } = await bundle(script);
    const into = await Deno.makeTempDir({ dir: folder });
    for (const [name, bytes] of files) await Deno.writeFile(`${into}/${name}`, bytes);
    return `${into}/${entry}`;
  };
  return { ours: await place(SOURCES.ours), bare: await place(SOURCES.bare) };
}

/** A server. */
export interface Served {
  /** Its endpoint. */
  readonly url: string;
  /** Its process. */
  readonly pid: number;
}

/**
 * Runs something with both servers.
 *
 * @param root The data directory
 * @param answers Path of the bare server's constants, made by the time it is asked for them
 * @param run Gets ours and the bare one
 * @param scripts Where they are; as they are written unless given
 */
export async function withBoth(
  root: string,
  answers: (ours: Served) => Promise<string>,
  run: (ours: Served, bare: Served) => Promise<void>,
  scripts: Scripts = SOURCES,
): Promise<void> {
  const command = Deno.execPath();
  const serve = kairosArgs("serve", "--http", "--port", "0", "--data-dir", root)
    .map((arg) => arg === MAIN ? scripts.ours : arg);
  await withHttpServer(root, async (url, pid) => {
    const ours = { url, pid };
    const constants = await answers(ours);
    // Compiled code is kept for programs with the same flags of V8: one with others would undo it.
    const flags = ["run", FREES, "--no-prompt", "--no-check", "-A", "--config", CONFIG];
    const args = [...flags, scripts.bare, constants];
    await withHttpServer(root, (url, pid) => run(ours, { url, pid }), { command, args });
  }, { command, args: serve });
}

/**
 * Memory a process has.
 *
 * @param server The process
 * @returns Its resident set in MiB
 */
export async function residentMemory({ pid }: Served): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}

/**
 * Processor time a process has had: what others do on the machine shows little in it.
 *
 * @param server The process
 * @returns Milliseconds
 */
export async function processorTime({ pid }: Served): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * TICK;
}
