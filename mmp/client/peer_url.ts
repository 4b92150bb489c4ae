/**
 * The address of a peer as people write it: scheme, host, port, in one spelling each. See
 * `kairos_formats/meeting.md#addresses`.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { quote } from "../../core/text.ts";
import { parseIp } from "./ip_address.ts";

/** A peer's address. */
export interface PeerUrl {
  /** Scheme, host, and port where it is not the scheme's own; no trailing slash. */
  readonly url: string;
  /** Whether the connection is encrypted. */
  readonly isSecure: boolean;
  /** A name, or an IP address without brackets. */
  readonly host: string;
  /** Whether the host is an IP address. */
  readonly isIp: boolean;
  /** The port. */
  readonly port: number;
}

/** Longest address, in UTF-16 units. */
const MAX_LENGTH = 300;

/** All that is accepted: nothing a reader could take for another host than a program does. */
const FORM = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9]\d{0,4}))?\/?$/;

/** A name: labels of letters, digits and dashes, the last one no number. */
const NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$|0x)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Ports from 1024 up at which other protocols listen that could be made to read a request as theirs. */
const OTHERS_PORTS: readonly number[] = [
  1719,
  1720,
  1723,
  2049,
  3659,
  4045,
  4190,
  5060,
  5061,
  6000,
  6379,
  6566,
  6665,
  6666,
  6667,
  6668,
  6669,
  6679,
  6697,
  10080,
  11211,
];

/**
 * Reads a peer's address. Upper case letters are taken as lower case ones; everything else has one
 * spelling. A host in other letters than ASCII is written in its `xn--` form, so that it cannot look
 * like another one.
 *
 * @param text The address, such as `https://peer.example:8443`
 * @returns Its parts
 * @throws {KairosError} `invalid` for any other spelling, `refused` for a port where no peer can be
 *
 * @example
 * ```ts
 * import { parsePeerUrl } from "./peer_url.ts";
 *
 * const { host, port } = parsePeerUrl("https://peer.example/");
 * if (host !== "peer.example" || port !== 443) throw new Error("misread");
 * ```
 */
export function parsePeerUrl(text: string): PeerUrl {
  const refuse = (what: string) =>
    new KairosError("invalid", `Cannot use the address ${quote(text)}: ${what}`, {
      hint: "Write it as http://HOST:PORT or https://HOST:PORT, plain ASCII",
    });
  if (text.length > MAX_LENGTH) throw refuse(`longer than ${MAX_LENGTH} characters`);
  const match = FORM.exec(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  if (match === null) throw refuse("only scheme, host and port belong there");
  const [, scheme, host, digits] = match;
  const isSecure = scheme === "https";
  const own = isSecure ? 443 : 80;
  const port = digits === undefined ? own : Number(digits);
  const bare = host!.startsWith("[") ? host!.slice(1, -1) : host!;
  const isIp = parseIp(bare) !== null;
  // The parser of the platform may read a host as another one; both have to agree on it.
  const agreed = isIp ? host!.startsWith("[") === bare.includes(":") : NAME.test(host!);
  if (!agreed || host!.length > 253 || canonicalHost(host!) !== host) {
    throw refuse("the host is not in its usual spelling");
  }
  if (port > 65535) throw refuse("there is no such port");
  if (port < 1024 && port !== 80 && port !== 443 || OTHERS_PORTS.includes(port)) {
    throw new KairosError(
      "refused",
      `Cannot use the address ${quote(text)}: no peer at this port`,
      {
        hint: "Ports 80, 443 and those from 1024 up are used, but for those of other protocols",
      },
    );
  }
  const url = `${scheme}://${host}${port === own ? "" : `:${port}`}`;
  return { url, isSecure, host: bare, isIp, port };
}

function canonicalHost(host: string): string | null {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}
