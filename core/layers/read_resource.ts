/**
 * Reading resources, the files of all layers under addresses. What `config/safety.yml` blocks is not
 * read, by any name or link. See `kairos_formats/entries.md#resources`.
 *
 * @module
 */

import type { FileFacts } from "../disk/mod.ts";
import { baseName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { documentPath } from "./entry_folder.ts";
import { findEntryPlace } from "./entry_place.ts";
import { lawAt, type LawResource } from "./law_resource.ts";
import type { ResourceSummary } from "./list_resources.ts";
import { isListed } from "./names.ts";
import type { Origin } from "./origin.ts";
import { mediaTypeOf } from "./resource_mime.ts";
import {
  type EntryRoom,
  HOMES,
  isLawFile,
  lawType,
  type ResourceSource,
  typeOfSubfolder,
} from "./resource_source.ts";
import { parseResourceUri, type ResourceLayer, type ResourceUri, SCHEMES } from "./resource_uri.ts";
import { obstacle } from "./served.ts";
import type { View } from "./view.ts";

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

/** Where the file of an address is; `null` when there is none. */
function locate(
  source: ResourceSource,
  view: View,
  layer: ResourceLayer,
  segments: readonly string[],
): Located | null {
  const [first = "", second, ...rest] = segments;
  if (layer === "l0") {
    if (second !== undefined || !isLawFile(first)) return null;
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
interface Located extends Omit<EntryRoom, "layer"> {
  readonly path: string;
  readonly type: string;
  /** The address without its scheme. */
  readonly at: string;
}

function inEntry(
  view: View,
  { folder, store, origin }: Omit<EntryRoom, "layer"> & { readonly folder: string },
  entry: string,
  inside: readonly string[],
): Located | null {
  if (view.stat(folder)?.kind !== "folder") return null;
  const at = [entry, ...inside].join("/");
  if (inside.length > 0) {
    return {
      path: [folder, ...inside].join("/"),
      type: typeOfSubfolder(inside[0]!),
      at,
      store,
      origin,
    };
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

function missing(uri: string): KairosError {
  return new KairosError("not_found", `Resource ${quote(uri)} not found`, {
    hint: "`resource_list` gives the addresses of all resources",
  });
}
