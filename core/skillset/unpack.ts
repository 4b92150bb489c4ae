/**
 * Takes an archive apart: gzip, tar, and judges everything it finds on the way. Pure: it
 * touches nothing, so it can run where there are no permissions.
 *
 * @module
 */

import { gunzip } from "./gzip_reader.ts";
import { PIECE } from "./inflate.ts";
import { programOf } from "./judge_content.ts";
import { judgeForm, judgePlace, PathSet } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { PackageRefusedError } from "./refusal.ts";
import type { TarEntry } from "./tar_header.ts";
import { TarReader } from "./tar_reader.ts";

/** A file that came out of an archive. */
export interface UnpackedFile {
  /** Path below the SkillSet's folder. */
  readonly path: string;
  /** Its bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Unpacks an archive.
 *
 * @param packed The archive, a gzip stream
 * @param folder The only folder it may hold: the SkillSet's name
 * @param limits How much it may be
 * @returns Its files as they come; what is wrong with one may show only after others came
 * @throws {PackageRefusedError} For the first thing that is wrong
 *
 * @example
 * ```ts
 * import { Buffer } from "node:buffer";
 * import { compress } from "./gzip_write.ts";
 * import { PACKAGE_LIMITS } from "./limits.ts";
 * import { writeTar } from "./tar_write.ts";
 * import { unpack } from "./unpack.ts";
 *
 * const file = { path: "skillset.json", bytes: new TextEncoder().encode("{}") };
 * const packed = Buffer.concat([...compress(writeTar("notes", [file]))]);
 * for await (const { path } of unpack(packed, "notes", PACKAGE_LIMITS)) {
 *   if (path !== "skillset.json") throw new Error("another file came out");
 * }
 * ```
 */
export async function* unpack(
  packed: Uint8Array,
  folder: string,
  limits: PackageLimits,
): AsyncGenerator<UnpackedFile> {
  const entries = new Entries(folder, limits);
  const reader = new TarReader(entries);
  let unpacked = 0;
  for await (const piece of gunzip(packed)) {
    unpacked += piece.length;
    if (unpacked > limits.outputBytes) throw new PackageRefusedError("too_large");
    if (unpacked > PIECE && unpacked > packed.length * limits.ratio) {
      throw new PackageRefusedError("ratio");
    }
    reader.push(piece);
    yield* entries.take();
  }
  reader.end();
  yield* entries.finish();
}

/** Judges entries and puts files together. */
class Entries {
  readonly #folder: string;
  readonly #limits: PackageLimits;
  readonly #paths = new PathSet();
  #count = 0;
  #size = 0;
  #path = "";
  #bytes = new Uint8Array(0);
  #filled = 0;
  #whole: UnpackedFile[] = [];

  constructor(folder: string, limits: PackageLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  entry({ path, kind, size }: TarEntry): void {
    const limits = this.#limits;
    const refuseIf = (reason: ReturnType<typeof judgeForm>) => {
      if (reason !== null) throw new PackageRefusedError(reason, path);
    };
    if (++this.#count > limits.entries) throw new PackageRefusedError("too_many_entries");
    refuseIf(judgeForm(path, limits.depth + 1));
    const isFolderItself = path === this.#folder && kind === "folder";
    if (!isFolderItself && !path.startsWith(`${this.#folder}/`)) refuseIf("outside_folder");
    refuseIf(this.#paths.add(path, kind));
    if (kind === "folder") return;
    const inside = path.slice(this.#folder.length + 1);
    refuseIf(judgePlace(inside, limits.allowedTypes));
    if (size > limits.fileBytes) throw new PackageRefusedError("too_large", path);
    // The size is only a claim: space is taken as bytes come.
    this.#path = inside;
    this.#bytes = new Uint8Array(Math.min(size, PIECE));
    this.#filled = 0;
    this.#size = size;
    if (size === 0) this.#close();
  }

  data(part: Uint8Array): void {
    const needed = this.#filled + part.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(Math.max(needed, 2 * this.#bytes.length), this.#size));
      grown.set(this.#bytes.subarray(0, this.#filled));
      this.#bytes = grown;
    }
    this.#bytes.set(part, this.#filled);
    this.#filled = needed;
    if (this.#filled === this.#size) this.#close();
  }

  /** Files that are whole by now. */
  take(): UnpackedFile[] {
    const whole = this.#whole;
    this.#whole = [];
    return whole;
  }

  /** Files that are whole at the end. */
  finish(): UnpackedFile[] {
    if (this.#count === 0) throw new PackageRefusedError("bad_tar", undefined, "it is empty");
    return this.take();
  }

  #close(): void {
    const bytes = this.#bytes;
    const what = programOf(this.#path, bytes);
    if (what !== null) throw new PackageRefusedError("executable", this.#path, what);
    this.#whole.push({ path: this.#path, bytes });
  }
}
