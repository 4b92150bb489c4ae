/**
 * What a tool is: a name, schemas and a function, as data.
 *
 * MCP and `kairos call` run the same definitions.
 *
 * @module
 */

import type { z } from "zod";
import type { Actor } from "../../core/actor.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import type { Client, Question } from "./client.ts";

/** What a tool's function gets beside its arguments. */
export interface ToolContext {
  /** The instance it works on. */
  readonly instance: Instance;
  /** Who acts; made by the door, never by an argument. */
  readonly actor: Actor;
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Tells a waiting client how far the call has come; does nothing when it did not ask. */
  readonly progress: (done: number, total?: number) => void;
  /** The program on the other side and the person who may sit before it. */
  readonly client: Client;
}

/** A way from a result to what is too large, or too far from its point, to stand in it. */
export interface ToolLink {
  /** Address of a resource that this server reads. */
  readonly uri: string;
  /** Its name, as a file would be called. */
  readonly name: string;
  /** Its name for people. */
  readonly title: string;
  /** What is there. */
  readonly description: string;
  /** Its media type. */
  readonly mimeType: string;
}

/** What a tool's function returns. */
export interface ToolOutput<Structured> {
  /** The result for programs; matches the output schema. */
  readonly structured: Structured;
  /** The result for a model: short, the essential first. */
  readonly text: string;
  /** Where more of it is; the text names the addresses too, since not every client knows links. */
  readonly links?: readonly ToolLink[];
  /** What to ask the person before the client; the call is made again with the answer. */
  readonly ask?: Question | undefined;
}

/** What a client may expect of a tool, as MCP names it. */
export interface ToolAnnotations {
  /** It changes nothing. */
  readonly readOnlyHint: boolean;
  /** It may take away or replace something. */
  readonly destructiveHint: boolean;
  /** The same call again changes nothing more. */
  readonly idempotentHint: boolean;
  /** It reaches beyond the instance. */
  readonly openWorldHint: boolean;
}

/** A tool as it is written down. */
export interface ToolDefinition<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  /** Its name on the wire, lower case with underscores. */
  readonly name: string;
  /** Its name for people. */
  readonly title: string;
  /** What it does and when to use it, for a model. */
  readonly description: string;
  /** Schema of the arguments. */
  readonly input: Input;
  /** Schema of the structured result. */
  readonly output: Output;
  /** What a client may expect of it. */
  readonly annotations: ToolAnnotations;
  /** Arguments of a call that works, shown when a call does not. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Does it; throws `KairosError` to refuse. */
  run(
    args: z.output<Input>,
    context: ToolContext,
  ): Promise<ToolOutput<z.input<Output>>> | ToolOutput<z.input<Output>>;
}

/** A tool of any schemas; only {@linkcode defineTool} makes one. */
export type Tool = Omit<ToolDefinition, "run"> & {
  run(args: never, context: ToolContext): Promise<ToolOutput<unknown>> | ToolOutput<unknown>;
};

/** What came of a call. */
export interface ToolResult {
  /** Whether it failed; nothing has been changed then. */
  readonly isError: boolean;
  /** The result or what was wrong, for a model. */
  readonly text: string;
  /** The result for programs; `null` when it failed. */
  readonly structured: Readonly<Record<string, unknown>> | null;
  /** What kind of failure it was; `null` when it did not fail. */
  readonly code: ErrorCode | null;
  /** Where more of it is. */
  readonly links?: readonly ToolLink[];
  /** What to ask the person before the client, where it can be asked. */
  readonly ask?: Question | undefined;
}

/**
 * Writes down a tool, with its function typed by its schemas.
 *
 * @param definition The tool
 * @returns The same tool
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  return definition as unknown as Tool;
}
