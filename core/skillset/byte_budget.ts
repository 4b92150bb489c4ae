/**
 * How many bytes somebody may have unpacked within an hour: many packages of a good size are as much work
 * as one that is too large.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

const HOUR = 60 * 60 * 1000;

/** Most accounts that are kept; those that are full again are forgotten first. */
const MAX_ACCOUNTS = 10_000;

/** What somebody has left, and since when. */
interface Account {
  readonly left: number;
  readonly at: number;
}

/**
 * A budget for each of those who send packages. It fills up again evenly; what one of them spends is
 * nobody else's.
 *
 * @example
 * ```ts
 * import { ByteBudget } from "./byte_budget.ts";
 *
 * let now = 0;
 * const budget = new ByteBudget(100, () => now);
 * budget.spend("peer:bob", 100);
 * let refused = false;
 * try {
 *   budget.spend("peer:bob", 1);
 * } catch {
 *   refused = true;
 * }
 * if (!refused) throw new Error("no limit");
 * now += 36_000;
 * budget.spend("peer:bob", 1);
 * ```
 */
export class ByteBudget {
  readonly #perHour: number;
  readonly #clock: () => number;
  readonly #accounts = new Map<string, Account>();

  /**
   * @param perHour Bytes each may spend in an hour
   * @param clock Milliseconds since the epoch
   */
  constructor(perHour: number, clock: () => number) {
    this.#perHour = perHour;
    this.#clock = clock;
  }

  /**
   * Takes bytes from a budget. Where they are more than is left, nothing is left: work that is refused
   * halfway was work too.
   *
   * @param who Whose budget
   * @param bytes How many
   * @throws {KairosError} `busy` when they are more than is left
   */
  spend(who: string, bytes: number): void {
    const at = this.#clock();
    const left = this.#left(who, at) - bytes;
    if (!this.#accounts.has(who) && this.#accounts.size >= MAX_ACCOUNTS) this.#forget(at);
    this.#accounts.set(who, { left: Math.max(left, 0), at });
    if (left >= 0) return;
    throw new KairosError("busy", `Cannot unpack more for ${quote(who)} within this hour`, {
      hint: "Try again later; a person can raise exchange.bytes_per_hour in skills/config.yml",
    });
  }

  #left(who: string, now: number): number {
    const account = this.#accounts.get(who);
    if (account === undefined) return this.#perHour;
    // A clock that goes backward gives nothing.
    const passed = Math.max(0, now - account.at);
    return Math.min(this.#perHour, account.left + passed * this.#perHour / HOUR);
  }

  /** Makes room: whoever has a full budget again is as good as unknown. */
  #forget(now: number): void {
    for (const who of this.#accounts.keys()) {
      if (this.#left(who, now) >= this.#perHour) this.#accounts.delete(who);
    }
    if (this.#accounts.size < MAX_ACCOUNTS) return;
    throw new KairosError("busy", "Cannot unpack for anybody else now: too many have asked", {
      hint: "Try again later",
    });
  }
}
