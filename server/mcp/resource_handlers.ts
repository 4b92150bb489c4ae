/**
 * What an MCP client reads beside tools: resources, prompts, completion. What answers a request is
 * loaded by the first one of its kind, because the first reply of a server needs none of it.
 *
 * @module
 */

import type { CacheHint, Server } from "@modelcontextprotocol/server";
import type { Instance } from "../../core/instance.ts";
import { withLawIfReadable } from "./law_text.ts";

/** What the server says it can do beside tools. */
export const READING_CAPABILITIES = {
  resources: { listChanged: true, subscribe: true },
  prompts: { listChanged: false },
  completions: {},
} as const;

/**
 * How long answers hold. What comes from the instance is for one client alone and holds as long as a
 * person takes to look again; what is part of kairos is the same for everybody, for an hour or for as
 * long as it takes to change the settings.
 */
export const READING_HINTS = {
  "resources/list": { ttlMs: 5_000, cacheScope: "private" },
  "resources/read": { ttlMs: 0, cacheScope: "private" },
  "resources/templates/list": { ttlMs: 3_600_000, cacheScope: "public" },
  "prompts/list": { ttlMs: 60_000, cacheScope: "public" },
} as const satisfies Readonly<Record<string, CacheHint>>;

/**
 * Has a server answer requests for resources, prompts and completion.
 *
 * @param server The server, which declares {@linkcode READING_CAPABILITIES}
 * @param instance The instance that is read
 */
export function handleReading(server: Server, instance: Instance): void {
  server.setRequestHandler("resources/list", async ({ params }) => {
    const { resourcePage } = await import("./resource_list.ts");
    return { ...resourcePage(await withLawIfReadable(instance), params?.cursor) };
  });
  server.setRequestHandler("resources/templates/list", async () => {
    const { RESOURCE_TEMPLATES } = await import("./resources.ts");
    return { resourceTemplates: [...RESOURCE_TEMPLATES] };
  });
  server.setRequestHandler("resources/read", async ({ params }, { mcpReq }) => {
    const { readContents } = await import("./resources.ts");
    return { contents: [await readContents(instance, params.uri, mcpReq.signal)] };
  });
  server.setRequestHandler("prompts/list", async () => {
    const { promptList } = await import("./prompts.ts");
    return { prompts: promptList(instance.config) };
  });
  server.setRequestHandler("prompts/get", async ({ params }, { mcpReq }) => {
    const { promptMessages } = await import("./prompts.ts");
    return await promptMessages(instance, params.name, params.arguments ?? {}, mcpReq.signal);
  });
  server.setRequestHandler("completion/complete", async ({ params }) => {
    const { complete } = await import("./completion.ts");
    return { completion: { ...complete(instance, params) } };
  });
}
