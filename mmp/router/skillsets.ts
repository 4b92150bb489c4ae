/**
 * SkillSets for others: listed, described, handed out. See `kairos_formats/meeting.md#offers`.
 *
 * @module
 */

import { PackageRefusedError } from "../../core/skillset/refusal.ts";
import type { SkillSetOffer } from "../catalog/skillset_offer.ts";
import { textIn } from "../messages/message.ts";
import { type Call, noteContact } from "./call.ts";
import { give, named, refuse, refuseWith, type Reply } from "./reply.ts";

/**
 * The list of SkillSets.
 *
 * @param call The request
 * @returns `{"skillsets","count"}`
 */
export function listSkillSets({ settings, offers }: Call): Reply {
  if (!settings["skillset_exchange.enabled"]) return refuse("skillset_exchange_disabled");
  const skillsets = offers().skillsets.map(({ set: { name, layer, manifest }, hash, files }) => ({
    name,
    version: manifest!.version,
    layer,
    description: manifest!.description,
    knowledge_only: true,
    content_hash: hash,
    file_count: files.length,
  }));
  return give({ skillsets, count: skillsets.length });
}

/**
 * What is told of one SkillSet.
 *
 * @param call The request: `name` in its query
 * @returns `{"metadata"}`
 */
export function describeSkillSet(call: Call): Reply {
  if (!call.settings["skillset_exchange.enabled"]) return refuse("skillset_exchange_disabled");
  const name = call.query("name") ?? "";
  if (name === "") return missingName();
  const found = call.meeting.catalog.skillset(name);
  if (found === null) {
    return refuseWith(404, "not_found", `SkillSet not found: ${named(name)}`);
  }
  const { set: { layer, manifest }, hash, files } = found;
  if (hash === null) {
    const message = `SkillSet '${named(name)}' contains executable code and cannot be exchanged`;
    return refuseWith(403, "not_exchangeable", message);
  }
  const { version, description, author, dependsOn, provides } = manifest!;
  return give({
    metadata: {
      name,
      version,
      layer,
      description,
      author,
      depends_on: dependsOn.map((one) => one.name),
      provides,
      content_hash: hash,
      file_list: files,
      knowledge_only: true,
      exchangeable: true,
    },
  });
}

/**
 * Hands a SkillSet out.
 *
 * @param call The request: `name` in its body
 * @returns `{"skillset_package"}`
 */
export async function giveSkillSet(call: Call): Promise<Reply> {
  if (!call.settings["skillset_exchange.enabled"]) return refuse("skillset_exchange_disabled");
  const name = textIn(await call.body(), "name") ?? "";
  if (name === "") return missingName();
  const found = call.meeting.catalog.skillset(name);
  if (found === null) return refuseWith(404, "not_found", `SkillSet '${named(name)}' not found`);
  const text = packageOf(call, found);
  if (text === null) {
    const message = "Only knowledge-only SkillSets can be packaged for exchange";
    return refuseWith(403, "not_exchangeable", message);
  }
  noteContact(call, "skillset_sent", { subject: name, details: { hash: found.hash } });
  return { status: 200, body: `{"skillset_package":${text}}` };
}

/** The package; `null` when something in it may not travel. */
function packageOf({ meeting }: Call, { set, hash }: SkillSetOffer): string | null {
  if (hash === null) return null;
  try {
    return meeting.catalog.package(set);
  } catch (error) {
    if (error instanceof PackageRefusedError) return null;
    throw error;
  }
}

function missingName(): Reply {
  return refuseWith(400, "missing_param", "name is required");
}
