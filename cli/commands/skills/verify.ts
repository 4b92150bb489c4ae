/**
 * `kairos skills verify`
 *
 * @module
 */

import type { Config } from "../../../core/config/config.ts";
import { lawHash } from "../../../core/dsl/canonical.ts";
import { type VerifiedSkill, verifyLaw } from "../../../core/dsl/formal/verify_law.ts";
import { parseLaw } from "../../../core/dsl/parse_typescript.ts";
import { lawFacts } from "../../../core/evolution/facts.ts";
import { MAX_LAW_SOURCE } from "../../../core/evolution/law_file.ts";
import { quote } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readDocument } from "../../document.ts";
import { findSkill } from "../../find_skill.ts";
import { driftLine, lawLine, lawView } from "../../law_view.ts";
import { optionalArgument, textOption } from "../../parameters.ts";
import { renderTable } from "../../render/table.ts";
import { renderPairs } from "../../render/text.ts";

/** Verifies the law. */
export default defineCommand({
  about:
    "Reads the law in force and judges every statement of its skills by what this instance says about " +
    "itself. Exit code 3 when a statement does not hold or the law itself is in doubt.",
  examples: [
    { call: "skills verify", does: "The whole law in force" },
    { call: "skills verify core_safety", does: "One skill, every statement" },
    { call: "skills verify --file draft.ts", does: "A law that is not in force yet" },
  ],
  parameters: {
    flags: { file: textOption("FILE", "Verify this source, or - for standard input, instead") },
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("SKILL", "Id of the skill; all of them unless given")],
    },
  },
  async run(
    context: CliContext,
    { file }: { readonly file: string | undefined },
    id: string | undefined,
  ) {
    const instance = await context.open();
    const evolution = await instance.evolution();
    const found = await evolution.inForce();
    const view = await lawView(instance, found);
    const law = file === undefined
      ? found.law
      : parseLaw(await readDocument(context, file, MAX_LAW_SOURCE), { file });
    const known = {
      facts: await lawFacts(instance, found),
      skills: law.skills,
      tools: await toolNames(instance.config),
    };
    const wanted = id === undefined ? law.skills : [findSkill(law, id)];
    const skills = verifyLaw(known, wanted, (skill) => evolution.coverage(skill));
    const isProven = file !== undefined || ["decided", "ruby"].includes(view.status);
    const failed = skills.reduce((sum, { outcomes }) => sum + outcomes.unsatisfied, 0);
    const ok = isProven && failed === 0;
    const json = { ok, law: file === undefined ? view : { ast: lawHash(law) }, skills };
    context.print(json, () => {
      const of = file === undefined ? lawLine(view) : file;
      return renderPairs([["Law", of]]) + table(skills, context) +
        details(skills, id !== undefined);
    });
    for (const { skill_id, slips } of skills) {
      for (const { node, option, meant } of slips) {
        context.say(
          `Warning: ${skill_id}.${node}: nobody reads the option ${quote(option)}; ` +
            `did you mean ${quote(meant)}?`,
        );
      }
    }
    const edited = file === undefined ? driftLine(view) : null;
    if (edited !== null) context.say(edited);
    if (!isProven) context.say("Next: kairos doctor");
    return ok ? 0 : 3;
  },
});

/** The tools agents have here; what makes them is loaded only now. */
async function toolNames(config: Config): Promise<string[]> {
  const { toolsOf } = await import("../../../server/mcp/tools/mod.ts");
  return toolsOf(config).map(({ name }) => name);
}

function table(skills: readonly VerifiedSkill[], { io, style }: CliContext): string {
  const count = (of: keyof VerifiedSkill["outcomes"]) => (one: VerifiedSkill) =>
    String(one.outcomes[of]);
  return renderTable(
    [
      { title: "SKILL", cell: ({ skill_id }) => skill_id },
      { title: "SATISFIED", cell: count("satisfied"), right: true },
      { title: "UNSATISFIED", cell: count("unsatisfied"), right: true },
      { title: "UNKNOWN", cell: count("unknown"), right: true },
      { title: "FOR A PERSON", cell: count("human_required"), right: true },
      { title: "IN THE PROSE", cell: ({ coverage }) => percent(coverage), right: true },
    ],
    skills,
    { width: io.stdout.columns, heading: style.strong },
  );
}

function percent(ratio: number | null): string {
  return ratio === null ? "-" : `${Math.round(ratio * 100)} %`;
}

/** Every statement, or those that are not satisfied. */
function details(skills: readonly VerifiedSkill[], all: boolean): string {
  const lines = skills.flatMap(({ skill_id, results }) =>
    results.filter(({ outcome }) => all || outcome !== "satisfied").map((result) =>
      [`${skill_id}.${result.node}`, `${result.outcome}: ${result.detail}`] as const
    )
  );
  return lines.length === 0 ? "" : `\n${renderPairs(lines)}`;
}
