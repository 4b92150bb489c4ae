/**
 * Keeps free notes apart from the records kairos makes itself.
 *
 * Anybody may put text on the chain. What others would read as a record of a change, of a decision or
 * of a transition of the law must come from the part that made the change. See
 * `kairos_formats/chain.md#records`.
 *
 * @module
 */

import { duplicateKey } from "./chain/json_keys.ts";
import { KairosError } from "./errors.ts";
import { quote } from "./text.ts";

/** Record types only kairos itself writes. */
export const RESERVED_TYPES: readonly string[] = [
  "knowledge_update",
  "state_commit",
  "formalization_decision",
  "skillset_event",
  "system_upgrade",
  "skill_provenance",
  "skill_transition",
  "ledger_repair",
  "instructions_update",
];

/** Beginnings of record types only kairos itself writes. */
export const RESERVED_PREFIXES: readonly string[] = ["kairos_", "ledger_", "law_", "approver_"];

/** Keys that name a record's type. */
const TYPE_KEYS: readonly string[] = ["type", "_type"];

/** A transition of a skill has no type; these two keys together make one. */
const TRANSITION_KEYS: readonly string[] = ["skill_id", "prev_ast_hash"];

/**
 * Refuses notes that could pass for a record of kairos itself.
 *
 * Only a JSON object can: readers look at its keys, and at nothing else. Text that begins like one and
 * is no JSON is judged by what a lenient reader would find in it.
 *
 * @param items The notes, each to become an item of a block
 * @throws {KairosError} `refused`, naming the first note and what is wrong with it
 *
 * @example
 * ```ts
 * import { checkFreeRecords } from "./record_guard.ts";
 *
 * checkFreeRecords(["deployed 1.2", '{"type":"deployment","version":"1.2"}']);
 * let refused = false;
 * try {
 *   checkFreeRecords(['{"type":"knowledge_update"}']);
 * } catch {
 *   refused = true;
 * }
 * if (!refused) throw new Error("a forged record went through");
 * ```
 */
export function checkFreeRecords(items: readonly string[]): void {
  for (const [at, item] of items.entries()) {
    const found = disguise(item);
    if (found === null) continue;
    throw new KairosError("refused", `Cannot record item ${at}: ${found}`, {
      hint: "Name the type of your own records differently, and each key once; records of " +
        "knowledge and skills are made by the tools that change them",
      data: { item: at },
    });
  }
}

/** What a note could pass for, or `null` when it is free. */
function disguise(item: string): string | null {
  const text = withoutLeading(item);
  if (!text.startsWith("{")) return null;
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text);
  } catch {
    return lenientDisguise(text);
  }
  const twice = duplicateKey(text);
  if (twice !== null) {
    return `the key ${quote(twice)} stands twice, so readers would disagree about it`;
  }
  const fields = Object.entries(value).map(([key, field]) => [plain(key), field] as const);
  for (const [key, type] of fields) {
    if (TYPE_KEYS.includes(key) && typeof type === "string" && isReserved(type)) {
      return `${key} ${quote(type)} is reserved for records kairos makes itself`;
    }
  }
  return TRANSITION_KEYS.every((wanted) => fields.some(([key]) => key === wanted))
    ? `${TRANSITION_KEYS.join(" with ")} makes it a transition of a skill`
    : null;
}

function isReserved(type: string): boolean {
  const name = plain(type);
  return RESERVED_TYPES.includes(name) || RESERVED_PREFIXES.some((start) => name.startsWith(start));
}

/** A word as a careless eye reads it: case, width, blanks and invisible characters left out. */
function plain(word: string): string {
  return word.normalize("NFKC").replace(/[\p{Cf}\p{Cc}\s]/gu, "").toLowerCase();
}

/** Other readers pass over blanks, byte order marks and comments before the object. */
function withoutLeading(item: string): string {
  let text = item;
  for (let before = -1; before !== text.length;) {
    before = text.length;
    text = text.replace(/^[\s\ufeff\0]+/, "");
    if (text.startsWith("/*")) {
      const end = text.indexOf("*/", 2);
      text = end < 0 ? "" : text.slice(end + 2);
    } else if (text.startsWith("//")) {
      const end = text.indexOf("\n");
      text = end < 0 ? "" : text.slice(end + 1);
    }
  }
  return text;
}

/** Some readers know comments, needless escapes and single quotes: every word counts, wherever it is. */
function lenientDisguise(text: string): string | null {
  const unescaped = text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll("\\", "");
  const words = new Set((unescaped.match(/[^"'{}[\]:,=>\s]+/g) ?? []).map(plain));
  const isTyped = TYPE_KEYS.some((key) => words.has(key)) && [...words].some(isReserved);
  if (!isTyped && !TRANSITION_KEYS.every((key) => words.has(key))) return null;
  return "it is no valid JSON and a lenient reader would take it for a record of kairos";
}
