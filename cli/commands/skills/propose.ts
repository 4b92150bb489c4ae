/**
 * `kairos skills propose`
 *
 * @module
 */

import { parseLaw } from "../../../core/dsl/parse_typescript.ts";
import { KairosError } from "../../../core/errors.ts";
import { MAX_LAW_SOURCE } from "../../../core/evolution/law_file.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readDocument } from "../../document.ts";
import { argument } from "../../parameters.ts";
import { proposeLaw, REASON } from "../../propose_law.ts";

/** Proposes a skill. */
export default defineCommand({
  about:
    "Proposes a new or changed skill: a file with the definition of that one skill. It is in force once " +
    "it is approved, and not before. Exit code 5 when a check fails.",
  examples: [
    {
      call: "skills propose audit_rules.ts --reason 'look after 90 days'",
      does: "Propose a change",
    },
    { call: "skills show audit_rules", does: "The skill as it is, to begin with" },
  ],
  parameters: {
    flags: REASON,
    positional: {
      kind: "tuple",
      parameters: [argument("FILE", "The definition, or - for standard input")],
    },
  },
  async run(
    context: CliContext,
    { reason }: { readonly reason: string | undefined },
    file: string,
  ) {
    const definition = await readDocument(context, file, MAX_LAW_SOURCE);
    const { skills: [skill, ...more] } = parseLaw(definition, { file });
    if (skill === undefined || more.length > 0) {
      throw new KairosError(
        "invalid",
        "Cannot propose that: it is not the definition of one skill",
        {
          hint: "For the law as a whole edit skills/kairos.ts, then `kairos skills adopt`",
        },
      );
    }
    const evolution = await (await context.open()).evolution();
    const { law } = await evolution.inForce();
    await proposeLaw(context, evolution, {
      kind: law.skills.some(({ id }) => id === skill.id) ? "skill" : "skill_add",
      subject: skill.id,
      definition,
      reason: reason ?? "",
    });
  },
});
