/**
 * Writes the law as its source, one way for each law. See `kairos_formats/law.md#printing`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote, visible } from "../text.ts";
import {
  type Code,
  type DefinitionNode,
  type Effect,
  type EvolveRules,
  type Json,
  type Law,
  type Skill,
  SKILL_FIELDS,
  type ToolSpec,
} from "./ast.ts";
import { skillAsJson } from "./canonical.ts";
import { check } from "./check.ts";
import type { Found } from "./problems.ts";
import { NODE_VERBS, SKILL } from "./schema.ts";
import { isFunction } from "./syntax.ts";
import { printText } from "./text_literal.ts";
import { treeOfJson } from "./tree.ts";

/** First line of a printed law: it lets editors complete and check the rest. */
export const LAW_HEADER = '/// <reference path="./kairos.d.ts" />\n';

/** Longest list that stands on one line, with its brackets. */
const LINE = 80;

/** A printed field: its name and, given what stands before it, its value. */
type Printed = readonly [key: string, print: (indent: string) => string];

/**
 * Prints a law.
 *
 * @param law The law
 * @returns Its source, which {@linkcode parseLaw} reads to the same law
 * @throws {KairosError} `invalid` when a skill breaks the schema
 */
export function printLaw(law: Law): string {
  return [LAW_HEADER, ...law.skills.map((skill) => printSkill(skill))].join("\n");
}

/**
 * Prints one skill.
 *
 * @param skill The skill
 * @returns Its statement, with a line break at the end
 * @throws {KairosError} `invalid` when it breaks the schema
 * @example
 * ```ts
 * import { emptySkill } from "./ast.ts";
 * import { printSkill } from "./print.ts";
 *
 * const text = printSkill({ ...emptySkill("core_safety"), title: "Safety" });
 * if (text !== 'skill("core_safety", {\n  title: "Safety",\n});\n') throw new Error(text);
 * ```
 */
export function printSkill(skill: Skill): string {
  const found: Found<string>[] = [];
  const tree = treeOfJson(skillAsJson(skill));
  if (tree !== null) check(tree, SKILL, found);
  if (tree === null || found.length > 0) {
    const { at, message, hint } = found[0] ??
      { at: "", message: "It is nested too deeply", hint: "Make it flatter" };
    throw new KairosError(
      "invalid",
      `Cannot print skill ${quote(skill.id)}: ${message}${at === "" ? "" : ` at ${quote(at)}`}`,
      { hint },
    );
  }
  const fields: Printed[] = [];
  for (const field of SKILL_FIELDS) {
    if (field !== "id") fields.push(...printed(skill, field));
  }
  return `skill(${printText(skill.id, "")}, ${record(fields, "")});\n`;
}

/** The field, unless it says nothing. */
function printed(skill: Skill, field: Exclude<(typeof SKILL_FIELDS)[number], "id">): Printed[] {
  switch (field) {
    case "evolve":
      return optional(field, skill.evolve, evolve);
    case "definition":
      return optional(field, skill.definition, (nodes, indent) => items(nodes, indent, statement));
    case "behavior":
      return optional(field, skill.behavior, code);
    case "tool":
      return optional(field, skill.tool, tool);
    case "effects":
      return nested(field, skill.effects.map(effect));
    case "inputs":
      return list(field, skill.inputs);
    default:
      return optional<Json>(field, skill[field], value);
  }
}

function optional<T>(
  key: string,
  held: T | null,
  print: (held: T, indent: string) => string,
): Printed[] {
  return held === null ? [] : [[key, (indent) => print(held, indent)]];
}

function list(key: string, held: readonly string[]): Printed[] {
  return held.length === 0 ? [] : [[key, (indent) => value(held, indent)]];
}

function nested(key: string, fields: readonly Printed[]): Printed[] {
  return fields.length === 0 ? [] : [[key, (indent) => record(fields, indent)]];
}

function effect({ name, requires, records, run }: Effect): Printed {
  const fields = [
    ...list("requires", requires),
    ...list("records", records),
    ...optional("run", run, code),
  ];
  return [name, (indent) => record(fields, indent)];
}

function evolve({ allow, deny, conditions }: EvolveRules, indent: string): string {
  const tests = conditions.map(({ name, test }): Printed => [
    name,
    (inner) => test === null ? "null" : code(test, inner),
  ]);
  return record([
    ...list("allow", allow),
    ...list("deny", deny),
    ...nested("conditions", tests),
  ], indent);
}

function tool(spec: ToolSpec, indent: string): string {
  const properties = spec.properties.map(({ name, type, description }): Printed => [
    name,
    (inner) =>
      record(
        [["type", (at) => value(type, at)], ...optional("description", description, value)],
        inner,
      ),
  ]);
  return record([
    ...optional("name", spec.name, value),
    ...optional("description", spec.description, value),
    ...nested("properties", properties),
    ...list("required", spec.required),
    ...optional("execute", spec.execute, code),
  ], indent);
}

function statement({ type, name, options, source_span }: DefinitionNode, indent: string): string {
  const verb = Object.keys(NODE_VERBS).find((one) => NODE_VERBS[one] === type);
  const fields = [
    ...verb === undefined ? optional("type", type, value) : [],
    ...Object.entries(options).map(([key, held]): Printed => [key, (inner) => value(held, inner)]),
    ...optional("source_span", source_span, value),
  ];
  return `${verb ?? "node"}(${printText(name, indent)}, ${record(fields, indent)})`;
}

function code({ language, text }: Code, indent: string): string {
  // Inside of code nothing can be escaped, so hidden characters and half functions stand as text.
  const isPlain = language === "typescript" && visible(text, "\n\t") === text && isFunction(text);
  if (isPlain) return text;
  return record([
    ["language", (inner) => value(language, inner)],
    ["text", (inner) => value(text, inner)],
  ], indent);
}

function value(held: Json, indent: string): string {
  if (typeof held === "string") return printText(held, indent);
  if (held === null || typeof held !== "object") return JSON.stringify(held);
  if (isList(held)) return items(held, indent, value);
  return record(
    Object.entries(held).map(([key, one]): Printed => [key, (at) => value(one, at)]),
    indent,
  );
}

function isList(held: object): held is readonly Json[] {
  return Array.isArray(held);
}

/** A list on one line when it is short and flat, else one item per line. */
function items<T>(
  held: readonly T[],
  indent: string,
  print: (one: T, at: string) => string,
): string {
  const inner = `${indent}  `;
  const texts = held.map((one) => print(one, inner));
  const line = `[${texts.join(", ")}]`;
  const isFlat = held.every((one) => typeof one !== "object" || one === null);
  if (texts.length === 0 || (isFlat && line.length <= LINE && !line.includes("\n"))) return line;
  return `[\n${texts.map((text) => `${inner}${text},\n`).join("")}${indent}]`;
}

function record(fields: readonly Printed[], indent: string): string {
  if (fields.length === 0) return "{}";
  const inner = `${indent}  `;
  const lines = fields.map(([key, print]) => `${inner}${keyText(key)}: ${print(inner)},\n`);
  return `{\n${lines.join("")}${indent}}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : visible(JSON.stringify(key));
}
