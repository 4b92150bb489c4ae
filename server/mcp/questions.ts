/**
 * The questions a server has asked, as far as it has to remember them: the client carries the rest.
 *
 * A question travels as `1.<id>.<expiry>.<mac>`: an HMAC-SHA-256 with a key of this process over id,
 * expiry and everything the question is bound to. So it ends with the process, and an answer counts
 * once, for this question, in this session, in time.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { KairosError } from "../../core/errors.ts";

/** How long a person has, in milliseconds. */
export const QUESTION_LIFE = 10 * 60 * 1000;

const FORM = /^1\.([0-9a-f-]{36})\.(\d{1,16})\.([0-9a-f]{64})$/;
/** Most answered questions remembered at a time; beyond, nothing can be answered for a while. */
const MAX_USED = 10_000;

/** Asks and checks answers. One a process. */
export class Questions {
  readonly #key = crypto.getRandomValues(new Uint8Array(32));
  readonly #used = new Map<string, number>();
  readonly #clock: () => number;

  /** @param clock Milliseconds since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * A token for a new question.
   *
   * @param bound Everything it is bound to, in order
   * @returns The token, for the client to carry
   */
  ask(bound: readonly string[]): string {
    const id = crypto.randomUUID();
    const expires = this.#clock() + QUESTION_LIFE;
    return `1.${id}.${expires}.${this.#mac(id, expires, bound).toString("hex")}`;
  }

  /**
   * Takes an answer's token. It cannot be taken again.
   *
   * @param token The token as it came back
   * @param bound What the question must have been bound to
   * @throws {KairosError} `refused` when it is not a token of this question, late or used
   */
  take(token: string, bound: readonly string[]): void {
    const [, id = "", time = "", mac = ""] = FORM.exec(token) ?? [];
    const expires = Number(time);
    const isOurs = mac !== "" &&
      timingSafeEqual(this.#mac(id, expires, bound), Buffer.from(mac, "hex"));
    if (!isOurs) throw refused("it does not answer a question that was asked here");
    const now = this.#clock();
    for (const [used, until] of this.#used) if (until <= now) this.#used.delete(used);
    if (expires <= now) throw refused("it came too late");
    if (this.#used.has(id)) throw refused("it was used already");
    if (this.#used.size >= MAX_USED) throw refused("too many were given lately");
    this.#used.set(id, expires);
  }

  #mac(id: string, expires: number, bound: readonly string[]): Buffer {
    return createHmac("sha256", this.#key).update(JSON.stringify([1, id, expires, bound])).digest();
  }
}

function refused(why: string): KairosError {
  return new KairosError("refused", `Cannot use the answer: ${why}`, {
    hint: "Make the call again without it; the person is asked anew",
  });
}
