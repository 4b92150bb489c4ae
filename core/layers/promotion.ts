/**
 * What a note of a session says once it is knowledge: the same, and where it came from. See
 * `kairos_formats/entries.md#context`.
 *
 * @module
 */

import type { YamlMap } from "../yaml.ts";
import type { Entry } from "./entry_folder.ts";
import { formatEntryText } from "./front_matter.ts";

/** The relation of knowledge to the note it was made from. */
const INFORMED_BY = "informed_by";

/**
 * The document a note becomes: with the relation `informed_by` to it, and everything else as it was.
 *
 * @param note The note
 * @param session Its session
 * @param name The name of the new entry
 * @returns The document
 * @throws {KairosError} As `stringifyYaml` does
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { initInstance } from "../init.ts";
 * import { openInstance } from "../instance.ts";
 * import { promotedDocument } from "./promotion.ts";
 *
 * const root = `${await Deno.makeTempDir()}/.kairos`;
 * await initInstance(new Disk(), root, { version: "0.1.0", clock: Date.now });
 * const { context } = await openInstance(root, { mode: "write" });
 * const actor = { principal: "cli:ada" };
 * await context.save({ session: "s1", name: "plan", content: "# Plan\n" }, actor);
 * const text = promotedDocument(context.get("s1", "plan"), "s1", "plan");
 * if (!text.includes("target: v1:s1/plan")) throw new Error("it forgets where it came from");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function promotedDocument(
  note: Pick<Entry, "name" | "fields" | "body">,
  session: string,
  name: string,
): string {
  const target = `v1:${session}/${note.name}`;
  const { relations: before, ...fields } = note.fields;
  const there = Array.isArray(before) ? before : [];
  const isThere = there.some((one) =>
    one !== null && typeof one === "object" && !Array.isArray(one) &&
    one["type"] === INFORMED_BY && one["target"] === target
  );
  const relations = isThere ? there : [...there, { type: INFORMED_BY, target }];
  const named: YamlMap = { ...fields, name, relations };
  return formatEntryText(named, note.body);
}
