/**
 * Takes a zip apart, for skills that come as one. A zip says everything twice and lets readers choose:
 * whatever two readers could understand differently is refused. Pure, like `unpack.ts`.
 *
 * @module
 */

import {
  type Entry,
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_UNSUPPORTED_ENCRYPTION,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip.js/zip.js";
import { crc32 } from "node:zlib";
import { inflate, PIECE } from "./inflate.ts";
import { PathSet } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { judgeZipForm } from "./mac_leftover.ts";
import { PackageRefusedError, type Refusal } from "./refusal.ts";
import type { UnpackedFile } from "./unpack.ts";
import { checkTiling } from "./zip_tiling.ts";

const STORED = 0;
const DEFLATED = 8;
/** The extra field that gives an entry another name. */
const UNICODE_NAME = 0x7075;

/** Types of file in the upper half of the external attributes. */
const FILE_TYPE = 0o170000;
const TYPES: Readonly<Record<number, "plain" | "folder" | "link">> = {
  0: "plain",
  0o100000: "plain",
  0o040000: "folder",
  0o120000: "link",
};

/** What the library finds that readers could differ about, and has a reason of its own here. */
const AMBIGUITIES: Readonly<Record<string, Refusal>> = {
  "appended data": "trailing_data",
  "prepended data": "trailing_data",
  "trailing central directory data": "trailing_data",
  "duplicate filename": "duplicate",
};

/** Names are judged here, by the same rules as those in packages. */
const READING = {
  strictness: "strict",
  filenameValidation: "tolerant",
  useWebWorkers: false,
} as const;

/** An entry that was judged by what is said of it. */
interface JudgedEntry {
  readonly entry: Entry;
  readonly path: string;
}

/**
 * Unpacks a zip.
 *
 * @param bytes The zip
 * @param limits How much it may be
 * @returns Its files as they come
 * @throws {PackageRefusedError} For the first thing that is wrong
 *
 * @example
 * ```ts
 * import { PACKAGE_LIMITS } from "./limits.ts";
 * import { unzip } from "./unzip.ts";
 *
 * const empty = new Uint8Array(22);
 * empty.set([0x50, 0x4b, 5, 6]);
 * for await (const { path } of unzip(empty, PACKAGE_LIMITS)) throw new Error(path);
 * ```
 */
export async function* unzip(
  bytes: Uint8Array,
  limits: PackageLimits,
): AsyncGenerator<UnpackedFile> {
  if (bytes.length > limits.inputBytes) throw new PackageRefusedError("too_large");
  const judged = await told(() => judgeEntries(bytes, limits));
  checkTiling(bytes, judged.map(({ entry }) => entry));
  let unpacked = 0;
  for (const { entry, path } of judged) {
    if (entry.directory) continue;
    const packed = await told(() =>
      entry.getData(new Uint8ArrayWriter(), { ...READING, passThrough: true })
    );
    const file = new Uint8Array(entry.uncompressedSize);
    let filled = 0;
    for await (const piece of contentOf(entry, packed)) {
      unpacked += piece.length;
      if (unpacked > limits.outputBytes) throw new PackageRefusedError("too_large");
      if (unpacked > PIECE && unpacked > bytes.length * limits.ratio) {
        throw new PackageRefusedError("ratio");
      }
      if (filled + piece.length > file.length) throw lie(path, "it is longer than it says");
      file.set(piece, filled);
      filled += piece.length;
    }
    if (filled !== file.length) throw lie(path, "it is shorter than it says");
    if (crc32(file) !== entry.signature) throw lie(path, "its checksum is another");
    yield { path, bytes: file };
  }
}

/** Every entry, judged before anything is unpacked. */
async function judgeEntries(bytes: Uint8Array, limits: PackageLimits): Promise<JudgedEntry[]> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), READING);
  const paths = new PathSet();
  const judged: JudgedEntry[] = [];
  let claimed = 0;
  for await (const entry of reader.getEntriesGenerator()) {
    if (judged.length >= limits.entries) throw new PackageRefusedError("too_many_entries");
    const path = judgeEntry(entry, limits);
    const reason = paths.add(path, entry.directory ? "folder" : "file");
    if (reason !== null) throw new PackageRefusedError(reason, path);
    claimed += entry.uncompressedSize;
    if (claimed > limits.outputBytes) throw new PackageRefusedError("too_large");
    judged.push({ entry, path });
  }
  return judged;
}

/** Judges what is said of an entry, and gives its path. */
function judgeEntry(entry: Entry, limits: PackageLimits): string {
  const name = nameOf(entry);
  const path = entry.directory ? name.slice(0, -1) : name;
  const type = TYPES[(entry.externalFileAttributes >>> 16) & FILE_TYPE];
  if (type === "link") throw new PackageRefusedError("link", path);
  if (type === undefined) throw new PackageRefusedError("special_file", path);
  if (entry.directory ? !name.endsWith("/") : type === "folder") {
    throw lie(path, "it is a folder by its attributes and none by its name");
  }
  const reason = judgeZipForm(path, limits.depth + 1);
  if (reason !== null) {
    throw new PackageRefusedError(reason === "bad_tar" ? "bad_zip" : reason, path);
  }
  if (entry.encrypted) throw new PackageRefusedError("encrypted", path);
  if (entry.zip64) throw new PackageRefusedError("bad_zip", path, "it uses zip64");
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    const detail = `its method of compression is ${entry.compressionMethod}`;
    throw new PackageRefusedError("bad_zip", path, detail);
  }
  if (entry.uncompressedSize > limits.fileBytes) throw new PackageRefusedError("too_large", path);
  if (entry.directory && (entry.uncompressedSize > 0 || entry.compressedSize > 2)) {
    throw lie(path, "it is a folder and holds data");
  }
  if (entry.compressionMethod === STORED && entry.compressedSize !== entry.uncompressedSize) {
    throw lie(path, "it is not compressed and has two sizes");
  }
  return path;
}

/** The name as it stands in the archive: UTF-8 that says so, or ASCII, which every reader knows. */
function nameOf({ rawFilename, filename, bitFlag, extraField }: Entry): string {
  let name: string;
  try {
    name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(rawFilename);
  } catch {
    throw new PackageRefusedError("bad_encoding");
  }
  if (bitFlag?.languageEncodingFlag !== true && !/^[ -~]*$/.test(name)) {
    throw new PackageRefusedError("bad_encoding", name);
  }
  // An extra field may give another name, which only some readers look at.
  if (filename !== name || extraField?.has(UNICODE_NAME) === true) {
    throw lie(name, "another field gives it another name");
  }
  return name;
}

/** The content of an entry; what it was made from must be all there is. */
async function* contentOf(entry: Entry, packed: Uint8Array): AsyncGenerator<Uint8Array> {
  if (entry.compressionMethod === STORED) return yield packed;
  const taken = yield* inflate(packed, "bad_zip");
  if (taken !== packed.length) {
    throw new PackageRefusedError("trailing_data", entry.filename);
  }
}

/** Calls the library, and says in our words what it found. */
async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof PackageRefusedError || !(error instanceof Error)) throw error;
    const { message } = error;
    if (message === ERR_AMBIGUOUS_ARCHIVE) {
      const reason = "reason" in error && typeof error.reason === "string" ? error.reason : "";
      const known = Object.hasOwn(AMBIGUITIES, reason) ? AMBIGUITIES[reason]! : "zip_mismatch";
      throw new PackageRefusedError(
        known,
        undefined,
        known === "zip_mismatch" ? reason : undefined,
      );
    }
    const isEncrypted = [ERR_ENCRYPTED, ERR_ENCRYPTED_CENTRAL_DIRECTORY, ERR_UNSUPPORTED_ENCRYPTION]
      .includes(message);
    throw new PackageRefusedError(isEncrypted ? "encrypted" : "bad_zip");
  }
}

function lie(path: string, detail: string): PackageRefusedError {
  return new PackageRefusedError("zip_mismatch", path, detail);
}
