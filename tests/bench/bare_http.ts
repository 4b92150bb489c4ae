/**
 * The floor of the HTTP figures: a low-level server of the same SDK that answers constants. Run as a
 * program with the path of a JSON file of constants, tool name to result.
 *
 * @module
 */

import {
  createMcpHandler,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** As many tools as a list may have. */
const TOOLS = Array.from({ length: 40 }, (_, at) => ({
  name: `tool_${at}`,
  title: `Tool ${at}`,
  description: "Does something with a name, and says what became of it. ".repeat(3),
  inputSchema: {
    type: "object" as const,
    properties: Object.fromEntries(
      Array.from({ length: 6 }, (_, n) => [`field_${n}`, { type: "string", maxLength: 200 }]),
    ),
    additionalProperties: false,
  },
}));

if (import.meta.main) {
  const answers = JSON.parse(await Deno.readTextFile(Deno.args[0]!));
  const makeServer = () => {
    const server = new Server({ name: "bare", version: "1.0.0" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: TOOLS }));
    server.setRequestHandler("tools/call", ({ params }) => answers[params.name]);
    return server;
  };
  const handler = createMcpHandler(makeServer);
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const stop = new AbortController();
  Deno.addSignalListener("SIGTERM", () => stop.abort());
  await Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: stop.signal,
    // deno-lint-ignore no-console -- tells its address as the product does
    onListen: ({ port }) => console.error(`http://127.0.0.1:${port}/mcp `),
  }, async (request) => {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) return await sessions.get(id)!.handleRequest(request);
    const parsedBody = await request.json();
    if (parsedBody.method !== "initialize") return await handler.fetch(request, { parsedBody });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    await makeServer().connect(transport);
    return await transport.handleRequest(request, { parsedBody });
  }).finished;
}
