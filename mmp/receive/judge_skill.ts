/**
 * Whether an entry a peer gave may be kept, and as what. See `kairos_formats/meeting.md#received`.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { parseEntryText, splitFrontMatter } from "../../core/layers/front_matter.ts";
import {
  MAX_HOPS,
  passedOn,
  type Provenance,
  readProvenance,
  receivedText,
} from "../../core/layers/provenance.ts";
import { entryNameOf } from "../../core/layers/new_entry.ts";
import { receivedPath } from "../../core/layers/received.ts";
import type { ReceivedLayer } from "../../core/layers/received.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { type Review, review } from "../../core/skillset/review.ts";
import { isWellFormed, quote, visible } from "../../core/text.ts";
import type { SkillContent } from "../client/answers.ts";
import type { MeetingSettings } from "../settings.ts";
import { wireTime } from "../wire_time.ts";

/** Who gave it, and under which rules it is judged. */
export interface Giving {
  /** Instance id of the peer. */
  readonly from: string;
  /** SHA-256 of its public key. */
  readonly key: string;
  /** Whether what it gave is proven to be of that key. */
  readonly proof: "proven" | "none";
  /** What may be taken. */
  readonly settings: Pick<
    MeetingSettings,
    "skill_exchange.allowed_formats" | "skill_exchange.max_skill_size_bytes"
  >;
  /** The layer it is to be kept in. */
  readonly layer: ReceivedLayer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** An entry that may be kept. */
export interface JudgedSkill {
  /** Where it is to be kept, relative to the data directory. */
  readonly path: string;
  /** The document as it is to be kept. */
  readonly bytes: Uint8Array;
  /** What it is called at the peer; for people. */
  readonly title: string;
  /** SHA-256 of what the peer gave. */
  readonly originalHash: string;
  /** Whether it is proven to be of the giver's key. */
  readonly proof: "proven" | "none";
  /** The hands it went through, the giver's last. */
  readonly provenance: Provenance;
  /** What a person should look at. */
  readonly review: Review;
}

/**
 * Judges an entry: format, size, hash, how often it was passed on.
 *
 * @param given What the peer sent
 * @param giving Who gave it, and the rules
 * @returns The entry as it would be kept
 * @throws {KairosError} `refused`, `invalid`, `too_large`; nothing is kept then
 *
 * @example
 * ```ts
 * import { judgeSkill } from "./judge_skill.ts";
 *
 * const settings = {
 *   "skill_exchange.allowed_formats": ["markdown"],
 *   "skill_exchange.max_skill_size_bytes": 1000,
 * };
 * const giving = { from: "p1", key: "0", proof: "none", settings, layer: "L2", now: 0 } as const;
 * const packaged_skill = { name: "tips", format: "markdown", content: "# Tips\n" };
 * const { path } = judgeSkill({ packaged_skill }, giving);
 * if (path !== "context/received_skills/tips_19700101_000000/tips_19700101_000000.md") throw new Error(path);
 * ```
 */
export function judgeSkill(given: SkillContent, giving: Giving): JudgedSkill {
  const { packaged_skill: skill, message } = given;
  const { content } = skill;
  const title = visible(skill.name.slice(0, 200));
  const refuse = (code: "refused" | "invalid" | "too_large", what: string, hint?: string) =>
    new KairosError(code, `Cannot take the skill ${quote(title)}: ${what}`, {
      ...(hint === undefined ? {} : { hint }),
    });
  const { settings } = giving;
  const original = new TextEncoder().encode(content);
  const most = settings["skill_exchange.max_skill_size_bytes"];
  if (original.length > most) {
    throw refuse("too_large", `${original.length} bytes, the limit is ${most}`);
  }
  if (content.trim() === "" || !isWellFormed(content)) throw refuse("invalid", "it is no text");
  const formats: readonly string[] = settings["skill_exchange.allowed_formats"];
  const real = splitFrontMatter(content).yaml === null ? "markdown" : "yaml_frontmatter";
  for (const format of [skill.format, real]) {
    if (!formats.includes(format)) {
      throw refuse("refused", `format ${quote(format)} is not allowed`);
    }
  }
  const originalHash = sha256(original);
  checkHash(given, originalHash, giving.proof, refuse);
  if ((message?.payload?.content ?? content) !== content) {
    throw refuse("invalid", "its message and its package hold different texts");
  }
  const entry = parseEntryText(original, "skill");
  if (entry.problem !== null) {
    throw refuse("invalid", `its front matter cannot be read: ${entry.problem.message}`);
  }
  const before = readProvenance(entry.fields);
  if (before !== null && before.hopCount >= MAX_HOPS) {
    throw refuse(
      "refused",
      `hop_count limit exceeded (${before.hopCount} >= ${MAX_HOPS})`,
      `Ask ${visible(before.origin)}, where it comes from, for it`,
    );
  }
  const { from, key, proof, layer, now } = giving;
  const path = receivedPath(layer, skill.name, now);
  const receipt = { from, key, proof, at: wireTime(now), name: title, originalHash };
  const provenance = passedOn(before, from);
  const text = receivedText(entry, content, { name: entryNameOf(path), receipt, provenance });
  const found = review([{ path: title, bytes: original }], {
    asksForCode: [],
    minCoreVersion: null,
  });
  return {
    path,
    bytes: new TextEncoder().encode(text),
    title,
    originalHash,
    proof,
    provenance,
    review: found,
  };
}

function checkHash(
  { packaged_skill, message }: SkillContent,
  found: string,
  proof: "proven" | "none",
  refuse: (code: "refused", what: string, hint?: string) => KairosError,
): void {
  const said = [packaged_skill.content_hash, message?.payload?.content_hash]
    .filter((hash) => hash !== null && hash !== undefined);
  if (said.some((hash) => hash !== found)) {
    throw refuse("refused", "Content hash mismatch", "It was changed on its way; fetch it again");
  }
  // Existing peers may leave it out; those who prove who they are always send it.
  if (said.length === 0 && proof === "proven") throw refuse("refused", "it comes without its hash");
}
