/**
 * Programs that are run to their end and measured as a whole.
 *
 * @module
 */

const ROOT = new URL("../..", import.meta.url).pathname;
const PEAK = new URL("peak.ts", import.meta.url).pathname;

/** How a Deno program of this repository is started. */
const denoRun = (script: string): string[] => [
  Deno.execPath(),
  ...["run", "-A", "--no-check", "--quiet", "--config", `${ROOT}deno.json`, script],
];

/**
 * Runs kairos.
 *
 * @param args Its arguments
 * @param into A file for its output; nowhere unless given
 * @returns The milliseconds it took
 * @throws {Error} With what it said, when it fails
 */
export async function kairos(args: readonly string[], into?: string): Promise<number> {
  return await timed([...denoRun(`${ROOT}main.ts`), ...args], into);
}

/**
 * Runs a line of a shell.
 *
 * @param line The line
 * @returns The milliseconds it took
 * @throws {Error} With what it said, when it fails
 */
export async function shell(line: string): Promise<number> {
  return await timed(["bash", "-ec", `set -o pipefail; ${line}`]);
}

/**
 * Runs kairos and looks at its memory. Whether it succeeds is of no interest.
 *
 * @param args Its arguments
 * @returns Its largest resident size in MiB, `null` where the system does not tell
 */
export async function peakMemory(args: readonly string[]): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  const [command, ...rest] = [...denoRun(PEAK), ...args];
  const { stderr } = await new Deno.Command(command!, {
    args: rest,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const [, peak] = /(\d+)\n$/.exec(new TextDecoder().decode(stderr))!;
  return Number(peak) / 1024;
}

async function timed(command: readonly string[], into?: string): Promise<number> {
  const start = performance.now();
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    stdin: "null",
    stdout: into === undefined ? "null" : "piped",
    stderr: "piped",
  }).spawn();
  const error = new Response(child.stderr).text();
  if (into !== undefined) await Deno.writeFile(into, child.stdout);
  const { success } = await child.status;
  const time = performance.now() - start;
  if (!success) throw new Error(`${command.join(" ")}: ${await error}`);
  await error;
  return time;
}
