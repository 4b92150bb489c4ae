/**
 * Whether the system lets this process open more files.
 *
 * @module
 */

/** What the system says when a process, or all of them, have too many files open. */
const TOO_MANY = ["EMFILE", "ENFILE"];

/**
 * Tries to have some more files open at the same time. Connections count as files, so a server that
 * somebody opens many of may have none left.
 *
 * @param count How many
 * @returns `false` when the limit of open files is in the way
 *
 * @example
 * ```ts
 * import { canOpenFiles } from "./can_open_files.ts";
 *
 * if (!canOpenFiles(1)) throw new Error();
 * ```
 */
export function canOpenFiles(count: number): boolean {
  const open: Disposable[] = [];
  try {
    const program = Deno.execPath();
    while (open.length < count) open.push(Deno.openSync(program));
    return true;
  } catch (error) {
    // What else is in the way of this one file says nothing about others.
    return !(error instanceof Error && "code" in error && TOO_MANY.includes(`${error.code}`));
  } finally {
    for (const file of open) file[Symbol.dispose]();
  }
}
