/**
 * Makes the MCP server: one per connection on stdio, one per request on HTTP.
 *
 * Lists and JSON schemas are made once per factory and on demand, so a server costs little.
 *
 * @module
 */

import {
  CLIENT_INFO_META_KEY,
  type McpRequestContext,
  ProtocolError,
  Server,
  type ServerContext,
  type ServerOptions,
} from "@modelcontextprotocol/server";
import type { Actor } from "../../core/actor.ts";
import { asKairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { visible } from "../../core/text.ts";
import { askingResult, clientOf } from "./ask_client.ts";
import { instructions } from "./instructions.ts";
import { progressOf } from "./progress.ts";
import { Questions } from "./questions.ts";
import { handleReading, READING_CAPABILITIES, READING_HINTS } from "./resource_handlers.ts";
import { handleSkills, SKILLS_CAPABILITIES } from "./skill_handlers.ts";
import type { Tool } from "./define_tool.ts";
import type { ServedTools } from "./served_tools.ts";
import { TellingServer } from "./telling_server.ts";

/** What a factory needs beside the instance. */
export interface McpOptions {
  /** Who acts, made by the door. */
  readonly actor: Actor;
  /** Version of kairos. */
  readonly version: string;
}

/** What a server is made for. */
export interface McpContext extends McpRequestContext {
  /** The method of the only request it gets, where that is known. */
  readonly method?: string;
}

/** What a server can do. */
const ABLE = {
  capabilities: {
    tools: { listChanged: false },
    ...READING_CAPABILITIES,
    ...SKILLS_CAPABILITIES,
  },
} as const satisfies ServerOptions;

/** And how long its answers hold; those of tools do not. */
const ABLE_AND_CACHED = {
  ...ABLE,
  cacheHints: { "tools/list": { ttlMs: 60_000, cacheScope: "public" }, ...READING_HINTS },
} as const satisfies ServerOptions;

const CALL = "tools/call";
/** The revision that brought links; a client of an older one may refuse what it does not know. */
const LINKS_SINCE = "2025-06-18";
const INVALID_PARAMS = -32602;
const MAX_AGENT = 128;

/**
 * Makes the factory of MCP servers.
 *
 * @param instance The instance they work on
 * @param options Actor and version
 * @returns The factory, for stdio and HTTP, for old and new clients
 */
export function mcpFactory(
  instance: Instance,
  options: McpOptions,
): (context: McpContext) => Server {
  const { actor, version } = options;
  // Schemas take their time to make, and the first reply needs none of them.
  let loading: Promise<ServedTools> | null = null;
  const served = () =>
    loading ??= import("./served_tools.ts").then((module) => module.servedTools(instance.config));
  const questions = new Questions(instance.store.clock);
  const info = { name: "kairos", title: "kairos", version };
  return ({ era, method, requestInfo }) => {
    const isOneCall = method === CALL;
    // Not the SDK's McpServer, whose table of tools would take time for every request.
    const server = isOneCall
      ? new Server(info, ABLE)
      : new TellingServer(info, ABLE_AND_CACHED, () => instructions(instance));
    server.setRequestHandler(CALL, async ({ params }, context) => {
      const { name, arguments: args } = params;
      const { find, run } = await served();
      const tool = named(find, name);
      const agent = agentOf(context) ?? agentName(server.getClientVersion()?.name);
      const caller = agent === undefined ? actor : { ...actor, agentId: agent };
      const asked = { era, server, context, actor: caller, questions };
      const client = clientOf(asked);
      const result = await run(tool, instance, caller, args, {
        signal: context.mcpReq.signal,
        progress: progressOf(context.mcpReq),
        client,
      });
      if (result.ask !== undefined && client.can.elicitation) {
        return askingResult(asked, result.ask);
      }
      const text = { type: "text" as const, text: result.text };
      if (result.structured === null) return { content: [text], isError: true };
      // Without a session only the header says what was agreed.
      const revision = () =>
        server.getNegotiatedProtocolVersion() ?? requestInfo?.headers.get("mcp-protocol-version") ??
          "";
      const links = (result.links ?? [])
        .filter(() => era === "modern" || revision() >= LINKS_SINCE)
        .map((link) => ({ type: "resource_link" as const, ...link }));
      return { content: [text, ...links], structuredContent: { ...result.structured } };
    });
    if (isOneCall) return server;
    server.setRequestHandler(
      "tools/list",
      async () => ({ tools: [...(await served()).list()] }),
    );
    handleReading(server, instance);
    handleSkills(server, instance, era);
    return server;
  };
}

/** The tool of a name; an error of the protocol when there is none, or when it is switched off. */
function named(find: ServedTools["find"], name: string): Tool {
  try {
    return find(name);
  } catch (error) {
    const { message, hint } = asKairosError(error);
    throw new ProtocolError(INVALID_PARAMS, `${message}; ${hint}`);
  }
}

/** What a newer client calls itself in this very request. */
function agentOf({ mcpReq }: ServerContext): string | undefined {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const info = envelope?.[CLIENT_INFO_META_KEY];
  return info !== null && typeof info === "object" && "name" in info
    ? agentName(info.name)
    : undefined;
}

/** A claim that goes on the chain: short, and nothing hidden in it. */
function agentName(name: unknown): string | undefined {
  if (typeof name !== "string") return undefined;
  const clean = visible(name.toWellFormed().trim().slice(0, MAX_AGENT)).toWellFormed();
  return clean === "" ? undefined : clean;
}
