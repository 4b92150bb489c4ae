/**
 * Taking what a peer offers: fetched, judged, kept. See `kairos_formats/meeting.md#received`.
 *
 * @module
 */

import type { Actor } from "../../core/actor.ts";
import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { keepReceived, type Received, type ReceivedLayer } from "../../core/layers/received.ts";
import { sha256 } from "../../core/objects/objects.ts";
import type { InstalledPackage } from "../../core/skillset/manager.ts";
import { quote } from "../../core/text.ts";
import type { Met } from "../client/meet_peer.ts";
import { loadMeetingSettings } from "../settings.ts";
import { isSignedSkill } from "../skill_signature.ts";
import { type JudgedSkill, judgeSkill } from "./judge_skill.ts";

/** The parts of an instance that take something. */
export type TakingInstance = Pick<Instance, "store" | "view" | "config" | "skillsets">;

/**
 * Fetches an entry and judges it; nothing is kept.
 *
 * @param instance The instance
 * @param met The peer
 * @param skill The entry's id or name there
 * @param layer The layer it is to be kept in
 * @returns The entry as it would be kept
 * @throws {KairosError} those of the session and of `judgeSkill`; `refused` where L1 is switched off
 */
export async function fetchSkill(
  { store, config }: TakingInstance,
  { peer, proof, session }: Pick<Met, "peer" | "proof" | "session">,
  skill: string,
  layer: ReceivedLayer,
): Promise<JudgedSkill> {
  const settings = loadMeetingSettings(store.disk, store.root);
  const given = await session.skillContent(skill, settings["skill_exchange.max_skill_size_bytes"]);
  const { signature, packaged_skill: { name, content } } = given;
  const hash = sha256(content);
  // Who passes on the words of a proven peer, from another address, gives entries of its own.
  const isItsOwn = proof === "proven" && isSignedSkill(peer.key, { name, hash }, signature);
  const judged = judgeSkill(given, {
    from: peer.instanceId,
    key: peer.key.spki,
    proof: isItsOwn ? "proven" : "none",
    settings,
    layer,
    now: store.clock(),
  });
  if (layer === "L1" && !config["layers.L1.enabled"]) {
    throw new KairosError("refused", "Cannot change knowledge: the L1 layer is disabled", {
      hint: "Take it into L2, or set `layers.L1.enabled: true` in `skills/config.yml`",
    });
  }
  const most = config["limits.entry_bytes"];
  if (judged.bytes.length <= most) return judged;
  throw new KairosError(
    "too_large",
    `Cannot take the skill ${quote(judged.title)}: ${judged.bytes.length} bytes exceed ${most}`,
  );
}

/**
 * Keeps an entry that was judged.
 *
 * @param instance The instance
 * @param judged The entry
 * @param actor Who takes it
 * @returns What was kept
 * @throws {KairosError} those of `keepReceived`; `locked`, `io`
 */
export function keepSkill(
  instance: TakingInstance,
  judged: JudgedSkill,
  actor: Actor,
): Promise<Received> {
  const { path, bytes } = judged;
  return instance.store.exclusive(() => keepReceived(instance, path, bytes, actor));
}

/** How a SkillSet is taken. */
export interface TakeOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Whether one of that name is replaced; `false` unless given. */
  readonly force?: boolean | undefined;
}

/**
 * Fetches a SkillSet and installs it as any package from outside: unpacked where there is no permission,
 * judged, not above L2 and not in use.
 *
 * @param instance The instance
 * @param met The peer
 * @param name The SkillSet's name
 * @param actor Who takes it
 * @param options How it is taken
 * @returns What was done, and what to look at
 * @throws {KairosError} those of the session and of `installPackage`
 */
export async function takeSkillSet(
  instance: TakingInstance,
  { peer, proof, session }: Pick<Met, "peer" | "proof" | "session">,
  name: string,
  actor: Actor,
  { signal, force = false }: TakeOptions = {},
): Promise<InstalledPackage> {
  const sets = await instance.skillsets();
  const bytes = await session.skillsetPackage(name, sets.limits.inputBytes);
  const giver = { peer: peer.instanceId, key: peer.key.spki, proof };
  return await sets.installPackage(bytes, actor, { giver, signal, force });
}
