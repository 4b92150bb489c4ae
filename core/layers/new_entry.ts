/**
 * Bringing an entry into place that was not there: a folder with its document.
 *
 * @module
 */

import { baseName, type IntentStep, parentOf } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import type { Store } from "../store.ts";
import { quote } from "../text.ts";
import { Stage } from "./stage.ts";
import type { View } from "./view.ts";

/** What is needed of the instance around. */
export interface StagingHost {
  /** Disk, ledger, objects. */
  readonly store: Store;
  /** The files as readers see them. */
  readonly view: () => View;
}

/**
 * The name of the entry a document belongs to.
 *
 * @param path The document's path
 * @returns The folder's name
 *
 * @example
 * ```ts
 * import { entryNameOf } from "./new_entry.ts";
 *
 * if (entryNameOf("knowledge/naming/naming.md") !== "naming") throw new Error("misread");
 * ```
 */
export function entryNameOf(path: string): string {
  return baseName(parentOf(path));
}

/**
 * Stages a new entry. Needs the write lock.
 *
 * @param host The instance
 * @param path The document's path, relative to the data directory: layer, folders, entry, document
 * @param bytes The document
 * @returns The step that brings its folder into place; its `from` is to be discarded when that fails
 * @throws {KairosError} `exists`, `refused` for a layer that leads elsewhere
 */
export function stageNewEntry(
  { store, view }: StagingHost,
  path: string,
  bytes: Uint8Array,
): IntentStep {
  const folder = parentOf(path);
  const home = parentOf(folder);
  const look = view();
  if (!look.isInside(home, home.split("/")[0]!)) {
    throw new KairosError("refused", `Cannot keep anything at ${quote(path)}`);
  }
  if (look.statLink(folder) !== null) {
    throw new KairosError("exists", `Cannot keep ${quote(baseName(folder))}: it exists already`, {
      hint: "Try again in a second where the time is part of its name, else remove what is there",
    });
  }
  if (store.disk.makeFolder(`${store.root}/${home}`)) {
    store.disk.syncFolder(`${store.root}/${parentOf(home)}`);
  }
  const stage = Stage.fill(store, home, (stage) => {
    stage.folder();
    stage.file(bytes, baseName(path));
  });
  return { from: stage.path, to: folder, base: null };
}
