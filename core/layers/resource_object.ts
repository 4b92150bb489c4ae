/**
 * Past versions as resources: `object://<sha256>`.
 *
 * The object store keeps more than is meant to be read: remains of damage, and files of deleted
 * entries that `config/safety.yml` blocks. So only that is served which a record of the chain names
 * as a document or a file of an entry that may be read. See `kairos_formats/entries.md#objects`.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import { KairosError } from "../errors.ts";
import { isObjectId, type ObjectStore } from "../objects/objects.ts";
import { quote } from "../text.ts";
import { documentPath } from "./entry_folder.ts";
import { isListed } from "./names.ts";
import type { RecordFinder } from "./record_facts.ts";
import { type KnowledgeRecord, recordsOf } from "./records.ts";
import { mediaTypeOf } from "./resource_mime.ts";
import type { View } from "./view.ts";

/** Scheme of addresses of past versions. */
export const OBJECT_SCHEME = "object://";

/** What reading past versions needs of an instance. */
export interface ObjectSource {
  /** The rules for reading. */
  readonly safety: Safety;
  /** The objects. */
  readonly store: { readonly objects: Pick<ObjectStore, "get"> };
  /** The chain, which says what an object was. */
  readonly records: RecordFinder;
  /** The files as readers see them. */
  view(): View;
}

/** A past version. */
export interface ObjectResource {
  /** Its address. */
  readonly uri: string;
  /** Where it was: the entry's name and the path in its folder. */
  readonly path: string;
  /** Media type. */
  readonly mime: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Its text, or `null` when it is binary. */
  readonly text: string | null;
}

/**
 * Reads a past version.
 *
 * @param source The instance
 * @param id Its SHA-256, 64 lower-case hexadecimal digits
 * @param signal Ends the search for its record
 * @returns The version
 * @throws {KairosError} `invalid` for what is no SHA-256, `not_found` when no record names it or its
 *   bytes are not kept, `refused` when it was only ever at places that are blocked, `too_large`
 *   beyond the limit for reads, `corrupt` when its bytes are others
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { readObject } from "./resource_object.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const instance = await openInstance(root, { mode: "write" });
 * const write = { name: "notes", content: "# Notes", reason: "first" };
 * const { hash } = await instance.knowledge.create(write, { principal: "cli:alice" });
 * const { text, path } = await readObject(instance, hash!, new AbortController().signal);
 * if (text !== "# Notes" || path !== "notes/notes.md") throw new Error(path);
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export async function readObject(
  source: ObjectSource,
  id: string,
  signal: AbortSignal,
): Promise<ObjectResource> {
  const uri = OBJECT_SCHEME + id;
  if (!isObjectId(id)) {
    throw new KairosError("invalid", `Cannot read resource ${quote(uri)}: it is no SHA-256`, {
      hint: "Use the hash of a version as knowledge_history gives it, all 64 digits",
    });
  }
  const path = await placeOf(source, id, signal);
  const bytes = path === null ? null : source.store.objects.get(id);
  if (path === null || bytes === null) {
    throw new KairosError("not_found", `Resource ${quote(uri)} not found`, {
      hint: "knowledge_history gives the hashes of all versions of an entry",
    });
  }
  const limit = source.safety.maxReadBytes;
  if (bytes.length > limit) {
    throw new KairosError(
      "too_large",
      `Cannot read resource ${quote(uri)}: ${bytes.length} bytes exceed the limit of ${limit}`,
      { hint: "A person can raise limits.max_read_bytes in config/safety.yml" },
    );
  }
  const { mime, isText } = mediaTypeOf(path);
  return { uri, path, mime, bytes, text: isText ? decode(bytes) : null };
}

/** The newest place of an object that may be read; `null` when no record names it. */
async function placeOf(
  source: ObjectSource,
  id: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { safety, records } = source;
  const view = source.view();
  let isBlocked = false;
  for await (const block of records.blocks({ object: id }, signal)) {
    for (const path of recordsOf(block).flatMap((record) => pathsIn(view, record, id))) {
      if (!path.split(/[/\\]/).some((segment) => safety.isBlocked(segment))) return path;
      isBlocked = true;
    }
  }
  if (!isBlocked) return null;
  throw new KairosError(
    "refused",
    `Cannot read resource ${quote(OBJECT_SCHEME + id)}: config/safety.yml blocks its path`,
    { hint: "It is not meant to be read by agents; ask a person for what you need" },
  );
}

/** Under which paths a record names an object. */
function pathsIn(
  view: View,
  { name, previousHash, nextHash, files }: KnowledgeRecord,
  id: string,
): string[] {
  const isDocument = previousHash === id || nextHash === id;
  return [
    ...(isDocument ? [`${name}/${documentName(view, name)}`] : []),
    ...Object.entries(files).filter(([, hash]) => hash === id).map(([path]) => `${name}/${path}`),
  ];
}

/** Records do not say what a document's file is called; as long as it is there, that is seen. */
function documentName(view: View, name: string): string {
  for (const home of ["knowledge", "knowledge/.archived"]) {
    const path = isListed(name) && !name.includes("/")
      ? documentPath(view, `${home}/${name}`, name)
      : null;
    if (path !== null) return path.slice(path.lastIndexOf("/") + 1);
  }
  return `${name}.md`;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
