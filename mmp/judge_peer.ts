/**
 * What somebody who introduces itself is to us, by what was decided about keys and ids. See
 * `kairos_formats/meeting.md#trust`.
 *
 * @module
 */

import type { RsaPublicKey } from "../core/keys/rsa.ts";
import { instanceIdOf } from "./identity.ts";
import type { TrustedKey } from "./peer_trust.ts";

/** What somebody who introduces itself is to us. */
export type Acquaintance =
  /** Its key is the one we know. */
  | "known"
  /** We never decided anything about it. */
  | "unknown"
  /** It goes by the id of somebody whose key we know, with another key. */
  | "changed"
  /** A person turned it away. */
  | "blocked";

/** What tells somebody who introduces itself from others. */
export interface Acquainted {
  /** The id it goes by. */
  readonly instanceId: string;
  /** Its key. */
  readonly key: Key;
}

/** What tells one key from another. */
type Key = Pick<RsaPublicKey, "spki">;

/**
 * What somebody is to us.
 *
 * @param keys What was decided
 * @param peer Who introduces itself
 * @returns The answer
 *
 * @example
 * ```ts
 * import { judgePeer } from "./judge_peer.ts";
 *
 * const peer = { instanceId: "0123456789abcdef", key: { spki: "0123456789abcdef".repeat(4) } };
 * const since = "2026-01-20T10:30:00Z";
 * const blocked = { id: peer.instanceId, key: null, standing: "blocked", since, rival: null } as const;
 * if (judgePeer([], peer) !== "unknown") throw new Error("nobody decided anything");
 * if (judgePeer([blocked], peer) !== "blocked") throw new Error("a person turned it away");
 * ```
 */
export function judgePeer(keys: readonly TrustedKey[], peer: Acquainted): Acquaintance {
  const { instanceId, key } = peer;
  if (keys.some((one) => isTurnedAwayBy(one, peer))) return "blocked";
  const sameId = keys.filter(({ id }) => id === instanceId);
  const bound = isBound(instanceId, key);
  // Once the owner of an id is there, nobody goes by it any more, not even who took it first.
  if (!bound && ownerOf(sameId, instanceId) !== undefined) return "changed";
  if (sameId.some((one) => !isOther(one.key, key))) return "known";
  // Whoever took the id before its owner came does not stand in the owner's way.
  if (bound || sameId.length === 0) return "unknown";
  return sameId.some(({ standing }) => standing === "blocked") ? "blocked" : "changed";
}

/**
 * Whether a person's decision turns somebody away.
 *
 * @param one What was decided
 * @param peer Who introduces itself
 * @returns `true` when its key was blocked; where only an id was, when it goes by that id or its key derives it
 */
export function isTurnedAwayBy(
  { id, key, standing }: TrustedKey,
  peer: Acquainted,
): boolean {
  if (standing !== "blocked") return false;
  return key === null ? id === peer.instanceId || isBound(id, peer.key) : !isOther(key, peer.key);
}

/**
 * Whose key an id derives from, where we know it: nobody else can ever go by that id.
 *
 * @param keys What was decided
 * @param id The id
 * @returns What was decided about its owner, or `undefined`
 */
export function ownerOf(keys: readonly TrustedKey[], id: string): TrustedKey | undefined {
  return keys.find((one) => one.id === id && isBound(id, one.key));
}

/**
 * Whether an id derives from a key.
 *
 * @param id The id
 * @param key The key, or `null` where none is known
 * @returns `false` also where none is
 */
export function isBound(id: string, key: Key | null): boolean {
  return key !== null && instanceIdOf(key.spki) === id;
}

/**
 * Whether two keys differ.
 *
 * @param a A key, or none
 * @param b Another one, or none
 * @returns `false` also where both are none
 */
export function isOther(a: Key | null, b: Key | null): boolean {
  return a?.spki !== b?.spki;
}
