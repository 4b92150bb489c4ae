/**
 * The door of MCP to a decision: the person before the client is asked, where the law lets a client's
 * word count and nobody has to sign. An agent's own word changes nothing.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import type { Applied } from "../../core/evolution/apply.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import type { StoredProposal } from "../../core/evolution/proposal_store.ts";
import type { Strength } from "../../core/evolution/records.ts";
import { quote } from "../../core/text.ts";
import type { Question } from "./client.ts";
import type { ToolContext } from "./define_tool.ts";
import { decideWith, proposalQuestion } from "./proposal_view.ts";

/** What came of asking for a proposal to be applied. */
export interface Settled {
  /** The proposal as it is now. */
  readonly stored: StoredProposal;
  /** What was done, or `null` while nothing was. */
  readonly applied: Applied | null;
  /** How it was decided just now, or `null` when it was not. */
  readonly strength: Strength | null;
  /** What to ask the person, or `null`. */
  readonly ask: Question | null;
  /** Why it is not applied, for a model; empty when it is. */
  readonly why: string;
}

/**
 * Applies a decided proposal; for a pending one a decision is asked for.
 *
 * @param context The call
 * @param id The proposal
 * @param approved What the agent says about an approval; it counts only where the law itself says so
 * @returns What came of it
 * @throws {KairosError} `refused` when it was turned down, is over, or an answer does not count;
 *   `conflict` when what it rests on has changed; `not_found`
 */
export async function settle(
  context: ToolContext,
  id: string,
  approved: boolean,
): Promise<Settled> {
  const evolution = await context.instance.evolution();
  const stored = evolution.show(id);
  if (stored.state !== "pending") return await applied(evolution, context, id, null);
  const draft = evolution.draft(id, "approve");
  const { settings } = await evolution.inForce();
  const decideHere = async (verdict: "approve" | "reject", strength: Strength) =>
    await evolution.decide(
      id,
      verdict,
      { strength, seq: draft.seq, shown: stored.hash },
      context.actor,
    );
  const pending = (why: string, ask: Question | null = null): Settled => ({
    stored,
    applied: null,
    strength: null,
    ask,
    why: `${why}. A person decides with \`${decideWith(id)}\``,
  });
  if (draft.required > 0) return pending("Its approvers have to sign");
  if (draft.needsStrength) return pending("It goes beyond what the law leaves to anybody here");
  if (approved && settings.allowAsserted) {
    await decideHere("approve", "asserted");
    return await applied(evolution, context, id, "asserted");
  }
  if (!settings.allowClient) return pending("The law does not count what a client says");
  if (!context.client.can.elicitation) return pending("This client cannot ask anybody");
  const question = proposalQuestion(stored);
  if (question === null) return pending("It is too long to be shown here");
  const answer = context.client.answer(question.about);
  if (answer === null) return pending("Nobody has decided yet", question);
  if (answer === "approve") {
    await decideHere("approve", "client");
    return await applied(evolution, context, id, "client");
  }
  if (answer === "reject") {
    const rejected = await decideHere("reject", "client");
    const why = "The person turned it down. That is an answer: do not look for another door";
    return { stored: rejected, applied: null, strength: "client", ask: null, why };
  }
  return pending("The person was asked and has not decided");
}

async function applied(
  evolution: Evolution,
  { actor }: ToolContext,
  id: string,
  strength: Strength | null,
): Promise<Settled> {
  const { state } = evolution.show(id);
  if (state === "rejected") {
    throw new KairosError("refused", `Cannot apply proposal ${quote(id)}: it was turned down`, {
      hint: "That is an answer: do not look for another door",
    });
  }
  const done = await evolution.apply(id, actor);
  return { stored: done.stored, applied: done, strength, ask: null, why: "" };
}
