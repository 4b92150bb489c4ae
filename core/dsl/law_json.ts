/**
 * The law as it is sent and stored: canonical JSON, read strictly. See
 * `kairos_formats/law.md#canonical-json`.
 *
 * @module
 */

import { type ErrorCode, KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { Json, Law } from "./ast.ts";
import { canonicalJson, lawAsJson } from "./canonical.ts";
import { check } from "./check.ts";
import { LAW_LIMITS } from "./limits.ts";
import type { Found } from "./problems.ts";
import { LAW } from "./schema.ts";
import { treeOfJson } from "./tree.ts";

/**
 * Writes a law for transport.
 *
 * @param law The law
 * @returns Its canonical JSON, the text {@linkcode lawHash} is taken over
 * @throws {KairosError} As {@linkcode canonicalJson}
 */
export function lawToJson(law: Law): string {
  return canonicalJson(lawAsJson(law));
}

/**
 * Reads a law from transport. Only the one canonical text of a law is taken, so that no key stands
 * twice and the text has the hash of the law.
 *
 * @param text Text from outside
 * @returns The law
 * @throws {KairosError} `too_large` beyond the bounds, `invalid` when it is no law or not canonical
 * @example
 * ```ts
 * import { emptySkill } from "./ast.ts";
 * import { lawFromJson, lawToJson } from "./law_json.ts";
 *
 * const law = { skills: [emptySkill("core_safety")] };
 * if (lawFromJson(lawToJson(law)).skills[0]?.id !== "core_safety") throw new Error("lost");
 * ```
 */
export function lawFromJson(text: string): Law {
  if (text.length > LAW_LIMITS.source) {
    fail(`it has ${text.length} characters`, `Keep it within ${LAW_LIMITS.source}`, "too_large");
  }
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    fail("it is no JSON", "Send the canonical JSON of a law");
  }
  const tree = treeOfJson(value);
  if (tree === null) fail("it is nested too deeply", "Make it flatter");
  const found: Found<string>[] = [];
  const law = check(tree, LAW, found);
  const [first] = found;
  if (first !== undefined) fail(`${first.message} at ${quote(first.at)}`, first.hint);
  // The schema is the type as data; a value that passes it is a law.
  const read = law as unknown as Law;
  if (read.skills.length > LAW_LIMITS.skills) {
    const hint = `Keep them within ${LAW_LIMITS.skills}`;
    fail(`it has ${read.skills.length} skills`, hint, "too_large");
  }
  if (canonicalJson(law) !== text) {
    fail("the text is not canonical", "Sort keys, leave blanks out, write every field once");
  }
  return read;
}

function fail(what: string, hint: string, code: ErrorCode = "invalid"): never {
  throw new KairosError(code, `Cannot read the JSON of a law: ${what}`, { hint });
}
