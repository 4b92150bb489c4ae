/**
 * Reads hostile sources in a process of its own and tells what that took.
 *
 * @module
 */

import assert from "node:assert/strict";
import process from "node:process";
import { KairosError } from "../../core/errors.ts";
import { ROOT } from "../gate/repository.ts";

/** What came of a source. */
export interface Outcome {
  /** Its name. */
  readonly name: string;
  /** What reading ended with: `read`, or the code of the error. */
  readonly result: string;
  /** Processor time of the process while it read, in milliseconds. */
  readonly cpu: number;
  /** The most memory the process ever held, in kB; 0 where it may not ask or the system does not tell. */
  readonly peak: number;
}

/**
 * The program: reads every source, or the one the arguments name, and prints an {@linkcode Outcome} a line.
 *
 * @param sources What makes each
 * @param read Reads one
 */
export async function readHostile(
  sources: Readonly<Record<string, () => string>>,
  read: (text: string) => unknown,
): Promise<void> {
  const [only] = Deno.args;
  for (const [name, make] of Object.entries(sources)) {
    if (only !== undefined && only !== name) continue;
    const source = make();
    const before = process.cpuUsage();
    const result = await resultOf(() => read(source));
    const { user, system } = process.cpuUsage(before);
    const cpu = Math.round((user + system) / 1000);
    const line = JSON.stringify({ name, result, cpu, peak: only === undefined ? 0 : peak() });
    Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  }
}

/**
 * Runs such a program.
 *
 * @param program Its path in the repository
 * @param name The source to read, with every permission; every source, without a permission, unless given
 * @returns What came of each; a hang ends it and fails
 */
export async function hostileOutcomes(program: string, name?: string): Promise<Outcome[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt"].concat(
      name === undefined ? program : ["-A", program, name],
    ),
    cwd: ROOT,
    stdin: "null",
    signal: AbortSignal.timeout(120_000),
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

/**
 * Holds each source to what reading a law may take: 200 MB, the runtime included, and two seconds of
 * the processor, which do not depend on what else the machine does.
 *
 * @param t The test
 * @param program Path of the program in the repository
 * @param names Names of its sources
 */
export async function assertBounded(
  t: Deno.TestContext,
  program: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    await t.step(name, async () => {
      const [outcome] = await hostileOutcomes(program, name);
      assert.ok(outcome!.peak * 1024 < 200e6, `${outcome!.peak} kB`);
      assert.ok(outcome!.cpu < 2000, `${outcome!.cpu} ms`);
      if (Deno.build.os === "linux") assert.notEqual(outcome!.peak, 0);
    });
  }
}

async function resultOf(read: () => unknown): Promise<string> {
  try {
    await read();
    return "read";
  } catch (error) {
    return error instanceof KairosError ? error.code : String(error);
  }
}

function peak(): number {
  if (Deno.build.os !== "linux") return 0;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
}
