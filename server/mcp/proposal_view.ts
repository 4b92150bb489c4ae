/**
 * Proposals as tools show them: as data, as text, and as the question a person is asked.
 *
 * @module
 */

import { z } from "zod";
import { KINDS } from "../../core/evolution/kinds.ts";
import type { CheckResult, Proposal } from "../../core/evolution/proposal.ts";
import type { StoredProposal } from "../../core/evolution/proposal_store.ts";
import { visible } from "../../core/text.ts";
import type { Question } from "./client.ts";
import { fence } from "./markdown.ts";

/** Longest diff in a result, in UTF-16 units. */
const MAX_SHOWN = 16_000;
/** Longest question. What does not fit is not asked: nobody decides about what they have not seen. */
const MAX_ASKED = 12_000;

/** Words a person chooses from. */
export const CHOICES = ["approve", "reject", "later"] as const;

/** A proposal in results. */
export const PROPOSAL = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  state: z.enum(["pending", "approved", "rejected", "expired", "applied"]),
  hash: z.string().describe("SHA-256 of the proposal's document"),
  base_hash: z.string(),
  new_hash: z.string(),
  reason: z.string(),
  principal: z.string(),
  agent_id: z.string().nullable(),
  origin: z.string(),
  created: z.string(),
  expires: z.string(),
  checks: z.array(z.object({ name: z.string(), verdict: z.string(), detail: z.string() })),
  diff: z.string().describe("Unified diff; cut when it is long"),
  decide_with: z.string().describe("What a person calls to decide"),
});

/**
 * A proposal as data.
 *
 * @param stored The proposal
 * @returns A value of {@linkcode PROPOSAL}
 */
export function proposalFields({ proposal, state, hash }: StoredProposal): z.input<
  typeof PROPOSAL
> {
  const { id, kind, subject, base_hash, new_hash, reason, principal, agent_id, origin } = proposal;
  const { created, expires, checks } = proposal;
  return {
    id,
    kind,
    subject,
    state,
    hash,
    base_hash,
    new_hash,
    reason,
    principal,
    agent_id,
    origin,
    created,
    expires,
    checks: checks.map((check) => ({ ...check })),
    diff: cut(shownToAgents(proposal)),
    decide_with: decideWith(id),
  };
}

/**
 * What a person calls to decide.
 *
 * @param id The proposal
 * @returns A command
 */
export function decideWith(id: string): string {
  return `kairos proposals approve ${id}`;
}

/**
 * How a proposal goes on that was just made.
 *
 * @param stored The proposal
 * @returns A sentence without its full stop
 */
export function whatNext({ proposal: { id } }: StoredProposal): string {
  const call = JSON.stringify({ command: "apply", proposal: id });
  return `It waits for a person, who decides with \`${decideWith(id)}\`, or here when you call ` +
    `skills_evolve with ${call}`;
}

/**
 * A proposal as text for a model.
 *
 * @param stored The proposal
 * @returns Markdown
 */
export function proposalText(stored: StoredProposal): string {
  const prose = shownToAgents(stored.proposal);
  const change = prose === "" ? "" : `\n\n${fence(visible(cut(prose), "\n\t"), "diff")}`;
  return `## Proposal ${stored.proposal.id}: ${stored.state}\n\n${facts(stored)}${change}`;
}

/**
 * The question to the person before the client.
 *
 * @param stored The proposal
 * @returns The question, or `null` when it does not fit and so cannot be asked there
 */
export function proposalQuestion(stored: StoredProposal): Question | null {
  const { proposal, hash } = stored;
  const change = proposal.diff.prose === "" ? "No file changes." : proposal.diff.prose;
  const message = [
    "Somebody asks for your decision about this instance. Only approve what you have read.",
    facts(stored),
    visible(change, "\n\t"),
  ].join("\n\n");
  if (message.length > MAX_ASKED) return null;
  return { about: `${proposal.id} ${hash}`, message, choices: CHOICES };
}

/** What comes from elsewhere speaks to agents once a person has let it, not before. */
function shownToAgents({ kind, diff }: Proposal): string {
  const { skillset, makes } = KINDS[kind];
  if (skillset === null && makes === null) return diff.prose;
  return `What the ${
    skillset === null ? "entry" : "SkillSet"
  } holds is shown to the person who decides\n`;
}

function facts({ proposal }: StoredProposal): string {
  const { kind, subject, principal, agent_id, origin, reason, created, expires } = proposal;
  const agent = agent_id === null ? "" : `, for a client that calls itself ${line(agent_id)}`;
  const { changesLaw, skillset } = KINDS[kind];
  const what = changesLaw
    ? "changes the law"
    : `changes ${skillset === null ? "other files or counts" : "a SkillSet"}`;
  return [
    `Subject: ${line(subject)} (${kind}, ${what})`,
    `Reason: ${line(reason)}`,
    `Asked for by ${line(principal)}${agent}; content from ${line(origin)}`,
    `Made ${created}, ends ${expires}`,
    "Checks:",
    ...proposal.checks.map(checkLine),
  ].join("\n");
}

const MARKS = { passed: "✅", failed: "❌", unknown: "⚠️", person: "🧑" } as const;

function checkLine({ name, verdict, detail }: CheckResult): string {
  return `${MARKS[verdict]} ${line(name)}${detail === "" ? "" : `: ${line(detail)}`}`;
}

function line(text: string): string {
  return visible(text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, " "));
}

function cut(text: string): string {
  if (text.length <= MAX_SHOWN) return text;
  return `${text.slice(0, MAX_SHOWN).toWellFormed()}\n… cut here, ${text.length} characters in all`;
}
