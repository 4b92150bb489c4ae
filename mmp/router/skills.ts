/**
 * Entries for others: listed, described, handed out. See `kairos_formats/meeting.md#offers`.
 *
 * @module
 */

import type { Offers, SkillContent } from "../catalog/catalog.ts";
import type { Offer } from "../catalog/offer.ts";
import type { OwnIdentity } from "../identity.ts";
import { JsonText } from "../json_text.ts";
import { messageOf, textIn } from "../messages/message.ts";
import { signSkill } from "../skill_signature.ts";
import { wireTime } from "../wire_time.ts";
import { type Call, type Endpoint, noteContact } from "./call.ts";
import { remember } from "./remember.ts";
import { give, giveMade, named, refuse, refuseWith, type Reply } from "./reply.ts";

const LAYER = "L1";
const FORMAT = "markdown";

/**
 * Lists entries.
 *
 * @returns Answers requests for the list, `{"skills","count"}`; it is written once for each state of it
 */
export function skillLister(): Endpoint<Call> {
  const list = remember(listOf);
  return ({ offers }) => list(offers());
}

function listOf(offers: Offers): Reply {
  const skills = offers.skills.map(({ id, name, summary, tags, hash }) => ({
    id,
    name,
    layer: LAYER,
    format: FORMAT,
    summary,
    tags,
    content_hash: hash,
  }));
  return giveMade({ skills, count: skills.length });
}

/**
 * What is told of one entry.
 *
 * @param call The request: `skill_id` in its query, an id or a name
 * @returns `{"metadata"}`
 */
export function describeSkill(call: Call): Reply {
  const key = call.query("skill_id") ?? "";
  if (key === "") return missingId();
  const found = find(call, key);
  if (found === null) return notFound(key);
  const { id, name, summary, hash } = found.offer;
  return give({
    metadata: {
      id,
      name,
      layer: LAYER,
      format: FORMAT,
      summary,
      content_hash: hash,
      available: isSendable(call, found.offer),
    },
  });
}

/**
 * Hands entries out.
 *
 * @returns Answers requests with `skill_id` in their body, an id or a name: `{"message","packaged_skill"}`
 */
export function skillGiver(): Endpoint<Call> {
  // The document stands in an answer twice, and many ask for the same one in a moment.
  const made = new WeakMap<SkillContent, Packed>();
  const sign = remember((own: OwnIdentity, name: string, hash: string) =>
    signSkill(own, { name, hash })
  );
  return async (call) => {
    const { meeting, settings } = call;
    const body = await call.body();
    const key = textIn(body, "skill_id") ?? "";
    const to = textIn(body, "to");
    const inReplyTo = textIn(body, "in_reply_to");
    if (key === "") return missingId();
    const found = find(call, key);
    if (found === null) return notFound(key);
    const { offer } = found;
    if (!isSendable(call, offer)) {
      const most = settings["skill_exchange.max_skill_size_bytes"];
      return refuseWith(413, "too_large", `Skill is larger than ${most} bytes: ${named(key)}`);
    }
    const packed = made.get(found) ?? packedOf(found);
    made.set(found, packed);
    if (!settings["skill_exchange.allowed_formats"].includes(packed.format)) {
      return refuse("content_unavailable");
    }
    const own = await meeting.own(settings);
    const timestamp = wireTime(meeting.instance.store.clock());
    const { id, name, hash } = offer;
    noteContact(call, "skill_sent", { subject: name, details: { id, hash } });
    return give({
      message: messageOf({
        action: "skill_content",
        from: own.identity.instance_id,
        to: bounded(to) ?? "requester",
        payload: packed.payload,
        inReplyTo: bounded(inReplyTo) ?? "direct_request",
      }, { id: crypto.randomUUID(), timestamp }),
      packaged_skill: new JsonText(`${packed.skill.slice(0, -1)},"packaged_at":"${timestamp}"}`),
      signature: sign(own, name, hash),
    });
  };
}

/** What is the same each time an entry is handed out. */
interface Packed {
  readonly format: "markdown" | "yaml_frontmatter";
  readonly payload: JsonText;
  /** The packaged skill as JSON, but for when it was packaged. */
  readonly skill: string;
}

function packedOf({ offer: { id, name, hash, size }, text, fields }: SkillContent): Packed {
  const format = fields === null ? FORMAT : "yaml_frontmatter";
  const rest = { content: text, content_hash: hash };
  const payload = { skill_id: id, skill_name: name, format: FORMAT, ...rest };
  const skill = { name, format, ...rest, size_bytes: size, frontmatter: fields };
  return {
    format,
    payload: new JsonText(JSON.stringify(payload)),
    skill: JSON.stringify(skill),
  };
}

function find({ meeting, settings }: Call, key: string): SkillContent | null {
  return meeting.catalog.content(key, settings["skill_exchange.public_by_default"]);
}

function isSendable({ settings }: Call, { size }: Offer): boolean {
  return size <= settings["skill_exchange.max_skill_size_bytes"];
}

function missingId(): Reply {
  return refuseWith(400, "missing_param", "skill_id is required");
}

function notFound(key: string): Reply {
  return refuseWith(404, "not_found", `Skill not found: ${named(key)}`);
}

/** A name that is sent back; a longer one is none. */
function bounded(text: string | null): string | null {
  return text !== null && text.length <= 200 ? text : null;
}
