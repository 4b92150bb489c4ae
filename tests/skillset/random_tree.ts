/**
 * Random SkillSets that may travel.
 *
 * @module
 */

import fc from "fast-check";
import { programOf } from "../../core/skillset/judge_content.ts";
import { judgeForm } from "../../core/skillset/judge_path.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { PackageRefusedError } from "../../core/skillset/refusal.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { judgeTree } from "../../core/skillset/tree.ts";
import { skillSet } from "./sets.ts";

const FOLDER = "pack";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One segment of a path, in any writing: whatever our own rules let through. */
const name = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
  fc.constantFrom(
    "設計",
    "é",
    "🦊 メモ",
    "a b",
    "10",
    "9",
    "__proto__",
    "Ａ",
    "name-" + "n".repeat(70),
  ),
).filter((text) => !text.includes("/") && text.isWellFormed() && utf8(text).length <= 90)
  .filter((text) => judgeForm(`${text}.md`, 1) === null && judgeForm(text, 1) === null);

const path = fc.tuple(
  fc.constantFrom("knowledge", "config", "references", "assets"),
  fc.array(name, { maxLength: 2 }),
  name,
  fc.constantFrom("md", "txt", "yml", "json", "csv"),
).map(([top, folders, file, ending]) => [top, ...folders, `${file}.${ending}`].join("/"))
  .filter((path) => fitsHeader(`${FOLDER}/${path}`));

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary", maxLength: 2000 }),
  fc.constantFrom("", "\n", "\ufeff# BOM\r\n", "0123456789".repeat(51) + "0\n"),
).map(utf8);

/**
 * SkillSets called `pack`.
 *
 * @returns Their files, in no order
 */
export function randomTrees(): fc.Arbitrary<PackedFile[]> {
  return fc.array(fc.record({ path, bytes: text }), { maxLength: 8 })
    .map((files) => files.filter(({ path, bytes }) => programOf(path, bytes) === null))
    .map((files) => [...skillSet(FOLDER), ...files])
    .filter(isOneOnEverySystem);
}

/** The header of a plain archive has room for 100 bytes, or for 155, a `/` and 100 more. */
function fitsHeader(path: string): boolean {
  const names = path.split("/");
  return names.some((_, at) =>
    utf8(names.slice(0, at).join("/")).length <= 155 &&
    utf8(names.slice(at).join("/")).length <= 100
  );
}

function isOneOnEverySystem(files: readonly PackedFile[]): boolean {
  try {
    judgeTree(files, PACKAGE_LIMITS);
    return true;
  } catch (error) {
    if (error instanceof PackageRefusedError) return false;
    throw error;
  }
}
