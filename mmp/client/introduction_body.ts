/**
 * What we say of ourselves to a peer we call: who we are, and nothing of what we hold.
 *
 * @module
 */

import type { OwnIdentity } from "../identity.ts";
import type { Proof } from "../proof.ts";
import type { MeetingSettings } from "../settings.ts";
import { wireTime } from "../wire_time.ts";

/**
 * The introduction of this instance, without a catalogue: the peer may ask for that itself.
 *
 * @param own Who we are
 * @param settings What we support
 * @param now Milliseconds since the epoch
 * @param proof That we hold our key; left out where the peer asks for none
 * @returns The body of `POST introduce`
 */
export function introductionBody(
  own: OwnIdentity,
  settings: MeetingSettings,
  now: number,
  proof: Proof | null,
): string {
  return JSON.stringify({
    identity: own.identity,
    capabilities: {
      meeting_protocol_version: settings["capabilities.meeting_protocol_version"],
      supported_actions: settings["capabilities.supported_actions"],
      skill_formats: settings["skill_exchange.allowed_formats"],
    },
    timestamp: wireTime(now),
    public_key: own.publicKey.pem,
    key_fingerprint: own.publicKey.fingerprint,
    identity_signature: own.signature,
    ...(proof === null ? {} : { proof }),
  });
}
