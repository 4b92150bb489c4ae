/**
 * What a person should know before a law that was read from Ruby becomes the law.
 *
 * @module
 */

import { visible } from "../../text.ts";
import type { Skill } from "../ast.ts";
import type { RubyLaw } from "./parse.ts";

/**
 * Tells what was carried over from Ruby, what was not, and which code is kept as text only. See
 * `kairos_formats/ruby_law.md#what-is-lost`.
 *
 * @param converted The law and its losses
 * @returns Markdown
 *
 * @example
 * ```ts
 * import { conversionReport } from "./conversion_report.ts";
 *
 * const report = conversionReport({ law: { skills: [] }, lost: [], comments: 0 });
 * if (!report.startsWith("Skills carried over: 0\n")) throw new Error(report);
 * ```
 */
export function conversionReport({ law, lost, comments }: RubyLaw): string {
  const code = law.skills.flatMap((skill) => codeIn(skill).map((what) => `- ${skill.id}: ${what}`));
  return [
    `Skills carried over: ${law.skills.length}`,
    `Comments left out: ${comments}`,
    "",
    ...section(
      "Lost",
      lost.map(({ line, column, what }) => `- ${line}:${column} ${visible(what)}`),
    ),
    ...section("Code kept as text, never run by kairos", code),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return [`${title}: ${lines.length}`, "", ...lines, ...(lines.length === 0 ? [] : [""])];
}

function codeIn({ behavior, effects, evolve, tool }: Skill): string[] {
  return [
    ...(behavior === null ? [] : ["behavior"]),
    ...effects.filter(({ run }) => run !== null).map(({ name }) => `effect ${visible(name)}`),
    ...(evolve?.conditions ?? []).filter(({ test }) => test !== null).map(({ name }) =>
      `condition ${visible(name)}`
    ),
    ...(tool?.execute ? ["tool"] : []),
  ];
}
