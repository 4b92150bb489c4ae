/**
 * What somebody does to the files of a data directory while nobody looks, for tests. Edits come in any
 * order, so that some of them cannot be made: then nothing changes.
 *
 * @module
 */

import { parentOf } from "../../core/disk/mod.ts";

/** An edit from outside; it gets the data directory. */
export type Outside = (root: string) => void;

/**
 * Writes a file and makes the folders it is in.
 *
 * @param file Its path below the data directory, and its text
 * @returns The edit
 */
export function writing([path, body]: readonly [path: string, body: string]): Outside {
  return putting(path, (at) => Deno.writeTextFileSync(at, body));
}

/**
 * Removes a file, a folder or a link.
 *
 * @param path Its path below the data directory
 * @returns The edit
 */
export function removing(path: string): Outside {
  return (root) => quietly(() => Deno.removeSync(`${root}/${path}`, { recursive: true }));
}

/**
 * Renames something; what has the new name goes.
 *
 * @param paths The old and the new path below the data directory
 * @returns The edit
 */
export function moving([from, to]: readonly [from: string, to: string]): Outside {
  return replacing(to, (at, root) => Deno.renameSync(`${root}/${from}`, at));
}

/**
 * Puts a link in the place of something.
 *
 * @param link Its path and what it leads to, both below the data directory
 * @returns The edit
 */
export function linking([path, target]: readonly [path: string, target: string]): Outside {
  return replacing(path, (at, root) => Deno.symlinkSync(`${root}/${target}`, at));
}

function replacing(path: string, put: (at: string, root: string) => void): Outside {
  return (root) => {
    removing(path)(root);
    putting(path, put)(root);
  };
}

function putting(path: string, put: (at: string, root: string) => void): Outside {
  return (root) => {
    quietly(() => Deno.mkdirSync(parentOf(`${root}/${path}`), { recursive: true }));
    quietly(() => put(`${root}/${path}`, root));
  };
}

function quietly(change: () => void): void {
  try {
    change();
  } catch {
    // Then nothing has changed.
  }
}
