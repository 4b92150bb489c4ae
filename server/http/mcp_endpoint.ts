/**
 * The MCP endpoint: guards the body, then hands the message on.
 *
 * @module
 */

import { createMcpHandler, type McpServerFactory } from "@modelcontextprotocol/server";
import { INVALID_REQUEST, NO_BATCHES, PARSE_ERROR, rpcError } from "../mcp/rpc_error.ts";
import { type BodyLimits, readBody } from "./body.ts";
import { errorReply, methodReply, rpcReply } from "./reply.ts";

/** What the endpoint needs. */
export interface McpEndpointOptions extends BodyLimits {
  /** Makes a server for each request. */
  readonly factory: McpServerFactory;
}

/** The endpoint. */
export interface McpEndpoint {
  /** Answers a request. */
  fetch(request: Request): Promise<Response>;
  /** Ends what is still going on. */
  close(): Promise<void>;
}

const ALLOW = "POST, OPTIONS";
/** Most streams that stay open for news. */
const MAX_SUBSCRIPTIONS = 32;

/**
 * Makes the endpoint.
 *
 * @param options Factory and bounds
 * @returns The endpoint, for clients of all protocol versions, without sessions
 */
export function mcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const handler = createMcpHandler(options.factory, { maxSubscriptions: MAX_SUBSCRIPTIONS });
  return {
    fetch: async (request) => {
      if (request.method === "GET" || request.method === "DELETE") {
        const response = await handler.fetch(request);
        response.headers.set("allow", ALLOW);
        return response;
      }
      if (request.method !== "POST") return methodReply(request.method, ALLOW);
      const message = await readMessage(request, options);
      if (message instanceof Response) return message;
      return await handler.fetch(request, { parsedBody: message.body });
    },
    close: () => handler.close(),
  };
}

/** The message in a body, or the answer to what is none. */
async function readMessage(
  request: Request,
  limits: BodyLimits,
): Promise<{ body: unknown } | Response> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json[ \t]*(?:;|$)/i.test(type)) {
    return errorReply(415, "unsupported_media_type", "The body must be application/json", {
      hint: "Send the header Content-Type: application/json",
    });
  }
  if ((request.headers.get("content-encoding") ?? "identity").toLowerCase() !== "identity") {
    return errorReply(415, "unsupported_media_type", "The body must not be compressed", {
      hint: "Send it without Content-Encoding",
    });
  }
  const bytes = await readBody(request, limits);
  if (bytes === "timeout") {
    return errorReply(408, "timeout", "The body did not come in time", {
      headers: { connection: "close" },
    });
  }
  try {
    const body: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(body) ? rpcReply(rpcError(INVALID_REQUEST, NO_BATCHES)) : { body };
  } catch {
    return rpcReply(rpcError(PARSE_ERROR, "Cannot read the message: it is no JSON"));
  }
}
