/**
 * `kairos skillset import`
 *
 * @module
 */

import { resolve } from "node:path";
import { KairosError } from "../../../core/errors.ts";
import { checkSkillsLock, requireLocked } from "../../../core/skillset/locked_skills.ts";
import type { SkillSets } from "../../../core/skillset/manager.ts";
import { importSkill } from "../../../core/skillset/skill_import.ts";
import { readSkillSource } from "../../../core/skillset/skill_source.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag, type Layer, layerOption, optionalArgument, textOption } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";
import { renderTable } from "../../render/table.ts";
import { governing } from "../../skillset_layer.ts";

interface Flags {
  readonly name: string | undefined;
  readonly withoutScripts: boolean;
  readonly lock: string | undefined;
  readonly layer: Layer | undefined;
  readonly force: boolean;
}

/** Takes an Agent Skill over as a SkillSet. */
export default defineCommand({
  about:
    "Takes an Agent Skill, a folder or a zip with SKILL.md, over as a SkillSet: its document is " +
    "knowledge. It is judged like a package of others, kept in L2 and not in use; programs are " +
    "refused, and no tool it asks for is allowed. With --lock it must be what skills-lock.json notes; " +
    "without a path, every skill that file names is looked at and nothing is imported.",
  examples: [
    { call: "skillset import .agents/skills/pdf", does: "From a folder" },
    { call: "skillset import skill.zip --without-scripts", does: "From a zip, programs left out" },
    { call: "skillset import --lock skills-lock.json", does: "Are the skills here those noted?" },
  ],
  parameters: {
    flags: {
      name: textOption("TEXT", "Name of the SkillSet instead of the skill's"),
      withoutScripts: flag("Leave programs out, and say which"),
      lock: textOption("FILE", "A skills-lock.json to hold it against"),
      layer: layerOption("The layer that governs it here instead of L2"),
      force: flag("Replace one of the same name; the files in its config/ stay"),
    },
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("FILE", "Folder or zip of the skill")],
    },
  },
  async run(context: CliContext, flags: Flags, source: string | undefined) {
    const sets = await (await context.open(source === undefined ? "read" : undefined)).skillsets();
    const lock = flags.lock === undefined ? null : resolve(context.io.cwd, flags.lock);
    if (source !== undefined) return await importOne(context, sets, source, lock, flags);
    if (lock !== null) return checkLock(context, sets, lock);
    throw new KairosError("usage", "Cannot import: no skill is named", {
      hint: "Name the folder or the zip of a skill, or a lock file with --lock",
    });
  },
});

async function importOne(
  context: CliContext,
  sets: SkillSets,
  source: string,
  lock: string | null,
  { name, withoutScripts, layer, force }: Flags,
): Promise<void> {
  const { disk, io } = context;
  const { limits } = sets;
  const folder = resolve(io.cwd, source);
  const found = await readSkillSource(disk, io.cwd, source, { limits, signal: io.signal });
  const imported = importSkill(found, { limits, name, withoutScripts });
  if (lock !== null) requireLocked(disk, lock, { name: imported.skill, folder }, limits);
  const { review, signature: _, ...change } = await sets.receive(
    { ...imported, signature: null },
    await context.actor(),
    { layer: governing(layer), force },
  );
  await printSkillSetChange(context, change, {
    review,
    leftOut: imported.leftOut,
    next: `It is not in use. Next: read it, then kairos skillset enable ${change.name}`,
  });
}

function checkLock(context: CliContext, sets: SkillSets, lock: string): number {
  const found = checkSkillsLock(context.disk, lock, sets.limits);
  const options = { width: context.io.stdout.columns, heading: context.style.strong };
  context.print(
    found.map(({ name, source, sourceType, hash, verdict }) => {
      return { name, source, source_type: sourceType, hash, verdict };
    }),
    () =>
      renderTable(
        [
          { title: "SKILL", cell: ({ name }) => name, shrinksTo: 20 },
          { title: "FOUND", cell: ({ verdict }) => verdict },
          {
            title: "FROM",
            cell: ({ source, sourceType }) => `${sourceType} ${source}`,
            shrinksTo: 16,
          },
        ],
        found,
        options,
      ),
  );
  return found.every(({ verdict }) => verdict === "matches") ? 0 : 3;
}
