/**
 * The verbs inside `definition`. See `kairos_formats/ruby_law.md#definitions`.
 *
 * @module
 */

import type * as ruby from "@ruby/prism/nodes";
import { quote } from "../../text.ts";
import type { DefinitionNode, Json } from "../ast.ts";
import { check } from "../check.ts";
import type { Found } from "../problems.ts";
import { treeOfJson } from "../tree.ts";
import type { Call, Statements, Verbs } from "./calls.ts";
import { literal } from "./literals.ts";
import { NotCarried } from "./source.ts";

/**
 * The verbs of a definition.
 *
 * @param statements Reads the statements
 * @param nodes Where the nodes go
 * @returns What each verb does
 */
export function definitionVerbs(statements: Statements, nodes: DefinitionNode[]): Verbs {
  /** Options of a statement in the order the existing implementation keeps them. */
  const options = (call: Call, first: readonly string[]): [string, Json][] => {
    const given = new Map<string, ruby.Node>(call.named);
    const last = first.filter((name) => given.has(name));
    const order = [...given.keys()].filter((name) => !first.includes(name)).concat(last);
    return order.map((name) => [name, literal(statements.source, given.get(name)!)]);
  };
  const add = (call: Call, type: string, entries: [string, Json][], span: string | null = null) => {
    if (call.block !== null) throw new NotCarried(call.node, `${quote(call.verb)} with a block`);
    const name = statements.name(call);
    const node = { type, name, options: Object.fromEntries(entries), source_span: span };
    const wrong = problemOf(node);
    if (wrong !== null) throw new NotCarried(call.node, `${quote(call.verb)}: ${wrong}`);
    nodes.push(node);
  };
  const must = (call: Call, names: readonly string[], only = false) => {
    const given = call.named.map(([name]) => name);
    const missing = names.find((name) => !given.includes(name));
    if (missing !== undefined) {
      throw new NotCarried(call.node, `${quote(call.verb)} without ${quote(missing)}`);
    }
    const extra = given.find((name) => ![...names, "source_span"].includes(name));
    if (only && extra !== undefined) {
      throw new NotCarried(call.node, `${quote(call.verb)} with ${quote(extra)}`);
    }
  };
  return {
    constraint: (call) => add(call, "Constraint", options(call, [])),
    check(call) {
      const entries = options(call, ["condition"]);
      const isSaid = entries.at(-1)?.[0] === "condition";
      add(call, "Check", isSaid ? entries : [...entries, ["condition", null]]);
    },
    plan(call) {
      must(call, ["steps"], true);
      add(call, "Plan", options(call, []));
    },
    tool_call(call) {
      must(call, ["command"]);
      add(call, "ToolCall", options(call, ["command"]));
    },
    node(call) {
      must(call, ["type", "prompt"], true);
      const given = new Map(options(call, []));
      const type = given.get("type");
      const span = given.get("source_span") ?? null;
      if (typeof type !== "string" || (span !== null && typeof span !== "string")) {
        throw new NotCarried(call.node, `${quote(call.verb)} takes text as type and source_span`);
      }
      add(call, type, [["prompt", given.get("prompt")!]], span);
    },
  };
}

/** Why a statement is none of a law, which could not be written in TypeScript then. */
function problemOf(node: DefinitionNode): string | null {
  const found: Found<string>[] = [];
  const tree = treeOfJson({ ...node });
  if (tree === null) return "It is nested too deeply";
  check(tree, { is: "node" }, found);
  return found[0]?.message ?? null;
}
