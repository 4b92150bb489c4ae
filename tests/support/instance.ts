/**
 * A real instance in a folder of its own, for tests.
 *
 * @module
 */

import type { Actor } from "../../core/actor.ts";
import { type Instance, openInstance, type OpenOptions } from "../../core/instance.ts";

/** Who acts in tests. */
export const ACTOR: Actor = { principal: "test:ada", agentId: "test-agent" };

/** A moment all tests agree on: 2026-01-20 10:30:00 UTC. */
export const NOON = Date.UTC(2026, 0, 20, 10, 30);

/**
 * Runs a test with a fresh data directory, which is removed afterwards.
 *
 * @param test Gets the opened instance and its data directory
 * @param options How it is opened; for writing unless said otherwise
 */
export async function withInstance(
  test: (instance: Instance, root: string) => Promise<void> | void,
  options: Partial<OpenOptions> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    await Deno.mkdir(root);
    await test(await openInstance(root, { mode: "write", clock: () => NOON, ...options }), root);
  });
}

/**
 * Runs a test with a fresh folder, which is removed afterwards.
 *
 * @param test Gets the folder's path
 */
export async function withFolder(test: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kairos test " });
  try {
    await test(await Deno.realPath(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * A small document with front matter.
 *
 * @param name The name it gives itself
 * @param body Its body
 * @returns The text
 */
export function document(name: string, body: string): string {
  return `---\nname: ${name}\ndescription: About ${name}\nversion: 1.10\ntags: [a, b]\n---\n\n${body}\n`;
}
