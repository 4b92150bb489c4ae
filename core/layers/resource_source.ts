/**
 * What resources are made of: the layers' folders, and what the files in them are called.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import type { Disk } from "../disk/mod.ts";
import type { Lender } from "./entry_place.ts";
import type { FileMemos } from "./file_memo.ts";
import type { LawText } from "./law_resource.ts";
import type { Origin } from "./origin.ts";
import type { ResourceLayer } from "./resource_uri.ts";
import type { Shelf } from "./shelf.ts";
import type { View } from "./view.ts";

/** What reading resources needs of an instance. */
export interface ResourceSource {
  /** The data directory. */
  readonly root: string;
  /** The rules for reading. */
  readonly safety: Safety;
  /** Where links are resolved. */
  readonly store: { readonly disk: Disk };
  /** The entries as readers ask for them. */
  readonly shelf: Shelf;
  /** The entries of SkillSets. */
  readonly lent: Lender;
  /** Where the resources of an entry are kept as long as its files stay the same. */
  readonly memos: FileMemos;
  /**
   * The law in force, for who reads or lists L0: `l0://kairos.ts` is this text, never an edit of the
   * file that nobody decided. Left out, there is no such resource.
   */
  readonly lawText?: LawText | null;
  /** The files as readers see them. */
  view(): View;
}

/** Folder of each layer. */
export const HOMES: Readonly<Record<ResourceLayer, string>> = {
  l0: "skills",
  l1: "knowledge",
  l2: "context",
};

/** What the files of an entry have in common. */
export interface EntryRoom {
  /** Their layer. */
  readonly layer: ResourceLayer;
  /** The folder they must not lead out of. */
  readonly store: string;
  /** The SkillSet they come from, `null` for the instance's own. */
  readonly origin: Origin | null;
}

/**
 * Whether a file of L0 may be read: the texts, and the skills of another implementation.
 *
 * @param name Its name
 */
export function isLawFile(name: string): boolean {
  return !name.startsWith(".") && (name.endsWith(".md") || name === "kairos.rb");
}

/**
 * What a file of L0 is listed as.
 *
 * @param name Its name
 * @returns `md` or `dsl`
 */
export function lawType(name: string): string {
  return name.endsWith(".md") ? "md" : "dsl";
}

/**
 * What the files of a sub-folder are listed as: those of `scripts` as `script`.
 *
 * @param subfolder Its name, or `md`
 * @returns The type
 */
export function typeOfSubfolder(subfolder: string): string {
  return subfolder === "md" ? "md" : subfolder.replace(/s$/, "");
}
