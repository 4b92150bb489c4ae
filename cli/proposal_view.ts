/**
 * Proposals as commands show them.
 *
 * @module
 */

import type { Json } from "../core/dsl/ast.ts";
import type { CheckResult, Proposal } from "../core/evolution/proposal.ts";
import type { ProposalState, StoredProposal } from "../core/evolution/proposal_store.ts";
import { diffLines } from "../core/text_diff.ts";
import { colouredDiff } from "./render/diff.ts";
import type { Style } from "./render/style.ts";
import { renderTable } from "./render/table.ts";
import { counted, renderPairs, shortTime } from "./render/text.ts";

/** How far a proposal can have come. */
export const STATES: readonly ProposalState[] = [
  "pending",
  "approved",
  "rejected",
  "expired",
  "applied",
];

/** How something is shown. */
export interface Look {
  /** Columns of the terminal, or `null`. */
  readonly columns: number | null;
  /** Marks texts. */
  readonly style: Style;
  /** Text from outside as it may be shown there. */
  readonly body: (text: string) => string;
}

/**
 * The part of an id people type.
 *
 * @param id Id of a proposal
 * @returns Its last eight digits
 */
export function shortId(id: string): string {
  return id.slice(-8);
}

/** A proposal for programs: its document, and how far it has come. */
export interface ProposalView extends Proposal {
  /** SHA-256 of the document. */
  readonly hash: string;
  /** How far it has come. */
  readonly state: ProposalState;
  /** What was noted about its decision, or `null`. */
  readonly decided: StoredProposal["note"];
}

/**
 * A proposal for programs.
 *
 * @param stored The proposal
 * @returns Plain data
 */
export function proposalJson(
  { proposal, hash, state, note }: StoredProposal,
): ProposalView {
  return { ...proposal, hash, state, decided: note };
}

/**
 * A proposal for people: what it is, what the checks say, what it changes as text and as data.
 *
 * @param stored The proposal
 * @param look Where it is shown
 * @returns Lines, each ended by a newline
 */
export function proposalText({ proposal, hash, state, note }: StoredProposal, look: Look): string {
  const { style } = look;
  const by = proposal.agent_id === null ? "" : ` (${proposal.agent_id})`;
  const head = renderPairs([
    ["Proposal", proposal.id],
    ["State", note === null ? state : `${state}, decision ${note.seq}`],
    ["Kind", `${proposal.kind} of ${proposal.subject}`],
    ["By", `${proposal.principal}${by}, ${shortTime(proposal.created)}`],
    ["Origin", proposal.origin],
    ["Reason", proposal.reason],
    ["Expires", shortTime(proposal.expires)],
    ["Hash", hash],
  ]);
  return head + section("Checks", checkTable(proposal.checks, look), style) +
    diffText(proposal.diff, look);
}

/**
 * What differs, as data and as text.
 *
 * @param diff The differences
 * @param look Where they are shown
 * @returns Lines, each ended by a newline
 */
export function diffText({ ast, prose }: Proposal["diff"], look: Look): string {
  const { style } = look;
  return section("As data", changeTable(ast, look), style) +
    section("As text", prose && ended(colouredDiff(look.body(prose), style)), style);
}

function section(title: string, text: string, { strong }: Style): string {
  return text === "" ? "" : `\n${strong(title)}\n${text}`;
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/**
 * The outcome of checks.
 *
 * @param checks The checks
 * @param look Where they are shown
 * @returns Lines, each ended by a newline
 */
export function checkTable(checks: readonly CheckResult[], { columns, style }: Look): string {
  if (checks.length === 0) return "";
  return renderTable(
    [
      { title: "VERDICT", cell: ({ verdict }) => verdict },
      { title: "CHECK", cell: ({ name }) => name },
      { title: "FOUND", cell: ({ detail }) => detail, shrinksTo: 20 },
    ],
    checks,
    { width: columns, heading: style.strong },
  );
}

/** What differs between the laws; documents of other versions may hold anything. */
function changeTable(ast: Json, { columns, style }: Look): string {
  const changes = Array.isArray(ast) ? ast as readonly Json[] : [];
  if (changes.length === 0) return "";
  const rows = changes.map((change) => {
    const fields = isObject(change) ? change : {};
    const [before, after] = sides(fields["before"] ?? null, fields["after"] ?? null);
    const word = (name: string) => inLine(fields[name] ?? null);
    const [skill, field, node, what] = ["skill", "field", "node", "change"].map(word);
    return { skill, field, node, change: what, before, after };
  });
  const cell = (name: keyof typeof rows[number]) => (row: typeof rows[number]) => row[name] ?? "-";
  return renderTable(
    [
      { title: "SKILL", cell: cell("skill") },
      { title: "FIELD", cell: cell("field") },
      { title: "STATEMENT", cell: cell("node"), shrinksTo: 10 },
      { title: "CHANGE", cell: cell("change") },
      { title: "BEFORE", cell: cell("before"), shrinksTo: 16 },
      { title: "AFTER", cell: cell("after"), shrinksTo: 16 },
    ],
    rows,
    { width: columns ?? 160, heading: style.strong },
  );
}

/** Longest beginning two values may share and still be shown from there. */
const SHARED = 20;
/** What is shown of the beginning two longer values share. */
const LEAD = 8;

/**
 * Two values beside each other, so that they look different: texts of several lines as their sizes,
 * since the text below has them; of others no more than the end of what they share.
 */
function sides(before: Json, after: Json): [before: string, after: string] {
  const hasLines = [before, after].some((one) => typeof one === "string" && one.includes("\n"));
  const areTexts = [before, after].every((one) => one === null || typeof one === "string");
  if (hasLines && areTexts) {
    const [from, to] = [before ?? "", after ?? ""].map(String) as [string, string];
    const runs = diffLines(from, to);
    const many = (kind: "added" | "removed") =>
      runs.filter((run) => run.kind === kind).reduce((sum, { lines }) => sum + lines.length, 0);
    const size = (text: string) => counted([...text].length, "character");
    return [
      before === null ? "-" : size(from),
      after === null ? "-" : `${size(to)}, +${many("added")}/−${many("removed")} lines`,
    ];
  }
  const [from, to] = [[...inLine(before)], [...inLine(after)]];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const shown = (chars: readonly string[]) =>
    shared <= SHARED ? chars.join("") : `…${chars.slice(shared - LEAD).join("")}`;
  return [shown(from), shown(to)];
}

function inLine(value: Json): string {
  if (value === null) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
