/**
 * A skill of the law as text for a model.
 *
 * @module
 */

import type { Skill, Words } from "../../core/dsl/ast.ts";
import type { VerifyReport } from "../../core/dsl/formal/verify_definition.ts";
import { plainText } from "../../core/dsl/formal/value_text.ts";
import { visible } from "../../core/text.ts";
import { fence } from "./markdown.ts";

const line = (text: string): string => visible(text.replace(/\s*\n\s*/g, " "));

/**
 * What `skills_dsl_get` answers.
 *
 * @param skill The skill
 * @param source Its source text
 * @param report What became of its definition, or `null` without one
 * @returns Markdown
 */
export function skillText(skill: Skill, source: string, report: VerifyReport | null): string {
  const facts = ([
    ["Version", skill.version],
    ["Use When", skill.use_when],
    ["Requires", words(skill.requires)],
    ["Guarantees", words(skill.guarantees)],
    ["Depends On", words(skill.depends_on)],
  ] as const).flatMap(([name, value]) => value === null ? [] : [`**${name}:** ${line(value)}`]);
  const blocks = [
    [`## [${skill.id}] ${line(skill.title ?? "")}`.trim(), ...facts].join("\n"),
    `### Content (Natural Language Layer)\n\n${visible(skill.content ?? "(No content)", "\n\t")}`,
  ];
  if (skill.definition !== null) {
    const nodes = skill.definition.map(({ type, name, options }) => {
      const said = Object.entries(options).map(([key, value]) => `${key}: ${plainText(value)}`);
      return line(`- **${type}** \`${name}\`${said.length === 0 ? "" : ` — ${said.join(", ")}`}`);
    });
    blocks.push(`### Definition (Structural Layer)\n\n${nodes.join("\n")}`);
  }
  if (skill.formalization_notes !== null) {
    const notes = visible(skill.formalization_notes, "\n\t");
    blocks.push(`### Formalization Notes (Provenance Layer)\n\n${notes}`);
  }
  blocks.push(`### Source\n\n${fence(visible(source, "\n\t"), "typescript")}`);
  if (report !== null) {
    const { passed, failed, unknown, human_required } = report.summary;
    const verdict = report.all_deterministic_passed ? "PASS" : "ISSUES";
    blocks.push(
      `### Verification Status\n\n**${verdict}**: ${passed} passed, ${failed} failed, ` +
        `${unknown} unknown, ${human_required} human-required`,
    );
  }
  return blocks.join("\n\n---\n\n");
}

function words(value: Words): string | null {
  if (value === null || typeof value === "string") return value;
  return `[${value.join(", ")}]`;
}
