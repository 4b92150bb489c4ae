/**
 * The terminal as the door through which a person decides about the law.
 *
 * There is no option that answers the question: an agent could give it.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { loadApprovers } from "../core/evolution/approvers.ts";
import { signDecision } from "../core/evolution/decision.ts";
import { type DecisionDraft, type DecisionInput, draftFacts } from "../core/evolution/decide.ts";
import type { StoredProposal } from "../core/evolution/proposal_store.ts";
import type { Verdict } from "../core/evolution/records.ts";
import { MAX_ANSWER, readSigned, type SignedDecision } from "../core/evolution/signing.ts";
import type { PublicKey } from "../core/keys/sealed_key.ts";
import type { Instance } from "../core/instance.ts";
import { visible } from "../core/text.ts";
import { readPins } from "./approver_home.ts";
import { withApproverKeys } from "./approver_keys.ts";
import type { CliContext } from "./context.ts";
import { readDocument } from "./document.ts";
import { textsOption } from "./parameters.ts";
import { proposalText, shortId } from "./proposal_view.ts";
import { styleFor } from "./render/style.ts";
import { counted } from "./render/text.ts";

/** A decision somebody asks for at the terminal. */
export interface Wanted {
  /** Id of the proposal. */
  readonly id: string;
  /** Yes or no. */
  readonly verdict: Verdict;
  /** Key files to sign with; those in the person's own folder unless given. */
  readonly keyFile: readonly string[] | undefined;
  /** Files of signatures that were made elsewhere; then nothing is asked here. */
  readonly signature: readonly string[] | undefined;
}

/** The options of a decision. */
export const DECISION_OPTIONS = {
  keyFile: textsOption("PATH", "A key file to sign with, once for each"),
  signature: textsOption("FILE", "Signatures `kairos approver sign` made, once for each file"),
};

/** A decision that was made, or signatures on the way to one. */
export interface Decided {
  /** The proposal: decided, or pending while signatures are missing. */
  readonly stored: StoredProposal;
  /** How sure it is that it was a person. */
  readonly strength: DecisionInput["strength"];
  /** Fingerprint of the approvers who signed, or `null`. */
  readonly fingerprint: string | null;
  /** Who has signed; nobody while there are no approvers. */
  readonly signers: readonly PublicKey[];
  /** How many signatures are missing. */
  readonly missing: number;
}

/**
 * Shows a proposal, lets the person decide, and records it: with keys where there are approvers, else with
 * what the person types. Where more have to sign than are here, the signatures are kept until the last one
 * comes.
 *
 * @param context Streams, environment
 * @param instance The instance, open for writing
 * @param wanted What is to be decided
 * @returns The decision
 * @throws {KairosError} `refused` without a terminal, without a yes, or with keys that do not suffice;
 *   `conflict`, `not_found`
 */
export async function decideProposal(
  context: CliContext,
  instance: Instance,
  { id, verdict, keyFile, signature }: Wanted,
): Promise<Decided> {
  const evolution = await instance.evolution();
  if (signature !== undefined) {
    // A signature says all that a question could, and whose it is.
    const given = await Promise.all(
      signature.map(async (file) => readSigned(await readDocument(context, file, MAX_ANSWER))),
    );
    return await brought(context, instance, { id, verdict }, given);
  }
  requirePerson(context);
  const { draft, others, missing } = evolution.collected(id, verdict);
  const { io } = context;
  io.stderr.write(proposalText(draft.stored, {
    columns: io.stderr.columns,
    style: styleFor(io.stderr.isTerminal, io.env),
    body: (text) => visible(text, "\n\t"),
  }));
  const { set, fingerprint, pin } = loadApprovers(instance.store, readPins(context));
  // Exactly what was shown is decided: the document may have been replaced while the person read it.
  const facts = draftFacts(draft);
  if (set === null) {
    const input = { ...await asked(context, draft), shown: facts.proposal };
    const stored = await evolution.decide(id, verdict, input, await context.actor());
    return { stored, strength: input.strength, fingerprint, signers: [], missing: 0 };
  }
  const pinned = pin === "matches" ? "as pinned" : "not pinned";
  io.stderr.write(`\nApprovers ${fingerprint} (${pinned})\n`);
  const signed = await withApproverKeys(
    context,
    { keys: others, required: missing, least: 1 },
    keyFile,
    (keys) => ({ facts, signatures: keys.map((key) => signDecision(facts, key)) }),
  );
  return await brought(context, instance, { id, verdict }, [signed]);
}

/** Takes signatures, whoever made them and wherever. */
async function brought(
  context: CliContext,
  instance: Instance,
  { id, verdict }: Pick<Wanted, "id" | "verdict">,
  given: readonly SignedDecision[],
): Promise<Decided> {
  const evolution = await instance.evolution();
  const added = await evolution.addSignatures(id, verdict, given, await context.actor());
  const { stored, signers, missing, others } = added;
  if (missing > 0) {
    const names = others.map((key) => `${key.name} (${key.id})`).join(", ");
    context.say(
      `${counted(signers.length, "signature")} kept, ${missing} more needed, of: ${names}\n` +
        `Next: kairos proposals export ${id}${verdict === "reject" ? " --reject" : ""}, then ` +
        "kairos approver sign on another machine",
    );
  }
  const { fingerprint } = loadApprovers(instance.store, readPins(context));
  return { stored, strength: "key", fingerprint, signers, missing };
}

function requirePerson({ io }: CliContext): void {
  if (io.stdin.isTerminal && io.stderr.isTerminal) return;
  throw new KairosError("refused", "Cannot decide: this is no terminal, so no person is asked", {
    hint: "Run it yourself in a terminal; nothing else can say yes for you",
  });
}

async function asked({ io }: CliContext, draft: DecisionDraft): Promise<DecisionInput> {
  const { verdict, stored: { proposal } } = draft;
  const short = shortId(proposal.id);
  const what = `${verdict} ${proposal.kind} of ${visible(proposal.subject)}`;
  io.stderr.write(`\nTo ${what}, type ${short} or yes: `);
  const answer = (await io.stdin.line()).trim().toLowerCase();
  if (answer === "yes" || answer === short || answer === proposal.id) {
    return { strength: "terminal" };
  }
  throw new KairosError("refused", "Nothing was decided: the answer was neither the id nor yes", {
    hint: "Nothing was changed",
  });
}
