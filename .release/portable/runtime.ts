/**
 * The deno executable that goes into the portable one: the running one, if it is the pinned one.
 *
 * @module
 */

/** The one place that says which deno the project is tested with. */
const PIN_FILE = new URL("../../.ci/run", import.meta.url);

/**
 * Reads the version of deno the project is pinned to.
 *
 * @returns The version, such as `2.9.6`
 * @throws {SyntaxError} When the file that pins it has no such line
 */
export async function pinnedVersion(): Promise<string> {
  const pin = /^deno_version=(\d+\.\d+\.\d+)$/m.exec(await Deno.readTextFile(PIN_FILE))?.[1];
  if (pin === undefined) {
    throw new SyntaxError("Cannot read the pinned version of deno: .ci/run has no deno_version=");
  }
  return pin;
}

/**
 * Reads the running deno executable.
 *
 * @param pinned The version it must have
 * @returns Its bytes
 * @throws {TypeError} When it has another version, or the platform has no portable form
 */
export async function runtime(pinned: string): Promise<Uint8Array<ArrayBuffer>> {
  if (Deno.build.os === "windows") {
    throw new TypeError("Cannot build the portable executable on Windows: its launcher needs sh");
  }
  if (Deno.version.deno !== pinned) {
    throw new TypeError(
      `Cannot build with deno ${Deno.version.deno}: the project is pinned to ${pinned}, ` +
        `run npx deno@${pinned} task portable`,
    );
  }
  return await Deno.readFile(Deno.execPath());
}
