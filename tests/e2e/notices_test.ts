import assert from "node:assert/strict";
import type { Client } from "@modelcontextprotocol/client";
import { edit } from "../index/folders.ts";
import { until } from "../support/until.ts";
import {
  type Era,
  ERAS,
  withDataDir,
  withHttpClient,
  withHttpServer,
  withStdioClient,
} from "./mcp_process.ts";

/** What a client hears, as its era has it. */
async function listen(mcp: Client, era: Era) {
  const heard: string[] = [];
  mcp.setNotificationHandler("notifications/resources/list_changed", () => void heard.push("list"));
  mcp.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void heard.push(params.uri),
  );
  if (era === "auto") await mcp.listen({ resourcesListChanged: true });
  return {
    heard,
    /** Subscribes to a resource, and gives what ends it. */
    subscribe: async (uri: string): Promise<() => Promise<unknown>> => {
      if (era === "legacy") {
        await mcp.subscribeResource({ uri });
        return () => mcp.unsubscribeResource({ uri });
      }
      const subscription = await mcp.listen({ resourceSubscriptions: [uri] });
      assert.deepEqual(subscription.honoredFilter, { resourceSubscriptions: [uri] });
      return () => subscription.close();
    },
    /** Waits for a notice that comes from now on. */
    next: async (notice: string, cause: () => Promise<unknown>): Promise<void> => {
      heard.length = 0;
      await cause();
      await until(() => heard.includes(notice), `${notice}, not only ${heard.join()}`);
    },
  };
}

async function finds(mcp: Client, query: string, uri: string): Promise<boolean> {
  const result = await mcp.callTool({ name: "knowledge_search", arguments: { query } });
  const { hits } = result.structuredContent as { hits: { uri: string }[] };
  return hits.some((hit) => hit.uri === uri);
}

/** What every door must tell in both eras. */
async function checkNotices(root: string, mcp: Client, other: Client, era: Era): Promise<void> {
  assert.deepEqual(mcp.getServerCapabilities()?.resources, { listChanged: true, subscribe: true });
  const ear = await listen(mcp, era);
  const uri = "knowledge://by_hand";
  const write = (body: string) => edit(root, "knowledge/by_hand", body);

  assert.equal(await finds(mcp, "handwritten", uri), false);
  await ear.next("list", () => write("handwritten"));
  await until(() => finds(mcp, "handwritten", uri), "what others wrote is found");

  const unsubscribe = await ear.subscribe(uri);
  await ear.next(uri, () => write("rewritten by hand"));
  await until(() => finds(mcp, "rewritten", uri), "what others changed is found");
  const change = { command: "update", name: "by_hand", content: "# By a tool", reason: "test" };
  const call = { name: "knowledge_update", arguments: change };
  await ear.next(uri, () => other.callTool(call));

  await unsubscribe();
  await ear.next("list", async () => {
    await write("unheard");
    await edit(root, "knowledge/another", "x");
  });
  assert.deepEqual(ear.heard.filter((one) => one !== "list"), []);

  const again = await ear.subscribe(uri);
  await ear.next(uri, () => Deno.remove(`${root}/knowledge/by_hand`, { recursive: true }));
  await until(() => ear.heard.includes("list"), "the list is shorter");
  await again();
}

for (const era of ERAS) {
  Deno.test(`kairos serve tells a client what others change, ${era}, over stdio`, async () => {
    await withDataDir((root) =>
      withStdioClient(
        root,
        era,
        (mcp) => withStdioClient(root, era, (other) => checkNotices(root, mcp, other, era)),
      )
    );
  });

  Deno.test(`kairos serve tells a client what others change, ${era}, over HTTP`, async () => {
    await withDataDir((root) =>
      withHttpServer(
        root,
        (url) =>
          withHttpClient(url, era, (mcp) =>
            withHttpClient(url, era, (other) =>
              checkNotices(root, mcp, other, era))),
      )
    );
  });
}

Deno.test("kairos serve tells of a thousand new files with few notices", async () => {
  await withDataDir((root) =>
    withStdioClient(root, "legacy", async (mcp) => {
      const { heard } = await listen(mcp, "legacy");
      for (let at = 0; at < 1000; at++) await edit(root, `knowledge/n${at}`, "quokka");
      await until(() => heard.length > 0, "a notice");
      await until(async () => {
        const search = { name: "knowledge_search", arguments: { query: "quokka" } };
        const { structuredContent } = await mcp.callTool(search);
        return (structuredContent as { total: number }).total === 1000;
      }, "all are found");
      assert.ok(heard.length <= 10, `${heard.length} notices`);
    })
  );
});

Deno.test("kairos serve tells of changes in a room behind a link, and after it has been removed", async () => {
  await withDataDir(async (root) => {
    const elsewhere = `${root}/../elsewhere`;
    await Deno.rename(`${root}/knowledge`, elsewhere);
    await Deno.symlink(elsewhere, `${root}/knowledge`);
    await withHttpServer(root, (url) =>
      withHttpClient(url, "legacy", async (mcp) => {
        const ear = await listen(mcp, "legacy");
        await ear.next("list", () => edit(root, "../elsewhere/a", "alpha"));
        await until(() => finds(mcp, "alpha", "knowledge://a"), "it is found");
        await ear.next("list", () => Deno.remove(`${root}/knowledge`));
        assert.equal(await finds(mcp, "alpha", "knowledge://a"), false);
        await ear.next("list", () => edit(root, "knowledge/b", "alpha"));
        await until(() => finds(mcp, "alpha", "knowledge://b"), "it is found");
      }));
  });
});
