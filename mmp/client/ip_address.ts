/**
 * IP addresses as numbers, from their one strict spelling.
 *
 * @module
 */

/** An address as a number of 32 or 128 bits. */
export interface IpAddress {
  /** Its kind. */
  readonly family: 4 | 6;
  /** Its bits. */
  readonly bits: bigint;
}

/** Four decimal numbers without leading zeros: what others read as octal is no address here. */
const FOUR = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** A piece of the other family. */
const PIECE = /^[0-9a-f]{1,4}$/i;

/**
 * Reads an IP address: four decimal numbers, or eight hexadecimal pieces of which one run of zeros may
 * be left out and the last two may be four decimal numbers. No zone, no brackets, no other spelling.
 *
 * @param text The address
 * @returns Its bits, or `null` when the text is no address
 *
 * @example
 * ```ts
 * import { parseIp } from "./ip_address.ts";
 *
 * if (parseIp("127.0.0.1")?.bits !== 0x7f000001n) throw new Error("misread");
 * if (parseIp("127.1") !== null || parseIp("0177.0.0.1") !== null) throw new Error("a guess");
 * ```
 */
export function parseIp(text: string): IpAddress | null {
  if (FOUR.test(text)) return { family: 4, bits: joined(text.split(".").map(Number), 8n) };
  if (text.length > 45 || !text.includes(":")) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = [piecesOf(halves[0]!), piecesOf(halves[1] ?? "")];
  if (head === null || tail === null) return null;
  // Only the end of the address may be written as four decimal numbers.
  if (halves.length === 2 && halves[0]!.includes(".")) return null;
  const left = 8 - head.length - tail.length;
  if (halves.length === 2 ? left < 1 : left !== 0) return null;
  return { family: 6, bits: joined([...head, ...new Array<number>(left).fill(0), ...tail], 16n) };
}

/**
 * Whether an address lies in a range.
 *
 * @param address The address
 * @param range The range as `address/bits`
 * @returns `false` also for a range of the other family
 */
export function isInRange(address: IpAddress, range: string): boolean {
  const [base, length] = range.split("/");
  const start = parseIp(base!);
  if (start === null || start.family !== address.family) return false;
  const free = BigInt((address.family === 4 ? 32 : 128) - Number(length));
  return start.bits >> free === address.bits >> free;
}

/** The pieces of half an address as numbers of 16 bits, or `null`. */
function piecesOf(half: string): number[] | null {
  if (half === "") return [];
  const pieces = half.split(":");
  const last = pieces.at(-1)!;
  if (FOUR.test(last)) {
    const bits = Number(joined(last.split(".").map(Number), 8n));
    pieces.splice(-1, 1, (bits >>> 16).toString(16), (bits & 0xffff).toString(16));
  }
  return pieces.every((piece) => PIECE.test(piece))
    ? pieces.map((piece) => Number.parseInt(piece, 16))
    : null;
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((bits, part) => bits << width | BigInt(part), 0n);
}
