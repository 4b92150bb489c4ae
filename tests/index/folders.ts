/**
 * Instances to search in, and an index nobody kept.
 *
 * @module
 */

import { Disk } from "../../core/disk/mod.ts";
import type { FileFacts } from "../../core/disk/mod.ts";
import { SearchIndex } from "../../core/index/search_index.ts";
import type { SearchAnswer, SearchRequest } from "../../core/index/search_index.ts";
import { Touched } from "../../core/index/touched.ts";
import type { Instance } from "../../core/instance.ts";

/** A disk on which no index is kept. */
class WithoutIndex extends Disk {
  override statLink(path: string): FileFacts | null {
    return path.endsWith("/index.db") ? null : super.statLink(path);
  }
}

/**
 * Searches with an index made for this one answer.
 *
 * @param instance The instance
 * @param request What for
 * @returns The answer every other index has to give too
 */
export function searchFresh(instance: Instance, request: SearchRequest): Promise<SearchAnswer> {
  const { root, safety, store: { clock }, config, view, lent, law } = instance;
  const store = { disk: new WithoutIndex(), writable: false, clock };
  const maxBytes = config["limits.entry_bytes"];
  const touched = new Touched();
  return new SearchIndex({ root, safety, store, maxBytes, view, lent, law, touched }).search(
    request,
  );
}

/** What a document is made of. */
export interface Text {
  /** What it is about. */
  readonly description?: string;
  /** Its tags, as YAML writes them. */
  readonly tags?: string;
  /** More lines of front matter. */
  readonly more?: string;
  /** The body. */
  readonly body?: string;
}

/**
 * Writes a document as somebody with an editor would.
 *
 * @param root The data directory
 * @param path The entry's folder below it
 * @param text What it says
 */
export async function edit(root: string, path: string, text: Text | string): Promise<void> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  await Deno.mkdir(`${root}/${path}`, { recursive: true });
  const { description = "", tags = "", more = "", body = "" } = typeof text === "string"
    ? { body: text }
    : text;
  const front = `---\ndescription: ${description}\ntags: [${tags}]\n${more}---\n\n`;
  const file = `${root}/${path}/${name}.md`;
  if (await Deno.stat(file).then(({ isDirectory }) => isDirectory, () => false)) {
    await Deno.remove(file, { recursive: true });
  }
  await Deno.writeTextFile(file, `${front}${body}\n`);
}

/**
 * Makes the folder the index is kept in, as the first change of an instance would.
 *
 * @param root The data directory
 */
export async function makeStorage(root: string): Promise<void> {
  await Deno.mkdir(`${root}/storage`, { recursive: true });
}

/**
 * What was found, in order.
 *
 * @param answer The answer
 * @returns Addresses, or names where there is none
 */
export function found({ hits }: SearchAnswer): string[] {
  return hits.map(({ uri, name }) => uri ?? name);
}
