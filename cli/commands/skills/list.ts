/**
 * `kairos skills list`
 *
 * @module
 */

import { skillHash } from "../../../core/dsl/canonical.ts";
import type { Skill } from "../../../core/dsl/ast.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { driftLine, lawLine, lawView } from "../../law_view.ts";
import { renderTable } from "../../render/table.ts";

/** Lists the skills of the law. */
export default defineCommand({
  about: "Lists the skills of the law in force, whatever the working copy says.",
  examples: [
    { call: "skills list", does: "The skills and what of them may change" },
    { call: "skills list --json", does: "For programs" },
  ],
  isLong: true,
  parameters: {},
  async run(context) {
    const instance = await context.open();
    const found = await (await instance.evolution()).inForce();
    const view = await lawView(instance, found);
    const { law, settings } = found;
    const rows = law.skills.map((skill) => rowOf(skill, settings.immutableSkills));
    context.print({ law: view, skills: rows }, () => table(rows, context));
    context.say(`Law: ${lawLine(view)}`);
    const edited = driftLine(view);
    if (edited !== null) context.say(`${edited}\nNext: kairos skills adopt`);
  },
});

/** A skill in the list. */
interface Row {
  readonly id: string;
  readonly version: string | null;
  readonly title: string | null;
  readonly statements: number;
  readonly immutable: boolean;
  readonly evolve: Skill["evolve"];
  readonly hash: string;
}

function rowOf(skill: Skill, immutable: readonly string[]): Row {
  return {
    id: skill.id,
    version: skill.version,
    title: skill.title,
    statements: skill.definition?.length ?? 0,
    immutable: immutable.includes(skill.id),
    evolve: skill.evolve,
    hash: skillHash(skill),
  };
}

function changeable({ immutable, evolve }: Row): string {
  if (immutable) return "never";
  if (evolve === null) return "all";
  if (evolve.deny.includes("all")) return "nothing";
  const denied = evolve.deny.length === 0 ? "" : ` but ${evolve.deny.join(", ")}`;
  return `${evolve.allow.join(", ") || "all"}${denied}`;
}

function table(rows: readonly Row[], { io, style }: CliContext): string {
  if (rows.length === 0) return "There are no skills\n";
  return renderTable(
    [
      { title: "ID", cell: ({ id }) => id },
      { title: "VERSION", cell: ({ version }) => version ?? "-" },
      { title: "STATEMENTS", cell: ({ statements }) => String(statements), right: true },
      { title: "TITLE", cell: ({ title }) => title ?? "-", shrinksTo: 16 },
      { title: "MAY CHANGE", cell: changeable, shrinksTo: 10 },
    ],
    rows,
    { width: io.stdout.columns, heading: style.strong },
  );
}
