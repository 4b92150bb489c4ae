/**
 * `kairos skillset export`
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { KairosError } from "../../../core/errors.ts";
import { exportSkills } from "../../../core/skillset/skill_export.ts";
import { tidySkillFolder, writeSkillFolder } from "../../../core/skillset/skill_folder.ts";
import { quote } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { AGENT_SKILLS, argument, flag, textOption } from "../../parameters.ts";
import { renderTable } from "../../render/table.ts";

interface Flags {
  readonly format: string | undefined;
  readonly to: string | undefined;
  readonly force: boolean;
}

/** Writes the knowledge of a SkillSet as Agent Skills. */
export default defineCommand({
  about:
    "Writes every entry of a SkillSet as an Agent Skill into a folder, one folder with SKILL.md for " +
    "each. Names and fields are made to fit that format; tools an entry asks for are left out. Skills " +
    "that others made or edited stay.",
  examples: [
    {
      call: "skillset export my_pack --format agent-skills --to .agents/skills",
      does: "For the agents of a project",
    },
  ],
  parameters: {
    flags: {
      format: textOption("FORMAT", `What to write: ${AGENT_SKILLS}, the only one so far`),
      to: textOption("DIR", "The folder of skills; it is made when it is missing"),
      force: flag("Replace skills of the same name, whoever made them"),
    },
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, { format = AGENT_SKILLS, to, force }: Flags, name: string) {
    if (format !== AGENT_SKILLS) {
      throw new KairosError("usage", `Cannot export as ${quote(format)}`, {
        hint: `Use --format ${AGENT_SKILLS}`,
      });
    }
    if (to === undefined) {
      throw new KairosError("usage", "Cannot export: no folder is named", {
        hint: "Name one with --to, such as --to .agents/skills",
      });
    }
    const { root, skillsets } = await context.open("read");
    const sets = await skillsets();
    const { manifest, enabled } = sets.info(name);
    if (!enabled || manifest === null) {
      throw new KairosError("refused", `Cannot export '${name}': it is not in use`, {
        hint:
          `Agents would read what nobody looked at; read it, then kairos skillset enable ${name}`,
      });
    }
    const folder = resolve(context.io.cwd, to);
    refuseInside(context, folder, root);
    const { skills, skipped } = exportSkills(sets.files(name));
    const options = { skillset: name, version: manifest.version, limits: sets.limits, force };
    tidySkillFolder(context.disk, folder);
    const written = skills.map((skill) => {
      const done = writeSkillFolder(context.disk, folder, skill, options);
      return { name: skill.name, entry: skill.entry, done, notes: skill.notes };
    });
    const heading = context.style.strong;
    context.print(
      { skills: written, skipped },
      () =>
        renderTable(
          [
            { title: "SKILL", cell: (row) => row.name },
            { title: "DONE", cell: ({ done }) => done },
            { title: "NOTES", cell: ({ notes }) => notes.join("; "), shrinksTo: 16 },
          ],
          written,
          { width: context.io.stdout.columns, heading },
        ),
    );
    for (const { entry, reason } of skipped) context.say(`Left out ${quote(entry)}: ${reason}`);
    return skills.length === 0 ? 1 : 0;
  },
});

/** The data directory is written by its own rules only. */
function refuseInside({ disk }: CliContext, folder: string, root: string): void {
  let real = disk.realPath(folder);
  for (let at = folder; real === null && dirname(at) !== at; real = disk.realPath(at)) {
    at = dirname(at);
  }
  const home = disk.realPath(root) ?? root;
  if (real !== home && real?.startsWith(`${home}/`) !== true) return;
  throw new KairosError("refused", "Cannot export into the data directory", {
    hint: "Name a folder of your project, such as .agents/skills",
  });
}
