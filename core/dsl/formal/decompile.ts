/**
 * A definition told in words. See `kairos_formats/definitions.md#decompiling`.
 *
 * @module
 */

import type { DefinitionNode, Json, JsonObject, Skill } from "../ast.ts";
import { plainText } from "./value_text.ts";
import { stepsOf } from "./verify_definition.ts";

/** Options a constraint shows behind its condition, in this order. */
const LABELLED = ["timing", "scope", "target"];

/**
 * Tells the definition of a skill in words, one line for each node.
 *
 * @param skill The skill
 * @returns Markdown, empty without a definition
 *
 * @example
 * ```ts
 * import { emptySkill } from "../ast.ts";
 * import { decompile } from "./decompile.ts";
 *
 * const node = { type: "Check", name: "small", options: { condition: "n < 3" }, source_span: null };
 * const text = decompile({ ...emptySkill("s"), definition: [node] });
 * if (!text.endsWith("- **Check** (`small`): n < 3")) throw new Error(text);
 * ```
 */
export function decompile(skill: Skill): string {
  if (skill.definition === null) return "";
  return ["## Definition (Decompiled)", "", ...skill.definition.map(lineOf)].join("\n");
}

function lineOf(node: DefinitionNode): string {
  const { heading, rest } = Object.hasOwn(LINES, node.type) ? LINES[node.type]! : OTHER;
  return `- **${heading}** (\`${node.name}\`)${rest(node.options, node)}`;
}

/** How nodes of one type are told: what they are called, and what follows their name. */
interface Line {
  readonly heading: string;
  rest(options: JsonObject, node: DefinitionNode): string;
}

const LINES: Readonly<Record<string, Line>> = {
  Constraint: { heading: "Requirement", rest: (options) => condition(options) + labels(options) },
  Check: { heading: "Check", rest: condition },
  Plan: {
    heading: "Workflow",
    rest({ steps }) {
      const told = stepsOf(steps);
      return `: ${told.length} steps — ${told.join(" -> ")}`;
    },
  },
  ToolCall: { heading: "Tool Call", rest: ({ command }) => `: \`${plainText(command)}\`` },
  SemanticReasoning: {
    heading: "Human Judgment Required",
    rest: (options) => `: ${plainText(options["prompt"]) || "(no prompt)"}`,
  },
};

const OTHER: Line = { heading: "Unknown", rest: (_options, { type }) => `: type=${type}` };

function condition({ condition }: JsonObject): string {
  return isTruthy(condition) ? `: ${plainText(condition)}` : "";
}

function labels(options: JsonObject): string {
  const shown = [
    ...(isTruthy(options["required"]) ? ["required"] : []),
    ...LABELLED.filter((name) => isTruthy(options[name])).map((name) =>
      `${name}: ${plainText(options[name])}`
    ),
  ];
  return shown.length === 0 ? "" : ` [${shown.join(", ")}]`;
}

/** Whether something is said: anything but nothing and `false`. */
function isTruthy(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
