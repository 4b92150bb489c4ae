/**
 * The tools the conformance suite calls that ask the client something.
 *
 * @module
 */

import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ElicitInputParams,
  type InputRequest,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import { textResult } from "./fixture_tools.ts";

/** What a tool remembers between two rounds. */
export interface Round {
  /** Number of the round, from 1. */
  readonly round: number;
}

type Schema = Extract<
  Extract<ElicitInputParams, { requestedSchema: unknown }>["requestedSchema"],
  { properties: unknown }
>;
type Field = Schema["properties"][string];
type Ask = (context: ServerContext) => Result | Promise<Result>;
type Result = CallToolResult | InputRequiredResult;

const NAME = z.object({ name: z.string() });
const CONFIRM = z.object({ ok: z.boolean() });

/** A question for one required field. */
function question(message: string, field: string, type: Field = { type: "string" }): InputRequest {
  const properties = { [field]: type };
  return inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties, required: [field] },
  });
}

/** A question for the client's model. */
function sampling(text: string, maxTokens = 100): InputRequest {
  const messages = [{ role: "user" as const, content: { type: "text" as const, text } }];
  return inputRequired.createMessage({ messages, maxTokens });
}

const answers = ({ mcpReq }: ServerContext) => mcpReq.inputResponses;

/** What the client's model said, or `undefined` before it was asked. */
function sampled(context: ServerContext, key: string): string | undefined {
  const answer = inputResponse(answers(context), key);
  if (answer.kind !== "sampling") return undefined;
  const { content } = answer.result;
  const first = Array.isArray(content) ? content[0] : content;
  return first?.type === "text" ? first.text : "";
}

/** Asks for a form and tells what came back, whatever it was. */
function form(context: ServerContext, message: string, schema: Schema, said: string): Result {
  const answer = inputResponse(answers(context), "form");
  if (answer.kind !== "elicit") {
    const form = inputRequired.elicit({ message, requestedSchema: schema });
    return inputRequired({ inputRequests: { form } });
  }
  const content = JSON.stringify(answer.content ?? {});
  return textResult(`${said}: action=${answer.action}, content=${content}`);
}

/** Adds a tool that has no arguments. */
function tool(mcp: McpServer, name: string, ask: Ask): void {
  mcp.registerTool(name, { description: `Fixture ${name}` }, ask);
}

/** Forms whose schema must reach the client as it is. */
function addForms(mcp: McpServer): void {
  const user: Schema = {
    type: "object",
    properties: {
      username: { type: "string", description: "User's response" },
      email: { type: "string", description: "User's email address" },
    },
    required: ["username", "email"],
  };
  const inputSchema = z.object({ message: z.string() });
  mcp.registerTool(
    "test_elicitation",
    { description: "Asks the user", inputSchema },
    ({ message }, context) => form(context, message, user, "User response"),
  );
  const defaults: Schema = {
    type: "object",
    properties: {
      name: { type: "string", default: "John Doe" },
      age: { type: "integer", default: 30 },
      score: { type: "number", default: 95.5 },
      status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
      verified: { type: "boolean", default: true },
    },
  };
  const titled = (title: string) =>
    ["First", "Second", "Third"].map((nth, at) => ({
      const: `value${at + 1}`,
      title: `${nth} ${title}`,
    }));
  const plain = ["option1", "option2", "option3"];
  const enums: Schema = {
    type: "object",
    properties: {
      untitledSingle: { type: "string", enum: plain },
      titledSingle: { type: "string", oneOf: titled("Option") },
      legacyEnum: {
        type: "string",
        enum: ["opt1", "opt2", "opt3"],
        enumNames: ["Option One", "Option Two", "Option Three"],
      },
      untitledMulti: { type: "array", items: { type: "string", enum: plain } },
      titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
    },
  };
  const forms = { sep1034_defaults: defaults, sep1330_enums: enums };
  for (const [name, schema] of Object.entries(forms)) {
    tool(
      mcp,
      `test_elicitation_${name}`,
      (context) => form(context, "Please fill the form", schema, "Elicitation completed"),
    );
  }
}

/** Tools that ask in one or more rounds. */
function addRounds(mcp: McpServer, state: RequestStateCodec<Round>): void {
  const prefix = "test_input_required_result_";
  for (const name of [`${prefix}elicitation`, "test_streaming_elicitation"]) {
    tool(mcp, name, (context) => {
      const accepted = acceptedContent(answers(context), "user_name", NAME);
      if (accepted !== undefined) return textResult(`Hello, ${accepted.name}!`);
      return inputRequired({
        inputRequests: { user_name: question("What is your name?", "name") },
      });
    });
  }
  tool(mcp, `${prefix}sampling`, (context) => {
    const said = sampled(context, "capital_question");
    if (said !== undefined) return textResult(said);
    const capital_question = sampling("What is the capital of France?");
    return inputRequired({ inputRequests: { capital_question } });
  });
  tool(mcp, `${prefix}list_roots`, (context) => {
    const answer = inputResponse(answers(context), "client_roots");
    if (answer.kind === "roots") {
      return textResult(answer.roots.map(({ uri }) => uri).join("\n"));
    }
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  for (const name of [`${prefix}request_state`, `${prefix}tampered_state`]) {
    tool(mcp, name, async (context) => {
      const known = context.mcpReq.requestState<Round>();
      const accepted = acceptedContent(answers(context), "confirm", CONFIRM);
      if (known !== undefined && accepted !== undefined) return textResult("state-ok");
      const confirm = question("Please confirm", "ok", { type: "boolean" });
      const requestState = await state.mint({ round: 1 }, context);
      return inputRequired({ inputRequests: { confirm }, requestState });
    });
  }
  tool(mcp, `${prefix}multiple_inputs`, async (context) => {
    const given = answers(context);
    const name = acceptedContent(given, "user_name", NAME);
    const greeting = sampled(context, "greeting");
    const roots = inputResponse(given, "client_roots");
    if (name !== undefined && greeting !== undefined && roots.kind === "roots") {
      return textResult(`${greeting}, ${name.name}: ${roots.roots.length} roots`);
    }
    return inputRequired({
      inputRequests: {
        user_name: question("What is your name?", "name"),
        greeting: sampling("Generate a greeting", 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await state.mint({ round: 1 }, context),
    });
  });
  tool(mcp, `${prefix}multi_round`, async (context) => {
    const { round } = context.mcpReq.requestState<Round>() ?? { round: 0 };
    const color = acceptedContent(answers(context), "step2", z.object({ color: z.string() }));
    if (round === 2 && color !== undefined) return textResult(`You like ${color.color}`);
    const isSecond = round === 1 &&
      acceptedContent(answers(context), "step1", NAME) !== undefined;
    const requestState = await state.mint({ round: isSecond ? 2 : 1 }, context);
    return isSecond
      ? inputRequired({
        inputRequests: { step2: question("Step 2: What is your favorite color?", "color") },
        requestState,
      })
      : inputRequired({
        inputRequests: { step1: question("Step 1: What is your name?", "name") },
        requestState,
      });
  });
}

/** Tools that look at what the client can do. */
function addCapabilities(mcp: McpServer): void {
  tool(mcp, "test_input_required_result_capabilities", (context) => {
    const envelope = context.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
    const can = { ...envelope?.[CLIENT_CAPABILITIES_META_KEY] as object | undefined };
    if (answers(context) !== undefined) return textResult("Answered");
    const inputRequests: Record<string, InputRequest> = {};
    if ("sampling" in can) inputRequests.greeting = sampling("Say hello");
    if ("elicitation" in can) inputRequests.user_name = question("What is your name?", "name");
    return Object.keys(inputRequests).length === 0
      ? textResult("Nothing can be asked")
      : inputRequired({ inputRequests });
  });
  tool(mcp, "test_missing_capability", (context) => {
    const said = sampled(context, "greeting");
    if (said !== undefined) return textResult(said);
    return inputRequired({ inputRequests: { greeting: sampling("Say hello") } });
  });
}

/**
 * Adds the tools to a server.
 *
 * @param mcp The server
 * @param state Seals what a tool remembers between two rounds
 */
export function addQuestions(mcp: McpServer, state: RequestStateCodec<Round>): void {
  const inputSchema = z.object({ prompt: z.string() });
  mcp.registerTool(
    "test_sampling",
    { description: "Asks the client's model", inputSchema },
    ({ prompt }, context) => {
      const said = sampled(context, "answer");
      if (said !== undefined) return textResult(`LLM response: ${said}`);
      return inputRequired({ inputRequests: { answer: sampling(prompt) } });
    },
  );
  addForms(mcp);
  addRounds(mcp, state);
  addCapabilities(mcp);
}
