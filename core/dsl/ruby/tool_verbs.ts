/**
 * The verbs inside `tool`.
 *
 * @module
 */

import { quote } from "../../text.ts";
import type { Code, ToolProperty, ToolSpec } from "../ast.ts";
import type { Call, Statements } from "./calls.ts";
import { literal } from "./literals.ts";
import { NotCarried } from "./source.ts";

/**
 * Reads the description of a tool.
 *
 * @param statements Reads the statements
 * @param call The statement `tool`
 * @returns The tool
 */
export function readTool(statements: Statements, call: Call): ToolSpec {
  let name: string | null = null;
  let description: string | null = null;
  let execute: Code | null = null;
  const properties = new Map<string, ToolProperty>();
  const required: string[] = [];
  const input = {
    property: (inner: Call) => {
      const property = readProperty(statements, inner);
      properties.set(property.name, property);
    },
    required: (inner: Call) => {
      required.push(...statements.list(inner));
    },
  };
  statements.run(statements.inside(call), {
    name: (inner) => name = statements.text(inner),
    description: (inner) => description = statements.text(inner),
    input: (inner) => statements.run(statements.inside(inner), input, "input"),
    execute: (inner) => execute = statements.code(inner),
  }, "a tool");
  return { name, description, properties: [...properties.values()], required, execute };
}

function readProperty(statements: Statements, call: Call): ToolProperty {
  const name = statements.name(call);
  const given = new Map(
    call.named.map(([key, node]) => [key, literal(statements.source, node)] as const),
  );
  const extra = [...given.keys()].find((key) => key !== "type" && key !== "description");
  const type = given.get("type");
  const description = given.get("description") ?? null;
  if (call.block !== null || extra !== undefined) {
    throw new NotCarried(call.node, `a property with ${quote(extra ?? "a block")}`);
  }
  if (typeof type !== "string" || (description !== null && typeof description !== "string")) {
    throw new NotCarried(call.node, "a property whose type or description is no text");
  }
  return { name, type, description };
}
