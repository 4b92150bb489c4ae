/**
 * Challenges: numbers used once, by which somebody shows that a key is at hand now. See
 * `kairos_formats/meeting.md#proof`.
 *
 * A challenge is not kept when it is given out, so asking for many costs nothing: it carries its end and
 * an authentication code. Only those that were used are remembered, until their end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";

/** A challenge that is given out. */
export interface Challenge {
  /** What has to be signed, once. */
  readonly nonce: string;
  /** When it ends, milliseconds since the epoch. */
  readonly expires: number;
}

/** How challenges are made. */
export interface ChallengeOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fills an array with random bytes. */
  readonly random: (bytes: Uint8Array) => void;
  /** How long a challenge lasts, in milliseconds; 2 minutes unless given. */
  readonly lifetime?: number;
  /** Most used ones that are remembered; 10,000 unless given. */
  readonly most?: number;
}

const LIFETIME = 2 * 60_000;
const MOST = 10_000;
const TIME_BYTES = 6;
const RANDOM_BYTES = 12;
const CODE_BYTES = 16;

/** The challenges of one instance. Those of another process are not known here. */
export class Challenges {
  readonly #options: ChallengeOptions;
  readonly #key = new Uint8Array(32);
  /** Used ones with their ends. */
  readonly #used = new Map<string, number>();

  /** @param options Clock, random, bounds */
  constructor(options: ChallengeOptions) {
    this.#options = options;
    options.random(this.#key);
  }

  /**
   * Gives out a challenge.
   *
   * @returns The challenge
   */
  issue(): Challenge {
    const expires = this.#options.clock() + (this.#options.lifetime ?? LIFETIME);
    const open = Buffer.alloc(TIME_BYTES + RANDOM_BYTES);
    open.writeUIntBE(expires, 0, TIME_BYTES);
    const random = new Uint8Array(RANDOM_BYTES);
    this.#options.random(random);
    open.set(random, TIME_BYTES);
    return { nonce: Buffer.concat([open, this.#code(open)]).toString("base64url"), expires };
  }

  /**
   * Why a challenge cannot be answered; to be asked before the answer is checked.
   *
   * @param nonce What was signed
   * @returns The reason, or `null` when it is one of ours, has not ended and was not used
   */
  problem(nonce: string): string | null {
    const expires = this.#read(nonce);
    if (expires === null) return "the challenge is none of this instance";
    if (expires <= this.#options.clock()) return "the challenge has ended";
    return this.#used.has(nonce) ? "the challenge was used before" : null;
  }

  /**
   * Uses a challenge up, once its answer was found good.
   *
   * @param nonce The challenge
   * @returns Whether it counts; not when it was used before, or too many are being used
   *
   * @example
   * ```ts
   * import { Challenges } from "./challenges.ts";
   *
   * const challenges = new Challenges({ clock: () => 0, random: (bytes) => bytes.fill(1) });
   * const { nonce } = challenges.issue();
   * if (!challenges.use(nonce) || challenges.use(nonce)) throw new Error("once, and no more");
   * ```
   */
  use(nonce: string): boolean {
    if (this.problem(nonce) !== null) return false;
    if (this.#used.size >= (this.#options.most ?? MOST)) this.#forget();
    if (this.#used.size >= (this.#options.most ?? MOST)) return false;
    this.#used.set(nonce, this.#read(nonce)!);
    return true;
  }

  /** Forgets those whose end has come: they cannot be used anyway. */
  #forget(): void {
    const now = this.#options.clock();
    for (const [nonce, expires] of this.#used) if (expires <= now) this.#used.delete(nonce);
  }

  #read(nonce: string): number | null {
    const bytes = Buffer.from(nonce, "base64url");
    const length = TIME_BYTES + RANDOM_BYTES;
    // Other spellings of the same bytes would be other challenges for the memory of used ones.
    if (bytes.length !== length + CODE_BYTES || bytes.toString("base64url") !== nonce) return null;
    const open = bytes.subarray(0, length);
    if (!timingSafeEqual(this.#code(open), bytes.subarray(length))) return null;
    return open.readUIntBE(0, TIME_BYTES);
  }

  #code(open: Uint8Array): Buffer {
    return createHmac("sha256", this.#key).update(open).digest().subarray(0, CODE_BYTES);
  }
}
