/**
 * Which definitions of the protocol people decided. A document alone says nothing about that: whoever may
 * write knowledge can write one. See `kairos_formats/meeting.md#adopting`.
 *
 * @module
 */

import { parseEntryText } from "../layers/front_matter.ts";
import type { RecordFinder } from "../layers/record_facts.ts";
import { recordsOf } from "../layers/records.ts";
import type { ObjectStore } from "../objects/objects.ts";
import { type Definition, readDefinition } from "../protocol/definition.ts";
import { readLawRecord } from "./records.ts";

/** Where decisions are found. */
export interface DecisionSource {
  /** Blocks of the ledger, by their records. */
  readonly records: RecordFinder;
  /** What was decided, by its SHA-256. */
  readonly objects: Pick<ObjectStore, "get">;
}

/** The transition that adopts a definition. */
const ADOPTION = "protocol_adopt";
/** Most changes since a decision that are looked at; beyond it the definition counts as given up. */
const MAX_CHANGES = 1000;

/**
 * The definitions that were adopted by a decision, as they were decided last, and not given up since.
 *
 * @param source Where decisions are found
 * @param names Names of definitions, which are those of their entries
 * @returns The definitions by name; nothing for the others
 * @throws {KairosError} `corrupt` at something on the chain that is no block
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { decidedDefinitions } from "./decided_definitions.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const { records, store, knowledge } = await openInstance(root, { mode: "write" });
 * const content = "---\nname: debate\ntype: protocol_extension\nactions: [argue]\n---\n\n# Debate\n";
 * await knowledge.create({ name: "debate", content }, { principal: "stdio:ada" });
 * const decided = await decidedDefinitions({ records, objects: store.objects }, ["debate"]);
 * if (decided.size > 0) throw new Error("nobody decided that");
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export async function decidedDefinitions(
  { records, objects }: DecisionSource,
  names: readonly string[],
): Promise<Map<string, Definition>> {
  const decided = new Map<string, Definition>();
  for (const [name, { block, object }] of await adoptions(records, names)) {
    const bytes = objects.get(object);
    if (bytes === null || await isGivenUp(records, name, block)) continue;
    const definition = readDefinition(parseEntryText(bytes, name).fields);
    if (definition !== null && typeof definition === "object") decided.set(name, definition);
  }
  return decided;
}

/** The last adoption of each name. */
async function adoptions(
  records: RecordFinder,
  names: readonly string[],
): Promise<Map<string, { readonly block: number; readonly object: string }>> {
  const found = new Map<string, { readonly block: number; readonly object: string }>();
  const subjects = new Map(names.map((name) => [`${ADOPTION}:${name}`, name]));
  if (subjects.size === 0) return found;
  const filter = { type: "skill_transition", entries: [...subjects.keys()] };
  for await (const block of records.blocks(filter)) {
    for (const item of block.data) {
      const read = readLawRecord(item);
      if (read?.sort !== "transition") continue;
      const { kind, skill_id, next_object: object } = read.record;
      const name = subjects.get(skill_id);
      if (kind !== ADOPTION || name === undefined || object === null || found.has(name)) continue;
      found.set(name, { block: block.index, object });
    }
    if (found.size === subjects.size) break;
  }
  return found;
}

/** Whether an entry was removed or archived after a block, whatever became of its name afterwards. */
async function isGivenUp(records: RecordFinder, name: string, since: number): Promise<boolean> {
  let left = MAX_CHANGES;
  for await (const block of records.blocks({ type: "knowledge_update", entries: [name] })) {
    if (block.index <= since) return false;
    if (--left < 0) return true;
    if (recordsOf(block).some((one) => one.name === name && one.nextHash === null)) return true;
  }
  return false;
}
