/**
 * `skills/law.json`: which law is in force, and the blocks that prove it.
 *
 * ```json
 * {"version":1,"epoch":0,"seq":3,"object":"…","ast":"…","proposal":"20260120-…","decision":{"index":7,
 * "offset":3120,"hash":"…"},"applied":{"index":8,"offset":4021,"hash":"…"}}
 * ```
 *
 * It is a pointer and proves nothing by itself: what it names is looked up. See
 * `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import type { BlockPointer } from "../ledger/block_at.ts";
import { hasShape, is, parseObject } from "./shape.ts";

/** The content of `skills/law.json`, keys in the order they are written. */
export interface LawFile {
  /** Format version. */
  readonly version: 1;
  /** Epoch of the approver set the decision was made under. */
  readonly epoch: number;
  /** Number of the decision; 0 for the law an instance begins with. */
  readonly seq: number;
  /** SHA-256 of the source text, kept as an object. */
  readonly object: string;
  /** Hash of the law as data. */
  readonly ast: string;
  /** Id of the proposal, or `null` for the law an instance begins with. */
  readonly proposal: string | null;
  /** Block of the decision; that of `law_genesis` for the law an instance begins with. */
  readonly decision: BlockPointer;
  /** Block of the transition; that of `law_genesis` for the law an instance begins with. */
  readonly applied: BlockPointer;
}

/** Where it is, relative to the data directory. */
export const LAW_FILE = "skills/law.json";
/** The working copy. */
export const LAW_SOURCE = "skills/kairos.ts";
/** The law of the existing implementation. */
export const RUBY_SOURCE = "skills/kairos.rb";
/** Longest pointer file that is read. */
export const MAX_POINTER_FILE: number = 16 * 1024;
/** Longest source of a law that is read. */
export const MAX_LAW_SOURCE: number = 1024 * 1024;

const SHAPE = {
  version: is.one(1),
  epoch: is.count,
  seq: is.count,
  object: is.hash,
  ast: is.hash,
  proposal: is.or(is.one(null), is.text),
  decision: is.pointer,
  applied: is.pointer,
};

/**
 * The bytes of `skills/law.json`.
 *
 * @param file What it says
 * @returns One JSON object and a line break
 */
export function encodeLawFile(file: LawFile): Uint8Array {
  const { version, epoch, seq, object, ast, proposal, decision, applied } = file;
  const ordered = { version, epoch, seq, object, ast, proposal, decision, applied };
  return new TextEncoder().encode(JSON.stringify(ordered) + "\n");
}

/**
 * Reads `skills/law.json`, or the like beside a snapshot.
 *
 * @param text Its text
 * @returns What it says, or `null` when it is none
 */
export function parseLawFile(text: string): LawFile | null {
  const value: unknown = parseObject(text);
  return isLawFile(value) ? value : null;
}

/**
 * Whether parsed JSON says which law is in force.
 *
 * @param value Parsed JSON
 * @returns `true` when every key is there
 */
export function isLawFile(value: unknown): value is LawFile {
  return hasShape(value, SHAPE);
}
