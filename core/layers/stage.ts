/**
 * Files on their way into a layer: written under a name nobody lists, durable before anything speaks
 * of them.
 *
 * @module
 */

import { parentOf, transitName, writeDurable } from "../disk/mod.ts";
import type { Store } from "../store.ts";

/** One staged file or folder, beside its target. */
export class Stage {
  /** Its path, relative to the data directory. */
  readonly path: string;
  readonly #store: Store;

  private constructor(store: Store, folder: string) {
    this.#store = store;
    this.path = `${folder}/${transitName("stage")}`;
  }

  /**
   * Stages something; when that fails, nothing of it is left.
   *
   * @param store The instance's store; the write lock is held
   * @param folder The folder the target will be in, relative to the data directory
   * @param fill Writes what is staged
   * @returns The stage
   */
  static fill(store: Store, folder: string, fill: (stage: Stage) => void): Stage {
    const stage = new Stage(store, folder);
    try {
      fill(stage);
      return stage;
    } catch (error) {
      try {
        store.disk.remove(stage.#at());
      } catch {
        // What is left is invisible and swept later; the first error is the one to report.
      }
      throw error;
    }
  }

  /**
   * Makes the stage, or a folder in it.
   *
   * @param inner Path below the stage; the stage itself unless given
   */
  folder(inner = ""): void {
    this.#store.disk.makeFolder(this.#at(inner));
  }

  /**
   * Writes the stage, or a file in it; its name becomes as durable as its bytes.
   *
   * @param content The bytes
   * @param inner Path below the stage; the stage itself unless given
   * @param executable Whether its owner may execute it
   */
  file(content: Uint8Array, inner = "", executable = false): void {
    const path = this.#at(inner);
    writeDurable(this.#store.disk, path, content, executable ? { permissions: 0o755 } : {});
    this.#store.disk.syncFolder(parentOf(path));
  }

  /**
   * Writes many files, making the folders they are in; each folder is synced once.
   *
   * @param files Path below the stage and bytes of each
   */
  files(files: Iterable<readonly [inner: string, content: Uint8Array]>): void {
    const placed = [...files].map(([inner, content]) => [this.#at(inner), content] as const);
    const folders = new Set(placed.map(([path]) => parentOf(path)));
    this.#store.disk.makeFolders(folders);
    for (const [path, content] of placed) writeDurable(this.#store.disk, path, content);
    for (const folder of folders) this.#store.disk.syncFolder(folder);
  }

  #at(inner = ""): string {
    const path = `${this.#store.root}/${this.path}`;
    return inner === "" ? path : `${path}/${inner}`;
  }
}
