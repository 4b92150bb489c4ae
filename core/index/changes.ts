/**
 * What changed: the resources of an instance as they were last seen, compared with what is there.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import { KairosError } from "../errors.ts";
import { LAW_FILE, LAW_SOURCE, RUBY_SOURCE } from "../evolution/law_file.ts";
import { documentPath, listFiles } from "../layers/entry_folder.ts";
import { type ResourceLayer, SCHEMES } from "../layers/resource_uri.ts";
import { HOMES, type ResourceSource } from "../layers/resource_source.ts";
import { obstacle } from "../layers/served.ts";
import type { View } from "../layers/view.ts";
import {
  isWithin,
  LAW,
  lawPlace,
  listPlaces,
  type Place,
  placeAt,
  type PlaceSource,
  ROOMS,
} from "./places.ts";

/** A change of one resource. */
export interface Change {
  /** Its layer. */
  readonly layer: ResourceLayer;
  /** Its address, names as they stand. */
  readonly uri: string;
  /** What happened to it. */
  readonly kind: "created" | "updated" | "removed";
}

/** What was found at a look. */
export interface Looked {
  /** Entries and files of L0 that are not as they were, archived ones too. */
  readonly units: readonly string[];
  /** What that means for resources that may be read. */
  readonly changes: readonly Change[];
}

/** What comparing needs of an instance. */
export interface ChangeSource extends ResourceSource, PlaceSource {
  /** The rules for reading. */
  readonly safety: Safety;
}

/** Entries looked at between two moments for others. */
const BATCH = 100;

/**
 * Files of the law that stand for a resource under its path: the law as another implementation writes
 * it, and the file that tells which law is in force. An edit of the working copy changes no resource.
 */
const LAWS: Readonly<Record<string, string>> = {
  [RUBY_SOURCE]: RUBY_SOURCE,
  [LAW_FILE]: LAW_SOURCE,
};

/** Remembers of every entry which files it has, and of which size and time. */
export class Snapshot {
  readonly #source: ChangeSource;
  readonly #since: number;
  /** Path of the entry to its files; see {@linkcode signatureOf}. */
  readonly #seen = new Map<string, string>();
  #isComplete = false;

  /**
   * @param source The instance
   * @param since Files changed since then count as changed when they are first seen, milliseconds since
   *   the epoch
   */
  constructor(source: ChangeSource, since: number) {
    this.#source = source;
    this.#since = since;
  }

  /** Whether everything has been looked at once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Looks at entries and remembers how they are now.
   *
   * @param scopes Only what lies at or below one of these paths; everything unless given
   * @param signal Ends it early
   * @returns How they differ from the last look
   */
  async look(scopes: readonly string[] = [""], signal?: AbortSignal): Promise<Looked> {
    const units: string[] = [];
    const changes: Change[] = [];
    const view = this.#source.view();
    let looked = 0;
    const compare = (path: string, now: string | undefined) => {
      const before = this.#seen.get(path);
      if (before === now) return;
      if (now === undefined) this.#seen.delete(path);
      else this.#seen.set(path, now);
      const isFirst = before === undefined && !this.#isComplete;
      const found = this.#changes(path, before, now, isFirst);
      if (!isFirst || found.length > 0) units.push(path);
      changes.push(...found);
    };
    for (const scope of scopes) {
      const left = this.#seenAt(scope);
      for (const place of this.#places(view, scope)) {
        left.delete(place.path);
        compare(place.path, signatureOf(view, place));
        if (++looked % BATCH === 0) await new Promise((resolve) => setTimeout(resolve, 0));
        if (signal?.aborted === true) return { units, changes };
      }
      for (const path of left) compare(path, undefined);
      if (scope === "") this.#isComplete = true;
    }
    return { units, changes };
  }

  *#places(view: View, scope: string): Generator<Place> {
    yield* listPlaces(view, this.#source, scope);
    for (const path of Object.keys(LAWS)) {
      if (isWithin(path, scope) && view.stat(path)?.kind === "file") {
        yield lawPlace(path.slice(LAW.length + 1));
      }
    }
  }

  #seenAt(scope: string): Set<string> {
    if (this.#seen.has(scope)) return new Set([scope]);
    if (placeAt(scope, this.#source) !== null) return new Set();
    return new Set([...this.#seen.keys()].filter((path) => isWithin(path, scope)));
  }

  #changes(
    path: string,
    before: string | undefined,
    now: string | undefined,
    isFirst: boolean,
  ): Change[] {
    const [old, found] = [filesOf(before), filesOf(now)];
    const changes: Change[] = [];
    const add = (name: string, kind: Change["kind"]) => {
      const change = this.#change(path, name, kind);
      if (change !== null) changes.push(change);
    };
    for (const [name, stamp] of found) {
      const known = old.get(name);
      if (known === stamp) continue;
      const isNew = !isFirst || Number(stamp.slice(stamp.lastIndexOf(":") + 1)) >= this.#since;
      if (isNew) add(name, known === undefined ? "created" : "updated");
    }
    for (const name of old.keys()) if (!found.has(name)) add(name, "removed");
    return changes;
  }

  /** A change of a file below an entry, or of its document when the name is empty. */
  #change(path: string, name: string, kind: Change["kind"]): Change | null {
    const [room = "", ...inside] = path.split("/");
    const layer = (["l0", "l1", "l2"] as const)[ROOMS.indexOf(room)];
    // Archived entries have no address.
    if (layer === undefined || inside[0]?.startsWith(".") === true) return null;
    const at = name === "" ? LAWS[path] ?? path : `${path}/${name}`;
    if (obstacle(this.#source, this.#source.view(), HOMES[layer], at) !== null) return null;
    return { layer, uri: SCHEMES[layer] + at.slice(room.length + 1), kind };
  }
}

/**
 * The files of an entry as one text, because there are many entries and most have one file: a line a
 * file, name and stamp; the document has no name. `undefined` when there is none, or none that could be
 * looked at.
 */
function signatureOf(view: View, { layer, name, folder, store }: Place): string | undefined {
  const facts = attempt(() => {
    const own = view.stat(layer === "l0" ? folder : `${folder}/${name}.md`);
    if (own?.kind === "file" || layer === "l0") return own;
    const other = documentPath(view, folder, name);
    return other === null ? null : view.stat(other);
  });
  const files = layer === "l0" ? [] : attempt(() => listFiles(view, store, folder)) ?? [];
  const lines = files.map((file) => line(file.path, file));
  if (facts?.kind === "file") lines.unshift(line("", facts));
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** What cannot be looked at, or has too many files to be listed, counts as missing. */
function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof KairosError) return null;
    throw error;
  }
}

function line(
  name: string,
  facts: { readonly inode?: number; readonly size: number; readonly modified: number },
): string {
  return `${name.replaceAll("\n", " ")}\t${facts.inode ?? 0}:${facts.size}:${facts.modified}`;
}

function filesOf(signature: string | undefined): Map<string, string> {
  const lines = signature?.split("\n") ?? [];
  return new Map(lines.map((one) => {
    const tab = one.lastIndexOf("\t");
    return [one.slice(0, tab), one.slice(tab + 1)];
  }));
}
