/**
 * The portable executable as bytes: the launcher script, then everything it unpacks.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Program } from "./bundle.ts";
import { tar } from "./tar.ts";

/** What a portable executable is made of. */
export interface Parts {
  /** Version of kairos, shown in the script's first lines. */
  readonly version: string;
  /** Operating system and architecture, such as `linux-x86_64`. */
  readonly platform: string;
  /** The deno executable. */
  readonly deno: Uint8Array;
  /** The program it runs. */
  readonly program: Program;
  /** Flags of `deno run`. */
  readonly flags: readonly string[];
  /** Compression level, 1 (fast) to 9 (small, the default). */
  readonly level?: number;
}

/** The program is complete: nothing is looked up on the net or in folders around it. */
const CLOSED = ["--no-config", "--no-lock", "--no-remote", "--no-npm", "--node-modules-dir=none"];

const LAUNCHER = new URL("./launcher.sh", import.meta.url);

/**
 * Makes the portable executable. Equal parts give equal bytes.
 *
 * The cache folder is named after the hash of the content, so versions lie side by side and a
 * rebuilt executable never runs the files of another.
 *
 * @param parts What it is made of
 * @returns The bytes of the executable file
 * @throws {TypeError} When a file of the program has a name that is not plain
 */
export async function pack(parts: Parts): Promise<Uint8Array<ArrayBuffer>> {
  const files = [...parts.program.files, ["deno", parts.deno] as const]
    .map(([name, bytes]) => ({ name, bytes, executable: name === "deno" }))
    // The order in which `ls` lists them in the C locale.
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const archive = tar(files);
  const template = await Deno.readTextFile(LAUNCHER);
  const lines = template.split("\n").length - 1;
  const values: Readonly<Record<string, string>> = {
    VERSION: parts.version,
    PLATFORM: parts.platform,
    LAST_LINE: `${lines}`,
    FIRST_LINE: `${lines + 1}`,
    ID: createHash("sha256").update(archive).digest("hex").slice(0, 32),
    FILES: files.map(({ name }) => name).join(" "),
    SIZES: files.map(({ bytes }) => bytes.length).join(" "),
    FLAGS: [...parts.flags, ...CLOSED].join(" "),
    ENTRY: parts.program.entry,
  };
  const script = template.replace(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`Cannot fill @${name}@ of launcher.sh: no value`);
    return value;
  });
  const payload = await promisify(gzip)(archive, {
    level: parts.level ?? constants.Z_BEST_COMPRESSION,
  });
  return new Uint8Array(Buffer.concat([new TextEncoder().encode(script), payload]));
}
