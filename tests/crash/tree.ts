/**
 * A file system as a value: what the crash simulator takes apart and puts together again.
 *
 * @module
 */

import { hash } from "node:crypto";

/** What a name stands for. Bytes are never changed in place, so trees can share them. */
export type Inode =
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: "folder"; readonly names: Map<string, number>; readonly mode: number }
  | { readonly kind: "link"; readonly target: string };

/** Where a path leads: the folder that holds its name, and what stands there. */
export interface Place {
  /** Number of the folder. */
  readonly folder: number;
  /** The name in it. */
  readonly name: string;
  /** Number of what the name stands for, or `null` when nothing does. */
  readonly inode: number | null;
}

const ROOT = 0;
const MAX_LINKS = 40;

/** One file system below one folder. */
export class Tree {
  /** Path of the folder when it was looked at; links that lead into it follow it elsewhere. */
  readonly origin: string;
  readonly #inodes: Map<number, Inode>;

  private constructor(origin: string, inodes: Map<number, Inode>) {
    this.origin = origin;
    this.#inodes = inodes;
  }

  /** Reads a real folder. */
  static snapshot(folder: string): Tree {
    const tree = new Tree(Deno.realPathSync(folder), new Map());
    tree.#read(tree.origin);
    return tree;
  }

  /** A copy that can change on its own. */
  clone(): Tree {
    const inodes = new Map<number, Inode>();
    for (const [number, inode] of this.#inodes) {
      inodes.set(
        number,
        inode.kind === "folder" ? { ...inode, names: new Map(inode.names) } : inode,
      );
    }
    return new Tree(this.origin, inodes);
  }

  /** Adds something that has no name yet and returns its number. */
  add(inode: Inode): number {
    const number = this.#inodes.size;
    this.#inodes.set(number, inode);
    return number;
  }

  /** What a number stands for. */
  get(number: number): Inode {
    return this.#inodes.get(number)!;
  }

  /** The names in a folder. */
  names(number: number): Map<string, number> {
    const inode = this.get(number);
    if (inode.kind !== "folder") throw new Error("a folder was expected in the simulated tree");
    return inode.names;
  }

  /** Replaces the content of a file. */
  setBytes(number: number, bytes: Uint8Array): void {
    const inode = this.get(number);
    if (inode.kind !== "file") throw new Error("a file was expected in the simulated tree");
    this.#inodes.set(number, { ...inode, bytes });
  }

  /** Whether a path lies below this tree's folder or is it. */
  covers(path: string): boolean {
    return path === this.origin || path.startsWith(this.origin + "/");
  }

  /** Follows a path; the last name is followed too when it is a link and `follow` says so. */
  locate(path: string, follow: boolean, links = 0): Place {
    if (!this.covers(path)) throw new Error(`an effect outside the recorded folder: ${path}`);
    if (links > MAX_LINKS) throw new Error(`too many links: ${path}`);
    const names = path.slice(this.origin.length).split("/").filter((part) => part !== "");
    let place: Place = { folder: ROOT, name: "", inode: ROOT };
    for (const [at, name] of names.entries()) {
      if (place.inode === null) throw new Error(`no such folder in the simulated tree: ${path}`);
      const inode: number | null = this.names(place.inode).get(name) ?? null;
      place = { folder: place.inode, name, inode };
      const found = inode === null ? null : this.get(inode);
      const isLast = at === names.length - 1;
      if (found?.kind === "link" && (!isLast || follow)) {
        const base = [this.origin, ...names.slice(0, at)].join("/");
        const target = found.target.startsWith("/") ? found.target : `${base}/${found.target}`;
        const rest = [normal(target), ...names.slice(at + 1)].join("/");
        return this.locate(rest, follow, links + 1);
      }
    }
    return place;
  }

  /** One text that is equal for equal trees. */
  fingerprint(): string {
    const lines: string[] = [];
    this.#walk(ROOT, "", (path, inode) => {
      if (inode.kind === "file") lines.push(`${path} ${digest(inode.bytes)}`);
      else lines.push(inode.kind === "link" ? `${path} -> ${inode.target}` : `${path}/`);
    });
    return lines.join("\n");
  }

  /** Writes the tree into an empty real folder. */
  materialise(folder: string): void {
    this.#walk(ROOT, "", (path, inode) => {
      const at = folder + path;
      if (inode.kind === "file") Deno.writeFileSync(at, inode.bytes, { mode: inode.mode });
      else if (inode.kind === "link") {
        const inner = inode.target === this.origin || inode.target.startsWith(this.origin + "/");
        Deno.symlinkSync(
          inner ? folder + inode.target.slice(this.origin.length) : inode.target,
          at,
        );
      } else if (path !== "") Deno.mkdirSync(at, { mode: inode.mode });
    });
  }

  #walk(number: number, path: string, visit: (path: string, inode: Inode) => void): void {
    const inode = this.get(number);
    visit(path, inode);
    if (inode.kind !== "folder") return;
    for (const name of [...inode.names.keys()].sort()) {
      this.#walk(inode.names.get(name)!, `${path}/${name}`, visit);
    }
  }

  #read(path: string): number {
    const info = Deno.lstatSync(path);
    const mode = (info.mode ?? 0o755) & 0o777;
    if (info.isSymlink) return this.add({ kind: "link", target: Deno.readLinkSync(path) });
    if (info.isFile) return this.add({ kind: "file", bytes: Deno.readFileSync(path), mode });
    const names = new Map<string, number>();
    const number = this.add({ kind: "folder", names, mode });
    for (const { name } of Deno.readDirSync(path)) names.set(name, this.#read(`${path}/${name}`));
    return number;
  }
}

/** A path without `.` and `..`. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
}

function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes);
}
