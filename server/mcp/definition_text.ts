/**
 * Reports on definitions as text for models. See `kairos_formats/definitions.md#verification`.
 *
 * @module
 */

import type { Skill } from "../../core/dsl/ast.ts";
import { decompile } from "../../core/dsl/formal/decompile.ts";
import type { DriftFigures, DriftItem, DriftReport } from "../../core/dsl/formal/drift.ts";
import type { FormalizationDecision } from "../../core/dsl/formal/formalization.ts";
import type { OptionSlip } from "../../core/dsl/formal/option_slips.ts";
import type { NodeResult, VerifyReport } from "../../core/dsl/formal/verify_definition.ts";
import { visible } from "../../core/text.ts";

/** One line of text from a skill, without power over the reader's screen. */
const shown = (text: string): string => visible(text.replace(/\s*\n\s*/g, " "));

/**
 * What `definition_verify` answers.
 *
 * @param skill The skill
 * @param report What became of its definition
 * @param slips Options nobody reads
 * @returns Markdown
 */
export function verifyText(
  skill: Skill,
  report: VerifyReport,
  slips: readonly OptionSlip[] = [],
): string {
  if (skill.definition === null) {
    return `## Verification: ${skill.id}\n\nThis skill has no definition block. Verification ` +
      "requires a structural definition layer.\n\nUse `skills_dsl_get` to view the skill's " +
      "content layer.";
  }
  const { passed, failed, unknown, human_required, total } = report.summary;
  const open = report.results.filter((result) => !result.evaluable);
  const lines = [
    `## Verification Report: ${skill.id}`,
    "",
    `**Summary**: ${passed} passed, ${failed} failed, ${unknown} unknown, ` +
    `${human_required} human-required (${total} total)`,
    "",
    ...report.results.map((result) =>
      `${markOf(result)} **${shown(result.type)}** \`${shown(result.node)}\` — ` +
      shown(result.detail)
    ),
    "",
    `**Status**: ${statusOf(report)}`,
    ...(open.length === 0 ? [] : ["", "### Human Judgment Required"]),
    ...open.map((result) => `- \`${shown(result.node)}\`: ${shown(result.detail)}`),
    ...(slips.length === 0 ? [] : ["", "### Options nobody reads"]),
    ...slips.map(({ node, option, meant }) =>
      `- \`${shown(node)}\`: \`${shown(option)}\`, did you mean \`${meant}\`?`
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function markOf({ satisfied, evaluable }: NodeResult): string {
  if (!evaluable) return "🧑";
  return satisfied === true ? "✅" : "❌";
}

function statusOf({ all_deterministic_passed, checked, summary }: VerifyReport): string {
  if (all_deterministic_passed) return "All deterministic constraints satisfied.";
  return checked === 0 && summary.failed === 0
    ? "Nothing was evaluated."
    : "Some constraints not satisfied or not evaluable.";
}

/**
 * What `definition_decompile` answers.
 *
 * @param skill The skill
 * @returns Markdown
 */
export function decompileText(skill: Skill): string {
  const told = skill.definition === null
    ? "This skill has no definition block to decompile.\n" +
      "The skill exists only as natural language content."
    : "The following is a natural language reconstruction of the structural definition:\n\n" +
      visible(decompile(skill), "\n\t");
  return `## Decompile: ${skill.id}\n\n${told}`;
}

const DIRECTIONS: Readonly<Record<DriftItem["direction"], string>> = {
  definition_orphaned: "⚠️ [Definition > Content]",
  content_uncovered: "ℹ️ [Content > Definition]",
};

/**
 * What `definition_drift` answers: the figures of the existing implementation, and behind them those by
 * whole words.
 *
 * @param skill The skill
 * @param report Both figures
 * @returns Markdown
 */
export function driftText(skill: Skill, report: DriftReport): string {
  const head = `## Drift Report: ${skill.id}\n\n`;
  if (skill.definition === null) {
    return `${head}This skill has no definition block. Drift detection requires both content and ` +
      "definition layers.";
  }
  const { by_words } = report;
  const lines = [
    ...figureLines(report),
    "",
    "### By whole words",
    "",
    ...figureLines(by_words),
  ];
  return `${head}${lines.join("\n")}\n`;
}

function figureLines({ summary, items }: DriftFigures): string[] {
  const { coverage_ratio: ratio, errors, warnings, info, total } = summary;
  const percent = ratio === null ? "-" : `${Math.round(ratio * 100)}%`;
  return [
    `**Coverage Ratio**: ${percent} of definition nodes reflected in content`,
    `**Issues**: ${errors} errors, ${warnings} warnings, ${info} info (${total} total)`,
    "",
    ...(items.length === 0
      ? ["No drift between content and definition was found."]
      : items.map((item) => `${DIRECTIONS[item.direction]} ${shown(item.description)}`)),
  ];
}

/**
 * What `formalization_record` answers.
 *
 * @param decision The decision as recorded
 * @param hash Hash of its block
 * @returns Markdown
 */
export function recordedText(decision: FormalizationDecision, hash: string): string {
  return [
    "## Formalization Decision Recorded",
    "",
    `**Block**: #${decision.block}`,
    `**Hash**: ${hash.slice(0, 16)}...`,
    `**Skill**: ${skillOf(decision)}`,
    ...linesOf(decision),
  ].join("\n");
}

/**
 * What `formalization_history` answers.
 *
 * @param decisions The decisions, newest first
 * @param filters Names and values of the filters that were given
 * @returns Markdown
 */
export function formalizationsText(
  decisions: readonly FormalizationDecision[],
  filters: Readonly<Record<string, string | undefined>>,
): string {
  if (decisions.length === 0) {
    const given = Object.entries(filters).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${shown(value)}`]
    );
    const told = given.length === 0 ? "" : ` (filters: ${given.join(", ")})`;
    return `No formalization decisions found${told}.`;
  }
  const formalized = decisions.filter(({ result }) => result === "formalized").length;
  return [
    `## Formalization Decisions (${decisions.length})`,
    "",
    ...decisions.flatMap((decision) => [
      `### ${skillOf(decision)} (block #${decision.block}, ${shown(decision.timestamp ?? "-")})`,
      ...linesOf(decision),
      `**Source**: ${shown(decision.source_text ?? "-")}`,
      `**Decided By**: ${shown(decision.decided_by ?? "-")}`,
      "",
    ]),
    `**Summary**: ${formalized} formalized, ${decisions.length - formalized} not formalized`,
  ].join("\n");
}

function skillOf({ skill_id, skill_version }: FormalizationDecision): string {
  return `${shown(skill_id ?? "-")} v${shown(skill_version ?? "-")}`;
}

function linesOf({ result, formalization_category, rationale }: FormalizationDecision): string[] {
  return [
    `**Result**: ${shown(result ?? "-")}`,
    `**Category**: ${shown(formalization_category ?? "-")}`,
    `**Rationale**: ${shown(rationale ?? "-")}`,
  ];
}
