/**
 * What kairos is allowed to do: the flags of the task `kairos` in deno.json, for every way to ship it.
 *
 * @module
 */

/** The parts of deno.json that decide how kairos runs. */
export interface RunConfig {
  /** Task lines by name; the line `kairos` is `deno run <flags> main.ts`. */
  readonly tasks: { readonly kairos: string };
  /** Names of the unstable features that are on. */
  readonly unstable: readonly string[];
}

const TASK = /^deno run ((?:--\S+ )+)main\.ts$/;

/**
 * Modules are read when they are imported, not all of them when the program starts. Not for
 * `deno compile`, which puts into the executable no more than it reads.
 */
export const LAZY = "--unstable-lazy-dynamic-imports";

/** Lets servers give memory back to the system while nothing happens. */
export const FREES = "--v8-flags=--expose-gc";

/** A flag no shell reads anything into. */
const PLAIN_FLAG = /^--[a-z0-9-]+(?:=[A-Za-z0-9.,:_-]+)?$/;

/**
 * Reads the flags kairos runs with.
 *
 * @param config deno.json
 * @returns Permissions and unstable features as flags of `deno run`, and but for {@linkcode LAZY} of
 *   `deno compile`
 * @throws {SyntaxError} When the task line has another form
 */
export function runFlags(config: RunConfig): string[] {
  const given = TASK.exec(config.tasks.kairos)?.[1]?.trim().split(" ");
  const flags = [...given ?? [], ...config.unstable.map((name) => `--unstable-${name}`)];
  if (given === undefined || !flags.every((flag) => PLAIN_FLAG.test(flag))) {
    const found = JSON.stringify(config.tasks.kairos);
    throw new SyntaxError(
      `Cannot read the task "kairos" of deno.json: must be deno run <flags> main.ts, found ${found}`,
    );
  }
  return flags;
}
