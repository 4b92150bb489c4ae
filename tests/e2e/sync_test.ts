import assert from "node:assert/strict";
import { kairosArgs, withDataDir } from "./mcp_process.ts";

const hasStrace = await new Deno.Command("strace", { args: ["-V"], stdout: "null", stderr: "null" })
  .output().then(({ success }) => success, () => false);

/** The system calls of a server that gets one call, in order. */
async function trace(root: string, params: unknown): Promise<string[]> {
  // Not in the data directory: the server would hear of every line, and each would make another.
  const log = await Deno.makeTempFile({ prefix: "kairos-trace-" });
  const calls = "trace=fsync,fdatasync,write,pwrite64,rename,renameat,renameat2,openat,close";
  const args = ["-f", "-y", "-e", calls, "-s", "4096", "-o", log, Deno.execPath()];
  const process = new Deno.Command("strace", {
    args: [...args, ...kairosArgs("serve", "--data-dir", root)],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = process.stdin.getWriter();
  const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  await writer.write(new TextEncoder().encode(call + "\n"));
  await writer.close();
  const { success, stdout } = await process.output();
  assert.ok(success);
  assert.ok(new TextDecoder().decode(stdout).includes('"structuredContent"'));
  const lines = (await Deno.readTextFile(log)).split("\n");
  await Deno.remove(log);
  return lines;
}

Deno.test({
  name: "kairos serve replies after the chain was synced, as the system calls show",
  // The tracer is a Debian package; a machine without it cannot look.
  ignore: !hasStrace,
  async fn() {
    await withDataDir(async (root) => {
      const record = (text: string) => ({ name: "chain_record", arguments: { logs: [text] } });
      await trace(root, record("the first block makes the file"));
      const calls = await trace(root, record("a block to look at"));
      const written = calls.findLastIndex((line) => /write\(\d+<[^>]*blockchain\.json>/.test(line));
      const synced = calls.findIndex((line, at) =>
        at > written && /fsync\(\d+<[^>]*blockchain\.json>/.test(line)
      );
      const replied = calls.findIndex((line) => line.includes("structuredContent"));
      assert.ok(written >= 0 && synced > written, "the last write of the block is synced");
      assert.ok(replied > synced, "the reply comes after the sync");
    });
  },
});

Deno.test({
  name: "kairos serve syncs object, stage, intent and chain before an update is acknowledged",
  // The tracer is a Debian package; a machine without it cannot look.
  ignore: !hasStrace,
  async fn() {
    await withDataDir(async (root) => {
      const call = { command: "create", name: "note", content: "a new entry" };
      const calls = await trace(root, { name: "knowledge_update", arguments: call });
      const at = (pattern: RegExp) => {
        const found = calls.findIndex((line) => pattern.test(line));
        assert.ok(found >= 0, `no ${pattern}`);
        return found;
      };
      const order = [
        at(/fsync\(\d+<[^>]*storage\/objects\/[^>]*\.stage-/),
        at(/fsync\(\d+<[^>]*knowledge\/\.stage-[^>]*note\.md>/),
        at(/fsync\(\d+<[^>]*storage\/intents\/[^>]*\.json>/),
        at(/fsync\(\d+<[^>]*storage\/blockchain\.json>/),
        at(/rename[^(]*\(.*knowledge\/\.stage-[^"]*".*knowledge\/note"/),
        calls.findIndex((line) => line.includes("structuredContent")),
      ];
      assert.deepEqual(order, order.toSorted((a, b) => a - b), "each is durable before the next");
    });
  },
});
