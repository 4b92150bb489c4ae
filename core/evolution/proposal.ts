/**
 * A proposal: a change that waits for a person.
 *
 * Its document says everything a decision is about and never changes; its SHA-256 is on the chain and
 * in every signature. See `kairos_formats/evolution.md#proposals`.
 *
 * @module
 */

import type { Json } from "../dsl/ast.ts";
import { canonicalJson } from "../dsl/canonical.ts";
import { sha256 } from "../objects/objects.ts";
import { entryNameOf } from "../layers/new_entry.ts";
import { isKind, type KindName, KINDS } from "./kinds.ts";
import { hasShape, is, parseObject } from "./shape.ts";

/** One file a proposal changes. */
export interface ProposedFile {
  /** Path relative to the data directory. */
  readonly path: string;
  /** SHA-256 of it before, or `null` when it is new. */
  readonly base: string | null;
  /** SHA-256 of it after, kept as an object, or `null` when it goes. */
  readonly new: string | null;
}

/** What a mechanical check found; `person`: only a person can tell, or let it pass. */
export interface CheckResult {
  /** Name of the check. */
  readonly name: string;
  /** The outcome. */
  readonly verdict: "passed" | "failed" | "unknown" | "person";
  /** What was found. */
  readonly detail: string;
}

/** The document of a proposal. */
export interface Proposal {
  /** Format version. */
  readonly version: 1;
  /** Day, time and eight digits; also the name of its file. */
  readonly id: string;
  /** The kind of change. */
  readonly kind: KindName;
  /** What it is about: a skill's id, a mode, a version. */
  readonly subject: string;
  /** The files it changes. */
  readonly files: readonly ProposedFile[];
  /** Hash of the law before, or of the files before. */
  readonly base_hash: string;
  /** Hash of the law after, or of the files after. */
  readonly new_hash: string;
  /** What the checks said when it was made; they are made again when it is applied. */
  readonly checks: readonly CheckResult[];
  /** What changes, for people: as text, and as the fields of skills. */
  readonly diff: { readonly prose: string; readonly ast: Json };
  /** Who acted. */
  readonly principal: string;
  /** What the client called itself. */
  readonly agent_id: string | null;
  /** Where the content comes from; only `local` content can become law. */
  readonly origin: string;
  /** Why. */
  readonly reason: string;
  /** UTC. */
  readonly created: string;
  /** UTC; afterwards it can neither be decided nor applied. */
  readonly expires: string;
}

/** Longest proposal document. */
export const MAX_PROPOSAL: number = 4 * 1024 * 1024;
/** Longest reason, in UTF-16 units. */
export const MAX_REASON = 4096;
/** Longest textual diff in a proposal; the rest is found in the objects. */
export const MAX_DIFF: number = 512 * 1024;

const ID = /^\d{8}-\d{6}-[0-9a-f]{8}$/;
const NULLABLE_HASH = is.or(is.one(null), is.hash);

const SHAPE = {
  version: is.one(1),
  id: (value: unknown) => is.text(value) && isProposalId(value),
  kind: isKind,
  subject: is.text,
  files: is.list(is.shape({ path: is.text, base: NULLABLE_HASH, new: NULLABLE_HASH }), 16),
  base_hash: is.hash,
  new_hash: is.hash,
  checks: is.list(
    is.shape({
      name: is.text,
      verdict: is.one("passed", "failed", "unknown", "person"),
      detail: is.text,
    }),
    64,
  ),
  diff: is.shape({ prose: is.text, ast: (value: unknown) => value !== undefined }),
  principal: is.text,
  agent_id: is.or(is.one(null), is.text),
  origin: is.text,
  reason: is.text,
  created: is.time,
  expires: is.time,
};

/**
 * Whether a text is the id of a proposal, and so can be part of a path.
 *
 * @param text Any text
 * @returns `true` for eight digits, six digits and eight hexadecimal digits, joined by dashes
 */
export function isProposalId(text: string): boolean {
  return ID.test(text);
}

/**
 * A new id.
 *
 * @param now Milliseconds since the epoch
 * @returns The UTC time with milliseconds and five random digits
 */
export function newProposalId(now: number): string {
  const digits = new Date(now).toISOString().replace(/\D/g, "");
  const random = crypto.randomUUID().slice(0, 5);
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${digits.slice(14, 17)}${random}`;
}

/**
 * The bytes of a proposal's document: canonical JSON.
 *
 * @param proposal The proposal
 * @returns The bytes; their SHA-256 is the proposal's hash
 */
export function encodeProposal(proposal: Proposal): Uint8Array {
  return new TextEncoder().encode(canonicalJson(proposal as unknown as Json));
}

/**
 * Reads a proposal's document.
 *
 * @param bytes Its bytes
 * @returns The proposal, or `null` for what is none, is not canonical, or touches files its kind may not
 */
export function parseProposal(bytes: Uint8Array): Proposal | null {
  if (bytes.length > MAX_PROPOSAL) return null;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const value: unknown = parseObject(text);
  if (!isProposal(value)) return null;
  const isCanonical = sha256(encodeProposal(value)) === sha256(bytes);
  return isCanonical && hasOwnFiles(value) ? value : null;
}

/**
 * The hash of a list of files, before or after.
 *
 * @param files The files
 * @param side Which of their hashes
 * @returns SHA-256 of the list of path and hash as canonical JSON
 */
export function filesHash(files: readonly ProposedFile[], side: "base" | "new"): string {
  return sha256(canonicalJson(files.map((file) => [file.path, file[side]])));
}

function isProposal(value: unknown): value is Proposal {
  return hasShape(value, SHAPE);
}

/** Whether the files are the document of one entry; only an adopted one may have been there before. */
function isOneEntry(
  files: readonly ProposedFile[],
  name: string,
  makes: "received" | "adopted",
): boolean {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0 || file.new === null) return false;
  const mayBe = file.base === null || (makes === "adopted" && file.base !== file.new);
  return mayBe && entryNameOf(file.path) === name;
}

/** Whether the files are those its kind may touch, and the hashes those of the files. */
function hasOwnFiles({ kind, subject, files, base_hash, new_hash }: Proposal): boolean {
  const { paths, changesLaw, skillset, makes } = KINDS[kind];
  if (files.some(({ path }) => !paths.test(path))) return false;
  if (new Set(files.map(({ path }) => path)).size < files.length) return false;
  if (changesLaw) return files.length === 1 && files[0]!.new !== null;
  const isOther = files.length !== 1 || files[0]!.path !== `skillsets/${subject}`;
  if (skillset !== null && isOther) return false;
  if (makes !== null && !isOneEntry(files, subject, makes)) return false;
  return base_hash === filesHash(files, "base") && new_hash === filesHash(files, "new");
}
