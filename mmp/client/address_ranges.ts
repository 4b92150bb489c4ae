/**
 * Where an IP address leads, as one table: to anybody, to the own machine or network, or nowhere a peer
 * can be. See `kairos_formats/meeting.md#addresses`.
 *
 * @module
 */

import { type IpAddress, isInRange, parseIp } from "./ip_address.ts";

/**
 * Who may be asked at an address: `public` anybody, `local` only a peer a person configured, `never`
 * nobody.
 */
export type Reach = "public" | "local" | "never";

/** One range of addresses. */
interface Range {
  /** The range as `address/bits`. */
  readonly range: string;
  /** Who may be asked there; `inner` when the last 32 bits are the address that counts. */
  readonly reach: Reach | "inner";
  /** What it is, for messages. */
  readonly what: string;
}

/**
 * Every range; the first that holds an address counts. Of the larger family only what is given out as
 * global unicast is public, so that what is defined later is refused until it has a row.
 */
export const ADDRESS_RANGES: readonly Range[] = [
  { range: "0.0.0.0/8", reach: "never", what: "this network" },
  { range: "10.0.0.0/8", reach: "local", what: "a private network" },
  { range: "100.100.100.200/32", reach: "never", what: "a cloud's data about the machine" },
  { range: "100.64.0.0/10", reach: "local", what: "a provider's shared network" },
  { range: "127.0.0.0/8", reach: "local", what: "this machine" },
  { range: "169.254.169.254/32", reach: "never", what: "a cloud's data about the machine" },
  { range: "168.63.129.16/32", reach: "never", what: "a cloud's data about the machine" },
  { range: "169.254.170.0/24", reach: "never", what: "a cloud's data about the machine" },
  { range: "169.254.0.0/16", reach: "local", what: "a link-local network" },
  { range: "172.16.0.0/12", reach: "local", what: "a private network" },
  { range: "192.0.0.0/24", reach: "never", what: "a protocol assignment" },
  { range: "192.0.2.0/24", reach: "never", what: "documentation" },
  { range: "192.88.99.0/24", reach: "never", what: "a relay of 6to4" },
  { range: "192.168.0.0/16", reach: "local", what: "a private network" },
  { range: "198.18.0.0/15", reach: "never", what: "a measuring network" },
  { range: "198.51.100.0/24", reach: "never", what: "documentation" },
  { range: "203.0.113.0/24", reach: "never", what: "documentation" },
  { range: "224.0.0.0/4", reach: "never", what: "multicast" },
  { range: "240.0.0.0/4", reach: "never", what: "reserved" },
  { range: "0.0.0.0/0", reach: "public", what: "a public address" },
  { range: "::/128", reach: "never", what: "no address" },
  { range: "::1/128", reach: "local", what: "this machine" },
  { range: "::ffff:0:0/96", reach: "inner", what: "a mapped IPv4 address" },
  { range: "64:ff9b::/96", reach: "inner", what: "a translated IPv4 address" },
  { range: "2001::/23", reach: "never", what: "a protocol assignment" },
  { range: "2001:db8::/32", reach: "never", what: "documentation" },
  { range: "2002::/16", reach: "never", what: "6to4" },
  { range: "3fff::/20", reach: "never", what: "documentation" },
  { range: "2000::/3", reach: "public", what: "a public address" },
  { range: "fd00:ec2::/32", reach: "never", what: "a cloud's data about the machine" },
  { range: "fc00::/7", reach: "local", what: "a private network" },
  { range: "fe80::/10", reach: "local", what: "a link-local network" },
  { range: "::/0", reach: "never", what: "not given out" },
];

/** Where an address leads. */
export interface AddressJudgement {
  /** Who may be asked there. */
  readonly reach: Reach;
  /** What it is, for messages. */
  readonly what: string;
}

/**
 * Says where an address leads.
 *
 * @param text The address as a resolver or a strict URL has it
 * @returns Who may be asked there; `never` for what is no address
 *
 * @example
 * ```ts
 * import { judgeAddress } from "./address_ranges.ts";
 *
 * if (judgeAddress("::ffff:10.0.0.1").reach !== "local") throw new Error("hidden by its spelling");
 * if (judgeAddress("1.1.1.1").reach !== "public") throw new Error("anybody may be there");
 * ```
 */
export function judgeAddress(text: string): AddressJudgement {
  const address = parseIp(text);
  return address === null ? { reach: "never", what: "no IP address" } : judge(address);
}

function judge(address: IpAddress): AddressJudgement {
  const { reach, what } = ADDRESS_RANGES.find(({ range }) => isInRange(address, range))!;
  if (reach !== "inner") return { reach, what };
  return judge({ family: 4, bits: address.bits & 0xffffffffn });
}
