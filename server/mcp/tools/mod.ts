/**
 * All tools in one table, and the one way to call them.
 *
 * @module
 */

import type { Actor } from "../../../core/actor.ts";
import type { Config } from "../../../core/config/config.ts";
import { TOOL_FAMILIES, type ToolFamily } from "../../../core/config/settings.ts";
import { KairosError } from "../../../core/errors.ts";
import type { Instance } from "../../../core/instance.ts";
import { didYouMean } from "../../../core/nearest.ts";
import { quote } from "../../../core/text.ts";
import { type Client, NO_CLIENT } from "../client.ts";
import type { Tool, ToolResult } from "../define_tool.ts";
import { badArguments, failure } from "../explain.ts";
import { switchedOff } from "../families.ts";
import { CHAIN_TOOLS } from "./chain.ts";
import { CONTEXT_TOOLS } from "./context.ts";
import { guideTool } from "./guide.ts";
import { HELLO_TOOLS } from "./hello.ts";
import { KNOWLEDGE_TOOLS } from "./knowledge.ts";
import { lawTools } from "./law.ts";
import { MEETING_TOOLS } from "./meeting.ts";
import { RESOURCE_TOOLS } from "./resource.ts";
import { SEARCH_TOOLS } from "./search.ts";
import { SKILLSET_TOOLS } from "./skillset.ts";
import { STATE_TOOLS } from "./state.ts";

export type { Tool, ToolResult } from "../define_tool.ts";

/** Every tool by its family. */
const FAMILIES: Readonly<Record<ToolFamily, readonly Tool[]>> = {
  hello: HELLO_TOOLS,
  knowledge: KNOWLEDGE_TOOLS,
  search: SEARCH_TOOLS,
  context: CONTEXT_TOOLS,
  resource: RESOURCE_TOOLS,
  skillset: SKILLSET_TOOLS,
  chain: CHAIN_TOOLS,
  law: lawTools((config) => toolsOf(config)),
  state: STATE_TOOLS,
  meeting: MEETING_TOOLS,
  guide: [guideTool((config) => toolsOf(config))],
};

/** Every tool, in the order lists show them. */
export const TOOLS: readonly Tool[] = TOOL_FAMILIES.flatMap((family) => FAMILIES[family]);

/**
 * The tools an instance gives to agents.
 *
 * @param config Its settings
 * @returns The tools of its families, in the order lists show them
 */
export function toolsOf(config: Config): readonly Tool[] {
  return config["tools.families"].flatMap((family) => FAMILIES[family]);
}

/**
 * One tool of an instance.
 *
 * @param config Its settings
 * @param name The tool's name
 * @returns The tool
 * @throws {KairosError} `not_found` when there is no such tool, `refused` when it is switched off
 */
export function toolNamed(config: Config, name: string): Tool {
  const tools = toolsOf(config);
  const tool = tools.find((one) => one.name === name);
  if (tool !== undefined) return tool;
  const off = TOOL_FAMILIES.find((family) => FAMILIES[family].some((one) => one.name === name));
  if (off === undefined) {
    const known = tools.map((one) => one.name);
    throw new KairosError("not_found", `Tool ${quote(name)} not found`, {
      hint: didYouMean(name, known, "List the tools with tools/list or `kairos call`"),
    });
  }
  throw switchedOff(`call ${name}`, off);
}

/** What may go with a call. */
export interface CallOptions {
  /** Aborted when nobody waits for the result any more. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how far the call has come. */
  readonly progress?: ((done: number, total?: number) => void) | undefined;
  /** The program that calls; one that can ask nobody unless given. */
  readonly client?: Client | undefined;
}

/**
 * Calls a tool by its name.
 *
 * @param instance The instance it works on
 * @param actor Who acts
 * @param name The tool's name
 * @param args Its arguments, as they came
 * @param options Cancellation and progress
 * @returns The result; bad arguments and refusals are results too
 * @throws {KairosError} As {@linkcode toolNamed}
 *
 * @example
 * ```ts
 * import { openInstance } from "../../../core/instance.ts";
 * import { callTool } from "./mod.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const instance = await openInstance(root, { mode: "write" });
 * const actor = { principal: "cli:alice" };
 * const { text } = await callTool(instance, actor, "chain_record", { logs: ["it begins"] });
 * if (!text.startsWith("Block #1 recorded successfully.")) throw new Error(text);
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export async function callTool(
  instance: Instance,
  actor: Actor,
  name: string,
  args: unknown,
  options: CallOptions = {},
): Promise<ToolResult> {
  return await runTool(toolNamed(instance.config, name), instance, actor, args, options);
}

/**
 * Calls a tool.
 *
 * @param tool The tool, one of the instance's
 * @param instance The instance it works on
 * @param actor Who acts
 * @param args Its arguments, as they came
 * @param options Cancellation and progress
 * @returns The result; bad arguments and refusals are results too
 */
export async function runTool(
  tool: Tool,
  instance: Instance,
  actor: Actor,
  args: unknown,
  options: CallOptions = {},
): Promise<ToolResult> {
  const parsed = tool.input.safeParse(args ?? {}, { reportInput: true });
  if (!parsed.success) return badArguments(tool, parsed.error);
  try {
    const state = tool.annotations.readOnlyHint ? null : await instance.state();
    const { structured, text, links = [], ask } = await tool.run(parsed.data as never, {
      instance,
      actor,
      signal: options.signal ?? new AbortController().signal,
      now: instance.store.clock,
      progress: options.progress ?? (() => {}),
      client: options.client ?? NO_CLIENT,
    });
    const fields = structured as Readonly<Record<string, unknown>>;
    // What was changed stands already, whatever comes of the commit.
    await state?.afterChange(actor);
    return { isError: false, text, structured: fields, code: null, links, ask };
  } catch (error) {
    return failure(tool, error);
  }
}
