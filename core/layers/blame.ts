/**
 * Which version brought each line of an entry's document.
 *
 * Records carry hashes, objects the texts. A version whose object is not kept is named, and what came
 * with it or with the next one is marked as uncertain, never guessed.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { ObjectStore } from "../objects/objects.ts";
import { quote } from "../text.ts";
import { diffLines } from "../text_diff.ts";
import type { KnowledgeLayer } from "./knowledge.ts";
import { type LibrarySource, withoutRecords } from "./library.ts";
import type { KnowledgeRecord } from "./records.ts";

/** What blaming needs of an instance. */
export interface BlameSource extends LibrarySource {
  /** L1. */
  readonly knowledge: Pick<KnowledgeLayer, "history" | "get">;
  /** The objects. */
  readonly store: { readonly objects: Pick<ObjectStore, "get"> };
}

/** A text an entry once had. */
export interface Version {
  /** SHA-256 of the document. */
  readonly hash: string;
  /** The record that published it, or `null` for an edit past kairos. */
  readonly record: KnowledgeRecord | null;
}

/** A line and where it comes from. */
export interface BlamedLine {
  /** The line without its end. */
  readonly text: string;
  /** The version that brought it. */
  readonly version: Version;
  /** Whether a version before that is not kept and may have brought it. */
  readonly isUncertain: boolean;
}

/** A document and where its lines come from. */
export interface Blame {
  /** The document as it was looked at. */
  readonly version: Version;
  /** Its lines. */
  readonly lines: readonly BlamedLine[];
  /** Versions whose bytes are not kept. */
  readonly missing: readonly Version[];
}

/** Versions compared between two moments for others. */
const TURN = 20;

interface Line {
  readonly line: string;
  readonly version: Version;
  readonly isUncertain: boolean;
}

/**
 * Finds out which version brought each line.
 *
 * @param source The instance
 * @param name The entry
 * @param at The record of the version to look at; unless given the present document, or the last
 *   one of an entry that has gone
 * @returns Its lines with their origin
 * @throws {KairosError} `not_found` for an entry that never was, or when the bytes of the version
 *   itself are not kept
 */
export async function blame(
  source: BlameSource,
  name: string,
  at?: KnowledgeRecord,
): Promise<Blame> {
  const records = await Array.fromAsync(source.knowledge.history(name));
  const steps = versionsOf(records.sort((a, b) => a.block - b.block), at);
  const present = at === undefined ? presentOf(source, name) : null;
  if (present !== null && steps.at(-1)?.hash !== present.hash) {
    steps.push({ hash: present.hash, record: null });
  }
  while (steps.at(-1)?.hash === null) steps.pop();
  const target = steps.at(-1);
  if (target === undefined) {
    throw withoutRecords(source, name);
  }
  const version = target as Version;
  let lines: Line[] = [];
  let unknown: Version[] = [];
  const missing: Version[] = [];
  for (const [count, step] of steps.entries()) {
    if (count % TURN === TURN - 1) await new Promise((resolve) => setTimeout(resolve, 0));
    const text = step.hash === null
      ? ""
      : step.hash === present?.hash
      ? present.text
      : textOf(source, step.hash);
    if (text === null) {
      unknown.push(step as Version);
      missing.push(step as Version);
      continue;
    }
    lines = followed(lines, text, step as Version, unknown.length > 0);
    unknown = [];
  }
  if (unknown.length > 0) {
    throw new KairosError(
      "not_found",
      `Cannot blame ${quote(name)}: the bytes of version ${version.hash.slice(0, 12)} are not kept`,
      { hint: `See which versions are with \`kairos history ${name}\`` },
    );
  }
  return {
    version,
    lines: lines.map(({ line, ...origin }) => ({ text: line.replace(/\n$/, ""), ...origin })),
    missing,
  };
}

/** A text an entry had, or that it had none. */
interface Step {
  readonly hash: string | null;
  readonly record: KnowledgeRecord | null;
}

/** Every text the records tell of, oldest first, up to one of them. */
function versionsOf(records: readonly KnowledgeRecord[], at: KnowledgeRecord | undefined): Step[] {
  const steps: Step[] = [];
  let hash: string | null = null;
  for (const record of records) {
    const { previousHash, nextHash, action } = record;
    // Somebody edited the file before this change; the change kept what was there.
    if (previousHash !== null && previousHash !== hash) {
      steps.push({ hash: previousHash, record: null });
      hash = previousHash;
    }
    if (nextHash !== hash && (nextHash !== null || action === "delete")) {
      steps.push({ hash: nextHash, record });
      hash = nextHash;
    }
    if (at !== undefined && record.block === at.block && record.nextHash === at.nextHash) break;
  }
  return steps;
}

/** The lines of a text, those that were there before with their origin. */
function followed(
  before: readonly Line[],
  text: string,
  version: Version,
  isUncertain: boolean,
): Line[] {
  let at = 0;
  return diffLines(before.map(({ line }) => line).join(""), text).flatMap(({ kind, lines }) => {
    if (kind === "added") return lines.map((line) => ({ line, version, isUncertain }));
    const from = at;
    at += lines.length;
    return kind === "same" ? before.slice(from, at) : [];
  });
}

/** The document as it is on disk, or `null` when there is none that can be read. */
function presentOf(
  { knowledge }: BlameSource,
  name: string,
): { readonly hash: string; readonly text: string } | null {
  try {
    const { hash, text } = knowledge.get(name);
    return hash === null ? null : { hash, text };
  } catch (error) {
    // What a SkillSet has under this name by now is no version of it.
    const codes = ["not_found", "invalid", "refused"];
    if (error instanceof KairosError && codes.includes(error.code)) return null;
    throw error;
  }
}

/** The text of an object; `null` when it is not kept as it was. */
function textOf({ store }: BlameSource, hash: string): string | null {
  try {
    const bytes = store.objects.get(hash);
    return bytes === null ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof KairosError && ["corrupt", "invalid"].includes(error.code)) return null;
    throw error;
  }
}
