/**
 * Starting: `version` against an empty program, and the MCP server against a bare one on the same SDK.
 *
 * @module
 */

import { FREES, LAZY } from "../../.release/portable/run_flags.ts";
import { type Figure, figure, inTurn } from "./measure.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const CONFIG = `${ROOT}deno.json`;

const BARE_SERVER = `
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
serveStdio(() => new McpServer({ name: "bare", version: "1.0.0" }, { capabilities: { tools: {} } }));
`;

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "bench", version: "1.0.0" },
  },
});

/**
 * Measures starting.
 *
 * @param folder A folder on the disk to measure
 * @returns The figures; the portable file's only when it has been built
 */
export async function benchStart(folder: string): Promise<Figure[]> {
  const empty = `${folder}/empty.ts`;
  const bare = `${folder}/bare.ts`;
  await Deno.writeTextFile(empty, 'console.log("kairos 0.1.0");\n');
  await Deno.writeTextFile(bare, BARE_SERVER);
  // Compiled code is kept for programs with the same flags of V8: one with others would undo it.
  const deno = (...args: string[]) => [Deno.execPath(), "run", FREES, "-A", "--no-check", ...args];
  const main = deno(LAZY, "--config", CONFIG, `${ROOT}main.ts`);
  const portable = `${ROOT}dist/kairos-${Deno.build.os}-${Deno.build.arch}`;
  await output([...main, "init", "--data-dir", `${folder}/.kairos`]);
  const found: Figure[] = [];
  const [version, floor] = await inTurn(
    15,
    () => output([...main, "version"]),
    () => output(deno(empty)),
  );
  found.push(figure({
    name: "kairos version",
    ours: version!,
    floorName: "an empty Deno program",
    floor: floor!,
    unit: "ms",
    target: 2,
  }));
  const hasPortable = await Deno.stat(portable).then(() => true, () => false);
  if (hasPortable) {
    const [packed, again] = await inTurn(
      15,
      () => output([portable, "version"]),
      () => output(deno(empty)),
    );
    found.push(figure({
      name: "version of the portable file",
      ours: packed!,
      floorName: "an empty Deno program",
      floor: again!,
      unit: "ms",
      target: 3,
    }));
  }
  const serve = ["serve", "--data-dir", `${folder}/.kairos`];
  const programs: [string, string[]][] = [["from source", main]];
  if (hasPortable) programs.push(["as the portable file", [portable]]);
  for (const [which, program] of programs) {
    const [reply, bareReply] = await inTurn(
      15,
      () => firstReply([...program, ...serve]),
      () => firstReply(deno("--config", CONFIG, bare)),
    );
    found.push(figure({
      name: `serve over stdio ${which}, start to first reply`,
      ours: reply!,
      floorName: "a bare server on the same SDK",
      floor: bareReply!,
      unit: "ms",
      target: 1.4,
    }));
  }
  return found;
}

async function output(command: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command[0]!, { args: command.slice(1) })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Starts a server, says hello, and gives the milliseconds to the first bytes of the reply. */
async function firstReply(command: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(INITIALIZE + "\n"));
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  if (value === undefined) throw new Error(`No reply from ${command.join(" ")}`);
  const time = performance.now() - start;
  // The end is not part of the figure, but must not overlap the next run.
  void writer.close();
  await reader.cancel();
  await child.status;
  return time;
}
