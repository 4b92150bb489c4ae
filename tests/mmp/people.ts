/**
 * Other instances, for tests: keys, introductions, proofs.
 *
 * @module
 */

import { newRsaKey, RsaKey } from "../../core/keys/rsa.ts";
import { isPeer, readIntroduction, type VerifiedPeer } from "../../mmp/introduction.ts";
import { type OwnIdentity, ownIdentity } from "../../mmp/identity.ts";
import { MEETING_SETTINGS, type MeetingSettings } from "../../mmp/settings.ts";
import { parseWire, type WireMap } from "../../mmp/wire_json.ts";

/** The settings nobody wrote. */
export const DEFAULTS: MeetingSettings = {
  ...Object.fromEntries(Object.entries(MEETING_SETTINGS).map(([key, row]) => [key, row.default])),
  warnings: [],
} as unknown as MeetingSettings;

/**
 * Makes a key.
 *
 * @returns The key
 */
export async function someKey(): Promise<RsaKey> {
  const key = RsaKey.open(await newRsaKey());
  if (typeof key === "string") throw new Error(key);
  return key;
}

/**
 * An instance with a key of its own.
 *
 * @param name What it calls itself
 * @returns The instance, able to sign
 */
export async function somebody(name: string): Promise<OwnIdentity> {
  return ownIdentity(await someKey(), { ...DEFAULTS, "identity.name": name });
}

/**
 * What an instance sends to introduce itself.
 *
 * @param own The instance
 * @param identity Its identity, where it is another than its own
 * @returns The introduction, signed
 */
export function introductionOf(
  own: OwnIdentity,
  identity: Readonly<Record<string, unknown>> = { ...own.identity },
): Record<string, unknown> {
  return {
    identity,
    capabilities: { supported_actions: ["introduce", "reflect"] },
    public_key: own.publicKey.pem,
    identity_signature: own.sign(JSON.stringify(identity)),
  };
}

/**
 * A value as it arrives.
 *
 * @param value Anything JSON can say, an object at the top
 * @returns The object as it is read from the wire
 */
export function arrived(value: unknown): WireMap {
  return parseWire(JSON.stringify(value)) as WireMap;
}

/**
 * An introduction that is verified.
 *
 * @param own Whose key signs
 * @param instanceId The id it goes by; its own unless given
 * @returns The introduction as it is read
 */
export function peer(
  own: OwnIdentity,
  instanceId: string = own.identity.instance_id,
): VerifiedPeer {
  const introduced = readIntroduction(
    arrived(introductionOf(own, { ...own.identity, instance_id: instanceId })),
  );
  if (!isPeer(introduced)) throw new Error(`${introduced.problem}`);
  return introduced;
}
