/**
 * Requests to peers: bounded, pinned, and of one meaning.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { KairosError } from "../../core/errors.ts";
import { parsePeerUrl } from "../../mmp/client/peer_url.ts";
import { pinPeer, type Resolve } from "../../mmp/client/pin_peer.ts";
import { type PeerRequest, sendRequest } from "../../mmp/client/send_request.ts";
import { until } from "../support/until.ts";
import { CERTIFICATE, KEY } from "./certificate.ts";
import { answerText, withRawServer } from "./raw_server.ts";

const ASK: PeerRequest = {
  method: "GET",
  path: "/meeting/v1/introduce",
  maxBytes: 1000,
  time: { connectMs: 5000, firstByteMs: 5000, wholeMs: 10_000 },
};

const is = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof KairosError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, words);
  return true;
};

const pinned = (url: string, resolve?: Resolve) =>
  pinPeer(parsePeerUrl(url), { mayBeLocal: true, resolve });

Deno.test("pinPeer() refuses a name of which one address must not be asked", async () => {
  const rows: readonly [string[], boolean, string][] = [
    [["1.1.1.1", "2606:4700::1111"], false, "ok"],
    [["1.1.1.1", "127.0.0.1"], false, "refused"],
    [["2606:4700::1111", "::ffff:10.0.0.1"], false, "refused"],
    [["169.254.169.254"], false, "refused"],
    [["127.0.0.1"], true, "ok"],
    [["1.1.1.1", "0.0.0.0"], true, "refused"],
    [["169.254.169.254"], true, "refused"],
    [["fe80::1%1"], true, "refused"],
    [["not an address"], true, "refused"],
    [[], true, "peer"],
    [Array.from({ length: 33 }, (_, at) => `1.1.1.${at}`), true, "peer"],
  ];
  for (const [addresses, mayBeLocal, outcome] of rows) {
    const options = { mayBeLocal, resolve: () => Promise.resolve(addresses) };
    const pin = pinPeer(parsePeerUrl("http://peer.example"), options);
    if (outcome === "ok") assert.deepEqual((await pin).addresses, addresses);
    else await assert.rejects(pin, is(outcome, /peer\.example/), addresses.join());
  }
});

Deno.test("pinPeer() judges an IP address without asking anybody for it", async () => {
  const resolve = () => Promise.reject(new Error("nobody is to be asked"));
  for (const host of ["127.0.0.1", "[::1]", "192.168.0.1", "[fe80::1]"]) {
    const at = parsePeerUrl(`http://${host}:8080`);
    await assert.rejects(pinPeer(at, { mayBeLocal: false, resolve }), is("refused", /8080/));
    assert.deepEqual((await pinPeer(at, { mayBeLocal: true, resolve })).addresses, [at.host]);
  }
});

Deno.test("pinPeer() does not wait for a resolver for ever and says nothing of its errors", async () => {
  const at = parsePeerUrl("http://peer.example");
  const silent = () => new Promise<string[]>(() => {});
  await assert.rejects(
    pinPeer(at, { mayBeLocal: false, resolve: silent, timeoutMs: 20 }),
    is("peer", /not found in 20 ms/),
  );
  const failing = () => Promise.reject(new Error("/etc/secret"));
  await assert.rejects(pinPeer(at, { mayBeLocal: false, resolve: failing }), (error: Error) => {
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

Deno.test("pinPeer() says when the program was not given the network", async () => {
  const at = parsePeerUrl("http://peer.example");
  for (const error of [{ code: "EPERM" }, { name: "NotCapable" }]) {
    const resolve = () => Promise.reject(Object.assign(new Error("x"), error));
    await assert.rejects(
      pinPeer(at, { mayBeLocal: false, resolve }),
      is("refused", /may not use the network there/),
    );
  }
});

Deno.test("sendRequest() connects to the address that was looked at, whatever the name says later", async () => {
  await withRawServer((socket) => socket.end(answerText("{}")), async ({ port, heard }) => {
    let asked = 0;
    const to = await pinned(`http://peer.example:${port}`, () => {
      asked++;
      return Promise.resolve(asked === 1 ? ["127.0.0.1"] : ["10.9.9.9"]);
    });
    assert.deepEqual(await sendRequest(to, ASK), { status: 200, text: "{}" });
    assert.deepEqual(await sendRequest(to, ASK), { status: 200, text: "{}" });
    assert.equal(asked, 1);
    assert.match(heard[0]!, new RegExp(`^host: peer\\.example:${port}\\r$`, "im"));
    assert.match(heard[0]!, /^accept-encoding: identity\r$/im);
  });
});

Deno.test("sendRequest() tries the next address when nobody listens at one", async () => {
  await withRawServer((socket) => socket.end(answerText("{}")), async ({ port }) => {
    const to = await pinned(
      `http://peer.example:${port}`,
      () => Promise.resolve(["127.0.0.2", "127.0.0.1"]),
    );
    assert.equal((await sendRequest(to, ASK)).status, 200);
  });
});

Deno.test("sendRequest() sends body and token, and tells a peer's error", async () => {
  const error = '{"error":"not_found","message":"Skill not found: x"}';
  await withRawServer(
    (socket) => socket.end(answerText(error, {}, 404)),
    async ({ url, heard }) => {
      const to = await pinned(url);
      const answer = await sendRequest(to, { ...ASK, method: "POST", token: "t0", body: "道" });
      assert.deepEqual(answer, { status: 404, text: error });
      assert.match(heard[0]!, /^POST \/meeting\/v1\/introduce HTTP\/1\.1\r$/m);
      assert.match(heard[0]!, /^authorization: Bearer t0\r$/im);
      assert.match(heard[0]!, /^content-length: 3\r$/im);
    },
  );
});

/** What a peer may do wrong, and what is said about it. */
const WRONG: readonly { what: string; act: (socket: Socket) => void; code: string; say: RegExp }[] =
  [
    ...[301, 302, 303, 307, 308].map((status) => ({
      what: `redirect ${status} to loopback`,
      act: (socket: Socket) =>
        void socket.end(answerText("", { Location: "http://127.0.0.1:1/" }, status)),
      code: "refused",
      say: /points elsewhere/,
    })),
    {
      what: "a longer answer than allowed",
      act: (socket) => void socket.end(answerText("x".repeat(1001))),
      code: "too_large",
      say: /more than 1000 bytes/,
    },
    {
      what: "1 GB of JSON announced",
      act: (socket) => void socket.write(answerText("[", { "Content-Length": "1073741824" })),
      code: "too_large",
      say: /more than 1000 bytes/,
    },
    {
      what: "an answer without end",
      act: (socket) => {
        socket.write("HTTP/1.1 200 X\r\nContent-Type: application/json\r\n\r\n");
        const more = () => void (socket.destroyed || socket.write("[".repeat(100), more));
        more();
      },
      code: "too_large",
      say: /more than 1000 bytes/,
    },
    {
      what: "chunks without end",
      act: (socket) => {
        socket.write(
          "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        const more = () => void (socket.destroyed || socket.write("1\r\n[\r\n".repeat(50), more));
        more();
      },
      code: "too_large",
      say: /more than 1000 bytes/,
    },
    {
      what: "a head without end",
      act: (socket) => {
        socket.write("HTTP/1.1 200 X\r\n");
        const more = () =>
          void (socket.destroyed || socket.write(`X-A: ${"a".repeat(1000)}\r\n`, more));
        more();
      },
      code: "peer",
      say: /not HTTP/,
    },
    {
      what: "fewer bytes than announced",
      act: (socket) => void socket.end(answerText("{}", { "Content-Length": "100" })),
      code: "peer",
      say: /cut off/,
    },
    {
      what: "chunks that are cut off",
      act: (socket) =>
        void socket.end(
          "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n",
        ),
      code: "peer",
      say: /cut off/,
    },
    {
      what: "two lengths",
      act: (socket) =>
        void socket.end(
          "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}",
        ),
      code: "peer",
      say: /not HTTP/,
    },
    {
      what: "a packed answer",
      act: (socket) => void socket.end(answerText("{}", { "Content-Encoding": "gzip" })),
      code: "peer",
      say: /packed as "gzip"/,
    },
    {
      what: "a page instead of JSON",
      act: (socket) => void socket.end(answerText("<p>", { "Content-Type": "text/html" })),
      code: "peer",
      say: /not JSON/,
    },
    {
      what: "bytes that are no text",
      act: (socket) => {
        socket.write(answerText("", { "Content-Length": "2" }));
        socket.end(new Uint8Array([0xff, 0xfe]));
      },
      code: "peer",
      say: /not UTF-8/,
    },
    {
      what: "another protocol",
      act: (socket) => void socket.end("SSH-2.0-OpenSSH\r\n"),
      code: "peer",
      say: /not HTTP/,
    },
    {
      what: "a change of protocol",
      act: (socket) =>
        void socket.write("HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nabc"),
      code: "peer",
      say: /another protocol/,
    },
    {
      what: "nothing and an end",
      act: (socket) => void socket.destroy(),
      code: "peer",
      say: /ended the connection/,
    },
    {
      what: "nothing",
      act: () => {},
      code: "peer",
      say: /no answer in 60 ms/,
    },
    {
      what: "an answer that stops",
      act: (socket) => void socket.write(answerText("[", { "Content-Length": "100" })),
      code: "peer",
      say: /no whole answer in 300 ms/,
    },
    {
      what: "an answer that drips",
      act: (socket) => {
        socket.write(answerText("[", { "Content-Length": "900" }));
        const drip = setInterval(
          () => socket.destroyed ? clearInterval(drip) : socket.write(" "),
          20,
        );
        socket.on("close", () => clearInterval(drip));
      },
      code: "peer",
      say: /no whole answer in 300 ms/,
    },
  ];

Deno.test("sendRequest() reports whatever a peer does wrong and leaves no connection", async (t) => {
  for (const { what, act, code, say } of WRONG) {
    await t.step(what, async () => {
      await withRawServer(act, async ({ url, open }) => {
        const time = {
          connectMs: 5000,
          firstByteMs: /no answer/.test(say.source) ? 60 : 5000,
          wholeMs: /whole/.test(say.source) ? 300 : 9000,
        };
        await assert.rejects(sendRequest(await pinned(url), { ...ASK, time }), is(code, say));
        await until(() => open.size === 0, "the connection ends");
      });
    });
  }
});

Deno.test("sendRequest() takes an answer that ends with the connection, and a type with a charset", async () => {
  await withRawServer(
    (socket) =>
      void socket.end("HTTP/1.1 200 X\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{}"),
    async ({ url }) => {
      assert.equal((await sendRequest(await pinned(url), ASK)).text, "{}");
    },
  );
});

Deno.test("sendRequest() ends when nobody waits any more", async () => {
  const controller = new AbortController();
  await withRawServer(() => controller.abort(new Error("gone")), async ({ url, open }) => {
    const ask = { ...ASK, signal: controller.signal };
    await assert.rejects(sendRequest(await pinned(url), ask), /gone/);
    await until(() => open.size === 0, "the connection ends");
    await assert.rejects(sendRequest(await pinned(url), ask), /gone/);
  });
});

Deno.test("sendRequest() says that nobody listens", async () => {
  let url = "";
  await withRawServer(() => {}, (server) => Promise.resolve(void (url = server.url)));
  await assert.rejects(sendRequest(await pinned(url), ASK), is("peer", /nobody listens there/));
});

Deno.test("sendRequest() waits no longer for a connection, encryption included, than it may", async () => {
  // Takes the connection and says nothing, so that it never stands.
  await withRawServer(() => {}, async ({ port, open }) => {
    const to = await pinned(`https://127.0.0.1:${port}`);
    const time = { connectMs: 60, firstByteMs: 5000, wholeMs: 9000 };
    await assert.rejects(sendRequest(to, { ...ASK, time }), is("peer", /no connection in 60 ms/));
    await until(() => open.size === 0, "the connection ends");
  });
});

Deno.test("sendRequest() checks the certificate by the name, not by the address", async () => {
  const server = createSecureServer({ key: KEY, cert: CERTIFICATE }, (_, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const local = () => Promise.resolve(["127.0.0.1"]);
  try {
    const trusting = { ...ASK, authorities: CERTIFICATE };
    const named = await pinned(`https://peer.example:${port}`, local);
    assert.equal((await sendRequest(named, trusting)).text, "{}");
    await assert.rejects(sendRequest(named, ASK), is("peer", /certificate/));
    const other = await pinned(`https://other.example:${port}`, local);
    await assert.rejects(sendRequest(other, trusting), is("peer", /certificate/));
    const bare = await pinned(`https://127.0.0.1:${port}`);
    await assert.rejects(sendRequest(bare, trusting), is("peer", /certificate/));
    const plain = await pinned(`http://peer.example:${port}`, local);
    await assert.rejects(sendRequest(plain, trusting), is("peer", /./));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
