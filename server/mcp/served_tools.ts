/**
 * The tools as MCP shows and calls them.
 *
 * @module
 */

import type { Tool as WireTool } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Config } from "../../core/config/config.ts";
import { callTool, type Tool, toolsOf } from "./tools/mod.ts";

/** What the MCP server needs of the tools. */
export interface ServedTools {
  /** All tools as lists show them; their JSON schemas are made at the first call and kept. */
  list(): readonly WireTool[];
  /** Whether there is a tool of this name. */
  has(name: string): boolean;
  /** Calls a tool. */
  readonly call: typeof callTool;
}

/**
 * The tools, with a place to keep their JSON schemas.
 *
 * @param config Which families there are
 * @returns What the MCP server needs
 */
export function servedTools(config: Config): ServedTools {
  const tools = toolsOf(config);
  let list: readonly WireTool[] | null = null;
  return {
    list: () => list ??= tools.map(wireTool),
    has: (name) => tools.some((tool) => tool.name === name),
    call: callTool,
  };
}

/** A tool as lists show it. */
function wireTool({ name, title, description, input, output, annotations }: Tool): WireTool {
  return {
    name,
    title,
    description,
    inputSchema: z.toJSONSchema(input, { io: "input" }) as WireTool["inputSchema"],
    outputSchema: z.toJSONSchema(output, { io: "output" }) as WireTool["inputSchema"],
    annotations: { title, ...annotations },
  };
}
