import assert from "node:assert/strict";
import { whole } from "../counts.ts";
import { until } from "../support/until.ts";
import { kairosArgs, withDataDir, withHttpServer } from "./mcp_process.ts";

/** Sends bytes as they are and gives the first line of the answer. */
async function raw(url: string, text: string): Promise<string> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  await socket.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(4096);
  const length = await socket.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length)).split("\r\n")[0]!;
}

Deno.test("kairos serve --http refuses requests that mean two things and no others", async (t) => {
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
    [
      "a foreign address as target beside a host of ours",
      "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
      403,
    ],
    [
      "a foreign user as target",
      "GET http://evil.example@localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
      403,
    ],
    [
      "our own address as target",
      "GET http://localhost/health HTTP/1.1\r\nHost: [::1]\r\n\r\n",
      200,
    ],
    ["no host at all", "GET /health HTTP/1.0\r\n\r\n", 200],
    ["a way up", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404],
  ];
  await withDataDir((root) =>
    withHttpServer(root, async (url) => {
      for (const [name, text, status] of cases) {
        await t.step(name, async () => {
          const line = await raw(url, text);
          assert.match(line, new RegExp(`^HTTP/1\\.[01] ${status} `));
        });
      }
      const health = await fetch(new URL("/health", url));
      assert.equal((await health.json()).status, "ok");
    })
  );
});

/** Runs a test with a server that may have few files open. */
function withTightServer(test: (url: string) => Promise<void>): Promise<void> {
  return withDataDir(async (root) => {
    const args = kairosArgs("serve", "--http", "--port", "0", "--data-dir", root);
    const script = 'ulimit -n 128; exec "$0" "$@"';
    const program = { command: "sh", args: ["-c", script, Deno.execPath(), ...args] };
    await withHttpServer(root, test, program);
  });
}

/** Opens connections, each with the beginning of a request, as far as they are taken. */
async function openMany(url: string, count: number, text: string): Promise<Deno.TcpConn[]> {
  const open: Deno.TcpConn[] = [];
  for (let tries = 0; tries < count; tries++) {
    try {
      const socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
      open.push(socket);
      await socket.write(new TextEncoder().encode(text));
    } catch {
      // Refused, as it must be once there are too many.
    }
  }
  return open;
}

Deno.test({
  name: "kairos serve --http outlives a client that holds all connections the system allows",
  ignore: Deno.build.os === "windows" || !whole(),
  async fn(t) {
    // More than there can be, which no listener takes; and nearly all, which would be taken and held.
    for (const count of [300, 98]) {
      await t.step(`${count} connections`, () =>
        withTightServer(async (url) => {
          const held = await openMany(url, count, "POST /mcp HTTP/1.1\r\nHost: loc");
          let isGivenBack = false;
          const end = held[0]!.read(new Uint8Array(1)).then((read) => isGivenBack = read === null);
          try {
            // Until then the server has begun what it does by itself.
            await until(async () => {
              try {
                const response = await fetch(new URL("/health", url));
                return (await response.json()).last_verify !== null;
              } catch (error) {
                // Refused while it does not listen; a server that has ended is found when it is stopped.
                if (!(error instanceof TypeError)) throw error;
                return false;
              }
            }, "a verified chain, beside the connections");
            await until(() => isGivenBack, "an end of the connection held for longest");
          } finally {
            for (const connection of held) connection.close();
            await end.catch(() => {});
          }
        }));
    }
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
