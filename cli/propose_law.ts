/**
 * Proposing a change of the law from the command line.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import type { ChangeRequest } from "../core/evolution/change.ts";
import type { Evolution } from "../core/evolution/evolution.ts";
import type { CliContext } from "./context.ts";
import { textOption } from "./parameters.ts";
import { checkTable, proposalJson } from "./proposal_view.ts";
import { styleFor } from "./render/style.ts";

/** Why something is proposed. */
export const REASON = { reason: textOption("TEXT", "Why; goes on the chain with the proposal") };

/**
 * Proposes a change and tells what to do next.
 *
 * @param context Streams
 * @param evolution The law
 * @param request What is asked for
 * @param more What programs are told beside the proposal
 * @throws {KairosError} those of {@linkcode Evolution.propose}
 */
export async function proposeLaw(
  context: CliContext,
  evolution: Evolution,
  request: ChangeRequest,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const stored = await evolution.propose(request, await context.actor());
  const { proposal: { id, kind, subject, checks } } = stored;
  context.print(
    { ...proposalJson(stored), ...more },
    () => `Proposed: ${kind} of ${subject}, ${id}\n`,
  );
  const open = checks.filter(({ verdict }) => verdict !== "passed");
  if (!context.json && open.length > 0) {
    const { stderr, env } = context.io;
    const look = { columns: stderr.columns, style: styleFor(stderr.isTerminal, env) };
    stderr.write(checkTable(open, { ...look, body: String }));
  }
  context.say(`Next: kairos proposals approve ${id}`);
}

/**
 * Proposes a whole law; where none was ever decided, lets a person begin with it.
 *
 * @param context Streams
 * @param evolution The law
 * @param source Its source text
 * @param reason Why
 * @param more What programs are told beside the outcome
 * @throws {KairosError} `refused` when nobody can be asked for the beginning or says no, and those of
 *   {@linkcode Evolution.propose}
 */
export async function adoptLaw(
  context: CliContext,
  evolution: Evolution,
  source: string,
  reason: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { file, status } = await evolution.inForce();
  if (file !== null || status === "last_proven") {
    return await proposeLaw(context, evolution, { kind: "adopt", source, reason }, more);
  }
  await askToBegin(context);
  const begun = await evolution.begin(new TextEncoder().encode(source), await context.actor());
  context.print(
    { began: true, ...begun, ...more },
    () => `The law of this instance begins in block ${begun.decision.index}\n`,
  );
  context.say("Next: kairos skills verify");
}

async function askToBegin({ io }: CliContext): Promise<void> {
  const hint = "Run it yourself in a terminal; nothing else can say yes for you";
  if (!io.stdin.isTerminal || !io.stderr.isTerminal) {
    throw new KairosError("refused", "Cannot begin with a law: this is no terminal", { hint });
  }
  io.stderr.write("This instance has no law. To begin with this one, type yes: ");
  if ((await io.stdin.line()).trim().toLowerCase() === "yes") return;
  throw new KairosError("refused", "Nothing was begun: the answer was not yes");
}
