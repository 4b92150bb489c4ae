/**
 * Entries for others: listed, described, handed out. See `kairos_formats/meeting.md#offers`.
 *
 * @module
 */

import type { SkillContent } from "../catalog/catalog.ts";
import type { Offer } from "../catalog/offer.ts";
import { type Answer, JsonText } from "../json_text.ts";
import { messageOf, textIn } from "../messages/message.ts";
import { wireTime } from "../wire_time.ts";
import { type Call, noteContact } from "./call.ts";
import { give, named, refuse, refuseWith, type Reply } from "./reply.ts";

const LAYER = "L1";
const FORMAT = "markdown";

/**
 * The list of entries.
 *
 * @param call The request
 * @returns `{"skills","count"}`
 */
export function listSkills({ offers }: Call): Reply {
  const skills = offers().skills.map(({ id, name, summary, tags, hash }) => ({
    id,
    name,
    layer: LAYER,
    format: FORMAT,
    summary,
    tags,
    content_hash: hash,
  }));
  return give(new JsonText(JSON.stringify({ skills, count: skills.length })));
}

/**
 * What is told of one entry.
 *
 * @param call The request: `skill_id` in its query, an id or a name
 * @returns `{"metadata"}`
 */
export function describeSkill(call: Call): Reply {
  const key = call.query.get("skill_id") ?? "";
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
 * Hands an entry out.
 *
 * @param call The request: `skill_id` in its body, an id or a name
 * @returns `{"message","packaged_skill"}`
 */
export async function giveSkill(call: Call): Promise<Reply> {
  const { meeting, settings } = call;
  const body = await call.body();
  const key = textIn(body, "skill_id") ?? "";
  const to = textIn(body, "to");
  const inReplyTo = textIn(body, "in_reply_to");
  if (key === "") return missingId();
  const found = find(call, key);
  if (found === null) return notFound(key);
  const { offer, text, fields } = found;
  if (!isSendable(call, offer)) {
    const most = settings["skill_exchange.max_skill_size_bytes"];
    return refuseWith(413, "too_large", `Skill is larger than ${most} bytes: ${named(key)}`);
  }
  const packedAs = fields === null ? FORMAT : "yaml_frontmatter";
  if (!settings["skill_exchange.allowed_formats"].includes(packedAs)) {
    return refuse("content_unavailable");
  }
  const own = await meeting.own(settings);
  const timestamp = wireTime(meeting.instance.store.clock());
  // Twice in the answer, and the longest part of it.
  const content = new JsonText(JSON.stringify(text));
  const { id, name, hash, size } = offer;
  const message = messageOf({
    action: "skill_content",
    from: own.identity.instance_id,
    to: bounded(to) ?? "requester",
    payload: { skill_id: id, skill_name: name, format: FORMAT, content, content_hash: hash },
    inReplyTo: bounded(inReplyTo) ?? "direct_request",
  }, { id: crypto.randomUUID(), timestamp });
  noteContact(call, "skill_sent", { subject: name, details: { id, hash } });
  return give({
    message,
    packaged_skill: {
      name,
      format: packedAs,
      content,
      content_hash: hash,
      size_bytes: size,
      frontmatter: fields as Answer,
      packaged_at: timestamp,
    },
  });
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
