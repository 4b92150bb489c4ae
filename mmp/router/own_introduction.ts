/**
 * What this instance says when it introduces itself. See `kairos_formats/meeting.md#introduction`.
 *
 * @module
 */

import type { Offers } from "../catalog/catalog.ts";
import type { OwnIdentity } from "../identity.ts";
import { type Answer, JsonBytes, jsonBytes } from "../json_text.ts";
import type { MeetingSettings } from "../settings.ts";
import { wireTime } from "../wire_time.ts";
import { remember } from "./remember.ts";

/** What an introduction is made of. */
export interface IntroductionParts {
  /** Who introduces itself. */
  readonly own: OwnIdentity;
  /** Its settings. */
  readonly settings: MeetingSettings;
  /** What it offers. */
  readonly offers: Offers;
}

/** The forms of an introduction: what was asked for, and what goes with an answer to another one. */
export type IntroductionForm = "asked" | "answer";

/** Makes introductions; what is the same from one to the next is written once. */
export class OwnIntroduction {
  readonly #heads = remember(headsOf);

  /**
   * The introduction.
   *
   * @param parts What it is made of
   * @param form The form
   * @param now Milliseconds since the epoch
   * @param more What follows it
   * @returns JSON
   */
  json(
    { own, settings, offers }: IntroductionParts,
    form: IntroductionForm,
    now: number,
    more: Readonly<Record<string, Answer>> = {},
  ): JsonBytes {
    const head = this.#heads(own, settings, offers)[form];
    const tail = jsonBytes({
      timestamp: wireTime(now),
      public_key: own.publicKey.pem,
      key_fingerprint: own.publicKey.fingerprint,
      identity_signature: own.signature,
      ...more,
    });
    tail[0] = COMMA;
    // Without the brace that ends the one and the brace that begins the other.
    return new JsonBytes(head.subarray(0, -1), tail);
  }
}

const COMMA = 0x2c;

function headsOf(
  own: OwnIdentity,
  settings: MeetingSettings,
  offers: Offers,
): Record<IntroductionForm, Uint8Array> {
  const formats = settings["skill_exchange.allowed_formats"];
  const { actions, extensions } = offers.protocol;
  const speaks = (supported: readonly string[]) => ({
    meeting_protocol_version: settings["capabilities.meeting_protocol_version"],
    supported_actions: supported,
    skill_formats: formats,
  });
  const offered = {
    skills: offers.skills.map(({ id, name, summary, hash }) => ({
      id,
      name,
      layer: "L1",
      format: "markdown",
      public: true,
      summary,
      content_hash: hash,
    })),
    exchangeable_skillsets: settings["skillset_exchange.enabled"]
      ? offers.skillsets.map(({ set: { name, layer, manifest }, hash }) => ({
        name,
        version: manifest!.version,
        layer,
        description: manifest!.description,
        content_hash: hash,
      }))
      : [],
    constraints: {
      max_skill_size_bytes: settings["constraints.max_skill_size_bytes"],
      rate_limit_per_minute: settings["constraints.rate_limit_per_minute"],
      allowed_formats: formats,
      executable_allowed: false,
    },
    exchange_policy: {
      allowed_formats: formats,
      allow_executable: false,
      public_by_default: settings["skill_exchange.public_by_default"],
    },
  };
  const identity = { ...own.identity };
  const answered = speaks(settings["capabilities.supported_actions"]);
  const asked = { ...speaks(actions), extensions };
  return {
    asked: jsonBytes({ identity, capabilities: asked, ...offered }),
    answer: jsonBytes({ identity, capabilities: answered, ...offered }),
  };
}
