/**
 * `kairos skills show`
 *
 * @module
 */

import { skillAsJson, skillHash } from "../../../core/dsl/canonical.ts";
import { decompile } from "../../../core/dsl/formal/decompile.ts";
import { printSkill } from "../../../core/dsl/print.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { findSkill } from "../../find_skill.ts";
import { flag, optionalArgument } from "../../parameters.ts";

/** Shows the law in force, or one skill of it. */
export default defineCommand({
  about:
    "Prints a skill of the law in force as its source, or the whole law. With --json as data, with " +
    "--words its statements in plain words.",
  examples: [
    { call: "skills show core_safety", does: "One skill" },
    { call: "skills show core_safety --words", does: "Its statements in words" },
    { call: "skills show", does: "The law as it was decided, word for word" },
  ],
  isLong: true,
  parameters: {
    flags: { words: flag("Tell the statements in words") },
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("SKILL", "Id of the skill; the whole law unless given")],
    },
  },
  async run(
    context: CliContext,
    { words }: { readonly words: boolean },
    id: string | undefined,
  ) {
    const { law, source } = await (await (await context.open()).evolution()).inForce();
    const skills = id === undefined ? law.skills : [findSkill(law, id)];
    const json = skills.map((skill) => ({ ...skillAsJson(skill), hash: skillHash(skill) }));
    context.print(id === undefined ? { skills: json } : json[0], () => {
      if (words) return context.body(skills.map(decompile).join("\n") + "\n");
      return context.body(id === undefined ? source : skills.map(printSkill).join("\n"));
    });
  },
});
