/**
 * Asking the person before an MCP client, in the way of its era.
 *
 * @module
 */

import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Actor } from "../../core/actor.ts";
import { type Client, type ClientAbilities, DISMISSED, type Question } from "./client.ts";
import type { Questions } from "./questions.ts";

/** Name of the one question in a result, and of the one field in its form. */
const KEY = "decision";

/** Who is asked, and in what call. */
export interface Asked {
  /** Era of the protocol. */
  readonly era: "legacy" | "modern";
  /** The server of the connection. */
  readonly mcp: McpServer;
  /** The call. */
  readonly context: ServerContext;
  /** Who acts, with what the client calls itself. */
  readonly actor: Actor;
  /** What this process has asked. */
  readonly questions: Questions;
}

/**
 * The client of a call.
 *
 * @param asked Who is asked
 * @returns What it can do and the answer it brings
 */
export function clientOf(asked: Asked): Client {
  const { mcpReq } = asked.context;
  return {
    can: abilities(asked),
    answer(about) {
      const state = mcpReq.requestState<unknown>();
      if (state === undefined) return null;
      asked.questions.take(typeof state === "string" ? state : "", bound(asked, about));
      const response = inputResponse(mcpReq.inputResponses, KEY);
      if (response.kind === "missing") return null;
      if (response.kind !== "elicit" || response.action !== "accept") return DISMISSED;
      const chosen = response.content?.[KEY];
      return typeof chosen === "string" ? chosen : DISMISSED;
    },
  };
}

/**
 * The result that asks. An older client is asked by the SDK, which then makes the call again.
 *
 * @param asked Who is asked
 * @param question What
 * @returns The result
 */
export function askingResult(asked: Asked, question: Question): InputRequiredResult {
  return inputRequired({
    inputRequests: {
      [KEY]: inputRequired.elicit({
        message: question.message,
        requestedSchema: {
          type: "object",
          properties: {
            [KEY]: { type: "string", title: "Your decision", enum: [...question.choices] },
          },
          required: [KEY],
        },
      }),
    },
    requestState: asked.questions.ask(bound(asked, question.about)),
  });
}

/** An answer counts for the same question of the same person, client and session. */
function bound({ era, actor, context }: Asked, about: string): string[] {
  return [about, era, actor.principal, actor.agentId ?? "", context.sessionId ?? ""];
}

/** A newer client says it in each call, an older one when it connects. */
function abilities({ era, mcp, context }: Asked): ClientAbilities {
  const envelope = context.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const said = era === "modern"
    ? envelope?.[CLIENT_CAPABILITIES_META_KEY]
    : mcp.server.getClientCapabilities();
  const all = isObject(said) ? said : {};
  const forms = all["elicitation"];
  return {
    // One that names no way of asking means forms.
    elicitation: isObject(forms) && ("form" in forms || !("url" in forms)),
    sampling: isObject(all["sampling"]),
    roots: isObject(all["roots"]),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
