import assert from "node:assert/strict";
import type { Client } from "@modelcontextprotocol/client";
import {
  callerOf,
  type Era,
  ERAS,
  withDataDir,
  withHttpClient,
  withHttpServer,
  withStdioClient,
} from "./mcp_process.ts";

const PICTURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0]);

/** What every door must let the official client read. */
async function checkReading(mcp: Client, era: Era, root: string): Promise<void> {
  assert.equal(mcp.getProtocolEra(), era === "auto" ? "modern" : "legacy");
  const capabilities = mcp.getServerCapabilities();
  assert.ok(capabilities?.resources && capabilities.prompts && capabilities.completions);

  const call = callerOf(mcp);
  const name = "設計 メモ";
  const content = `---\nname: ${name}\ndescription: How it is built\n---\n\n# Built\n`;
  const { structured } = await call("knowledge_update", { command: "create", name, content });
  await Deno.mkdir(`${root}/knowledge/${name}/assets`);
  await Deno.writeFile(`${root}/knowledge/${name}/assets/a b.png`, PICTURE);
  await Deno.writeTextFile(`${root}/knowledge/${name}/assets/tls.pem`, "SECRET");
  const note = await call("context_save", { name: "plan", content: "# Plan\n" });
  const session = String(note.structured!.session_id);

  const { resources } = await mcp.listResources();
  const entry = resources.find(({ title }) => title === name);
  assert.equal(entry?.uri, `knowledge://${encodeURIComponent(name)}`);
  assert.equal(entry.description, "How it is built");
  const kinds = new Set(resources.map(({ uri }) => uri.slice(0, uri.indexOf(":"))));
  assert.deepEqual(kinds, new Set(["l0", "knowledge", "context"]));
  for (const { uri, mimeType } of resources) {
    const { contents: [content, ...others] } = await mcp.readResource({ uri });
    assert.deepEqual([content?.uri, content?.mimeType, others.length], [uri, mimeType, 0]);
  }
  const { contents: [picture] } = await mcp.readResource({ uri: `${entry.uri}/assets/a%20b.png` });
  assert.ok(picture !== undefined && "blob" in picture);
  assert.equal(picture.blob, PICTURE.toBase64());
  const version = await mcp.readResource({ uri: `object://${structured!.hash}` });
  const [old] = version.contents;
  assert.ok(old !== undefined && "text" in old);
  assert.equal(old.text, content);

  const { resourceTemplates } = await mcp.listResourceTemplates();
  assert.deepEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate), [
    "knowledge://{name}",
    "knowledge://{name}/{+path}",
    "context://{session}/{name}",
    "context://{session}/{name}/{+path}",
    "object://{sha256}",
    "package://{name}",
    "skill://{name}/{+path}",
  ]);
  for (const uri of ["knowledge://nope", "test://nope", `object://${"0".repeat(64)}`]) {
    await assert.rejects(() => mcp.readResource({ uri }), { code: -32602, data: { uri } });
  }
  const blocked = `${entry.uri}/assets/tls.pem`;
  await assert.rejects(() => mcp.readResource({ uri: blocked }), {
    code: -32602,
    data: { uri: blocked, code: "refused" },
  });

  const complete = async (
    ref: Parameters<Client["complete"]>[0]["ref"],
    argument: string,
    value: string,
  ) => (await mcp.complete({ ref, argument: { name: argument, value } })).completion.values;
  const entries = { type: "ref/resource", uri: "knowledge://{name}" } as const;
  assert.deepEqual(await complete(entries, "name", "設"), [name]);
  const closing = { type: "ref/prompt", name: "close_session" } as const;
  assert.deepEqual(await complete(closing, "session", session.slice(0, 10)), [session]);

  const { prompts } = await mcp.listPrompts();
  assert.deepEqual(prompts.map((prompt) => [prompt.name, typeof prompt.description]), [
    ["start_session", "string"],
    ["close_session", "string"],
    ["review_changes", "string"],
  ]);
  for (
    const [prompt, args] of [
      ["start_session", { task: "Mend it" }],
      ["close_session", { session }],
      ["review_changes", {}],
    ] as const
  ) {
    const { messages } = await mcp.getPrompt({ name: prompt, arguments: args });
    assert.equal(messages.length, 2, prompt);
  }
  await assert.rejects(() => mcp.getPrompt({ name: "nope" }), { code: -32602 });
}

for (const era of ERAS) {
  Deno.test(`kairos serve lets the official client read everything, ${era}, over stdio`, async () => {
    await withDataDir((root) => withStdioClient(root, era, (mcp) => checkReading(mcp, era, root)));
  });

  Deno.test(`kairos serve lets the official client read everything, ${era}, over HTTP`, async () => {
    await withDataDir((root) =>
      withHttpServer(
        root,
        (url) => withHttpClient(url, era, (mcp) => checkReading(mcp, era, root)),
      )
    );
  });
}
