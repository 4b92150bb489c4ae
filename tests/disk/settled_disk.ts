/**
 * A disk whose files all changed long ago, at a time that is another whenever their content is.
 *
 * @module
 */

import { Disk, type FileFacts } from "../../core/disk/mod.ts";
import { sha256 } from "../../core/objects/objects.ts";

/**
 * Shows what a memory does once files are settled, without waiting for it: `modified` never tells
 * anything, `changed` always does, as if no two changes were ever made in the same moment.
 */
export class SettledDisk extends Disk {
  override stat(path: string): FileFacts | null {
    return this.#aged(path, super.stat(path));
  }

  override statLink(path: string): FileFacts | null {
    return this.#aged(path, super.statLink(path));
  }

  #aged(path: string, facts: FileFacts | null): FileFacts | null {
    if (facts === null) return null;
    const changed = 1 + parseInt(sha256(this.#content(path, facts)).slice(0, 8), 16);
    return { ...facts, modified: 1000, changed };
  }

  #content(path: string, { kind }: FileFacts): Uint8Array {
    if (kind === "file") return Deno.readFileSync(path);
    if (kind === "link") return new TextEncoder().encode(Deno.readLinkSync(path));
    return new TextEncoder().encode(JSON.stringify(super.list(path)));
  }
}
