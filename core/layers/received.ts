/**
 * Entries that came from another instance: where they are kept, what goes on the chain about them, and
 * keeping them as one unit with it. See `kairos_formats/meeting.md#received`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { IntentStep } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import { quote } from "../text.ts";
import { parseEntryText } from "./front_matter.ts";
import { KNOWLEDGE } from "./knowledge_home.ts";
import { entryNameOf, stageNewEntry, type StagingHost } from "./new_entry.ts";
import { readProvenance, readReceipt } from "./provenance.ts";
import { knowledgeUpdate } from "./records.ts";

/** The session received contexts are in. */
export const RECEIVED_SESSION = "received_skills";

/** Layers something can be received in. */
export type ReceivedLayer = "L1" | "L2";

/** Where received entries are, as their documents' paths. */
export const RECEIVED_PATHS =
  /^(?:knowledge\/(received_[A-Za-z0-9_-]{1,100})\/\1|context\/received_skills\/([A-Za-z0-9_-]{1,100})\/\2)\.md$/;

/** An entry that was kept. */
export interface Received {
  /** The entry's name here. */
  readonly name: string;
  /** Its layer. */
  readonly layer: ReceivedLayer;
  /** Its document, relative to the data directory. */
  readonly path: string;
  /** SHA-256 of the document. */
  readonly hash: string;
  /** The block that says where it came from. */
  readonly block: { readonly index: number; readonly hash: string };
}

const MAX_NAME = 64;

/**
 * The document's path of an entry that is received: the name it came with, without what a file name must
 * not hold, and when.
 *
 * @param layer Its layer
 * @param name What it is called elsewhere
 * @param now Milliseconds since the epoch
 * @returns The path, relative to the data directory
 *
 * @example
 * ```ts
 * import { receivedPath } from "./received.ts";
 *
 * const path = receivedPath("L1", "../x 道", Date.UTC(2026, 0, 20, 10, 30));
 * const name = "received____x___20260120_103000";
 * if (path !== `knowledge/${name}/${name}.md`) throw new Error(path);
 * ```
 */
export function receivedPath(layer: ReceivedLayer, name: string, now: number): string {
  const time = new Date(now).toISOString();
  const stamp = `${time.slice(0, 10)}_${time.slice(11, 19)}`.replaceAll(/[-:]/g, "");
  const safe = [...name].slice(0, MAX_NAME).join("").replace(/[^A-Za-z0-9_-]/gu, "_");
  const entry = `${safe === "" ? "_" : safe}_${stamp}`;
  return layer === "L1"
    ? `${KNOWLEDGE}/received_${entry}/received_${entry}.md`
    : `context/${RECEIVED_SESSION}/${entry}/${entry}.md`;
}

/**
 * What goes on the chain about a received entry, from its document alone.
 *
 * @param store The store
 * @param path The document's path
 * @param bytes The document
 * @param actor Who took it
 * @returns The items: in L1 that the entry was made, then where it came from
 * @throws {KairosError} `invalid` for a document that does not say where it came from
 */
export function receivedRecords(
  store: Store,
  path: string,
  bytes: Uint8Array,
  actor: Actor,
): [string, ...string[]] {
  const name = entryNameOf(path);
  const { fields } = parseEntryText(bytes, name);
  const [receipt, provenance] = [readReceipt(fields), readProvenance(fields)];
  if (receipt === null || provenance === null) {
    throw new KairosError("invalid", `Cannot keep ${quote(name)}: nothing says where it came from`);
  }
  const hash = sha256(bytes);
  const origin = JSON.stringify({
    _type: "skill_provenance",
    skill_name: receipt.name,
    original_hash: receipt.originalHash,
    content_hash: hash,
    received_from: receipt.from,
    received_at: receipt.at,
    provenance_chain: provenance.chain,
    origin: provenance.origin,
    hop_count: provenance.hopCount,
    stored_path: path,
    recorded_at: `${new Date(store.clock()).toISOString().slice(0, 19)}Z`,
    key: receipt.key,
    proof: receipt.proof,
    principal: actor.principal,
    ...(actor.agentId === undefined ? {} : { agent_id: actor.agentId }),
  });
  if (!path.startsWith(`${KNOWLEDGE}/`)) return [origin];
  const reason = `Received from ${receipt.from}`;
  const made = knowledgeUpdate({ name, action: "create", previousHash: null, hash, reason });
  return [store.record(made, actor), origin];
}

/**
 * Stages a received entry. Needs the write lock.
 *
 * @param host The instance
 * @param path The document's path
 * @param bytes The document
 * @returns The step that brings its folder into place; its `from` is to be discarded when that fails
 * @throws {KairosError} `exists`, `refused` for a layer that leads elsewhere
 */
export function stageReceived(
  { store, view }: StagingHost,
  path: string,
  bytes: Uint8Array,
): IntentStep {
  if (RECEIVED_PATHS.test(path)) return stageNewEntry({ store, view }, path, bytes);
  throw new KairosError("refused", `Cannot keep anything at ${quote(path)}`);
}

/**
 * Keeps a received entry, as one unit with what goes on the chain about it. Needs the write lock.
 *
 * @param host The instance
 * @param path The document's path, as {@linkcode receivedPath} gives it
 * @param bytes The document, as `receivedText` writes it
 * @param actor Who took it
 * @returns What was kept
 * @throws {KairosError} `exists`, `refused`, `invalid`, and those of a commit
 */
export function keepReceived(
  host: StagingHost,
  path: string,
  bytes: Uint8Array,
  actor: Actor,
): Received {
  const { store } = host;
  const [record, ...beside] = receivedRecords(store, path, bytes, actor);
  const layer: ReceivedLayer = path.startsWith(`${KNOWLEDGE}/`) ? "L1" : "L2";
  const hash = store.objects.put(bytes);
  const step = stageReceived(host, path, bytes);
  const { block } = store.commit({ record, beside, steps: [step], discard: [step.from] });
  const name = entryNameOf(path);
  store.journal.note({
    action: "skill_received",
    skill_id: layer === "L1" ? name : `${RECEIVED_SESSION}/${name}`,
    details: { layer, hash, block: block.index, principal: actor.principal },
  });
  return { name, layer, path, hash, block: { index: block.index, hash: block.hash } };
}
