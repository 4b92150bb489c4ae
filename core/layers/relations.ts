/**
 * The `relations` field of a context: links to other contexts. See
 * `kairos_formats/entries.md#context`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";

/** `v1:<session>/<name>`. */
const TARGET = /^v1:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/**
 * Refuses front matter whose relations no reader could follow. A target that does not exist is fine.
 *
 * @param fields The front matter
 * @throws {KairosError} `invalid`
 */
export function checkRelations(fields: YamlMap): void {
  if (!Object.hasOwn(fields, "relations")) return;
  const relations = fields.relations!;
  if (!Array.isArray(relations)) throw malformed("it is no list", relations);
  for (const relation of relations) {
    if (relation === null || typeof relation !== "object" || Array.isArray(relation)) {
      throw malformed("an item is no map", relation);
    }
    const { type, target } = relation;
    if (typeof type !== "string" || type === "") throw malformed("an item has no type", relation);
    if (typeof target !== "string" || !TARGET.test(target)) {
      throw malformed("a target is not `v1:<session>/<name>`", target ?? null);
    }
  }
}

function malformed(found: string, value: YamlValue): KairosError {
  return new KairosError(
    "invalid",
    `Cannot save the context: its relations are malformed: ${found}`,
    {
      hint: `Found ${quote(value)}`,
    },
  );
}
