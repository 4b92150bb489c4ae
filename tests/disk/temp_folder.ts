/**
 * Runs something in a new real folder and removes the folder afterwards.
 *
 * @param run Gets the folder's real path
 * @returns What it returned
 */
export async function inTempFolder<T>(run: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    return await run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
