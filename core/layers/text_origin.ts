/**
 * Whether a text is that of an entry somebody else gave, whatever it is called here.
 *
 * @module
 */

import { type EntrySource, listEntries, ownPlace, placeOf } from "./entry_place.ts";
import { ARCHIVE } from "./knowledge_home.ts";
import { originText } from "./origin.ts";
import { LOCAL, originOf } from "./provenance.ts";
import { RECEIVED_SESSION } from "./received.ts";
import type { View } from "./view.ts";

/**
 * Looks through all entries for one from elsewhere that says the same: knowledge and archived knowledge,
 * notes that were received, and what received SkillSets in use bring along. It reads every document, so it
 * is for what is rare.
 *
 * @param source The entries of the instance
 * @param view The files
 * @param text The text; white space around it does not count
 * @returns Where such an entry comes from; `local` when there is none, or no text
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { textOrigin } from "./text_origin.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/knowledge/tip`, { recursive: true });
 * Deno.writeTextFileSync(`${root}/knowledge/tip/tip.md`, "---\norigin: elsewhere\n---\n# Tip\n");
 * const instance = await openInstance(root, { mode: "read" });
 * const found = ["# Tip", "# Another"].map((text) => textOrigin(instance, instance.view(), text));
 * if (String(found) !== "elsewhere,local") throw new Error(String(found));
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function textOrigin(source: EntrySource, view: View, text: string): string {
  const sought = text.trim();
  if (sought === "") return LOCAL;
  const { shelf, lent } = source;
  const notes = `context/${RECEIVED_SESSION}`;
  const places = [
    ...listEntries(source, view).map(placeOf),
    // An own entry of the same name comes first; what it hides was received all the same.
    ...lent(view).entries.values(),
    ...lent(view).hidden,
    ...shelf.folders(view, ARCHIVE).map((name) => ({
      ...ownPlace(name),
      folder: `${ARCHIVE}/${name}`,
    })),
    ...shelf.folders(view, notes).map((name) => ({
      ...ownPlace(name),
      folder: `${notes}/${name}`,
      store: "context",
    })),
  ];
  for (const { store, folder, name, origin } of places) {
    const { body, fields } = shelf.entry(view, store, folder, name);
    if (body.trim() !== sought) continue;
    const from = origin?.received === true ? originText(origin) : originOf(fields);
    if (from !== LOCAL) return from;
  }
  return LOCAL;
}
