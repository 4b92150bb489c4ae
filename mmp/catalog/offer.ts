/**
 * An entry of L1 as it is offered to other instances. See `kairos_formats/meeting.md#offers`.
 *
 * @module
 */

import type { Safety } from "../../core/config/safety.ts";
import { type Entry, type EntryLimits, readEntry } from "../../core/layers/entry_folder.ts";
import type { FileMemoOptions } from "../../core/layers/file_memo.ts";
import type { View } from "../../core/layers/view.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { asBoolean } from "../../core/yaml_boolean.ts";
import { type Definition, readDefinition } from "../../core/protocol/definition.ts";

/** What decides about an entry beside the entry. */
export interface OfferRules extends EntryLimits {
  /** Names that are never handed out. */
  readonly safety: Pick<Safety, "isBlocked">;
}

/** What is told of an entry. */
export interface Offer {
  /** The first 16 hexadecimal digits of the SHA-256 of the document's path. */
  readonly id: string;
  /** Name of the document without `.md`. */
  readonly name: string;
  /** Its description, else its first line of text. */
  readonly summary: string;
  /** Its tags. */
  readonly tags: readonly string[];
  /** SHA-256 of the document. */
  readonly hash: string;
  /** Size of the document in bytes. */
  readonly size: number;
}

/** What is known of an entry here; what may be told of it is decided by {@linkcode isOffered}. */
export interface EntryFacts {
  /** The entry. */
  readonly entry: string;
  /** What would be told, or `null` for one that is private or cannot be read. */
  readonly offer: Offer | null;
  /** Whether it says that it is public; otherwise it says nothing about it. */
  readonly saysPublic: boolean;
  /** What it defines; as a text, why that cannot be used. */
  readonly definition: Definition | string | null;
}

/** Longest summary, in characters. */
const MAX_SUMMARY = 200;
/** Front matter of what came from somebody else: it defines nothing here. */
const RECEIVED = ["_received", "_provenance"];

/** How facts are kept. */
export const ENTRY_FACTS: FileMemoOptions<EntryFacts> = {
  most: 2 ** 23,
  weigh: ({ offer, definition }) =>
    200 + (offer === null ? 0 : offer.summary.length + offer.tags.join().length) +
    JSON.stringify(definition).length,
};

/**
 * What is known of an entry.
 *
 * @param files The files
 * @param home The folder entries lie in
 * @param name The entry
 * @param rules Bounds of reading, names that are blocked
 * @returns The facts
 */
export function entryFacts(
  files: View,
  home: string,
  name: string,
  rules: OfferRules,
): EntryFacts {
  const entry = readEntry(files, home, `${home}/${name}`, name, rules);
  const isReceived = RECEIVED.some((key) => Object.hasOwn(entry.fields, key));
  // What is defined is told in every introduction.
  const mayDefine = entry.problem === null && !entry.isPrivate && !isReceived;
  return {
    entry: name,
    offer: offerOf(entry, rules.safety),
    saysPublic: saysPublic(entry),
    definition: mayDefine ? readDefinition(entry.fields) : null,
  };
}

/**
 * What is told of an entry, when it may be told at all.
 *
 * @param entry The entry
 * @param safety Names that are never handed out
 * @returns The offer; `null` for what is private, blocked, cannot be read or has no document
 */
export function offerOf(entry: Entry, safety: OfferRules["safety"]): Offer | null {
  const { path, hash, isPrivate, problem, size, tags, description, body } = entry;
  if (path === null || hash === null || isPrivate || problem !== null) return null;
  if (path.split("/").some((segment) => safety.isBlocked(segment))) return null;
  return {
    id: sha256(path).slice(0, 16),
    name: path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/, ""),
    summary: summaryOf(description, body),
    tags,
    hash,
    size,
  };
}

/**
 * Whether an entry is offered.
 *
 * @param entry What is known of it, or the entry itself with {@linkcode saysPublic}
 * @param publicByDefault Whether what says nothing is public
 * @returns `false` for what is private, whatever the default is
 */
export function isOffered(
  { offer, saysPublic }: Pick<EntryFacts, "offer" | "saysPublic">,
  publicByDefault: boolean,
): boolean {
  return offer !== null && (saysPublic || publicByDefault);
}

/**
 * Whether an entry says that it is public.
 *
 * @param entry The entry
 * @returns `false` when it says nothing; what says anything else is private already
 */
export function saysPublic({ fields }: Pick<Entry, "fields">): boolean {
  return Object.hasOwn(fields, "public") && asBoolean(fields["public"]) === true;
}

function summaryOf(description: string | null, body: string): string {
  const said = description?.trim() ?? "";
  if (said !== "") return cut(said);
  for (const line of body.split("\n", 1000)) {
    const text = line.trim();
    if (text !== "" && !text.startsWith("#")) return cut(text);
  }
  return "No description available";
}

function cut(text: string): string {
  // More units than characters are never needed.
  return [...text.slice(0, 2 * MAX_SUMMARY)].slice(0, MAX_SUMMARY).join("");
}
