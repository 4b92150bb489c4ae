/**
 * `kairos proposals list`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import type { ListedProposal } from "../../../core/evolution/evolution.ts";
import type { ProposalState } from "../../../core/evolution/proposal_store.ts";
import { quote } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { numberOption, type OptionalFlag } from "../../parameters.ts";
import { proposalJson, STATES } from "../../proposal_view.ts";
import { renderTable } from "../../render/table.ts";
import { shortTime } from "../../render/text.ts";

interface Flags {
  readonly state: ProposalState | undefined;
  readonly limit: number | undefined;
}

const STATE: OptionalFlag<ProposalState> = {
  kind: "parsed",
  brief: `Only those: ${STATES.join(", ")}`,
  placeholder: "STATE",
  optional: true,
  parse: (input) => {
    const state = STATES.find((one) => one === input.toLowerCase());
    if (state !== undefined) return state;
    throw new KairosError("usage", `expected one of ${STATES.join(", ")}`);
  },
};

/** Lists the proposals. */
export default defineCommand({
  about: "Lists proposals, newest first. Those that are pending wait for you to decide.",
  examples: [
    { call: "proposals list --state pending", does: "What waits for a decision" },
    { call: "proposals list --json", does: "For programs" },
  ],
  isLong: true,
  parameters: {
    flags: {
      state: STATE,
      limit: numberOption("N", "Most of them; 50 unless given", { min: 1, max: 100_000 }),
    },
  },
  async run(context: CliContext, { state, limit }: Flags) {
    const evolution = await (await context.open()).evolution();
    const filter = { most: limit ?? 50, ...state === undefined ? {} : { state } };
    const found = evolution.list(filter);
    context.print({ proposals: found.map(rowJson) }, () => table(found, context));
    const waiting = found.find(({ stored }) => stored?.state === "pending");
    if (waiting !== undefined) context.say(`Next: kairos proposals show ${waiting.id}`);
  },
});

/** Documents can be long; `proposals show` has all of one. */
function rowJson({ id, stored, problem }: ListedProposal): Record<string, unknown> {
  if (stored === null) return { id, problem };
  const { diff: _, ...rest } = proposalJson(stored);
  return { ...rest, problem };
}

function table(rows: readonly ListedProposal[], { io, style }: CliContext): string {
  if (rows.length === 0) return "There are no proposals\n";
  return renderTable(
    [
      { title: "ID", cell: ({ id }) => id },
      { title: "STATE", cell: ({ stored }) => stored?.state ?? "unreadable" },
      { title: "KIND", cell: ({ stored }) => stored?.proposal.kind ?? "-" },
      { title: "SUBJECT", cell: ({ stored }) => stored?.proposal.subject ?? "-", shrinksTo: 12 },
      { title: "BY", cell: ({ stored }) => stored?.proposal.principal ?? "-", shrinksTo: 8 },
      { title: "EXPIRES", cell: ({ stored }) => shortTime(stored?.proposal.expires ?? null) },
      {
        title: "REASON",
        cell: ({ stored, problem }) => stored?.proposal.reason ?? quote(problem),
        shrinksTo: 12,
      },
    ],
    rows,
    { width: io.stdout.columns, heading: style.strong },
  );
}
