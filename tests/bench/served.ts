/**
 * The HTTP server and the bare one beside it, each in a process of its own.
 *
 * @module
 */

import { withHttpServer } from "../e2e/mcp_process.ts";

const BARE = new URL("bare_http.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** Milliseconds of a tick of the kernel's clock. */
const TICK = 10;

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
 */
export async function withBoth(
  root: string,
  answers: (ours: Served) => Promise<string>,
  run: (ours: Served, bare: Served) => Promise<void>,
): Promise<void> {
  await withHttpServer(root, async (url, pid) => {
    const ours = { url, pid };
    const constants = await answers(ours);
    const args = ["run", "--no-prompt", "--no-check", "-A", "--config", CONFIG, BARE, constants];
    const program = { command: Deno.execPath(), args };
    await withHttpServer(root, (url, pid) => run(ours, { url, pid }), program);
  });
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
