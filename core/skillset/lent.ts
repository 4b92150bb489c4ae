/**
 * The knowledge of the SkillSets in use, as the layers read it. See
 * `kairos_formats/skillsets.md#knowledge`.
 *
 * @module
 */

import { baseName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { SUBFOLDERS } from "../layers/entry_folder.ts";
import { type EntryPlace, type Lender, type Lent, SKILLSETS } from "../layers/entry_place.ts";
import type { FileMemoOptions, FileMemos } from "../layers/file_memo.ts";
import { isListed } from "../layers/names.ts";
import type { View } from "../layers/view.ts";
import { PACKAGE_LIMITS } from "./limits.ts";
import { Shelf, type SkillSet } from "./shelf.ts";
import { STATE_FILE } from "./state_file.ts";

/** What the SkillSets bring along, kept as long as manifests, state and folders stay the same. */
const LENT: FileMemoOptions<Lent> = {
  most: 2 ** 22,
  weigh: ({ entries, hidden }) =>
    [...entries.values(), ...hidden].reduce(
      (sum, { name, folder }) => sum + name.length + folder.length + 64,
      0,
    ),
};

/**
 * Makes the lender of an instance.
 *
 * @param memos Where it keeps what it found
 * @returns The lender
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { FileMemos } from "../layers/file_memo.ts";
 * import { View } from "../layers/view.ts";
 * import { lenderOf } from "./lent.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/skillsets/pack/knowledge/naming`, { recursive: true });
 * Deno.writeTextFileSync(
 *   `${root}/skillsets/pack/skillset.json`,
 *   '{"name":"pack","version":"1","knowledge_dirs":["knowledge/naming"]}',
 * );
 * Deno.writeTextFileSync(`${root}/skillsets/pack/knowledge/naming/naming.md`, "# Naming\n");
 * const { entries } = lenderOf(new FileMemos())(new View(new Disk(), root));
 * if (entries.get("naming")?.origin?.skillset !== "pack") throw new Error("it is not lent");
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function lenderOf(memos: FileMemos): Lender {
  const seen = new WeakMap<View, Lent>();
  return (view) => {
    // Who asks again with the same view is in the middle of one answer.
    const lent = seen.get(view) ?? memos.of(LENT).get(view, SKILLSETS, collect);
    seen.set(view, lent);
    return lent;
  };
}

/** The entries of all SkillSets in use, in byte order of the SkillSets' names. */
function collect(view: View): Lent {
  const entries = new Map<string, EntryPlace>();
  const hidden: EntryPlace[] = [];
  // Looked at before it is read, so that a later change of it is noticed.
  view.stat(STATE_FILE);
  const sets = attempt(() => new Shelf(view, PACKAGE_LIMITS).list());
  for (const place of sets.flatMap((set) => attempt(() => entriesOf(view, set)))) {
    if (entries.has(place.name)) hidden.push(place);
    else entries.set(place.name, place);
  }
  const sorted = [...entries].sort(([a], [b]) => a < b ? -1 : 1);
  return { entries: new Map(sorted), hidden };
}

/** What cannot be looked at lends nothing; `kairos doctor` and `kairos skillset list` tell why. */
function attempt<T>(look: () => T[]): T[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof KairosError) return [];
    throw error;
  }
}

function entriesOf(
  view: View,
  { name, manifest, layer, enabled, received }: SkillSet,
): EntryPlace[] {
  if (!enabled || manifest === null) return [];
  const store = `${SKILLSETS}/${name}`;
  const shared = {
    store,
    origin: { skillset: name, received },
    isOffered: manifest.indexKnowledge ?? layer !== "L2",
  };
  return manifest.knowledgeDirs
    .map((path) => path.split("/").filter((segment) => segment !== ""))
    // What is hidden is neither hashed nor reviewed.
    .filter((segments) => segments.length > 0 && segments.every(isListed))
    .flatMap((segments) => entryFolders(view, store, [store, ...segments].join("/")))
    .map((folder) => ({ ...shared, name: baseName(folder), folder }));
}

/** The entries a folder stands for: itself, or each folder in it. */
function entryFolders(view: View, store: string, folder: string): string[] {
  if (view.stat(folder)?.kind !== "folder" || !view.isInside(folder, store)) return [];
  const inside = view.list(folder);
  if (inside.some(({ name }) => name === `${baseName(folder)}.md`)) return [folder];
  const hasDocument = inside.some(({ name }) => name.endsWith(".md") && isListed(name));
  const below = inside.filter(({ name, kind }) =>
    kind === "folder" && isListed(name) && !SUBFOLDERS.some((subfolder) => subfolder === name)
  );
  // Beside a README there are entries; beside a document of another name there may be anything.
  const isHome = !hasDocument ||
    below.some(({ name }) => view.stat(`${folder}/${name}/${name}.md`)?.kind === "file");
  return isHome ? below.map(({ name }) => `${folder}/${name}`) : [folder];
}
