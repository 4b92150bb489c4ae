/**
 * From a peer's address to the IP addresses that were looked at: resolved once, all of them judged, and
 * nothing else connected to afterwards. See `kairos_formats/meeting.md#addresses`.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { KairosError } from "../../core/errors.ts";
import { quote } from "../../core/text.ts";
import { judgeAddress } from "./address_ranges.ts";
import type { PeerUrl } from "./peer_url.ts";

/** Finds every IP address of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** A peer at the IP addresses that were looked at. */
export interface PinnedPeer {
  /** The address as it is called. */
  readonly at: PeerUrl;
  /** Where it is connected to, in the order it is tried. */
  readonly addresses: readonly string[];
}

/** What may be connected to. */
export interface PinOptions {
  /** Whether a person configured this peer, who then may be on this machine or network. */
  readonly mayBeLocal: boolean;
  /** Finds the IP addresses; the system's resolver unless given. */
  readonly resolve?: Resolve | undefined;
  /** Longest wait for them in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** Most IP addresses of one name that are looked at; more than that is no peer's name. */
const MAX_ADDRESSES = 32;
/** Most that are tried. */
const MAX_TRIED = 4;

/**
 * Resolves the name of a peer and judges every IP address it has. One that is not allowed refuses them
 * all: which one a connection would take is nobody's choice.
 *
 * @param at The peer's address
 * @param options What may be connected to
 * @returns Where to connect
 * @throws {KairosError} `refused` when an address leads where it must not, `peer` when there is none
 */
export async function pinPeer(at: PeerUrl, options: PinOptions): Promise<PinnedPeer> {
  const found = at.isIp ? [at.host] : await resolved(at, options);
  const refuse = (what: string, hint: string) =>
    new KairosError("refused", `Cannot connect to ${quote(at.url)}: ${what}`, { hint });
  for (const address of found) {
    const { reach, what } = judgeAddress(address);
    if (reach === "never") throw refuse(`${address} is ${what}`, "No peer can be there");
    if (reach === "local" && !options.mayBeLocal) {
      throw refuse(
        `${address} is ${what}`,
        `A person can configure such a peer at the terminal: kairos meet ${at.url}`,
      );
    }
  }
  return { at, addresses: found.slice(0, MAX_TRIED) };
}

async function resolved(at: PeerUrl, options: PinOptions): Promise<string[]> {
  const { resolve = systemResolve, timeoutMs = 5000 } = options;
  const fail = (what: string) =>
    new KairosError("peer", `Cannot connect to ${quote(at.url)}: ${what}`, {
      hint: "Check the name and the network",
    });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail(`the name was not found in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const found = [...new Set(await Promise.race([resolve(at.host), late]))];
    if (found.length === 0) throw fail("the name has no address");
    if (found.length > MAX_ADDRESSES) throw fail(`the name has ${found.length} addresses`);
    return found;
  } catch (thrown) {
    if (thrown instanceof KairosError) throw thrown;
    throw isForbidden(thrown) ? notAllowed(at) : fail("the name was not found");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The error for a program that was not given the network.
 *
 * @param at The peer's address
 * @returns The error
 */
export function notAllowed(at: PeerUrl): KairosError {
  return new KairosError(
    "refused",
    `Cannot connect to ${quote(at.url)}: this program may not use the network there`,
    { hint: "Start it with --allow-net; `kairos doctor` prints the command for the known peers" },
  );
}

/** The runtime forbade it, or its resolver said so in the words of the operating system. */
function isForbidden(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return thrown.name === "NotCapable" || ("code" in thrown && thrown.code === "EPERM");
}

async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}
