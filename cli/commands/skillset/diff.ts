/**
 * `kairos skillset diff`
 *
 * @module
 */

import { resolve } from "node:path";
import { KairosError } from "../../../core/errors.ts";
import { compareTrees } from "../../../core/skillset/compare.ts";
import type { SkillSets } from "../../../core/skillset/manager.ts";
import type { PackedFile } from "../../../core/skillset/tar_write.ts";
import { readTree, treeHash } from "../../../core/skillset/tree.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { readPackage } from "../../read_package.ts";
import { differencesJson, differencesText } from "../../render/differences.ts";

/** Compares two SkillSets. */
export default defineCommand({
  about:
    "Compares two SkillSets file by file: folders, packages (- for standard input) or installed ones. " +
    "A name that is installed means that SkillSet; write ./NAME for a path of the same name. Of your " +
    "own folders it prints a patch; what somebody else wrote is printed with its hidden characters shown.",
  examples: [
    { call: "skillset diff my_pack my_pack.json", does: "What a package would change" },
    { call: "skillset diff ./old ./new", does: "Two folders" },
    {
      call: "skillset diff my_pack ./my_pack",
      does: "What is installed with the folder it is from",
    },
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
    if (before === "-" && after === "-") {
      throw new KairosError("usage", "Cannot compare: both sides are standard input", {
        hint: "Name a file, a folder or an installed SkillSet on one side",
      });
    }
    const sets = await (await context.open()).skillsets();
    const [left, right] = [await side(context, sets, before), await side(context, sets, after)];
    const files = compareTrees(left.files, right.files);
    const hashes = { from: treeHash(left.files), to: treeHash(right.files) };
    const isOwn = left.isOwn && right.isOwn;
    context.print(
      { ...hashes, files: differencesJson(files) },
      () => differencesText(context, files, { isOwn }),
    );
    if (files.length === 0) context.say(`No difference between ${before} and ${after}`);
  },
});

/** What is compared. */
interface Side {
  readonly files: readonly PackedFile[];
  /** Whether it is the user's own, and no package. */
  readonly isOwn: boolean;
}

/** One side. A name that is installed is that SkillSet, so that a folder beside it cannot stand in for it. */
async function side(
  context: CliContext,
  sets: SkillSets,
  what: string,
): Promise<Side> {
  const { disk, io } = context;
  const path = resolve(io.cwd, what);
  const kind = disk.stat(path)?.kind;
  const isPath = kind === "folder" || kind === "file";
  const installed = what === "-" ? undefined : sets.list().find(({ name }) => name === what);
  if (installed !== undefined && isPath) {
    context.say(`${what} is the installed SkillSet; write ./${what} for the ${kind}`);
  }
  if (installed !== undefined || (!isPath && what !== "-")) {
    return { files: sets.files(what), isOwn: installed?.received === false };
  }
  if (kind === "folder") return { files: readTree(disk, path, sets.limits), isOwn: true };
  const bytes = await readPackage(context, what, sets.limits.inputBytes, "skillset diff NAME");
  return { files: (await sets.open(bytes, { signal: io.signal })).files, isOwn: false };
}
