/**
 * Which paths a package may hold. An allow-list: what is not named here does not come in. See
 * `kairos_formats/skillsets.md#paths`.
 *
 * @module
 */

import { SETTINGS } from "../config/settings.ts";
import { visible } from "../text.ts";
import type { Refusal } from "./refusal.ts";

/** Types of file that come in unless the settings say otherwise, as endings without the dot. */
export const ALLOWED_TYPES: readonly string[] = SETTINGS["exchange.allowed_types"].default;

/** Endings of programs. No setting lets them in. */
export const PROGRAM_TYPES: ReadonlySet<string> = new Set(
  ("app bash bat bin class cmd com command cjs csh dll dylib elf exe fish gem hta jar js jse jsx " +
    "ksh lnk lua mjs msi node o php phar pl pm ps1 psm1 py pyc pyw rb rbw reg scr sh so swift ts tsx " +
    "vbe vbs wasm wsf zsh").split(" "),
);

/** Folders of a SkillSet that hold no code. */
const FOLDERS: ReadonlySet<string> = new Set(["knowledge", "config", "references", "assets"]);

/** Files beside them, without their endings. */
const TOP_FILES = /^(?:LICENSE|LICENCE|README|NOTICE)(?:[._-][A-Za-z0-9_-]+)?(?:\.(?:md|txt))?$/;

/** Names some systems keep for devices, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .]|$)/i;

/** Characters no file name may hold on some system. */
const FORBIDDEN = /[<>:"|?*]/;

/** Most bytes of one name, and of a path. */
const MAX_NAME = 200;
const MAX_PATH = 1024;

/** What a path is judged by. */
export interface PathRules {
  /** Most names in a path. */
  readonly depth: number;
  /** Endings of files that come in, lower case, without the dot. */
  readonly allowedTypes: readonly string[];
}

/**
 * Judges the form of a path: whatever it names, could writing it lead astray?
 *
 * @param path The path as it stands in the archive
 * @param depth Most names in it
 * @returns The reason to refuse it, or `null`
 *
 * @example
 * ```ts
 * import { judgeForm } from "./judge_path.ts";
 *
 * if (judgeForm("pack/../../etc/passwd", 16) !== "path_traversal") throw new Error("it got out");
 * ```
 */
export function judgeForm(path: string, depth: number): Refusal | null {
  if (visible(path) !== path) return "hidden_characters";
  if (/^[/\\]/.test(path) || /^[a-zA-Z]:/.test(path)) return "absolute_path";
  if (path.includes("\\")) return "path_traversal";
  const names = path.split("/");
  if (names.some((name) => name === "..")) return "path_traversal";
  if (names.some((name) => name === "")) return "bad_tar";
  if (names.some((name) => name.startsWith("."))) return "hidden_path";
  if (bytes(path) > MAX_PATH || names.some((name) => bytes(name) > MAX_NAME)) {
    return "path_too_long";
  }
  if (names.length > depth) return "too_deep";
  if (names.some(isReserved)) return "reserved_name";
  return null;
}

/**
 * Judges the place and the type of a file.
 *
 * @param path Path below the SkillSet's folder, of a form that was judged
 * @param allowedTypes Endings that come in
 * @returns The reason to refuse it, or `null`
 */
export function judgePlace(path: string, allowedTypes: readonly string[]): Refusal | null {
  if (path === "skillset.json") return null;
  const [top, ...inside] = path.split("/");
  const ending = endingOf(path);
  if (PROGRAM_TYPES.has(ending)) return "executable";
  if (inside.length === 0) return TOP_FILES.test(top!) ? null : "place_not_allowed";
  if (!FOLDERS.has(top!)) return "place_not_allowed";
  if (ending === "" && TOP_FILES.test(inside.at(-1)!)) return null;
  return allowedTypes.includes(ending) ? null : "type_not_allowed";
}

/**
 * Finds paths that are one on systems which fold letter case or compose characters, and files that
 * are folders too. State of one archive.
 */
export class PathSet {
  readonly #kinds = new Map<string, "file" | "folder">();
  /** The spelling under which each folded path, or a folder above one, came first. */
  readonly #spellings = new Map<string, string>();

  /**
   * Notes a path.
   *
   * @param path A path whose form was judged
   * @param kind What it names
   * @returns The reason to refuse it, or `null`
   */
  add(path: string, kind: "file" | "folder"): Refusal | null {
    const names = path.split("/");
    for (let length = 1; length <= names.length; length++) {
      const here = names.slice(0, length).join("/");
      const isSelf = length === names.length;
      const folded = fold(here);
      const spelling = this.#spellings.get(folded);
      if (spelling !== undefined && spelling !== here) return "collision";
      this.#spellings.set(folded, here);
      const known = this.#kinds.get(here);
      if (isSelf && known === kind && kind === "file") return "duplicate";
      if (known !== undefined && known !== (isSelf ? kind : "folder")) return "file_and_folder";
      if (known === undefined) this.#kinds.set(here, isSelf ? kind : "folder");
    }
    return null;
  }
}

/** One form for all spellings that some file system takes for the same. */
function fold(path: string): string {
  return path.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}

/** What follows the last dot of the name, lower case; empty without one. */
function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

function isReserved(name: string): boolean {
  return DEVICE.test(name) || FORBIDDEN.test(name) || /[ .]$/.test(name) || name.startsWith(" ");
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
