/**
 * Token buckets for those nobody knows yet: one for each address. See
 * `kairos_formats/meeting.md#sessions`.
 *
 * @module
 */

/** Bounds. */
export interface AddressLimits {
  /** Most requests of one address at once. */
  readonly burst: number;
  /** Requests of one address a second, over time. */
  readonly perSecond: number;
  /** Most addresses that are remembered. */
  readonly addresses: number;
}

/** Bounds as they are unless given. */
export const ADDRESS_LIMITS: AddressLimits = { burst: 60, perSecond: 1, addresses: 10_000 };

interface Bucket {
  level: number;
  at: number;
}

/** The buckets of one instance. */
export class AddressBuckets {
  readonly #limits: AddressLimits;
  readonly #clock: () => number;
  /** By address, the longest unused first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param options Bounds, clock in milliseconds that never runs backwards */
  constructor(options: {
    readonly limits?: Partial<AddressLimits>;
    readonly clock: () => number;
  }) {
    this.#limits = { ...ADDRESS_LIMITS, ...options.limits };
    this.#clock = options.clock;
  }

  /** How many addresses are remembered. */
  get count(): number {
    return this.#buckets.size;
  }

  /**
   * Takes one request out of an address's bucket.
   *
   * @param address Its IP address
   * @returns Whether there was one
   *
   * @example
   * ```ts
   * import { AddressBuckets } from "./address_limits.ts";
   *
   * let now = 0;
   * const buckets = new AddressBuckets({ limits: { burst: 1, perSecond: 1 }, clock: () => now });
   * if (!buckets.take("192.0.2.1") || buckets.take("192.0.2.1")) throw new Error("one, not two");
   * now = 1000;
   * if (!buckets.take("192.0.2.1")) throw new Error("a second later there is another one");
   * ```
   */
  take(address: string): boolean {
    const { burst, perSecond, addresses } = this.#limits;
    const key = networkOf(address);
    const now = this.#clock();
    const known = this.#buckets.get(key);
    const bucket = known ?? { level: burst, at: now };
    bucket.level = Math.min(burst, bucket.level + (now - bucket.at) / 1000 * perSecond);
    bucket.at = now;
    this.#buckets.delete(key);
    if (known === undefined && this.#buckets.size >= addresses) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    this.#buckets.set(key, bucket);
    if (bucket.level < 1) return false;
    bucket.level--;
    return true;
  }
}

/**
 * What counts as one address: one household has 2^64 of IPv6 and one of IPv4.
 *
 * @param address An IP address
 * @returns The address, or its network
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().replace(/%.*$/, "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array(zeros).fill("0"), ...rest].slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "")).join(":");
}
