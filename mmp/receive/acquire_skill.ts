/**
 * Taking an entry for an agent: kept at once where the law lets that peer, else proposed to a person. See
 * `kairos_formats/meeting.md#connections`.
 *
 * @module
 */

import type { Actor } from "../../core/actor.ts";
import { KairosError } from "../../core/errors.ts";
import type { StoredProposal } from "../../core/evolution/proposal_store.ts";
import type { Instance } from "../../core/instance.ts";
import type { Received, ReceivedLayer } from "../../core/layers/received.ts";
import { entryNameOf } from "../../core/layers/new_entry.ts";
import type { Met } from "../client/meet_peer.ts";
import type { JudgedSkill } from "./judge_skill.ts";
import { fetchSkill, keepSkill, type TakingInstance } from "./take_skill.ts";

/** Most entries that wait for a person. */
const MAX_WAITING = 20;

/** What came of it. */
export type Acquired =
  & { readonly judged: JudgedSkill }
  & (
    | { readonly kept: Received; readonly stored: null }
    | { readonly kept: null; readonly stored: StoredProposal }
  );

/**
 * Fetches an entry and keeps it, or proposes that.
 *
 * @param instance The instance
 * @param met The peer
 * @param skill The entry's id or name there
 * @param layer The layer it is to be kept in
 * @param actor Who asks
 * @returns What was kept, or what waits for a person
 * @throws {KairosError} `refused` while too much waits; those of `fetchSkill`, of keeping and of proposing
 */
export async function acquireSkill(
  instance: TakingInstance & Pick<Instance, "evolution">,
  met: Met,
  skill: string,
  layer: ReceivedLayer,
  actor: Actor,
): Promise<Acquired> {
  const judged = await fetchSkill(instance, met, skill, layer);
  const evolution = await instance.evolution();
  const { status, settings } = await evolution.inForce();
  // Only an entry signed with the key an id derives from can be meant by that id in the law.
  const isLet = status === "decided" && judged.proof === "proven" && met.peer.bound &&
    settings.acquireFrom.includes(met.peer.instanceId);
  if (isLet) return { judged, kept: await keepSkill(instance, judged, actor), stored: null };
  const waiting = evolution.list({ state: "pending" })
    .filter(({ stored }) => stored?.proposal.kind === "skill_receive").length;
  if (waiting >= MAX_WAITING) {
    throw new KairosError("refused", `Cannot propose to keep more: ${waiting} entries wait`, {
      hint: "A person decides about them first: kairos proposals list --state pending",
    });
  }
  const stored = await evolution.propose({
    kind: "skill_receive",
    subject: entryNameOf(judged.path),
    files: { [judged.path]: new TextDecoder().decode(judged.bytes) },
    reason: `An agent asks to keep what ${met.peer.instanceId} gave`,
    origin: `peer ${met.peer.instanceId}`,
  }, actor);
  return { judged, kept: null, stored };
}
