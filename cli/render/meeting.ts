/**
 * Other instances and what they offer, for programs and for people.
 *
 * @module
 */

import type { Received } from "../../core/layers/received.ts";
import { visible } from "../../core/text.ts";
import type { OfferedSkill, OfferedSkillSet } from "../../mmp/client/answers.ts";
import type { Met } from "../../mmp/client/meet_peer.ts";
import type { Peer } from "../../mmp/peers.ts";
import type { JudgedSkill } from "../../mmp/receive/judge_skill.ts";
import type { CliContext } from "../context.ts";
import { reviewJson } from "./skillsets.ts";
import { renderTable } from "./table.ts";
import { counted, renderPairs, shortHash, shortTime } from "./text.ts";

/** How much a peer offers; `null` where it does not show it. */
export interface Offers {
  /** Entries. */
  readonly skills: number | null;
  /** SkillSets. */
  readonly skillsets: number | null;
}

/**
 * A peer that was met, for programs.
 *
 * @param met The peer
 * @param offers How much it offers
 * @returns Plain data, keys in snake case; the token is not among them
 */
export function metJson(met: Met, offers: Offers): Record<string, unknown> {
  const { url, peer, proof, accepted, isKnown, description } = met;
  return {
    url,
    id: peer.instanceId,
    name: visible(peer.name),
    description,
    fingerprint: peer.key.fingerprint,
    bound: peer.bound,
    proof,
    accepted,
    known: isKnown,
    offers,
  };
}

/**
 * A peer that was met, for people.
 *
 * @param met The peer
 * @param offers How much it offers
 * @returns The lines
 */
export function metText(met: Met, offers: Offers): string {
  const { url, peer, proof, accepted, isKnown, description } = met;
  const many = (count: number | null, one: string, more: string) =>
    count === null ? `${more} not shown` : counted(count, one, more);
  return renderPairs([
    ["Peer", peer.name === "" ? "-" : peer.name],
    ["About", description === "" ? "-" : description],
    ["Address", url.startsWith("https:") ? url : `${url} (not encrypted)`],
    ["Id", `${peer.instanceId}${peer.bound ? "" : " (unbound: not derived from its key)"}`],
    ["Fingerprint", peer.key.fingerprint],
    ["Proof", proof === "proven" ? "it holds that key" : "none"],
    ["Known", isKnown ? "yes, with the same key" : proof === "proven" ? "from now on" : "no"],
    ["Lets us", accepted === "proven" ? "exchange" : "read what is public"],
    [
      "Offers",
      `${many(offers.skills, "skill", "skills")}, ` +
      many(offers.skillsets, "SkillSet", "SkillSets"),
    ],
  ]);
}

/** A row of what is offered. */
interface OfferRow {
  readonly name: string;
  readonly sort: string;
  readonly about: string;
}

/**
 * Entries as rows.
 *
 * @param skills The entries
 * @returns The rows
 */
export function skillRows(skills: readonly OfferedSkill[]): OfferRow[] {
  return skills.map(({ name, format, summary }) => ({ name, sort: format, about: summary }));
}

/**
 * SkillSets as rows.
 *
 * @param sets The SkillSets
 * @returns The rows
 */
export function skillSetRows(sets: readonly OfferedSkillSet[]): OfferRow[] {
  return sets.map(({ name, version, description }) => ({
    name,
    sort: version,
    about: description,
  }));
}

/**
 * What is offered, as a table.
 *
 * @param rows The rows
 * @param context The terminal
 * @returns The lines
 */
export function skillTable(rows: readonly OfferRow[], { io, style }: CliContext): string {
  return renderTable(
    [
      { title: "NAME", cell: ({ name }) => name, shrinksTo: 20 },
      { title: "KIND", cell: ({ sort }) => sort },
      { title: "ABOUT", cell: ({ about }) => about, shrinksTo: 12 },
    ],
    rows,
    { width: io.stdout.columns, heading: style.strong },
  );
}

/**
 * An entry that was taken, for programs.
 *
 * @param judged What was fetched
 * @param kept What was kept
 * @returns Plain data, keys in snake case
 */
export function takenJson(judged: JudgedSkill, kept: Received): Record<string, unknown> {
  const { title, originalHash, provenance, review } = judged;
  const { origin, chain, hopCount } = provenance;
  return {
    ...kept,
    title,
    original_hash: originalHash,
    provenance: { origin, chain, hop_count: hopCount },
    review: reviewJson(review),
  };
}

/**
 * An entry that was taken, for people.
 *
 * @param judged What was fetched
 * @param kept What was kept
 * @returns The lines
 */
export function takenText(judged: JudgedSkill, kept: Received): string {
  const { title, provenance, review } = judged;
  const { links, instructions, hidden } = review;
  const look = kept.layer === "L1"
    ? `kairos knowledge show ${kept.name}`
    : `kairos context show received_skills ${kept.name}`;
  return `Took '${visible(title)}' into ${kept.layer}, block ${kept.block.index}, ` +
    `hash ${shortHash(kept.hash)}\n` + renderPairs([
      ["Kept as", kept.name],
      ["Came through", provenance.chain.join(" > ")],
      ["Links", links.length === 0 ? "none" : links.join(", ")],
      ["Speaks to agents", counted(instructions.length, "line")],
      ...instructions.map(({ line, text }) => [`  line ${line}`, text] as const),
      ["Hidden characters", counted(hidden.length, "line")],
      ["Read it", look],
    ]);
}

/**
 * A known peer, for programs.
 *
 * @param peer The peer
 * @returns Plain data, keys in snake case
 */
export function peerJson(peer: Peer): Record<string, unknown> {
  const { id, bound, key, standing, since, rival, contact } = peer;
  return {
    id,
    name: contact === null ? null : visible(contact.name),
    url: contact?.url ?? null,
    bound,
    fingerprint: key?.fingerprint ?? null,
    standing,
    since,
    rival: rival === null ? null : { fingerprint: rival.key.fingerprint, seen: rival.seen },
    last_seen: contact?.last_seen ?? null,
    actions: contact?.extensions.map((one) => visible(one)) ?? [],
  };
}

/**
 * Known peers, as a table.
 *
 * @param peers The peers
 * @param context The terminal
 * @returns The lines
 */
export function peerTable(peers: readonly Peer[], { io, style }: CliContext): string {
  return renderTable(
    [
      { title: "ID", cell: ({ id }) => id, shrinksTo: 16 },
      { title: "NAME", cell: ({ contact }) => contact?.name ?? "-", shrinksTo: 12 },
      { title: "STANDING", cell: standingText },
      { title: "LAST SEEN", cell: ({ contact }) => shortTime(contact?.last_seen ?? null) },
      { title: "ADDRESS", cell: ({ contact }) => contact?.url ?? "-", shrinksTo: 16 },
    ],
    peers,
    { width: io.stdout.columns, heading: style.strong },
  );
}

/**
 * A known peer, for people.
 *
 * @param peer The peer
 * @returns The lines
 */
export function peerText(peer: Peer): string {
  const { id, bound, key, since, rival, contact } = peer;
  return renderPairs([
    ["Id", `${id}${bound || key === null ? "" : " (unbound: not derived from its key)"}`],
    ["Name", contact?.name ?? "-"],
    ["Address", contact?.url ?? "-"],
    ["Fingerprint", key?.fingerprint ?? "not known"],
    ["Standing", `${standingText(peer)}${since === null ? "" : ` since ${since}`}`],
    ["Last seen", shortTime(contact?.last_seen ?? null)],
    ...(rival === null
      ? []
      : [["Another key", `${rival.key.fingerprint}, seen ${rival.seen}`] as const]),
  ]);
}

function standingText({ standing, bound, key, rival }: Peer): string {
  if (standing === "blocked" && key === null) return "blocked, by its id";
  return `${standing}${bound ? "" : ", unbound"}${rival === null ? "" : ", another key!"}`;
}
