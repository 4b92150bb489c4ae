import assert from "node:assert/strict";
import { kairosArgs, withDataDir, withHttpServer } from "./mcp_process.ts";

/** Sends bytes as they are and gives the first line of the answer. */
async function raw(url: string, text: string): Promise<string> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  await socket.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(4096);
  const length = await socket.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length)).split("\r\n")[0]!;
}

Deno.test("kairos serve --http refuses requests that mean two things", async (t) => {
  const head = "POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\n";
  const cases: readonly [name: string, text: string, status: number][] = [
    [
      "two lengths",
      `${head}Host: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} `,
      400,
    ],
    ["a length that is none", `${head}Host: localhost\r\nContent-Length: x\r\n\r\n`, 400],
    ["no HTTP", "garbage\r\n\r\n", 400],
    ["a foreign host", "GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403],
    [
      "a foreign address as target",
      "GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
      403,
    ],
    ["a way up", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404],
  ];
  await withDataDir((root) =>
    withHttpServer(root, async (url) => {
      for (const [name, text, status] of cases) {
        await t.step(name, async () => {
          const line = await raw(url, text);
          assert.ok(line.startsWith(`HTTP/1.1 ${status}`), line);
        });
      }
      const health = await fetch(new URL("/health", url));
      assert.equal((await health.json()).status, "ok");
    })
  );
});

Deno.test({
  name: "kairos serve --http outlives more connections than the system allows",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withDataDir(async (root) => {
      const args = kairosArgs("serve", "--http", "--port", "0", "--data-dir", root);
      const script = 'ulimit -n 128; exec "$0" "$@"';
      const program = { command: "sh", args: ["-c", script, Deno.execPath(), ...args] };
      await withHttpServer(root, async (url) => {
        const port = Number(new URL(url).port);
        const open: Deno.TcpConn[] = [];
        for (let tries = 0; tries < 300; tries++) {
          try {
            open.push(await Deno.connect({ hostname: "127.0.0.1", port }));
          } catch {
            // Refused, as it must be once there are too many.
          }
        }
        for (const connection of open) connection.close();
        for (let tries = 0;; tries++) {
          try {
            const response = await fetch(new URL("/health", url));
            assert.equal((await response.json()).status, "ok");
            return;
          } catch (error) {
            if (tries > 100 || !(error instanceof TypeError)) throw error;
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }
      }, program);
    });
  },
});

Deno.test("kairos serve --http ends when it is asked to, whoever keeps a request half sent", async () => {
  await withDataDir(async (root) => {
    let half: Deno.TcpConn | undefined;
    try {
      // The server is asked to end, and must do so with exit code 0, when this function returns.
      await withHttpServer(root, async (url) => {
        half = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
        const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        await half.write(new TextEncoder().encode(`${head}Content-Length: 100\r\n\r\n{"a"`));
        await (await fetch(new URL("/health", url))).body?.cancel();
      });
    } finally {
      half?.close();
    }
  });
});
