/**
 * Takes an archive of somebody else apart, in a Worker that may do nothing. A Worker bounds
 * authority, not faults: the code in it is ours, only the bytes are foreign.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { type DecodeAnswer, type DecodeOrder, TEXT_PIECE } from "./decode_message.ts";
import { judgeForm, judgePlace, PathSet } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { PackageRefusedError, type Refusal } from "./refusal.ts";
import type { UnpackedFile } from "./unpack.ts";

/** How to decode. */
export interface DecodeOptions {
  /** How much an archive may be. */
  readonly limits: PackageLimits;
  /** Ends the decoding. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes the archive of a package. The Worker ends when the last file was taken, when something is
 * wrong, when the time is over and when the caller stops asking.
 *
 * @param base64 The archive as the envelope carries it
 * @param folder The only folder it may hold: the SkillSet's name
 * @param options Limits, and a signal to stop
 * @returns Its files, each with a path that was judged again on this side
 * @throws {PackageRefusedError} For the first thing that is wrong
 * @throws {KairosError} `internal` when no Worker without permissions can be had
 */
export function decodeArchive(
  base64: string,
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
  const judge = (path: string) => judgeForm(path, limits.depth + 1);
  return decode({ kind: "zip", bytes, limits }, "", judge, options);
}

/** Has an order done, with the text that belongs to it, and judges every path again on this side. */
async function* decode(
  first: DecodeOrder,
  base64: string,
  judge: (path: string) => Refusal | null,
  { limits, signal }: DecodeOptions,
): AsyncGenerator<UnpackedFile> {
  signal?.throwIfAborted();
  using worker = new Decoder(limits.milliseconds, signal);
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
      order = { kind: "text", text: base64.slice(told, told += TEXT_PIECE) };
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

/** The Worker, and the answers that came from it. */
class Decoder {
  readonly #worker: Worker;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #stop = new AbortController();
  readonly #answers: DecodeAnswer[] = [];
  #waiting: ((answer: DecodeAnswer) => void) | null = null;
  #fail: ((error: unknown) => void) | null = null;
  #failure: unknown = null;

  constructor(milliseconds: number, signal: AbortSignal | undefined) {
    // The bundled program has the file beside it under the ending of its own files.
    const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.#worker = new Worker(new URL(`./decode_worker.${ending}`, import.meta.url), {
      type: "module",
      deno: { permissions: "none" },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#break(new KairosError("internal", "Cannot unpack: the decoder ended"));
    };
    this.#timer = setTimeout(() => this.#break(new PackageRefusedError("time")), milliseconds);
    signal?.addEventListener("abort", () => this.#break(signal.reason), {
      signal: this.#stop.signal,
    });
  }

  post(order: DecodeOrder): void {
    this.#worker.postMessage(order);
  }

  async next(): Promise<DecodeAnswer> {
    if (this.#failure !== null) throw this.#failure;
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer;
    return await new Promise<DecodeAnswer>((resolve, reject) => {
      this.#waiting = resolve;
      this.#fail = reject;
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#worker.terminate();
  }

  #take(answer: DecodeAnswer): void {
    if (this.#waiting === null) this.#answers.push(answer);
    else this.#waiting(answer);
    this.#waiting = null;
  }

  #break(error: unknown): void {
    this.#failure ??= error;
    this.#worker.terminate();
    this.#fail?.(this.#failure);
  }
}
