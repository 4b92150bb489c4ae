/**
 * A decision that is signed on another machine: the request that goes there, and the signatures that
 * come back. Both are one JSON object.
 *
 * ```json
 * {"version":1,"type":"decision_request","decision":{"instance":"…","epoch":1,"proposal":"…","seq":7,
 *  "base":"…","new":"…","verdict":"approve","expires":"…"},"document":"…","contents":{"<SHA-256>":"<base64>"}}
 * {"version":1,"type":"decision_signatures","decision":{…},"signatures":[{"key":"…","signature":"…"}]}
 * ```
 *
 * Neither is believed: whoever signs sees what the document itself would change, and what comes back is
 * held against the proposal as it is then. See `kairos_formats/approvers.md#signing-elsewhere`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import { type DecisionFacts, decisionText } from "./decision.ts";
import { descriptionProblem } from "./describe_change.ts";
import { MAX_PROPOSAL, parseProposal } from "./proposal.ts";
import type { StoredProposal } from "./proposal_store.ts";
import { hasShape, is, parseObject } from "./shape.ts";
import { asSignatures, type Signature } from "./signatures.ts";

/** What goes to the machine of an approver. */
export interface SigningRequest {
  /** What is signed. */
  readonly facts: DecisionFacts;
  /** The proposal, read from its own document. */
  readonly stored: StoredProposal;
}

/** What comes back. */
export interface SignedDecision {
  /** What was signed. */
  readonly facts: DecisionFacts;
  /** The signatures. */
  readonly signatures: readonly Signature[];
}

/** Longest request that is written or read, in bytes. */
export const MAX_REQUEST: number = 16 * 1024 * 1024;
/** Longest list of signatures that is read, in bytes. */
export const MAX_ANSWER: number = 64 * 1024;

const FACTS = {
  instance: is.hash,
  epoch: is.count,
  proposal: is.hash,
  seq: is.count,
  base: is.hash,
  new: is.hash,
  verdict: is.one("approve", "reject"),
  expires: is.time,
};

/**
 * Writes a request.
 *
 * @param facts What is to be signed
 * @param document The bytes of the proposal's document
 * @param contents What the document names, by SHA-256
 * @returns One line
 * @throws {KairosError} `too_large`
 */
export function encodeRequest(
  facts: DecisionFacts,
  document: Uint8Array,
  contents: ReadonlyMap<string, Uint8Array>,
): string {
  const text = JSON.stringify({
    version: 1,
    type: "decision_request",
    decision: facts,
    document: new TextDecoder().decode(document),
    contents: Object.fromEntries([...contents].map(([id, bytes]) => [id, bytes.toBase64()])),
  });
  if (text.length <= MAX_REQUEST) return `${text}\n`;
  throw new KairosError("too_large", `Cannot export the proposal: it takes ${text.length} bytes`, {
    hint: "Sign it where the instance is",
  });
}

/**
 * Reads a request as somebody sent it. The document has to be the one the decision is about, and to tell
 * what the contents that came with it would change.
 *
 * @param text The request
 * @returns What to show and to sign
 * @throws {KairosError} `invalid`, `too_large`
 */
export function readRequest(text: string): SigningRequest {
  if (text.length > MAX_REQUEST) throw unreadable("it is too long", "too_large");
  const value = parseObject(text);
  const shape = { version: is.one(1), type: is.one("decision_request"), document: is.text };
  const facts = value === null ? null : asFacts(value.decision);
  if (value === null || !hasShape(value, shape) || facts === null) {
    throw unreadable("it is none");
  }
  const bytes = new TextEncoder().encode(value.document as string);
  const proposal = bytes.length > MAX_PROPOSAL ? null : parseProposal(bytes);
  if (proposal === null) throw unreadable("the proposal in it cannot be read");
  const hash = sha256(bytes);
  const isIts = hash === facts.proposal && proposal.base_hash === facts.base &&
    proposal.new_hash === facts.new && proposal.expires === facts.expires;
  if (!isIts) throw unreadable("the decision is about another proposal than the one in it");
  const contents = asContents(value.contents);
  const problem = contents === null
    ? "what it would bring about cannot be read"
    : descriptionProblem(proposal, (object) => contents.get(object) ?? null);
  if (problem !== null) throw unreadable(problem);
  return { facts, stored: { proposal, hash, state: "pending", note: null } };
}

/**
 * Writes signatures.
 *
 * @param signed What was signed, and the signatures
 * @returns One line
 */
export function encodeSigned({ facts, signatures }: SignedDecision): string {
  const answer = { version: 1, type: "decision_signatures", decision: facts, signatures };
  return `${JSON.stringify(answer)}\n`;
}

/**
 * Reads signatures as somebody sent them. Whether they hold is for others to see.
 *
 * @param text The text
 * @returns What was signed, and the signatures
 * @throws {KairosError} `invalid`
 *
 * @example
 * ```ts
 * import { encodeSigned, readSigned } from "./signing.ts";
 *
 * const hash = "0".repeat(64);
 * const facts = { instance: hash, epoch: 1, proposal: hash, seq: 1, base: hash, new: hash } as const;
 * const yes = { ...facts, verdict: "approve", expires: "2026-01-20T10:30:00Z" } as const;
 * const { signatures } = readSigned(encodeSigned({ facts: yes, signatures: [] }));
 * if (signatures.length !== 0) throw new Error("nobody signed");
 * ```
 */
export function readSigned(text: string): SignedDecision {
  const value = text.length > MAX_ANSWER ? null : parseObject(text);
  const shape = { version: is.one(1), type: is.one("decision_signatures") };
  const facts = value === null ? null : asFacts(value.decision);
  const signatures = asSignatures(value?.signatures);
  if (!hasShape(value, shape) || facts === null || signatures === null) {
    throw new KairosError("invalid", "Cannot read the signatures: it is no file of them", {
      hint: "Have it sent again as `kairos approver sign` prints it",
    });
  }
  return { facts, signatures };
}

/**
 * In what two decisions differ.
 *
 * @param signed What was signed
 * @param wanted What is to be decided
 * @returns What is wrong with the signature, or `null`
 */
export function signedForAnother(signed: DecisionFacts, wanted: DecisionFacts): string | null {
  if (decisionText(signed) === decisionText(wanted)) return null;
  return OTHERS.find(([name]) => signed[name] !== wanted[name])?.[1] ?? "they say something else";
}

/** What another value of each part means, what says most first. */
const OTHERS: readonly (readonly [keyof DecisionFacts, string])[] = [
  ["instance", "they were made for another instance"],
  ["proposal", "they were made for another proposal"],
  ["epoch", "they were made under approvers of another epoch"],
  ["verdict", "they say the opposite"],
  ["seq", "another decision came first"],
  ["base", "they rest on another law"],
  ["new", "they were made for another change"],
  ["expires", "they name another end"],
];

function asFacts(value: unknown): DecisionFacts | null {
  if (!hasShape(value, FACTS)) return null;
  const { instance, epoch, proposal, seq, base, new: next, verdict, expires } = value as
    & DecisionFacts
    & object;
  return { instance, epoch, proposal, seq, base, new: next, verdict, expires };
}

/** Only what hashes to its name counts as content. */
function asContents(value: unknown): Map<string, Uint8Array> | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const contents = new Map<string, Uint8Array>();
  for (const [object, text] of Object.entries(value)) {
    const bytes = decoded(text);
    if (bytes === null || sha256(bytes) !== object) return null;
    contents.set(object, bytes);
  }
  return contents;
}

function decoded(text: unknown): Uint8Array | null {
  try {
    return typeof text === "string" ? Uint8Array.fromBase64(text) : null;
  } catch {
    return null;
  }
}

function unreadable(what: string, code: "invalid" | "too_large" = "invalid"): KairosError {
  return new KairosError(code, `Cannot sign the request: ${what}`, {
    hint: "Have it made again with `kairos proposals export`",
  });
}
