/**
 * Where the prose of a skill and its definition say different things. See
 * `kairos_formats/definitions.md#drift`.
 *
 * @module
 */

import { KairosError } from "../../errors.ts";
import { quote } from "../../text.ts";
import type { DefinitionNode, Json, Skill } from "../ast.ts";
import { holdsWord } from "./whole_words.ts";
import { plainText } from "./value_text.ts";

/** One place where they differ. */
export interface DriftItem {
  /** A node the prose does not mention, or a sentence no node covers. */
  readonly direction: "definition_orphaned" | "content_uncovered";
  /** How much it matters. */
  readonly severity: "warning" | "info";
  /** What was found. */
  readonly description: string;
  /** The node, or `null` for a sentence. */
  readonly node_name: string | null;
}

/** What one way of matching found. */
export interface DriftFigures {
  /** How many items there are, and which part of the nodes the prose mentions. */
  readonly summary: {
    readonly total: number;
    readonly errors: number;
    readonly warnings: number;
    readonly info: number;
    /** From 0 to 1, two digits; `null` without nodes. */
    readonly coverage_ratio: number | null;
  };
  /** Where prose and definition differ. */
  readonly items: readonly DriftItem[];
}

/** What both ways of matching found. */
export interface DriftReport extends DriftFigures {
  /** The same by whole words, where `bare` is not found in `barely`. */
  readonly by_words: DriftFigures;
}

/**
 * Compares the prose of a skill with its definition, in both directions. The figures are those of the
 * existing implementation, which looks for parts of words; beside them stand those by whole words.
 *
 * @param skill The skill
 * @returns Both figures
 * @throws {KairosError} `too_large` when there is too much prose for so many keywords
 *
 * @example
 * ```ts
 * import { emptySkill } from "../ast.ts";
 * import { drift } from "./drift.ts";
 *
 * const definition = [{ type: "Check", name: "bare", options: {}, source_span: null }];
 * const report = drift({ ...emptySkill("s"), content: "It barely holds.\n", definition });
 * if (report.summary.coverage_ratio !== 1) throw new Error("a part of a word");
 * if (report.by_words.summary.coverage_ratio !== 0) throw new Error("no whole word");
 * ```
 */
export function drift(skill: Skill): DriftReport {
  checkEffort(skill);
  return { ...figures(skill, PARTS), by_words: figures(skill, WORDS) };
}

/**
 * Which part of the statements the prose mentions by whole words, without looking for what they leave
 * open.
 *
 * @param skill The skill
 * @returns From 0 to 1, two digits; `null` without statements
 * @throws {KairosError} `too_large` as {@linkcode drift}
 */
export function coverage(skill: Skill): number | null {
  checkEffort(skill);
  const nodes = skill.definition ?? [];
  return ratio(nodes.length, orphansOf(skill, WORDS).length);
}

function checkEffort(skill: Skill): void {
  const nodes = skill.definition ?? [];
  const effort = (keywords: number) => keywords * (skill.content?.length ?? 0);
  // A keyword has a character at least, so most skills need not be taken apart to be counted.
  const letters = (node: DefinitionNode) => node.name.length + texts(node).join(" ").length;
  if (effort(nodes.reduce((sum, node) => sum + 8 + letters(node), 0)) <= MAX_EFFORT) return;
  const many = nodes.reduce((sum, node) => sum + 1 + keywordsOf(node, PARTS).length, 0);
  if (effort(many) <= MAX_EFFORT) return;
  throw new KairosError("too_large", `Cannot compare skill ${quote(skill.id)}: it is too long`, {
    hint: "Part it into several skills",
  });
}

/** Most characters to look at: those of the prose, once for each keyword. */
const MAX_EFFORT = 20_000_000;

/** One way of matching: which words make a sentence a promise, and what it is to occur. */
interface Matching {
  readonly markers: readonly string[];
  /** Shortest part of a name that says something. */
  readonly shortest: number;
  occurs(wanted: string, text: string): boolean;
}

const ENGLISH = ["must", "required", "always", "never", "shall", "mandatory"];
const JAPANESE = [
  "必ず",
  "必須",
  "常に",
  "禁止",
  "絶対",
  "なければならない",
  "てはならない",
  "べき",
];

const PARTS: Matching = {
  markers: ENGLISH,
  shortest: 1,
  occurs: (wanted, text) => text.includes(wanted),
};

const WORDS: Matching = { markers: [...ENGLISH, ...JAPANESE], shortest: 3, occurs: holdsWord };

function figures(skill: Skill, matching: Matching): DriftFigures {
  const nodes = skill.definition ?? [];
  const orphans = orphansOf(skill, matching);
  const uncovered = skill.definition === null ? [] : uncoveredLines(skill, nodes, matching);
  const items: DriftItem[] = [
    ...orphans.map(({ name, type }): DriftItem => ({
      direction: "definition_orphaned",
      severity: "warning",
      description: `Definition node '${name}' (${type}) has no corresponding mention in content`,
      node_name: name,
    })),
    ...uncovered.map((line): DriftItem => ({
      direction: "content_uncovered",
      severity: "info",
      description: `Content assertion "${cut(line)}" not covered by any definition node`,
      node_name: null,
    })),
  ];
  return {
    summary: {
      total: items.length,
      errors: 0,
      warnings: orphans.length,
      info: uncovered.length,
      coverage_ratio: ratio(nodes.length, orphans.length),
    },
    items,
  };
}

function ratio(nodes: number, orphans: number): number | null {
  return nodes === 0 ? null : Math.round((nodes - orphans) / nodes * 100) / 100;
}

/** Statements the prose does not mention. */
function orphansOf({ content, definition }: Skill, matching: Matching): DefinitionNode[] {
  const text = (content ?? "").toLowerCase();
  return (definition ?? []).filter((node) => !isReflected(node, text, matching));
}

function isReflected(node: DefinitionNode, content: string, matching: Matching): boolean {
  const told = [
    ...partsOf(node, matching),
    ...texts(node).filter((text) => text !== "").map((text) => text.toLowerCase()),
  ];
  return told.some((wanted) => matching.occurs(wanted, content));
}

/** Promises of the prose that no keyword of any node occurs in. */
function uncoveredLines(
  { content }: Skill,
  nodes: readonly DefinitionNode[],
  matching: Matching,
): string[] {
  const keywords = new Set(nodes.flatMap((node) => keywordsOf(node, matching)));
  return (content ?? "").split("\n").map((line) => line.trim()).filter((line) => {
    if (line === "" || /^[#|-]/.test(line)) return false;
    const text = line.toLowerCase();
    if (!matching.markers.some((marker) => matching.occurs(marker, text))) return false;
    return !keywords.values().some((keyword) => matching.occurs(keyword, text));
  });
}

function keywordsOf(node: DefinitionNode, matching: Matching): string[] {
  return [
    ...partsOf(node, matching),
    ...texts(node).flatMap((text) =>
      text.toLowerCase().split(/\s+/).filter((word) => word.length > 3)
    ),
    ...NAMES.flatMap((name) => words(node.options[name])).filter((word) => word !== ""),
  ];
}

function partsOf({ name }: DefinitionNode, { shortest }: Matching): string[] {
  const parts = name.toLowerCase().split("_").filter((part) => part !== "");
  // In other scripts one character may be a word.
  return parts.filter((part) => part.length >= shortest || /[^\p{ASCII}]/u.test(part));
}

/** Options that hold a name (a symbol in Ruby) and not text of the author's. */
const NAMES: readonly string[] = ["timing", "scope", "target", "type"];

/** Options that are text. */
function texts({ options }: DefinitionNode): string[] {
  return Object.entries(options).flatMap(([key, value]) =>
    typeof value === "string" && !NAMES.includes(key) ? [value] : []
  );
}

function words(value: Json | undefined): string[] {
  return typeof value === "string" ? [plainText(value).toLowerCase()] : [];
}

function cut(line: string): string {
  const characters = [...line];
  return characters.length > 80 ? `${characters.slice(0, 78).join("")}...` : line;
}
