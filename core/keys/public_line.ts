/**
 * A public key as one line that people send each other: `kairos-approver:NAME:PUBLIC KEY`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { KEY_BYTES } from "./ed25519.ts";
import { asPublicKey, keyId, type PublicKey } from "./sealed_key.ts";
import { isBase64 } from "./slot.ts";

const HEAD = "kairos-approver:";
const MAX_LINE = 400;

/**
 * A public key as a line.
 *
 * @param key The key
 * @returns The line, without a line break
 */
export function publicLine({ name, public_key }: PublicKey): string {
  return `${HEAD}${name}:${public_key}`;
}

/**
 * Reads such a line, strictly.
 *
 * @param line What somebody sent
 * @returns The key
 * @throws {KairosError} `invalid`
 *
 * @example
 * ```ts
 * import { parsePublicLine, publicLine } from "./public_line.ts";
 * import { OpenKey } from "./sealed_key.ts";
 *
 * using key = OpenKey.generate("Ada");
 * if (parsePublicLine(publicLine(key)).id !== key.id) throw new Error("another key");
 * ```
 */
export function parsePublicLine(line: string): PublicKey {
  const text = line.trim();
  const parts = text.length <= MAX_LINE && text.startsWith(HEAD)
    ? text.slice(HEAD.length).split(":")
    : [];
  const [name, public_key] = parts;
  const bytes = isBase64(public_key, KEY_BYTES) ? Uint8Array.fromBase64(public_key) : null;
  const key = parts.length === 2 && bytes !== null
    ? asPublicKey({ id: keyId(bytes), name, public_key })
    : "it is no line of `kairos approver export-key`";
  if (typeof key !== "string") return key;
  throw new KairosError("invalid", `Cannot use the public key: ${key}`, {
    hint: "Have it sent again as `kairos approver export-key` prints it",
  });
}
