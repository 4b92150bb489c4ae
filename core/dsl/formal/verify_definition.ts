/**
 * Whether a skill's definition holds, as far as a program can say. See
 * `kairos_formats/definitions.md#verification`.
 *
 * @module
 */

import type { DefinitionNode, Json, Skill } from "../ast.ts";
import type { Bindings } from "./bindings.ts";
import { evaluateCondition } from "./evaluate_condition.ts";
import { plainText } from "./value_text.ts";

/** What became of a node. Each of them is one of four. */
export type Outcome = "satisfied" | "unsatisfied" | "unknown" | "human_required";

/** One node and what became of it. */
export interface NodeResult {
  /** The node's name. */
  readonly node: string;
  /** The node's type. */
  readonly type: string;
  /** Whether it holds, as the existing implementation puts it. */
  readonly satisfied: boolean | "unknown";
  /** Whether that could be said. */
  readonly evaluable: boolean;
  /** What was found or is missing. */
  readonly detail: string;
  /**
   * Tells apart what a name that stands for nothing leaves open (`unknown`) and what only a person can
   * judge (`human_required`).
   */
  readonly outcome: Outcome;
  /** Whether something was looked at; a constraint without a condition is only declared. */
  readonly checked: boolean;
}

/** What became of a definition. */
export interface VerifyReport {
  /** How many nodes there are of each kind, counted as the existing implementation does. */
  readonly summary: {
    readonly total: number;
    readonly passed: number;
    readonly failed: number;
    readonly unknown: number;
    readonly human_required: number;
  };
  /** How many nodes had each outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Nodes at which something was looked at. */
  readonly checked: number;
  /** Whether something was looked at and nothing that could be said was against it. */
  readonly all_deterministic_passed: boolean;
  /** Each node, in order. */
  readonly results: readonly NodeResult[];
}

/**
 * Verifies the definition of a skill. Nothing is run: conditions are read by a small language of
 * their own, see {@linkcode evaluateCondition}.
 *
 * @param skill The skill; without a definition there are no results
 * @param bindings What the names in it stand for
 * @returns What became of each node
 *
 * @example
 * ```ts
 * import { emptySkill } from "../ast.ts";
 * import { verifyDefinition } from "./verify_definition.ts";
 *
 * const nothing = { variables: {}, skills: {}, tools: new Set<string>() };
 * const report = verifyDefinition(emptySkill("core_safety"), nothing);
 * if (report.all_deterministic_passed) throw new Error("nothing was looked at");
 * ```
 */
export function verifyDefinition(skill: Skill, bindings: Bindings): VerifyReport {
  const results = (skill.definition ?? []).map((node) => resultOf(node, bindings));
  const having = (test: (result: NodeResult) => boolean) => results.filter(test).length;
  const outcome = (wanted: Outcome) => having((result) => result.outcome === wanted);
  const failed = outcome("unsatisfied");
  const checked = having((result) => result.checked);
  return {
    summary: {
      total: results.length,
      passed: outcome("satisfied"),
      failed,
      unknown: having((result) => result.evaluable && result.satisfied === "unknown"),
      human_required: having((result) => !result.evaluable),
    },
    outcomes: {
      satisfied: outcome("satisfied"),
      unsatisfied: failed,
      unknown: outcome("unknown"),
      human_required: outcome("human_required"),
    },
    checked,
    all_deterministic_passed: checked > 0 && failed === 0,
    results,
  };
}

/** What a node came to, before its fields are derived. */
interface Finding {
  readonly outcome: Outcome;
  readonly detail: string;
  readonly checked: boolean;
}

function resultOf(node: DefinitionNode, bindings: Bindings): NodeResult {
  const judge = Object.hasOwn(JUDGES, node.type) ? JUDGES[node.type]! : judgeOther;
  const { outcome, detail, checked } = judge(node, bindings);
  const evaluable = outcome === "satisfied" || outcome === "unsatisfied";
  const satisfied = evaluable ? outcome === "satisfied" : "unknown";
  return { node: node.name, type: node.type, satisfied, evaluable, detail, outcome, checked };
}

const JUDGES: Readonly<Record<string, (node: DefinitionNode, bindings: Bindings) => Finding>> = {
  Constraint(node, bindings) {
    if (isSaid(node.options["condition"])) return judgeCondition(node, bindings);
    const detail = node.options["required"] === true
      ? "Required constraint declared (structural)"
      : "Constraint declared (no condition to evaluate)";
    return { outcome: "satisfied", detail, checked: false };
  },
  Check(node, bindings) {
    return isSaid(node.options["condition"])
      ? judgeCondition(node, bindings)
      : forPerson("No condition specified");
  },
  Plan({ options }) {
    const steps = stepsOf(options["steps"]);
    return steps.length === 0
      ? { outcome: "unsatisfied", detail: "Plan has no steps defined", checked: true }
      : {
        outcome: "satisfied",
        detail: `Plan has ${steps.length} steps: ${steps.join(" -> ")}`,
        checked: true,
      };
  },
  ToolCall({ options }, { tools }) {
    const command = plainText(options["command"]).trim();
    if (command === "") {
      return { outcome: "unsatisfied", detail: "No command specified", checked: true };
    }
    const recognized = `Command recognized: ${command}`;
    const tool = /^[^\s(]*/.exec(command)![0];
    return tools.has(tool) ? { outcome: "satisfied", detail: recognized, checked: true } : {
      outcome: "unsatisfied",
      detail: `${recognized}, but there is no such tool`,
      checked: true,
    };
  },
  SemanticReasoning: ({ options }) =>
    forPerson(`Requires human judgment: ${plainText(options["prompt"])}`),
};

function judgeOther({ type }: DefinitionNode): Finding {
  return forPerson(`Unknown node type: ${type}`);
}

function judgeCondition({ options }: DefinitionNode, bindings: Bindings): Finding {
  const { satisfied, detail } = evaluateCondition(plainText(options["condition"]), bindings);
  if (satisfied === "unknown") return { outcome: "unknown", detail, checked: false };
  return { outcome: satisfied ? "satisfied" : "unsatisfied", detail, checked: true };
}

function forPerson(detail: string): Finding {
  return { outcome: "human_required", detail, checked: false };
}

/**
 * The steps of a plan as text.
 *
 * @param steps What stands under `steps`
 * @returns Each step; none when it is no list
 */
export function stepsOf(steps: Json | undefined): string[] {
  return Array.isArray(steps) ? (steps as readonly Json[]).map(plainText) : [];
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
