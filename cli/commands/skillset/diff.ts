/**
 * `kairos skillset diff`
 *
 * @module
 */

import { resolve } from "node:path";
import { compareTrees } from "../../../core/skillset/compare.ts";
import type { SkillSets } from "../../../core/skillset/manager.ts";
import type { PackedFile } from "../../../core/skillset/tar_write.ts";
import { readTree, treeHash } from "../../../core/skillset/tree.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readBytes } from "../../document.ts";
import { argument } from "../../parameters.ts";
import { differencesJson, differencesText } from "../../render/differences.ts";

/** Compares two SkillSets. */
export default defineCommand({
  about:
    "Compares two SkillSets file by file: folders, packages or installed ones. What exists as a path " +
    "is read as one.",
  examples: [
    { call: "skillset diff my_pack my_pack.json", does: "What a package would change" },
    { call: "skillset diff ./old ./new", does: "Two folders" },
  ],
  isLong: true,
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
    const files = compareTrees(left, right);
    const hashes = { from: treeHash(left), to: treeHash(right) };
    context.print(
      { ...hashes, files: differencesJson(files) },
      () => differencesText(context, files),
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
