/**
 * The Skills extension: entries of L1 as Agent Skills. What answers a request is loaded by the first
 * one, because the first reply of a server needs none of it; the SDK's own extension would be loaded
 * and attached for every server.
 *
 * @module
 */

import type { McpRequestContext, Server } from "@modelcontextprotocol/server";
import type { Instance } from "../../core/instance.ts";

/** What the server says of the extension among its capabilities. */
export const SKILLS_CAPABILITIES = {
  extensions: { "io.modelcontextprotocol/skills": { directoryRead: true } },
} as const;

/** Digests go with an answer, so it must not be older than the files. */
const NOT_KEPT = { ttlMs: 0, cacheScope: "private" } as const;

/** Whatever came; the handlers look at it themselves. */
const ANY = {
  "~standard": {
    version: 1,
    vendor: "kairos",
    validate: (value: unknown) => ({ value }),
  },
} as const;

/**
 * Has a server answer the methods of the extension. Files of skills are resources, which
 * `handleReading()` serves.
 *
 * @param server The server, which declares {@linkcode SKILLS_CAPABILITIES}
 * @param instance The instance whose entries are served
 * @param era Whether the client knows how long answers hold
 */
export function handleSkills(
  server: Server,
  instance: Instance,
  era: McpRequestContext["era"],
): void {
  const kept = era === "modern" ? NOT_KEPT : {};
  server.setRequestHandler("skills/list", { params: ANY }, async (params, { mcpReq }) => {
    const { skillPage } = await import("./skills.ts");
    return { ...await skillPage(await instance.skills(), params, mcpReq.signal), ...kept };
  });
  server.setRequestHandler("skills/get", { params: ANY }, async (params) => {
    const { wireSkill } = await import("./skills.ts");
    return { skill: wireSkill(await instance.skills(), params), ...kept };
  });
  server.setRequestHandler("resources/directory/read", { params: ANY }, async (params) => {
    const { skillFolder } = await import("./skills.ts");
    return { resources: skillFolder(await instance.skills(), params), ...kept };
  });
}
