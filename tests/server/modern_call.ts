/**
 * Calls as a client of 2026-07-28 makes them, in process, with everything open to forgery.
 *
 * @module
 */

import { createMcpHandler } from "@modelcontextprotocol/server";
import type { Actor } from "../../core/actor.ts";
import type { Instance } from "../../core/instance.ts";
import { mcpFactory } from "../../server/mcp/factory.ts";
import { ACTOR } from "../support/instance.ts";

/** What goes with a call. */
export interface CallParts {
  /** What the client calls itself. */
  readonly agent?: string;
  /** What the client says it can do; it can show a form unless given. */
  readonly capabilities?: unknown;
  /** Answers to questions. */
  readonly inputResponses?: unknown;
  /** What a question came with. */
  readonly requestState?: unknown;
}

/** A call of a tool. */
export type ModernCall = (
  name: string,
  args: unknown,
  parts?: CallParts,
  // deno-lint-ignore no-explicit-any
) => Promise<any>;

/**
 * A server process of an instance.
 *
 * @param instance The instance
 * @param actor Who acts
 * @returns How to call it, and how to end it
 */
export function modernServer(
  instance: Instance,
  actor: Actor = { principal: ACTOR.principal },
): { call: ModernCall; close: () => Promise<void> } {
  const handler = createMcpHandler(mcpFactory(instance, { actor, version: "1" }));
  const call: ModernCall = async (name, args, parts = {}) => {
    const { agent = "modern", capabilities = { elicitation: {} }, ...more } = parts;
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: agent, version: "1" },
      "io.modelcontextprotocol/clientCapabilities": capabilities,
    };
    const params = { name, arguments: args, ...more, _meta };
    const response = await handler.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": name,
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
      }),
    );
    const text = await response.text();
    const { result, error } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
    return result ?? { error };
  };
  return { call, close: () => handler.close() };
}
