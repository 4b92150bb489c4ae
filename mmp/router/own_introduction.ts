/**
 * What this instance says when it introduces itself. See `kairos_formats/meeting.md#introduction`.
 *
 * @module
 */

import type { Offers } from "../catalog/catalog.ts";
import type { OwnIdentity } from "../identity.ts";
import { type Answer, JsonText, jsonText } from "../json_text.ts";
import type { MeetingSettings } from "../settings.ts";
import { wireTime } from "../wire_time.ts";

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
  #known: (IntroductionParts & { readonly heads: Record<IntroductionForm, string> }) | null = null;

  /**
   * The introduction.
   *
   * @param parts What it is made of
   * @param form The form
   * @param now Milliseconds since the epoch
   * @param more What follows it
   * @returns JSON
   */
  text(
    parts: IntroductionParts,
    form: IntroductionForm,
    now: number,
    more: Readonly<Record<string, Answer>> = {},
  ): JsonText {
    const { own } = parts;
    const tail = jsonText({
      timestamp: wireTime(now),
      public_key: own.publicKey.pem,
      key_fingerprint: own.publicKey.fingerprint,
      identity_signature: own.signature,
      ...more,
    });
    return new JsonText(`${this.#head(parts, form).slice(0, -1)},${tail.slice(1)}`);
  }

  #head(parts: IntroductionParts, form: IntroductionForm): string {
    const { own, settings, offers } = parts;
    const known = this.#known;
    const isSame = known !== null && known.own === own && known.settings === settings &&
      known.offers === offers;
    if (isSame) return known.heads[form];
    const heads = headsOf(parts);
    this.#known = { ...parts, heads };
    return heads[form];
  }
}

function headsOf({ own, settings, offers }: IntroductionParts): Record<IntroductionForm, string> {
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
  // Plain values only, and the longest text there is: the built-in writes it fastest.
  return {
    asked: JSON.stringify({ identity, capabilities: asked, ...offered }),
    answer: JSON.stringify({ identity, capabilities: answered, ...offered }),
  };
}
