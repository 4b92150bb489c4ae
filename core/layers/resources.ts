/**
 * Resources: the files of all layers under addresses, for reading only.
 *
 * What `config/safety.yml` blocks is neither listed nor read, by any name or link. See
 * `kairos_formats/entries.md#resources`.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import type { Disk, FileFacts } from "../disk/mod.ts";
import { baseName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { documentPath, listFiles } from "./entry_folder.ts";
import { findEntryPlace, type Lender, listEntries, ownPlace, placeOf } from "./entry_place.ts";
import type { FileMemoOptions, FileMemos } from "./file_memo.ts";
import { LAW_NAME, lawAt, type LawResource, type LawText } from "./law_resource.ts";
import { isListed } from "./names.ts";
import type { Origin } from "./origin.ts";
import { mediaTypeOf } from "./resource_mime.ts";
import { compareAddresses } from "./resource_order.ts";
import { parseResourceUri, type ResourceLayer, type ResourceUri, SCHEMES } from "./resource_uri.ts";
import { obstacle } from "./served.ts";
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

/** A resource, as lists show it. */
export interface ResourceSummary {
  /** Its address. */
  readonly uri: string;
  /** Name of its file. */
  readonly name: string;
  /** Its layer. */
  readonly layer: ResourceLayer;
  /** `md`, `dsl`, `script`, `asset`, `reference`, or the name of another sub-folder. */
  readonly type: string;
  /** Media type. */
  readonly mime: string;
  /** Size in bytes. */
  readonly size: number;
  /** The SkillSet it comes from, `null` for the instance's own. */
  readonly origin: Origin | null;
}

/** A resource with its content. */
export interface Resource extends ResourceSummary {
  /** Path relative to the data directory. */
  readonly path: string;
  /** Last change, milliseconds since the epoch. */
  readonly modified: number;
  /** Whether its owner may execute it. */
  readonly executable: boolean;
  /** Its text, or `null` when it is binary. */
  readonly text: string | null;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Name of its language for fenced blocks. */
  readonly language: string;
}

/** Which resources a list holds. */
export interface ResourceFilter {
  /** Only this layer. */
  readonly layer?: ResourceLayer | undefined;
  /** Only this type: `md` (`dsl` goes with it), or a sub-folder such as `scripts`. */
  readonly type?: string | undefined;
  /** Only addresses with this text in them, letter case ignored. */
  readonly filter?: string | undefined;
  /** Only what comes behind this address in the list, whether or not anything is there. */
  readonly after?: ResourceUri | undefined;
}

/** The resources of each entry, by its folder. */
const LISTED: FileMemoOptions<readonly ResourceSummary[]> = {
  most: 2 ** 23,
  weigh: (resources) => resources.reduce((sum, { uri, name }) => sum + uri.length + name.length, 0),
};

/** Folder of each layer. */
export const HOMES: Readonly<Record<ResourceLayer, string>> = {
  l0: "skills",
  l1: "knowledge",
  l2: "context",
};

const LAYERS = ["l0", "l1", "l2"] as const;

/**
 * All resources, by layer and path. Of entries that are not asked for only the names are looked at.
 *
 * @param source The instance
 * @param filter Which ones
 * @returns Their summaries, found as far as they are asked for
 */
export function* listResources(
  source: ResourceSource,
  filter: ResourceFilter = {},
): Generator<ResourceSummary> {
  const wanted = filter.filter?.toLowerCase() ?? "";
  const { after } = filter;
  for (const layer of LAYERS) {
    if (filter.layer !== undefined && filter.layer !== layer) continue;
    if (after !== undefined && layer < after.layer) continue;
    const behind = layer === after?.layer ? after.segments : NOTHING;
    for (const resource of layerResources(source, layer, behind)) {
      const kind = resource.type === "dsl" ? "md" : resource.type;
      if (filter.type !== undefined && kind !== singular(filter.type)) continue;
      if (resource.uri.toLowerCase().includes(wanted)) yield resource;
    }
  }
}

/**
 * Reads a resource.
 *
 * @param source The instance
 * @param uri Its address
 * @returns The resource
 * @throws {KairosError} `invalid` or `refused` for the address, `not_found`, `refused` for what is
 *   blocked or lies behind a link that leads outside, `too_large` beyond the limit for reads
 */
export function readResource(source: ResourceSource, uri: string): Resource {
  return readResourceAt(source, parseResourceUri(uri), uri);
}

/**
 * Reads a resource whose address has been taken apart.
 *
 * @param source The instance
 * @param address Layer and segments, from `parseResourceUri` or `parseResourceHref`
 * @param uri The address as it was asked for, for messages
 * @returns The resource
 * @throws {KairosError} As {@linkcode readResource}
 */
export function readResourceAt(
  source: ResourceSource,
  address: ResourceUri,
  uri: string,
): Resource {
  const view = source.view();
  const { layer } = address;
  const law = lawAt(source.lawText, source.safety, address);
  const { path, type, canonical, facts, store, origin } = findResourceAt(source, address, uri);
  const limit = source.safety.maxReadBytes;
  if (facts.size > limit) {
    throw new KairosError(
      "too_large",
      `Cannot read resource ${quote(uri)}: ${facts.size} bytes exceed the limit of ${limit}`,
      { hint: "A person can raise limits.max_read_bytes in config/safety.yml" },
    );
  }
  const bytes = law === null ? view.read(path, limit) : law.bytes;
  if (bytes === null) throw missing(uri);
  // A folder may have been swapped for a link while it was read.
  if (law === null) guard(source, view, store, path, uri);
  const name = baseName(path);
  const { mime, isText, language } = mediaTypeOf(name);
  return {
    uri: canonical,
    name,
    layer,
    type,
    mime,
    size: bytes.length,
    origin,
    path,
    modified: facts.modified,
    executable: (facts.mode & 0o100) !== 0,
    text: isText ? decode(bytes) : null,
    bytes,
    language,
  };
}

/** Where a resource is. */
export interface ResourcePlace {
  /** Path relative to the data directory. */
  readonly path: string;
  /** As lists show it. */
  readonly type: string;
  /** Its address in full. */
  readonly canonical: string;
  /** Size, time, permissions. */
  readonly facts: Pick<FileFacts, "size" | "modified" | "mode">;
  /** The folder it must not lead out of. */
  readonly store: string;
  /** The SkillSet it comes from, `null` for the instance's own. */
  readonly origin: Origin | null;
}

/**
 * Finds a resource that may be read, without reading it.
 *
 * @param source The instance
 * @param address Layer and segments
 * @param uri The address as it was asked for, for messages
 * @returns Where it is
 * @throws {KairosError} As {@linkcode readResource}, but never for its size
 */
export function findResourceAt(
  source: ResourceSource,
  address: ResourceUri,
  uri: string,
): ResourcePlace {
  const { layer, segments } = address;
  const law = lawAt(source.lawText, source.safety, address);
  if (law !== null) return lawPlace(law);
  const view = source.view();
  const located = locate(source, view, layer, segments);
  if (located === null) throw missing(uri);
  const { at, ...place } = located;
  guard(source, view, place.store, place.path, uri);
  const facts = view.stat(place.path);
  if (facts === null) throw missing(uri);
  if (facts.kind !== "file") {
    throw new KairosError("invalid", `Cannot read resource ${quote(uri)}: it is a folder`, {
      hint: "Name a file in it; `resource_list` gives them all",
    });
  }
  return { ...place, canonical: SCHEMES[layer] + at, facts };
}

/** The address everything comes behind. */
const NOTHING: readonly string[] = [];

/** The resources of a layer that come behind an address of it. */
function* layerResources(
  source: ResourceSource,
  layer: ResourceLayer,
  behind: readonly string[],
): Generator<ResourceSummary> {
  const view = source.view();
  if (layer === "l0") {
    const room = { layer, store: HOMES.l0, origin: null };
    const law = lawAt(source.lawText, source.safety, { layer, segments: [LAW_NAME] });
    const files = view.list(HOMES.l0).map(({ name }) => name).filter(isLaw);
    for (const name of law === null ? files : [...files, LAW_NAME].sort()) {
      if (compareAddresses([name], behind) <= 0) continue;
      if (law !== null && name === LAW_NAME) {
        const { mime } = mediaTypeOf(name);
        const size = law.bytes.length;
        yield { uri: law.uri, name, layer, type: lawType(name), mime, size, origin: null };
      } else yield* summary(source, view, room, `${HOMES.l0}/${name}`, name, lawType(name));
    }
    return;
  }
  const listed = source.memos.of(LISTED);
  for (const { folder, segments, ...room } of entriesOf(source, view, layer, behind)) {
    const at = segments.join("/");
    const make = (files: View) => [...entryResources(source, files, room, folder, at)];
    // An entry may come from another SkillSet, or by another way, without a change of its files.
    const key = JSON.stringify([folder, room.origin]);
    const resources = listed.get(view, key, make);
    if (compareAddresses(segments, behind) > 0) yield* resources;
    else yield* resources.filter(({ uri }) => compareAddresses(segmentsOf(layer, uri), behind) > 0);
  }
}

function segmentsOf(layer: ResourceLayer, uri: string): string[] {
  return uri.slice(SCHEMES[layer].length).split("/");
}

/** What the files of an entry have in common. */
interface Room {
  readonly layer: ResourceLayer;
  /** The folder they must not lead out of. */
  readonly store: string;
  readonly origin: Origin | null;
}

/** The entries of a layer that may have resources behind an address: their folders and addresses. */
function* entriesOf(
  source: ResourceSource,
  view: View,
  layer: "l1" | "l2",
  behind: readonly string[],
): Generator<Room & { readonly folder: string; readonly segments: readonly string[] }> {
  const isBefore = (segments: readonly string[]) =>
    compareAddresses(segments, behind.slice(0, segments.length)) < 0;
  if (layer === "l1") {
    for (const entry of listEntries(source, view)) {
      const segments = [entry.name];
      if (isBefore(segments)) continue;
      const { folder, store, origin } = placeOf(entry);
      yield { layer, store, origin, folder, segments };
    }
    return;
  }
  for (const session of source.shelf.folders(view, HOMES.l2)) {
    if (isBefore([session])) continue;
    const home = `${HOMES.l2}/${session}`;
    for (const name of source.shelf.folders(view, home)) {
      const segments = [session, name];
      if (isBefore(segments)) continue;
      yield { layer, store: HOMES.l2, origin: null, folder: `${home}/${name}`, segments };
    }
  }
}

/** The resources of one entry. */
function* entryResources(
  source: ResourceSource,
  view: View,
  room: Room,
  folder: string,
  at: string,
): Generator<ResourceSummary> {
  // A link may lead to a file, or nowhere, or outside.
  if (view.stat(folder)?.kind !== "folder" || !view.isInside(folder, room.store)) return;
  const path = documentPath(view, folder, baseName(folder));
  if (path !== null) yield* summary(source, view, room, path, at, "md");
  for (const file of filesOf(view, room.store, folder)) {
    if (file.path.split("/").length - 1 > source.safety.maxTreeDepth) continue;
    const type = singular(file.subfolder);
    yield* summary(source, view, room, `${folder}/${file.path}`, `${at}/${file.path}`, type);
  }
}

/**
 * The files of a knowledge entry beside its document, those that may be served.
 *
 * @param source The instance
 * @param entry Name of the entry
 * @returns Path below the entry and size in bytes, sorted by path
 * @throws {KairosError} `too_large` when there are more files than can be listed
 */
export function servedFiles(
  source: ResourceSource,
  entry: string,
): { readonly path: string; readonly size: number }[] {
  const view = source.view();
  const { folder, store } = findEntryPlace(source, view, entry) ?? ownPlace(entry);
  return listFiles(view, store, folder)
    .filter(({ path }) =>
      path.split("/").length - 1 <= source.safety.maxTreeDepth &&
      obstacle(source, view, store, `${folder}/${path}`) === null
    )
    .map(({ path, size }) => ({ path, size }));
}

/** An entry with more files than can be listed shows none of them. */
function filesOf(view: View, store: string, folder: string): ReturnType<typeof listFiles> {
  try {
    return listFiles(view, store, folder);
  } catch (error) {
    if (error instanceof KairosError && error.code === "too_large") return [];
    throw error;
  }
}

/** One resource, or none when it must not be served. */
function* summary(
  source: ResourceSource,
  view: View,
  { layer, store, origin }: Room,
  path: string,
  at: string,
  type: string,
): Generator<ResourceSummary> {
  const facts = view.stat(path);
  if (facts?.kind !== "file" || obstacle(source, view, store, path) !== null) return;
  const name = baseName(path);
  const { mime } = mediaTypeOf(name);
  yield { uri: `${SCHEMES[layer]}${at}`, name, layer, type, mime, size: facts.size, origin };
}

/** Where the file of an address is; `null` when there is none. */
function locate(
  source: ResourceSource,
  view: View,
  layer: ResourceLayer,
  segments: readonly string[],
): Located | null {
  const [first = "", second, ...rest] = segments;
  if (layer === "l0") {
    if (second !== undefined || !isLaw(first)) return null;
    const path = `${HOMES.l0}/${first}`;
    return { path, type: lawType(first), at: first, store: HOMES.l0, origin: null };
  }
  if (layer === "l1") {
    if (!isListed(first)) return null;
    const place = findEntryPlace(source, view, first);
    return place === null ? null : inEntry(view, place, first, segments.slice(1));
  }
  const session = second === undefined ? newestSessionWith(view, first) : first;
  const name = second ?? first;
  if (session === null || !isListed(name)) return null;
  const at = `${session}/${name}`;
  const place = { folder: `${HOMES.l2}/${at}`, store: HOMES.l2, origin: null };
  return inEntry(view, place, at, rest);
}

/** Where a file is, before it is known whether it may be served. */
interface Located extends Omit<Room, "layer"> {
  readonly path: string;
  readonly type: string;
  /** The address without its scheme. */
  readonly at: string;
}

function inEntry(
  view: View,
  { folder, store, origin }: Omit<Room, "layer"> & { readonly folder: string },
  entry: string,
  inside: readonly string[],
): Located | null {
  if (view.stat(folder)?.kind !== "folder") return null;
  const at = [entry, ...inside].join("/");
  if (inside.length > 0) {
    return { path: [folder, ...inside].join("/"), type: singular(inside[0]!), at, store, origin };
  }
  const path = documentPath(view, folder, baseName(folder));
  return path === null ? null : { path, type: "md", at, store, origin };
}

/** Ids begin with their time, so the last one by name is the newest. */
function newestSessionWith(view: View, context: string): string | null {
  if (!isListed(context)) return null;
  return subfolders(view, HOMES.l2).reverse().find((session) =>
    view.stat(`${HOMES.l2}/${session}/${context}`)?.kind === "folder"
  ) ?? null;
}

function subfolders(view: View, home: string): string[] {
  return view.list(home).map(({ name }) => name)
    .filter((name) => isListed(name) && view.stat(`${home}/${name}`)?.kind === "folder");
}

function lawPlace({ path, uri, bytes, modified }: LawResource): ResourcePlace {
  const facts = { size: bytes.length, modified, mode: 0o600 };
  return { path, type: lawType(path), canonical: uri, facts, store: HOMES.l0, origin: null };
}

/** Files of the law that may be read: the texts, and the skills of another implementation. */
function isLaw(name: string): boolean {
  return !name.startsWith(".") && (name.endsWith(".md") || name === "kairos.rb");
}

function lawType(name: string): string {
  return name.endsWith(".md") ? "md" : "dsl";
}

function guard(
  source: ResourceSource,
  view: View,
  store: string,
  path: string,
  uri: string,
): void {
  const found = obstacle(source, view, store, path);
  if (found === null) return;
  throw new KairosError("refused", `Cannot read resource ${quote(uri)}: ${found}`, {
    hint: "It is not meant to be read by agents; ask a person for what you need",
  });
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** `scripts` holds resources of type `script`. */
function singular(subfolder: string): string {
  return subfolder === "md" ? "md" : subfolder.replace(/s$/, "");
}

function missing(uri: string): KairosError {
  return new KairosError("not_found", `Resource ${quote(uri)} not found`, {
    hint: "`resource_list` gives the addresses of all resources",
  });
}
