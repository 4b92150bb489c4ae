/**
 * A kairos process that serves MCP, and the official client that talks to it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { FREES, LAZY } from "../../.release/portable/run_flags.ts";
import type { CallOutcome } from "../server/drive_tools.ts";

/** The program's source. */
export const MAIN: string = new URL("../../main.ts", import.meta.url).pathname;

/** Arguments that run kairos from its source. */
export function kairosArgs(...args: string[]): string[] {
  return ["run", LAZY, FREES, "--no-prompt", "--no-check", "-A", MAIN, ...args];
}

/** Eras of the protocol the client can be told to speak. */
export const ERAS = ["legacy", "auto"] as const;

/** An era of {@linkcode ERAS}. */
export type Era = typeof ERAS[number];

/** What a person answers to a question, or `null` for a client that cannot ask. */
export type Elicit = ((message: string) => string) | null;

function client(era: Era, elicit: Elicit = null): Client {
  const mcp = new Client({ name: "official client", version: "1" }, {
    versionNegotiation: { mode: era },
    capabilities: elicit === null ? {} : { elicitation: {} },
  });
  if (elicit !== null) {
    mcp.setRequestHandler("elicitation/create", ({ params }) => ({
      action: "accept",
      content: { decision: elicit(params.message) },
    }));
  }
  return mcp;
}

/**
 * Runs a test with a data directory of its own, complete as `kairos init` makes it.
 *
 * @param test Gets the data directory
 */
export async function withDataDir(test: (root: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kairos e2e " });
  try {
    const root = `${folder}/.kairos`;
    const args = kairosArgs("init", "--data-dir", root);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    await test(root);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Connects a client to a kairos that it starts itself.
 *
 * @param root The data directory
 * @param era What the client speaks
 * @param test Gets the client
 * @param elicit What its person answers
 */
export async function withStdioClient(
  root: string,
  era: Era,
  test: (client: Client) => Promise<void>,
  elicit: Elicit = null,
): Promise<void> {
  const args = kairosArgs("serve", "--data-dir", root);
  const transport = new StdioClientTransport({ command: Deno.execPath(), args, stderr: "ignore" });
  const mcp = client(era, elicit);
  await mcp.connect(transport);
  try {
    await test(mcp);
  } finally {
    await mcp.close();
  }
}

/**
 * Starts kairos as an HTTP server.
 *
 * @param root The data directory
 * @param test Gets the address of its endpoint and the id of the process
 * @param program What to start instead, and the address it says once it answers
 */
export async function withHttpServer(
  root: string,
  test: (url: string, pid: number) => Promise<void>,
  program: { readonly command: string; readonly args: string[]; readonly says?: RegExp } = {
    command: Deno.execPath(),
    args: kairosArgs("serve", "--http", "--port", "0", "--data-dir", root),
  },
): Promise<void> {
  const { args, says = /http:\/\/\S+\/mcp(?=\s)/ } = program;
  const command = new Deno.Command(program.command, { args, stdout: "null", stderr: "piped" });
  const process = command.spawn();
  const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    let url: string | undefined;
    while (url === undefined) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the server ended: ${said}`);
      said += value;
      url = says.exec(said)?.[0];
    }
    await test(url, process.pid);
  } finally {
    process.kill("SIGTERM");
    while (!(await reader.read()).done);
    const { code } = await process.status;
    assert.equal(code, 0, "it ends by itself when it is asked to");
  }
}

/**
 * Connects a client to an HTTP server.
 *
 * @param url Its endpoint
 * @param era What the client speaks
 * @param test Gets the client
 */
export async function withHttpClient(
  url: string,
  era: Era,
  test: (client: Client) => Promise<void>,
): Promise<void> {
  const mcp = client(era);
  await mcp.connect(new StreamableHTTPClientTransport(new URL(url)));
  try {
    await test(mcp);
  } finally {
    await mcp.close();
  }
}

/**
 * Calls a tool through a client, which checks the result against the output schema it was told.
 *
 * @param mcp The client
 * @returns A caller for `driveTools`
 */
export function callerOf(
  mcp: Client,
): (name: string, args: Record<string, unknown>) => Promise<CallOutcome> {
  return async (name, args) => {
    const result = await mcp.callTool({ name, arguments: args });
    const [content, ...others] = result.content;
    assert.equal(others.length, 0);
    assert.ok(content?.type === "text");
    return {
      isError: result.isError === true,
      text: content.text,
      structured: result.structuredContent as Record<string, unknown> ?? null,
    };
  };
}
