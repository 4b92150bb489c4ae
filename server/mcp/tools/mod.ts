/**
 * All tools in one table, and the one way to call them.
 *
 * @module
 */

import type { Actor } from "../../../core/actor.ts";
import { KairosError } from "../../../core/errors.ts";
import type { Instance } from "../../../core/instance.ts";
import { quote } from "../../../core/text.ts";
import type { Tool, ToolResult } from "../define_tool.ts";
import { badArguments, failure } from "../explain.ts";
import { CHAIN_TOOLS } from "./chain.ts";
import { CONTEXT_TOOLS } from "./context.ts";
import { guideTool } from "./guide.ts";
import { HELLO_TOOLS } from "./hello.ts";
import { KNOWLEDGE_TOOLS } from "./knowledge.ts";
import { RESOURCE_TOOLS } from "./resource.ts";
import { SEARCH_TOOLS } from "./search.ts";

export type { Tool, ToolResult } from "../define_tool.ts";

/** Every tool, in the order lists show them. */
export const TOOLS: readonly Tool[] = [
  ...HELLO_TOOLS,
  ...KNOWLEDGE_TOOLS,
  ...SEARCH_TOOLS,
  ...CONTEXT_TOOLS,
  ...RESOURCE_TOOLS,
  ...CHAIN_TOOLS,
  guideTool(() => TOOLS),
];

/** What may go with a call. */
export interface CallOptions {
  /** Aborted when nobody waits for the result any more. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how far the call has come. */
  readonly progress?: ((done: number, total?: number) => void) | undefined;
}

/**
 * Calls a tool.
 *
 * @param instance The instance it works on
 * @param actor Who acts
 * @param name The tool's name
 * @param args Its arguments, as they came
 * @param options Cancellation and progress
 * @returns The result; bad arguments and refusals are results too
 * @throws {KairosError} `not_found` when there is no such tool
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
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) {
    throw new KairosError("not_found", `Tool ${quote(name)} not found`, {
      hint: `Tools: ${TOOLS.map((one) => one.name).join(", ")}`,
    });
  }
  const parsed = tool.input.safeParse(args ?? {}, { reportInput: true });
  if (!parsed.success) return badArguments(tool, parsed.error);
  try {
    const { structured, text } = await tool.run(parsed.data as never, {
      instance,
      actor,
      signal: options.signal ?? new AbortController().signal,
      now: instance.store.clock,
      progress: options.progress ?? (() => {}),
    });
    const fields = structured as Readonly<Record<string, unknown>>;
    return { isError: false, text, structured: fields, code: null };
  } catch (error) {
    return failure(tool, error);
  }
}
