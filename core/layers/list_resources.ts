/**
 * Lists of resources. What `config/safety.yml` blocks is not listed, by any name or link. See
 * `kairos_formats/entries.md#resources`.
 *
 * @module
 */

import { baseName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { documentPath, listFiles } from "./entry_folder.ts";
import { findEntryPlace, listEntries, ownPlace, placeOf } from "./entry_place.ts";
import type { FileMemoOptions } from "./file_memo.ts";
import { LAW_NAME, lawAt } from "./law_resource.ts";
import type { Origin } from "./origin.ts";
import { mediaTypeOf } from "./resource_mime.ts";
import { compareAddresses } from "./resource_order.ts";
import {
  type EntryRoom,
  HOMES,
  isLawFile,
  lawType,
  type ResourceSource,
  typeOfSubfolder,
} from "./resource_source.ts";
import { type ResourceLayer, type ResourceUri, SCHEMES } from "./resource_uri.ts";
import { obstacle } from "./served.ts";
import type { View } from "./view.ts";

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
      if (filter.type !== undefined && kind !== typeOfSubfolder(filter.type)) continue;
      if (resource.uri.toLowerCase().includes(wanted)) yield resource;
    }
  }
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
    const files = view.list(HOMES.l0).map(({ name }) => name).filter(isLawFile);
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

/** The entries of a layer that may have resources behind an address: their folders and addresses. */
function* entriesOf(
  source: ResourceSource,
  view: View,
  layer: "l1" | "l2",
  behind: readonly string[],
): Generator<EntryRoom & { readonly folder: string; readonly segments: readonly string[] }> {
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
  room: EntryRoom,
  folder: string,
  at: string,
): Generator<ResourceSummary> {
  // A link may lead to a file, or nowhere, or outside.
  if (view.stat(folder)?.kind !== "folder" || !view.isInside(folder, room.store)) return;
  const path = documentPath(view, folder, baseName(folder));
  if (path !== null) yield* summary(source, view, room, path, at, "md");
  for (const file of filesOf(view, room.store, folder)) {
    if (file.path.split("/").length - 1 > source.safety.maxTreeDepth) continue;
    const type = typeOfSubfolder(file.subfolder);
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
  { layer, store, origin }: EntryRoom,
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
