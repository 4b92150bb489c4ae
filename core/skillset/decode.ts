/**
 * Takes an archive of somebody else apart, in a Worker that may do nothing. A Worker bounds
 * authority, not faults: the code in it is ours, only the bytes are foreign.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { type DecodeOrder, TEXT_PIECE } from "./decode_message.ts";
import { Decoder } from "./decoder.ts";
import { judgeForm, judgePlace, PathSet } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { judgeZipForm } from "./mac_leftover.ts";
import { PackageRefusedError, type Refusal } from "./refusal.ts";
import type { UnpackedFile } from "./unpack.ts";

/** How to decode. */
export interface DecodeOptions {
  /** A decoder that was begun before there was anything to decode; a new one unless given. */
  readonly decoder?: Decoder | undefined;
  /** How much an archive may be. */
  readonly limits: PackageLimits;
  /** Ends the decoding. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes the archive of a package. The Worker ends when the last file was taken, when something is
 * wrong, when the time is over and when the caller stops asking.
 *
 * @param base64 The archive as the envelope carries it, one byte a character
 * @param folder The only folder it may hold: the SkillSet's name
 * @param options Limits, and a signal to stop
 * @returns Its files, each with a path that was judged again on this side
 * @throws {PackageRefusedError} For the first thing that is wrong
 * @throws {KairosError} `internal` when no Worker without permissions can be had
 */
export function decodeArchive(
  base64: Uint8Array,
  folder: string,
  options: DecodeOptions,
): AsyncGenerator<UnpackedFile> {
  const { limits } = options;
  const judge = (path: string) =>
    judgeForm(path, limits.depth) ?? judgePlace(path, limits.allowedTypes);
  const order = { kind: "begin" as const, length: base64.length, folder, limits };
  return decode(order, base64, judge, options);
}

/**
 * Decodes a zip in the same way. Its paths are judged by their form; which of them are wanted is for
 * the caller to say.
 *
 * @param bytes The zip
 * @param options Limits, and a signal to stop
 * @returns Its files
 * @throws {PackageRefusedError} For the first thing that is wrong
 * @throws {KairosError} `internal` when no Worker without permissions can be had
 */
export function decodeZip(bytes: Uint8Array, options: DecodeOptions): AsyncGenerator<UnpackedFile> {
  const { limits } = options;
  // One name more: the folder a zip often begins with.
  const judge = (path: string) => judgeZipForm(path, limits.depth + 1);
  return decode({ kind: "zip", bytes, limits }, new Uint8Array(0), judge, options);
}

/** Has an order done, with the text that belongs to it, and judges every path again on this side. */
async function* decode(
  first: DecodeOrder,
  base64: Uint8Array,
  judge: (path: string) => Refusal | null,
  { limits, signal, decoder }: DecodeOptions,
): AsyncGenerator<UnpackedFile> {
  signal?.throwIfAborted();
  using worker = decoder ?? new Decoder();
  worker.limit(limits.milliseconds, signal);
  const ready = await worker.next();
  if (ready.kind !== "ready" || ready.granted.length > 0) {
    throw new KairosError("internal", "Cannot unpack: the decoder would have had permissions");
  }
  const paths = new PathSet();
  let order = first;
  let told = 0;
  let count = 0;
  let bytes = 0;
  for (;;) {
    worker.post(order);
    const answer = await worker.next();
    if (answer.kind === "more") {
      order = { kind: "text", text: new Uint8Array(base64.subarray(told, told += TEXT_PIECE)) };
      continue;
    }
    order = { kind: "next" };
    if (answer.kind === "end") return;
    if (answer.kind === "refused") {
      throw new PackageRefusedError(answer.reason, answer.what, answer.detail);
    }
    if (answer.kind !== "file") {
      throw new KairosError("internal", "Cannot unpack: the decoder failed");
    }
    const { path } = answer;
    const reason = judge(path) ?? paths.add(path, "file");
    if (reason !== null) throw new PackageRefusedError(reason, path);
    bytes += answer.bytes.length;
    if (++count > limits.entries) throw new PackageRefusedError("too_many_entries");
    if (bytes > limits.outputBytes) throw new PackageRefusedError("too_large");
    yield { path, bytes: answer.bytes };
  }
}
