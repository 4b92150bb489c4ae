/**
 * The resources and prompts the conformance suite reads.
 *
 * @module
 */

import {
  completable,
  type GetPromptResult,
  inputRequired,
  inputResponse,
  type McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import { PNG } from "./fixture_tools.ts";

/**
 * Adds the resources to a server.
 *
 * @param mcp The server
 */
export function addResources(mcp: McpServer): void {
  const plain = { mimeType: "text/plain", description: "A fixture" };
  const texts = {
    "test://static-text": "This is the content of the static text resource.",
    "test://watched-resource": "Watched",
  };
  for (const [uri, text] of Object.entries(texts)) {
    const contents = [{ uri, mimeType: "text/plain", text }];
    mcp.registerResource(uri.slice("test://".length), uri, plain, () => ({ contents }));
  }
  const binary = { mimeType: "image/png", description: "A fixture" };
  mcp.registerResource("static-binary", "test://static-binary", binary, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: PNG }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  const json = { mimeType: "application/json", description: "A fixture" };
  mcp.registerResource("template", template, json, ({ href }, { id }) => ({
    contents: [{
      uri: href,
      mimeType: "application/json",
      text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
    }],
  }));
  const watched = new Set<string>();
  mcp.server.setRequestHandler("resources/subscribe", ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  mcp.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
}

type Content = GetPromptResult["messages"][number]["content"];

/** A prompt's answer. */
function says(...contents: readonly Content[]): GetPromptResult {
  return { messages: contents.map((content) => ({ role: "user", content })) };
}

const words = (text: string): Content => ({ type: "text", text });

/**
 * Adds the prompts to a server.
 *
 * @param mcp The server
 */
export function addPrompts(mcp: McpServer): void {
  const description = "A fixture";
  mcp.registerPrompt(
    "test_simple_prompt",
    { description },
    () => says(words("This is a simple prompt for testing.")),
  );
  const both = z.object({
    arg1: completable(z.string(), (value) => ["paris", "park"].filter((x) => x.startsWith(value))),
    arg2: z.string(),
  });
  mcp.registerPrompt(
    "test_prompt_with_arguments",
    { description, argsSchema: both },
    ({ arg1, arg2 }) => says(words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  mcp.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => {
      const text = "Embedded resource content for testing.";
      const resource = { uri: resourceUri, mimeType: "text/plain", text };
      const rest = words("Please process the embedded resource above.");
      return says({ type: "resource", resource }, rest);
    },
  );
  mcp.registerPrompt(
    "test_prompt_with_image",
    { description },
    () =>
      says(
        { type: "image", data: PNG, mimeType: "image/png" },
        words("Please analyze the image above."),
      ),
  );
  mcp.registerPrompt("test_input_required_result_prompt", { description }, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "user_context");
    if (answer.kind === "elicit") return says(words(JSON.stringify(answer.content ?? {})));
    const user_context = inputRequired.elicit({
      message: "What context should the prompt use?",
      requestedSchema: {
        type: "object",
        properties: { context: { type: "string" } },
        required: ["context"],
      },
    });
    return inputRequired({ inputRequests: { user_context } });
  });
}
