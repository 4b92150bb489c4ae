/**
 * Where a document came from and through whose hands it went: the fields `_received` and `_provenance` of
 * its front matter. See `kairos_formats/meeting.md#received`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote, visible } from "../text.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";
import { asBoolean } from "../yaml_boolean.ts";
import { type EntryText, formatEntryText, splitFrontMatter } from "./front_matter.ts";

/** How often a document may be passed on. */
export const MAX_HOPS = 3;
/** Longest chain of hands that is read. */
const MAX_CHAIN = 16;

/** Through whose hands a document went. Every hand says so itself; nothing of it is proven. */
export interface Provenance {
  /** Who had it first. */
  readonly origin: string;
  /** Whom it came through, the origin first. */
  readonly chain: readonly string[];
  /** How often it was passed on before the last of them gave it. */
  readonly hopCount: number;
}

/** That a document was received. */
export interface Receipt {
  /** Instance id of who gave it. */
  readonly from: string;
  /** SHA-256 of that instance's public key. */
  readonly key: string;
  /** Whether it proved to hold that key. */
  readonly proof: "proven" | "none";
  /** When, ISO 8601 UTC. */
  readonly at: string;
  /** What it is called there. */
  readonly name: string;
  /** SHA-256 of the document as it was given. */
  readonly originalHash: string;
}

/** Fields that would give a document from elsewhere a say here; they are kept where nothing reads them. */
const SET_ASIDE: readonly string[] = [
  "allowed-tools",
  "allowed_tools",
  "bootstrap",
  "hooks",
  "layer",
  "type",
];

/**
 * Whether a field of a document from elsewhere is kept where nothing reads it. Who wrote the document does
 * not decide that we hand it on in our name; that it is private does count.
 *
 * @param field Name and value
 * @returns `false` for what stays where it is
 */
export function isSetAside([key, value]: readonly [string, YamlValue]): boolean {
  return SET_ASIDE.includes(key) || (key === "public" && asBoolean(value) === true);
}

const ID = /^[A-Za-z0-9_.:@-]{1,128}$/;

/**
 * Reads through whose hands a document went.
 *
 * @param fields Its front matter
 * @returns The hands, or `null` for a document that was not received
 * @throws {KairosError} `invalid` for what cannot be understood, so that nobody loses count by it
 *
 * @example
 * ```ts
 * import { readProvenance } from "./provenance.ts";
 *
 * const chain = ["0123456789abcdef", "fedcba9876543210"];
 * const found = readProvenance({ _provenance: { origin: chain[0]!, chain, hop_count: 1 } });
 * if (found?.hopCount !== 1) throw new Error("the count is lost");
 * ```
 */
export function readProvenance(fields: YamlMap): Provenance | null {
  const value = own(fields, "_provenance");
  if (value === undefined || value === null) return null;
  const { origin, chain, hop_count: count } = asMap(value);
  const isChain = Array.isArray(chain) && chain.length <= MAX_CHAIN && chain.every(isId);
  if (!isChain || !isId(origin ?? chain[0]) || !isCount(count ?? 0)) {
    throw new KairosError(
      "invalid",
      `Cannot read where the document came from: found ${quote(value)}`,
      { hint: "Its field _provenance has origin, chain and hop_count" },
    );
  }
  // Whichever says that it was passed on more often.
  const hopCount = Math.max(Number(count ?? 0), chain.length - 1);
  return { origin: String(origin ?? chain[0]), chain: chain.map(String), hopCount };
}

/**
 * Reads that a document was received.
 *
 * @param fields Its front matter
 * @returns The receipt, or `null`
 */
export function readReceipt(fields: YamlMap): Receipt | null {
  const value = own(fields, "_received");
  if (value === undefined || value === null) return null;
  const found = asMap(value);
  const text = (key: string) => typeof found[key] === "string" ? found[key] : "";
  return {
    from: text("received_from"),
    key: text("key"),
    proof: text("proof") === "proven" ? "proven" : "none",
    at: text("received_at"),
    name: text("name"),
    originalHash: text("original_hash"),
  };
}

/** The origin of what was made here. */
export const LOCAL = "local";
/** Longest name of where a document comes from. */
const MAX_ORIGIN = 128;

/**
 * Where a document comes from: the receipt says it, else the hands it went through, else a definition that
 * was adopted, else the field `origin`. What says that it is from elsewhere is believed, whoever wrote it.
 *
 * @param fields Its front matter
 * @returns `local`, or the source in words, such as `peer 0123456789abcdef`
 *
 * @example
 * ```ts
 * import { originOf } from "./provenance.ts";
 *
 * const fields = { _received: { received_from: "0123456789abcdef" }, origin: "local" };
 * if (originOf(fields) !== "peer 0123456789abcdef") throw new Error(originOf(fields));
 * if (originOf({}) !== "local") throw new Error("it was made here");
 * ```
 */
export function originOf(fields: YamlMap): string {
  const said = (key: string) => own(fields, key) ?? null;
  const giver = readReceipt(fields)?.from ?? giverOf(said("_provenance"), "origin");
  if (giver !== null) return peer(giver);
  const adopted = giverOf(said("adopted_from"), "from");
  if (adopted !== null && adopted !== LOCAL) return peer(adopted);
  const origin = said("origin");
  return origin === null ? LOCAL : typeof origin === "string" ? shortly(origin) : "elsewhere";
}

/** Who is named in a group of fields; no name where there is a group without one. */
function giverOf(value: YamlValue, key: string): string | null {
  if (value === null) return null;
  const name = own(asMap(value), key);
  return typeof name === "string" ? name : "";
}

function peer(id: string): string {
  return `peer ${shortly(id)}`;
}

function shortly(text: string): string {
  return visible(text.slice(0, MAX_ORIGIN)) || "unknown";
}

/**
 * The hands after one more gave a document on.
 *
 * @param before Through whose hands it came to that one; `null` when it is the first
 * @param from Who gave it to us
 * @returns The hands
 */
export function passedOn(before: Provenance | null, from: string): Provenance {
  const chain = [...before?.chain ?? [], from].slice(-MAX_CHAIN);
  return {
    origin: before?.origin ?? from,
    chain,
    hopCount: before === null ? 0 : before.hopCount + 1,
  };
}

/**
 * A received document as it is kept: under a name of ours, with where it came from, and without a say in
 * anything.
 *
 * @param entry The document, read
 * @param text The same as text
 * @param kept The entry's name here, the receipt, the hands it went through
 * @returns The text of the document
 * @throws {KairosError} `invalid`, `too_large` for front matter that cannot be written
 */
export function receivedText(
  { fields, description }: EntryText,
  text: string,
  kept: { readonly name: string; readonly receipt: Receipt; readonly provenance: Provenance },
): string {
  const { name, receipt, provenance } = kept;
  const aside = Object.entries(fields).filter((field) =>
    isSetAside(field) || (field[0] === "name" && field[1] !== receipt.name)
  );
  const rest = Object.entries(fields).filter((field) =>
    !isSetAside(field) && !["name", "_received", "_provenance"].includes(field[0])
  );
  const written: YamlMap = {
    name,
    ...(description === null ? { description: `Received: ${visible(receipt.name)}` } : {}),
    ...Object.fromEntries(rest),
    _received: {
      received_from: receipt.from,
      received_at: receipt.at,
      original_hash: receipt.originalHash,
      name: receipt.name,
      key: receipt.key,
      proof: receipt.proof,
      ...(aside.length === 0 ? {} : { set_aside: Object.fromEntries(aside) }),
    },
    _provenance: {
      origin: provenance.origin,
      chain: [...provenance.chain],
      hop_count: provenance.hopCount,
    },
  };
  return formatEntryText(written, splitFrontMatter(text).body.replace(/^(?:\r?\n)+/, ""));
}

/**
 * The front matter of a received document as it was given: without what was added here, with what was set
 * aside.
 *
 * @param fields Its front matter
 * @returns The fields as they were; those of any other document as they are
 */
export function fieldsAsGiven(fields: YamlMap): YamlMap {
  const receipt = readReceipt(fields);
  if (receipt === null) return fields;
  const aside = asMap(asMap(fields["_received"] ?? null)["set_aside"] ?? null);
  const rest = Object.entries(fields).filter(([key]) =>
    !["name", "_received", "_provenance"].includes(key)
  );
  return { name: receipt.name, ...Object.fromEntries(rest), ...aside };
}

function own(fields: YamlMap, key: string): YamlValue | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function asMap(value: YamlValue): YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function isId(value: unknown): boolean {
  return typeof value === "string" && ID.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1000;
}
