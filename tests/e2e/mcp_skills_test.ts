import assert from "node:assert/strict";
import type { Client } from "@modelcontextprotocol/client";
import { SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import {
  callerOf,
  type Era,
  ERAS,
  withDataDir,
  withHttpClient,
  withHttpServer,
  withStdioClient,
} from "./mcp_process.ts";

const CONTENT = "---\nname: 'Release notes'\ndescription: リリースの書き方\nversion: 1.10\n" +
  "private: true\n---\n\n# Notes\n";

/** What every door must let the official client of skills do; it checks every digest it reads. */
async function checkSkills(mcp: Client, era: Era, root: string): Promise<void> {
  const name = "release_notes";
  await callerOf(mcp)("knowledge_update", { command: "create", name, content: CONTENT });
  const folder = `${root}/knowledge/${name}`;
  await Deno.mkdir(`${folder}/references/深い`, { recursive: true });
  await Deno.writeTextFile(`${folder}/references/深い/q & a.md`, "# Q&A\n");
  await Deno.mkdir(`${folder}/assets`);
  await Deno.writeFile(`${folder}/assets/a.png`, new Uint8Array([0x89, 0, 255]));
  await Deno.writeTextFile(`${folder}/assets/tls.pem`, "SECRET");

  const skills = new SkillsClient(mcp);
  assert.deepEqual([skills.supported, skills.directoryRead], [true, true]);
  const listing = await skills.list();
  assert.ok(listing.skills.some(({ uri }) => uri === "skill://kairos-formats/SKILL.md"));
  const cache = [listing.ttlMs, listing.cacheScope];
  assert.deepEqual(cache, era === "auto" ? [0, "private"] : [undefined, undefined]);
  for (const entry of listing.skills) {
    assert.deepEqual((await skills.get(entry.uri)).skill, entry);
    assert.ok(entry.resources !== "dynamic");
    for (const { uri } of entry.resources) {
      assert.equal((await skills.read(entry, uri)).verified, true, uri);
    }
  }
  const entry = listing.skills.find(({ uri }) => uri === "skill://release-notes/SKILL.md")!;
  const { body, frontmatter } = await skills.read(entry);
  assert.equal(body, "\n# Notes\n");
  assert.equal(frontmatter?.name, "release-notes");
  assert.equal(frontmatter.version, "1.10");

  const { resources } = await skills.readDirectory("skill://release-notes");
  assert.deepEqual(resources.map((one) => [one.name, one.mimeType]), [
    ["SKILL.md", "text/markdown"],
    ["assets", "inode/directory"],
    ["references", "inode/directory"],
  ]);
  const deep = await skills.readDirectory(`${resources[2]!.uri}/${encodeURIComponent("深い")}`);
  assert.deepEqual(deep.resources.map(({ name, size }) => [name, size]), [["q & a.md", 6]]);

  for (const uri of ["skill://nope/SKILL.md", "skill://release-notes", "skill://a/../b", "x"]) {
    await assert.rejects(() => skills.get(uri), { code: -32602 }, uri);
    await assert.rejects(() => mcp.readResource({ uri }), { code: -32602 }, uri);
  }
  for (const uri of [entry.uri, "skill://nope", "skill://"]) {
    await assert.rejects(() => skills.readDirectory(uri), { code: -32602 }, uri);
  }
  const message = /"skill:\/\/" not found/;
  await assert.rejects(() => skills.readDirectory("skill://"), { message });
  const blocked = "skill://release-notes/assets/tls.pem";
  await assert.rejects(() => mcp.readResource({ uri: blocked }), { code: -32602 });
  await assert.rejects(() => skills.list({ cursor: "no cursor" }), { code: -32602 });
  const ref = { type: "ref/resource", uri: "skill://{name}/{+path}" } as const;
  const { completion } = await mcp.complete({ ref, argument: { name: "name", value: "rel" } });
  assert.deepEqual(completion.values, ["release-notes"]);
}

for (const era of ERAS) {
  Deno.test(`kairos serve lets the official client use entries as skills, ${era}, over stdio`, async () => {
    await withDataDir((root) => withStdioClient(root, era, (mcp) => checkSkills(mcp, era, root)));
  });

  Deno.test(`kairos serve lets the official client use entries as skills, ${era}, over HTTP`, async () => {
    await withDataDir((root) =>
      withHttpServer(
        root,
        (url) => withHttpClient(url, era, (mcp) => checkSkills(mcp, era, root)),
      )
    );
  });
}
