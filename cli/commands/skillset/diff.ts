/**
 * `kairos skillset diff`
 *
 * @module
 */

import { resolve } from "node:path";
import type { SkillSets } from "../../../core/skillset/manager.ts";
import type { PackedFile } from "../../../core/skillset/tar_write.ts";
import { readTree, treeHash } from "../../../core/skillset/tree.ts";
import { unifiedDiff } from "../../../core/text_diff.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readBytes } from "../../document.ts";
import { argument } from "../../parameters.ts";
import { colouredDiff } from "../../render/diff.ts";

/** Compares two SkillSets. */
export default defineCommand({
  about:
    "Compares two SkillSets file by file: folders, packages or installed ones. What exists as a path " +
    "is read as one.",
  examples: [
    { call: "skillset diff my_pack my_pack.json", does: "What a package would change" },
    { call: "skillset diff ./old ./new", does: "Two folders" },
  ],
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        argument("NAME", "A folder, a package or an installed SkillSet"),
        argument("NAME", "Another one"),
      ],
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, before: string, after: string) {
    const sets = await (await context.open()).skillsets();
    const [left, right] = [await side(context, sets, before), await side(context, sets, after)];
    const files = compared(left, right);
    const hashes = { from: treeHash(left), to: treeHash(right) };
    context.print(
      { ...hashes, files },
      () => files.map(({ diff }) => colouredDiff(context.body(diff), context.style)).join(""),
    );
    if (files.length === 0) context.say(`No difference between ${before} and ${after}`);
  },
});

async function side(
  context: CliContext,
  sets: SkillSets,
  what: string,
): Promise<readonly PackedFile[]> {
  const path = resolve(context.io.cwd, what);
  const kind = context.disk.stat(path)?.kind;
  if (kind === "folder") return readTree(context.disk, path, sets.limits);
  if (kind !== "file") return sets.files(what);
  const bytes = await readBytes(context, what, sets.limits.inputBytes);
  return (await sets.open(bytes, context.io.signal)).files;
}

/** The files that are not the same on both sides. */
function compared(left: readonly PackedFile[], right: readonly PackedFile[]) {
  const before = new Map(left.map(({ path, bytes }) => [path, bytes]));
  const after = new Map(right.map(({ path, bytes }) => [path, bytes]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)];
    const change = from === undefined ? "added" : to === undefined ? "removed" : "changed";
    const [old, young] = [textOf(from), textOf(to)];
    if (change === "changed" && same(from!, to!)) return [];
    const diff = old === null || young === null
      ? `Binary file ${path} ${change}\n`
      : unifiedDiff({ label: `a/${path}`, text: old }, { label: `b/${path}`, text: young });
    return [{ path, change, diff: diff === "" ? `Empty file ${path} ${change}\n` : diff }];
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function textOf(bytes: Uint8Array | undefined): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
