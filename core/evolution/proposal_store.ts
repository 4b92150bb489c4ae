/**
 * The proposals of an instance: `skills/proposals/<id>.json` and, once decided, `<id>.state.json`.
 *
 * A note of state points to blocks and is believed only as far as they bear it out. See
 * `kairos_formats/evolution.md#proposals`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { View } from "../layers/view.ts";
import type { BlockPointer } from "../ledger/block_at.ts";
import { sha256 } from "../objects/objects.ts";
import { quote } from "../text.ts";
import { isProposalId, MAX_PROPOSAL, parseProposal, type Proposal } from "./proposal.ts";
import type { Verdict } from "./records.ts";
import { hasShape, is, parseObject } from "./shape.ts";

/** Where proposals are, relative to the data directory. */
export const PROPOSALS = "skills/proposals";

/** What was noted about a decided proposal, keys in the order they are written. */
export interface StateNote {
  /** Format version. */
  readonly version: 1;
  /** Id of the proposal. */
  readonly id: string;
  /** Yes or no. */
  readonly verdict: Verdict;
  /** Number of the decision. */
  readonly seq: number;
  /** Block of the decision. */
  readonly decision: BlockPointer;
  /** Block of the transition, or `null` while the change is not made. */
  readonly applied: BlockPointer | null;
}

/** How far a proposal has come. */
export type ProposalState = "pending" | "approved" | "rejected" | "expired" | "applied";

/** A proposal with its state. */
export interface StoredProposal {
  /** Its document. */
  readonly proposal: Proposal;
  /** SHA-256 of its document. */
  readonly hash: string;
  /** How far it has come. */
  readonly state: ProposalState;
  /** What was noted about its decision, or `null`. */
  readonly note: StateNote | null;
}

/** Longest note that is read. */
const MAX_NOTE = 4096;

const NOTE = {
  version: is.one(1),
  id: is.text,
  verdict: is.one("approve", "reject"),
  seq: is.count,
  decision: is.pointer,
  applied: is.or(is.one(null), is.pointer),
};

/**
 * Reads one proposal.
 *
 * @param view The files
 * @param id Its id
 * @param now Milliseconds since the epoch
 * @returns The proposal and its state
 * @throws {KairosError} `invalid` for what is no id, `not_found`, `corrupt` when it is no proposal
 */
export function readProposal(view: View, id: string, now: number): StoredProposal {
  if (!isProposalId(id)) {
    throw new KairosError("invalid", `Cannot look for proposal ${quote(id)}: that is no id`, {
      hint: "An id looks like 20260120-103000-0a1b2c3d; list them with `kairos proposals list`",
    });
  }
  const bytes = view.read(documentPath(id), MAX_PROPOSAL);
  if (bytes === null) {
    throw new KairosError("not_found", `Proposal ${quote(id)} not found`, {
      hint: "List the proposals with `kairos proposals list`",
    });
  }
  const proposal = parseProposal(bytes);
  if (proposal?.id !== id) {
    throw new KairosError(
      "corrupt",
      `Cannot read proposal ${quote(id)}: its document was changed`,
      {
        hint: "Propose the change again",
      },
    );
  }
  const note = readNote(view, id);
  return { proposal, hash: sha256(bytes), note, state: stateOf(proposal, note, now) };
}

/**
 * Reads one proposal of many: one that somebody damaged is reported where it is shown.
 *
 * @param view The files
 * @param id Its id
 * @param now Milliseconds since the epoch
 * @returns The proposal and its state, or `null` when it cannot be read
 * @throws {KairosError} `io`
 */
export function readQuietly(view: View, id: string, now: number): StoredProposal | null {
  try {
    return readProposal(view, id, now);
  } catch (error) {
    if (error instanceof KairosError && error.code !== "io") return null;
    throw error;
  }
}

/**
 * The ids of all proposals, newest first.
 *
 * @param view The files
 * @returns The ids
 */
export function proposalIds(view: View): string[] {
  return view.list(PROPOSALS)
    .filter(({ name, kind }) => kind === "file" && name.endsWith(".json"))
    .map(({ name }) => name.slice(0, -".json".length))
    .filter(isProposalId)
    .reverse();
}

/**
 * The note of a proposal's state.
 *
 * @param view The files
 * @param id Its id
 * @returns The note, or `null` when it is not decided
 */
export function readNote(view: View, id: string): StateNote | null {
  const bytes = view.read(notePath(id), MAX_NOTE);
  if (bytes === null) return null;
  const value: unknown = parseObject(new TextDecoder().decode(bytes));
  return isNote(value) && value.id === id ? value : null;
}

/**
 * The bytes of a note.
 *
 * @param note What it says
 * @returns One JSON object and a line break
 */
export function encodeNote(
  { version, id, verdict, seq, decision, applied }: StateNote,
): Uint8Array {
  const ordered = { version, id, verdict, seq, decision, applied };
  return new TextEncoder().encode(JSON.stringify(ordered) + "\n");
}

/**
 * Where a proposal's document is.
 *
 * @param id Its id
 * @returns The path, relative to the data directory
 */
export function documentPath(id: string): string {
  return `${PROPOSALS}/${id}.json`;
}

/**
 * Where the note of its state is.
 *
 * @param id Its id
 * @returns The path, relative to the data directory
 */
export function notePath(id: string): string {
  return `${PROPOSALS}/${id}.state.json`;
}

function stateOf({ expires }: Proposal, note: StateNote | null, now: number): ProposalState {
  if (note !== null && note.applied !== null) return "applied";
  if (note?.verdict === "reject") return "rejected";
  if (now >= Date.parse(expires)) return "expired";
  return note === null ? "pending" : "approved";
}

function isNote(value: unknown): value is StateNote {
  return hasShape(value, NOTE);
}
