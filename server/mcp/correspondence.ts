/**
 * Whether a live document is what the chain says it is.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import type { EntrySummary } from "../../core/layers/entry_folder.ts";
import { type KnowledgeRecord, recordsOf } from "../../core/layers/records.ts";
import type { Ledger } from "../../core/ledger/ledger.ts";

/** The outcome of comparing a document with its newest record. */
export interface Correspondence {
  /**
   * `agrees`, `drift` when the document is another, `no_record` when the whole chain has none,
   * `not_found` when the newest blocks have none, `unknown` when the chain cannot be read.
   */
  readonly status: "agrees" | "drift" | "no_record" | "not_found" | "unknown";
  /** SHA-256 the newest record gives, or `null`. */
  readonly recorded: string | null;
  /** The block of that record, or `null`. */
  readonly block: number | null;
  /** How many of the newest blocks were looked at. */
  readonly looked: number;
}

/** How many of the newest blocks are looked at. */
const MAX_LOOK = 2000;

/**
 * Compares a document with the newest record of its entry.
 *
 * @param ledger The chain
 * @param entry The entry
 * @param maxLook How many of the newest blocks to look at
 * @returns The outcome
 */
export function correspondence(
  ledger: Ledger,
  entry: EntrySummary,
  maxLook: number = MAX_LOOK,
): Correspondence {
  let looked = 0;
  try {
    for (const block of ledger.newest()) {
      if (looked >= maxLook) return { status: "not_found", recorded: null, block: null, looked };
      looked++;
      const record = recordsOf(block).findLast((one) => isAbout(one, entry));
      if (record === undefined) continue;
      const status = record.nextHash === entry.hash ? "agrees" : "drift";
      return { status, recorded: record.nextHash, block: block.index, looked };
    }
    return { status: "no_record", recorded: null, block: null, looked };
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return { status: "unknown", recorded: null, block: null, looked };
  }
}

/** Other implementations record the name in the front matter, ours the folder's. */
function isAbout(record: KnowledgeRecord, entry: EntrySummary): boolean {
  return record.name === entry.name ||
    (entry.declaredName !== null && record.name === entry.declaredName);
}

/**
 * What a reader should know before trusting the document.
 *
 * @param name The entry's name
 * @param hash SHA-256 of the live document, or `null`
 * @param found The outcome
 * @returns A Markdown quote, or nothing when there is nothing to say
 */
export function banner(name: string, hash: string | null, found: Correspondence): string {
  const short = (text: string | null) => text === null ? "none" : text.slice(0, 12);
  if (found.status === "drift") {
    return `> ⚠️ **Drift detected** — L1 '${name}': the live document is not the recorded one ` +
      `(active ${short(hash)} ≠ recorded ${short(found.recorded)} in block #${found.block}).\n` +
      "> Somebody changed the file past kairos. Check it before you rely on it.\n\n";
  }
  if (found.status === "no_record") {
    return `> ℹ️ No recorded provenance — L1 '${name}': no block on the chain is about it.\n\n`;
  }
  if (found.status === "not_found") {
    return `> ℹ️ Provenance not checked — L1 '${name}': the newest ${found.looked} blocks hold no ` +
      "record of it; older ones were not looked at.\n\n";
  }
  return "";
}
