/**
 * What there is to be searched: the documents of L1 and L2 and the texts of L0, as they lie on disk.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import { isSettled, stampOfFacts } from "../disk/mod.ts";
import { documentPath, readEntry } from "../layers/entry_folder.ts";
import { parseEntryText } from "../layers/front_matter.ts";
import { ARCHIVE, KNOWLEDGE } from "../layers/knowledge_home.ts";
import { isListed } from "../layers/names.ts";
import type { ResourceLayer } from "../layers/resource_uri.ts";
import type { View } from "../layers/view.ts";
import { asKairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";

/** What the index needs to know of an instance to look at its files. */
export interface PlaceSource {
  /** What is not served. */
  readonly safety: Safety;
  /** Largest document in bytes. */
  readonly maxBytes: number;
}

/** Where one document is. */
export interface Place {
  /** Unique path: the entry's folder, or the file of L0. */
  readonly path: string;
  /** Its layer. */
  readonly layer: ResourceLayer;
  /** Its session, in L2. */
  readonly session: string | null;
  /** Whether it was taken out of use. */
  readonly archived: boolean;
  /** Name of the entry or file. */
  readonly name: string;
}

/** What a document says at the moment. */
export interface PlaceContent {
  /** Tells this content from any other: a SHA-256, or the problem that keeps it from being read. */
  readonly version: string;
  /** The name its front matter gives, when that differs. */
  readonly declaredName: string | null;
  /** What it is about. */
  readonly description: string | null;
  /** Its tags. */
  readonly tags: readonly string[];
  /** The body. */
  readonly body: string;
  /** Whether it must stay in this instance. */
  readonly isPrivate: boolean;
  /** Last change, milliseconds since the epoch. */
  readonly modified: number;
  /** What is wrong with it, or `null`. */
  readonly problem: string | null;
}

const CONTEXT = "context";
const LAW = "skills";

/**
 * Every document that may be found.
 *
 * @param view The files
 * @param source What is not served
 * @returns The places, found as far as they are asked for
 */
export function* listPlaces(view: View, source: PlaceSource): Generator<Place> {
  for (const { name, kind } of view.list(LAW)) {
    if (!name.endsWith(".md") || name.startsWith(".") || (kind !== "file" && kind !== "link")) {
      continue;
    }
    if (source.safety.isBlocked(name)) continue;
    yield { path: `${LAW}/${name}`, layer: "l0", session: null, archived: false, name };
  }
  for (const home of [KNOWLEDGE, ARCHIVE]) {
    for (const name of entryNames(view, home, source)) {
      const archived = home === ARCHIVE;
      yield { path: `${home}/${name}`, layer: "l1", session: null, archived, name };
    }
  }
  for (const session of entryNames(view, CONTEXT, source)) {
    const home = `${CONTEXT}/${session}`;
    for (const name of entryNames(view, home, source)) {
      yield { path: `${home}/${name}`, layer: "l2", session, archived: false, name };
    }
  }
}

/** What is seen of a document without reading it. */
export interface PlaceStamp {
  /** Tells whether a document is the one that was read; a text without meaning. */
  readonly stamp: string;
  /** Whether the next change will show in it. */
  readonly settled: boolean;
}

/**
 * Looks at a document without reading it.
 *
 * @param view The files
 * @param place Where it is
 * @returns Which file it is, and all that is known of it
 */
export function stampOf(view: View, place: Place): PlaceStamp {
  const now = Date.now();
  const own = place.layer === "l0" ? place.path : `${place.path}/${place.name}.md`;
  const facts = view.stat(own);
  if (facts?.kind === "file") return { stamp: stampOfFacts(facts), settled: isSettled(facts, now) };
  const other = place.layer === "l0" ? null : documentPath(view, place.path, place.name);
  if (other === null) return { stamp: "none", settled: true };
  const found = view.stat(other);
  return { stamp: `${stampOfFacts(found)}:${other}`, settled: isSettled(found, now) };
}

/**
 * Reads a document.
 *
 * @param view The files
 * @param place Where it is
 * @param source Bounds
 * @returns Its content, or `null` when it has gone or must not be read
 */
export function readPlace(view: View, place: Place, source: PlaceSource): PlaceContent | null {
  if (place.layer === "l0") return readLaw(view, place, source);
  if (view.stat(place.path)?.kind !== "folder") return null;
  const store = place.layer === "l1" ? KNOWLEDGE : CONTEXT;
  const entry = readEntry(view, store, place.path, place.name, source);
  const { declaredName, description, tags, body, isPrivate, modified } = entry;
  const problem = entry.problem?.message ?? null;
  const version = entry.hash ?? `! ${problem}`;
  return { version, declaredName, description, tags, body, isPrivate, modified, problem };
}

function readLaw(view: View, { path, name }: Place, source: PlaceSource): PlaceContent | null {
  if (view.stat(path)?.kind !== "file" || !view.isInside(path, LAW)) return null;
  try {
    const modified = view.stat(path)?.modified ?? 0;
    const bytes = view.read(path, source.maxBytes);
    if (bytes === null) return null;
    const { name: declared, description, tags, body, problem } = parseEntryText(bytes, name);
    return {
      version: sha256(bytes),
      declaredName: declared === name ? null : declared,
      description,
      tags,
      body,
      isPrivate: false,
      modified,
      problem: problem?.message ?? null,
    };
  } catch (error) {
    const problem = asKairosError(error, "Cannot read the file").message;
    const nothing = { declaredName: null, description: null, tags: [], body: "", modified: 0 };
    return { ...nothing, version: `! ${problem}`, isPrivate: false, problem };
  }
}

/** Names of the folders that count as entries and may be served. */
function entryNames(view: View, home: string, { safety }: PlaceSource): string[] {
  return view.list(home)
    .filter(({ kind }) => kind === "folder" || kind === "link")
    .map(({ name }) => name)
    .filter((name) => isListed(name) && !safety.isBlocked(name));
}
