/**
 * What there is to be searched: the documents of L1 and L2 and the texts of L0, as they lie on disk. The
 * skills of the law are in skill_places.ts.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import { type FileFacts, isSettled, stampOfFacts } from "../disk/mod.ts";
import { documentPath, readEntry } from "../layers/entry_folder.ts";
import { parseEntryText } from "../layers/front_matter.ts";
import { findEntryPlace, type Lender, SKILLSETS } from "../layers/entry_place.ts";
import { ARCHIVE, KNOWLEDGE } from "../layers/knowledge_home.ts";
import { isListed } from "../layers/names.ts";
import type { Origin } from "../layers/origin.ts";
import { type ResourceLayer, SCHEMES } from "../layers/resource_uri.ts";
import type { ServedSource as FileSource } from "../layers/served.ts";
import type { View } from "../layers/view.ts";
import { asKairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import { lookBeside, type PlaceFile, readBeside } from "./place_files.ts";

/** What is served of an instance. */
export interface ServedSource {
  /** What is not served. */
  readonly safety: Pick<Safety, "isBlocked">;
}

/** What the index needs to know of an instance to look at its files. */
export interface PlaceSource extends FileSource {
  /** Largest document in bytes. */
  readonly maxBytes: number;
  /** The entries of SkillSets. */
  readonly lent: Lender;
}

/** Where one document is. */
export interface Place {
  /**
   * Unique path: the entry's folder, or the file of L0. An entry of a SkillSet has that of the entry of
   * L1 it stands in for, since one name leads to one entry.
   */
  readonly path: string;
  /** Its address; `null` for an archived entry, which has none. */
  readonly uri: string | null;
  /** Where it really is. */
  readonly folder: string;
  /** The folder it must not lead out of. */
  readonly store: string;
  /** The SkillSet it comes from, or `null`. */
  readonly origin: Origin | null;
  /** Whether search finds it. */
  readonly isSearched: boolean;
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
  /** The texts beside it. */
  readonly files: readonly PlaceFile[];
  /** Whether it must stay in this instance. */
  readonly isPrivate: boolean;
  /** Last change, milliseconds since the epoch. */
  readonly modified: number;
  /** What is wrong with it, or `null`. */
  readonly problem: string | null;
}

/** The room of L2. */
export const CONTEXT = "context";
/** The room of L0. */
export const LAW = "skills";

/** The rooms that have documents, by layer. */
export const ROOMS: readonly string[] = [LAW, KNOWLEDGE, CONTEXT];

/** The rooms documents live in: what SkillSets have belongs to L1. */
export const WATCHED: readonly string[] = [...ROOMS, SKILLSETS];

/**
 * Every document that may be found.
 *
 * @param view The files
 * @param source What is not served
 * @param scope Only what is at or below this path, such as `context/session`; everything unless given
 * @returns The places, found as far as they are asked for
 */
export function* listPlaces(view: View, source: PlaceSource, scope = ""): Generator<Place> {
  const one = placeAt(scope, source);
  if (one !== null) {
    const place = located(view, source, one);
    if (view.stat(place.folder)?.kind === (place.layer === "l0" ? "file" : "folder")) yield place;
    return;
  }
  for (const home of homesAt(view, source, scope)) {
    for (const { name, kind } of view.list(home)) {
      const place = placeAt(`${home}/${name}`, source);
      const own = place?.layer === "l0" ? "file" : "folder";
      if (place !== null && (kind === own || kind === "link")) yield place;
    }
  }
  if (!isWithin(KNOWLEDGE, scope)) return;
  for (const name of source.lent(view).entries.keys()) {
    const place = placeAt(`${KNOWLEDGE}/${name}`, source);
    const found = place === null ? null : located(view, source, place);
    if (found !== null && found.origin !== null) yield found;
  }
}

/**
 * A place as it is at the moment: an entry L1 does not have may be a SkillSet's.
 *
 * @param view The files
 * @param source The instance
 * @param place From {@linkcode placeAt}
 * @returns The place, whether or not anything is there
 */
export function located(view: View, source: Pick<PlaceSource, "lent">, place: Place): Place {
  if (place.layer !== "l1" || place.archived) return place;
  const found = findEntryPlace(source, view, place.name);
  if (found === null || found.origin === null) return place;
  const { folder, store, origin, isOffered } = found;
  return { ...place, folder, store, origin, isSearched: isOffered };
}

/**
 * The place of a file of L0.
 *
 * @param name Its name
 * @returns The place
 */
export function lawPlace(name: string): Place {
  return placeIn(LAW, {
    path: `${LAW}/${name}`,
    layer: "l0",
    session: null,
    archived: false,
    name,
  });
}

function placeIn(
  store: string,
  place: Omit<Place, "uri" | "folder" | "store" | "origin" | "isSearched">,
): Place {
  const { path, layer, archived } = place;
  const uri = archived ? null : `${SCHEMES[layer]}${path.slice(store.length + 1)}`;
  return { ...place, uri, folder: path, store, origin: null, isSearched: true };
}

/**
 * The document that belongs to a path.
 *
 * @param path Path of an entry's folder or of a file of L0, relative to the data directory
 * @param source What is not served
 * @returns The place, whether or not anything is there; `null` when nothing there could be found
 *
 * @example
 * ```ts
 * import { placeAt } from "./places.ts";
 *
 * const source = { safety: { isBlocked: () => false } };
 * if (placeAt("context/s/note", source)?.session !== "s") throw new Error("a context");
 * if (placeAt("knowledge/.stage-1", source) !== null) throw new Error("not an entry");
 * ```
 */
export function placeAt(path: string, { safety }: ServedSource): Place | null {
  const segments = path.split("/");
  const [room, ...inside] = segments;
  const name = inside.at(-1) ?? "";
  const archived = room === KNOWLEDGE && inside.length === 2 && path.startsWith(`${ARCHIVE}/`);
  const names = archived ? [name] : inside;
  if (names.some((one) => one === "" || safety.isBlocked(one))) return null;
  if (room === LAW) {
    if (inside.length !== 1 || !name.endsWith(".md") || name.startsWith(".")) return null;
    return lawPlace(name);
  }
  if (!names.every(isListed)) return null;
  if (room === KNOWLEDGE && names.length === 1) {
    return placeIn(KNOWLEDGE, { path, layer: "l1", session: null, archived, name });
  }
  if (room !== CONTEXT || names.length !== 2) return null;
  return placeIn(CONTEXT, { path, layer: "l2", session: names[0]!, archived: false, name });
}

/** Folders whose entries are places. */
function homesAt(view: View, source: PlaceSource, scope: string): string[] {
  const isWide = scope === "" || scope === CONTEXT;
  const sessions = isWide
    ? sessionHomes(view, source)
    : scope.startsWith(`${CONTEXT}/`)
    ? [scope]
    : [];
  return [LAW, KNOWLEDGE, ARCHIVE, ...sessions].filter((home) => isWithin(home, scope));
}

function sessionHomes(view: View, { safety }: PlaceSource): string[] {
  return view.list(CONTEXT)
    .filter(({ name, kind }) =>
      (kind === "folder" || kind === "link") && isListed(name) && !safety.isBlocked(name)
    )
    .map(({ name }) => `${CONTEXT}/${name}`);
}

/**
 * Whether a path lies at or below another.
 *
 * @param path The path
 * @param scope The other; everything lies below the empty one
 * @returns Whether it does
 */
export function isWithin(path: string, scope: string): boolean {
  return scope === "" || path === scope || path.startsWith(`${scope}/`);
}

/** What is seen of a document without reading it. */
export interface PlaceStamp {
  /** Tells whether a document is the one that was read; a text without meaning. */
  readonly stamp: string;
  /** Whether the next change will show in it. */
  readonly settled: boolean;
}

/**
 * Looks at a document and the files beside it without reading them.
 *
 * @param view The files
 * @param place Where it is
 * @returns Which files they are and all that is known of them: a line for each, path and facts
 */
export function stampOf(view: View, { layer, folder, name }: Place): PlaceStamp {
  const now = Date.now();
  const looks = new Map<string, FileFacts | null>([["", view.stat(folder)]]);
  let isWhole = true;
  if (layer !== "l0") {
    const own = `${name}.md`;
    looks.set(own, view.stat(`${folder}/${own}`));
    const other = looks.get(own)?.kind === "file" ? null : documentPath(view, folder, name);
    if (other !== null) looks.set(other.slice(folder.length + 1), view.stat(other));
    const beside = lookBeside(view, folder);
    for (const [path, facts] of beside.looks) looks.set(path, facts);
    isWhole = beside.isWhole;
  }
  const paths = [...looks.keys()];
  return {
    stamp: paths.map((path) => stampLine(path, looks.get(path)!)).join("\n"),
    settled: isWhole && paths.every((path) => !/[\n\t]/.test(path)) &&
      looks.values().every((facts) => isSettled(facts, now)),
  };
}

/**
 * Whether everything a stamp tells of is as it was. That is all: a file that was added is another time of
 * its folder.
 *
 * @param view The files
 * @param place Where the document is
 * @param stamp A settled stamp
 * @returns Whether the document and what lies beside it are those that were read
 */
export function isAsStamped(view: View, { folder }: Place, stamp: string): boolean {
  return stamp.split("\n").every((line) => {
    const path = line.slice(0, line.indexOf("\t"));
    const at = path === "" ? folder : `${folder}/${path}`;
    return stampLine(path, view.stat(at)) === line;
  });
}

function stampLine(path: string, facts: FileFacts | null): string {
  return `${path}\t${stampOfFacts(facts)}`;
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
  if (view.stat(place.folder)?.kind !== "folder") return null;
  const entry = readEntry(view, place.store, place.folder, place.name, source);
  const { declaredName, description, tags, body, isPrivate, modified } = entry;
  const problem = entry.problem?.message ?? null;
  const files = entry.hash === null ? [] : readBeside(source, view, place, entry.files);
  const version = entry.hash === null
    ? `! ${problem}`
    : files.length === 0
    ? entry.hash
    : sha256(JSON.stringify([entry.hash, files]));
  return { version, declaredName, description, tags, body, files, isPrivate, modified, problem };
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
      files: [],
      isPrivate: false,
      modified,
      problem: problem?.message ?? null,
    };
  } catch (error) {
    const problem = asKairosError(error, "Cannot read the file").message;
    const nothing = { declaredName: null, description: null, tags: [], body: "", modified: 0 };
    return { ...nothing, files: [], version: `! ${problem}`, isPrivate: false, problem };
  }
}
