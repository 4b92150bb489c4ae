/**
 * The tools as MCP shows and calls them.
 *
 * @module
 */

import type { Tool as WireTool } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Config } from "../../core/config/config.ts";
import { runTool, type Tool, toolNamed, toolsOf } from "./tools/mod.ts";

/** What the MCP server needs of the tools. */
export interface ServedTools {
  /** All tools as lists show them; their JSON schemas are made at the first call and kept. */
  list(): readonly WireTool[];
  /** The tool of this name; throws as {@linkcode toolNamed}. */
  find(name: string): Tool;
  /** Calls a tool. */
  readonly run: typeof runTool;
}

/**
 * The tools, with a place to keep their JSON schemas.
 *
 * @param config Which families there are
 * @returns What the MCP server needs
 */
export function servedTools(config: Config): ServedTools {
  const tools = toolsOf(config);
  const named = new Map(tools.map((tool) => [tool.name, tool]));
  let list: readonly WireTool[] | null = null;
  return {
    list: () => list ??= tools.map(wireTool),
    find: (name) => named.get(name) ?? toolNamed(config, name),
    run: runTool,
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
