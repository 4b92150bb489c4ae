/**
 * The tools the conformance suite calls that ask nothing of the client.
 *
 * @module
 */

import {
  type CallToolResult,
  fromJsonSchema,
  type McpServer,
  type ServerContext,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import * as z from "zod";

/** A PNG of one pixel, as base64. */
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/** A WAV of no samples, as base64. */
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

/** Pause the suite asks for between notices, so that it sees them come one by one. */
const PAUSE = 50;

/** A result of one text. */
export function textResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, PAUSE));

/** Tells a text, whatever level was asked for. */
const note = ({ mcpReq }: ServerContext, data: string) => mcpReq.log("info", data);

type Run = (context: ServerContext) => CallToolResult | Promise<CallToolResult>;

/** Tools without arguments, by name. */
const PLAIN: Readonly<Record<string, Run>> = {
  test_simple_text: () => textResult("This is a simple text response for testing."),
  test_image_content: () => ({ content: [{ type: "image", data: PNG, mimeType: "image/png" }] }),
  test_audio_content: () => ({ content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }] }),
  test_embedded_resource: () => ({
    content: [{
      type: "resource",
      resource: {
        uri: "test://embedded-resource",
        mimeType: "text/plain",
        text: "This is an embedded resource content.",
      },
    }],
  }),
  test_multiple_content_types: () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      { type: "image", data: PNG, mimeType: "image/png" },
      {
        type: "resource",
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  test_error_handling: () => {
    throw new Error("This tool intentionally returns an error for testing");
  },
  test_tool_with_logging: async (context) => {
    await note(context, "Tool execution started");
    await pause();
    await note(context, "Tool processing data");
    await pause();
    await note(context, "Tool execution completed");
    return textResult("Logged three messages");
  },
  test_tool_with_progress: async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progress > 0) await pause();
      if (progressToken === undefined) continue;
      const params = { progressToken, progress, total: 100 };
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    return textResult("Reported progress three times");
  },
  test_reconnection: async ({ http }) => {
    http?.closeSSE?.();
    await pause();
    return textResult("Closed the stream and went on");
  },
  test_logging_tool: async (context) => {
    await note(context, "Logged by test_logging_tool");
    return textResult("Logged");
  },
};

/** A schema of JSON Schema 2020-12 with keywords that are easily lost. */
const SCHEMA_2020_12 = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
} as const;

const JSON_SCHEMA_INPUT = fromJsonSchema(SCHEMA_2020_12);
const HEADER_INPUT = z.object({ region: z.string().meta({ "x-mcp-header": "Region" }) });

/**
 * Adds the tools to a server.
 *
 * @param mcp The server
 * @param bus Where changes of lists are told
 */
export function addTools(mcp: McpServer, bus: ServerEventBus): void {
  for (const [name, run] of Object.entries(PLAIN)) {
    mcp.registerTool(name, { description: `Fixture ${name}` }, run);
  }
  mcp.registerTool(
    "json_schema_2020_12_tool",
    { description: "Tool with JSON Schema 2020-12 features", inputSchema: JSON_SCHEMA_INPUT },
    () => textResult("Taken"),
  );
  mcp.registerTool(
    "test_header_argument",
    { description: "Takes an argument that is sent as a header too", inputSchema: HEADER_INPUT },
    ({ region }) => textResult(region),
  );
  const triggers = {
    test_trigger_tool_change: "tools_list_changed",
    test_trigger_prompt_change: "prompts_list_changed",
  } as const;
  for (const [name, kind] of Object.entries(triggers)) {
    mcp.registerTool(name, { description: `Tells ${kind}` }, () => {
      bus.publish({ kind });
      return textResult("Told");
    });
  }
}
