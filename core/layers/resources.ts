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
import type { FileMemoOptions, FileMemos } from "./file_memo.ts";
import { documentPath, listFiles } from "./entry_folder.ts";
import { isListed } from "./names.ts";
import { mediaTypeOf } from "./resource_mime.ts";
import { parseResourceUri, type ResourceLayer, type ResourceUri, SCHEMES } from "./resource_uri.ts";
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
  /** Where the resources of an entry are kept as long as its files stay the same. */
  readonly memos: FileMemos;
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

/**
 * All resources, by layer and path.
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
  for (const layer of ["l0", "l1", "l2"] as const) {
    if (filter.layer !== undefined && filter.layer !== layer) continue;
    for (const resource of layerResources(source, layer)) {
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
  const { path, type, canonical, facts } = findResourceAt(source, address, uri);
  const limit = source.safety.maxReadBytes;
  if (facts.size > limit) {
    throw new KairosError(
      "too_large",
      `Cannot read resource ${quote(uri)}: ${facts.size} bytes exceed the limit of ${limit}`,
      { hint: "A person can raise limits.max_read_bytes in config/safety.yml" },
    );
  }
  const bytes = view.read(path, limit);
  if (bytes === null) throw missing(uri);
  // A folder may have been swapped for a link while it was read.
  guard(source, view, layer, path, uri);
  const name = baseName(path);
  const { mime, isText, language } = mediaTypeOf(name);
  return {
    uri: canonical,
    name,
    layer,
    type,
    mime,
    size: bytes.length,
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
  /** Size and time. */
  readonly facts: FileFacts;
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
  { layer, segments }: ResourceUri,
  uri: string,
): ResourcePlace {
  const view = source.view();
  const located = locate(view, layer, segments);
  if (located === null) throw missing(uri);
  guard(source, view, layer, located.path, uri);
  const facts = view.stat(located.path);
  if (facts === null) throw missing(uri);
  if (facts.kind !== "file") {
    throw new KairosError("invalid", `Cannot read resource ${quote(uri)}: it is a folder`, {
      hint: "Name a file in it; `resource_list` gives them all",
    });
  }
  return { ...located, facts };
}

function* layerResources(source: ResourceSource, layer: ResourceLayer): Generator<ResourceSummary> {
  const view = source.view();
  if (layer === "l0") {
    for (const { name } of view.list(HOMES.l0)) {
      if (!isLaw(name)) continue;
      yield* summary(source, view, layer, `${HOMES.l0}/${name}`, name, lawType(name));
    }
    return;
  }
  if (layer === "l1") return yield* folderResources(source, view, layer, HOMES.l1, "");
  for (const session of source.shelf.folders(view, HOMES.l2)) {
    yield* folderResources(source, view, layer, `${HOMES.l2}/${session}`, `${session}/`);
  }
}

/** The resources of every entry in a folder. */
function* folderResources(
  source: ResourceSource,
  view: View,
  layer: ResourceLayer,
  home: string,
  prefix: string,
): Generator<ResourceSummary> {
  const listed = source.memos.of(LISTED);
  for (const { name, kind } of source.shelf.list(view, home)) {
    const folder = `${home}/${name}`;
    if (kind === "link" && view.stat(folder)?.kind !== "folder") continue;
    const make = (files: View) => [...entryResources(source, files, layer, folder, prefix + name)];
    yield* listed.get(view, folder, make);
  }
}

/** The resources of one entry. */
function* entryResources(
  source: ResourceSource,
  view: View,
  layer: ResourceLayer,
  folder: string,
  at: string,
): Generator<ResourceSummary> {
  if (!view.isInside(folder, HOMES[layer])) return;
  const path = documentPath(view, folder, baseName(folder));
  if (path !== null) yield* summary(source, view, layer, path, at, "md");
  for (const file of filesOf(view, layer, folder)) {
    if (file.path.split("/").length - 1 > source.safety.maxTreeDepth) continue;
    const type = singular(file.subfolder);
    yield* summary(source, view, layer, `${folder}/${file.path}`, `${at}/${file.path}`, type);
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
  const folder = `${HOMES.l1}/${entry}`;
  return listFiles(view, HOMES.l1, folder)
    .filter(({ path }) =>
      path.split("/").length - 1 <= source.safety.maxTreeDepth &&
      obstacle(source, view, "l1", `${folder}/${path}`) === null
    )
    .map(({ path, size }) => ({ path, size }));
}

/** An entry with more files than can be listed shows none of them. */
function filesOf(view: View, layer: ResourceLayer, folder: string): ReturnType<typeof listFiles> {
  try {
    return listFiles(view, HOMES[layer], folder);
  } catch (error) {
    if (error instanceof KairosError && error.code === "too_large") return [];
    throw error;
  }
}

/** One resource, or none when it must not be served. */
function* summary(
  source: ResourceSource,
  view: View,
  layer: ResourceLayer,
  path: string,
  at: string,
  type: string,
): Generator<ResourceSummary> {
  const facts = view.stat(path);
  if (facts?.kind !== "file" || obstacle(source, view, layer, path) !== null) return;
  const name = baseName(path);
  const { mime } = mediaTypeOf(name);
  yield { uri: `${SCHEMES[layer]}${at}`, name, layer, type, mime, size: facts.size };
}

/** Where the file of an address is; `null` when there is none. */
function locate(
  view: View,
  layer: ResourceLayer,
  segments: readonly string[],
): { path: string; type: string; canonical: string } | null {
  const [first = "", second, ...rest] = segments;
  if (layer === "l0") {
    if (second !== undefined || !isLaw(first)) return null;
    const canonical = `${SCHEMES.l0}${first}`;
    return { path: `${HOMES.l0}/${first}`, type: lawType(first), canonical };
  }
  if (layer === "l1") return inEntry(view, layer, HOMES.l1, first, segments.slice(1));
  if (second === undefined) {
    const session = newestSessionWith(view, first);
    return session === null ? null : inEntry(view, layer, `${HOMES.l2}/${session}`, first, []);
  }
  return inEntry(view, layer, `${HOMES.l2}/${first}`, second, rest);
}

function inEntry(
  view: View,
  layer: ResourceLayer,
  home: string,
  entry: string,
  inside: readonly string[],
): { path: string; type: string; canonical: string } | null {
  const folder = `${home}/${entry}`;
  if (!isListed(entry) || view.stat(folder)?.kind !== "folder") return null;
  const canonical = [SCHEMES[layer] + folder.slice(HOMES[layer].length + 1), ...inside].join("/");
  if (inside.length > 0) {
    return { path: [folder, ...inside].join("/"), type: singular(inside[0]!), canonical };
  }
  const path = documentPath(view, folder, entry);
  return path === null ? null : { path, type: "md", canonical };
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

/**
 * Whether a file may be served, judged by its own path and by where its links lead.
 *
 * @param source The instance
 * @param layer Its layer
 * @param path Its path, relative to the data directory; nothing need be there
 * @returns `false` for what is blocked or lies outside of its layer's folder
 */
export function isServed(source: ResourceSource, layer: ResourceLayer, path: string): boolean {
  return obstacle(source, source.view(), layer, path) === null;
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
  layer: ResourceLayer,
  path: string,
  uri: string,
): void {
  const found = obstacle(source, view, layer, path);
  if (found === null) return;
  throw new KairosError("refused", `Cannot read resource ${quote(uri)}: ${found}`, {
    hint: "It is not meant to be read by agents; ask a person for what you need",
  });
}

/** Why a file must not be served, judged by its own path and by where its links lead. */
function obstacle(
  { safety, store: { disk }, root }: ResourceSource,
  view: View,
  layer: ResourceLayer,
  path: string,
): string | null {
  const home = HOMES[layer];
  if (isBlocked(safety, path.slice(home.length + 1))) {
    return "config/safety.yml blocks a part of its path";
  }
  if (view.stat(path) === null) return null;
  if (!view.isInside(path, home)) return "a link in its path leads outside";
  const realHome = disk.realPath(`${root}/${home}`);
  const real = disk.realPath(`${root}/${path}`);
  // A file that an interrupted change has yet to bring into place is under another name so far.
  if (realHome === null || real === null) return null;
  return isBlocked(safety, real.slice(realHome.length + 1))
    ? "config/safety.yml blocks what its link leads to"
    : null;
}

function isBlocked(safety: Safety, path: string): boolean {
  return path.split(/[/\\]/).some((segment) => safety.isBlocked(segment));
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
