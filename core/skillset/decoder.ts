/**
 * The Worker in which archives are taken apart. It takes longer to begin than a small archive to decode,
 * so whoever knows that one will come begins it while reading. Good for one archive.
 *
 * @module
 */

import { canOpenFiles } from "../disk/can_open_files.ts";
import { KairosError } from "../errors.ts";
import type { DecodeAnswer, DecodeOrder } from "./decode_message.ts";
import { PackageRefusedError } from "./refusal.ts";

/** Files a Worker needs to begin. One that cannot have them ends the whole process. */
const FILES = 16;

/** The Worker, and the answers that came from it. It runs until it is disposed of. */
export class Decoder implements Disposable {
  readonly #worker: Worker;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop = new AbortController();
  readonly #answers: DecodeAnswer[] = [];
  #waiting: ((answer: DecodeAnswer) => void) | null = null;
  #fail: ((error: unknown) => void) | null = null;
  #failure: unknown = null;

  /** @throws {KairosError} `busy` when too many files are open */
  constructor() {
    if (!canOpenFiles(FILES)) {
      throw new KairosError("busy", "Cannot unpack: too many files are open", {
        hint: "Try again in a moment",
      });
    }
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
  }

  /**
   * Bounds the time from now on.
   *
   * @param milliseconds Most time it may take
   * @param signal Ends it before
   */
  limit(milliseconds: number, signal: AbortSignal | undefined): void {
    this.#timer = setTimeout(() => this.#break(new PackageRefusedError("time")), milliseconds);
    signal?.addEventListener("abort", () => this.#break(signal.reason), {
      signal: this.#stop.signal,
    });
  }

  /** @param order What it shall do next */
  post(order: DecodeOrder): void {
    this.#worker.postMessage(order, order.kind === "text" ? [order.text.buffer] : []);
  }

  /**
   * Waits for an answer.
   *
   * @returns The oldest that was not taken yet
   * @throws {PackageRefusedError} `time`
   * @throws {KairosError} `internal` when the Worker ended
   */
  async next(): Promise<DecodeAnswer> {
    if (this.#failure !== null) throw this.#failure;
    const answer = this.#answers.shift();
    if (answer !== undefined) return answer;
    return await new Promise<DecodeAnswer>((resolve, reject) => {
      this.#waiting = resolve;
      this.#fail = reject;
    });
  }

  /** Ends the Worker at once, whatever it does. */
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
