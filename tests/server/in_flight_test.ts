import assert from "node:assert/strict";
import { InFlight } from "../../server/http/in_flight.ts";
import { until } from "../support/until.ts";

/** A request that is answered when the test says so. */
function pending(): { serve: () => Promise<Response>; answer: () => void } {
  let answer = () => {};
  const response = new Promise<Response>((resolve) => {
    answer = () => resolve(new Response("done"));
  });
  return { serve: () => response, answer };
}

Deno.test("InFlight.idle() waits for every request that is being answered", async () => {
  const inFlight = new InFlight(2);
  const [first, second] = [pending(), pending()];
  const answers = [inFlight.run(first.serve), inFlight.run(second.serve)];
  const order: string[] = [];
  const idle = inFlight.idle(60_000).then(() => order.push("idle"));
  first.answer();
  await answers[0];
  order.push("first");
  second.answer();
  await answers[1];
  order.push("second");
  await idle;
  assert.deepEqual(order, ["first", "second", "idle"]);
});

Deno.test("InFlight.idle() waits until an answer has been sent, and no longer than it is told", async (t) => {
  const ends = {
    "sent": (sending: PromiseWithResolvers<void>) => sending.resolve(),
    "not to be sent any more": (sending: PromiseWithResolvers<void>) => sending.reject("gone"),
  };
  for (const [name, end] of Object.entries(ends)) {
    await t.step(name, async () => {
      const inFlight = new InFlight(1);
      const sending = Promise.withResolvers<void>();
      const answer = () => Promise.resolve(new Response("begun"));
      await inFlight.run(answer, { completed: sending.promise });
      await inFlight.idle(1);
      assert.equal(inFlight.count, 1);
      end(sending);
      await inFlight.idle(60_000);
      assert.equal(inFlight.count, 0);
    });
  }
});

Deno.test("InFlight.run() has no room beyond its bound", async () => {
  const inFlight = new InFlight(1);
  const { serve, answer } = pending();
  const running = inFlight.run(serve);
  assert.equal(await inFlight.run(serve), null);
  answer();
  assert.equal((await running)?.status, 200);
  await inFlight.idle(60_000);
});

Deno.test("InFlight.run() does not count what fails", async () => {
  const inFlight = new InFlight(1);
  const failing = inFlight.run(() => Promise.reject(new Error("broken")));
  await assert.rejects(failing, { message: "broken" });
  assert.equal(inFlight.count, 0);
});

Deno.test("InFlight.run() counts what the HTTP server is sending until it is sent or nobody is there", async (t) => {
  const inFlight = new InFlight(1);
  let end = () => {};
  const stream = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("begun"));
        end = () => controller.close();
      },
    });
  const where = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(where, async (_request, info) => {
    const response = await inFlight.run(() => Promise.resolve(new Response(stream())), info);
    return response ?? new Response("busy", { status: 503 });
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const leaves: Readonly<Record<string, (client: AbortController) => void>> = {
    "it ends": () => end(),
    "the client goes away": (client) => client.abort(),
  };
  try {
    for (const [name, leave] of Object.entries(leaves)) {
      await t.step(name, async () => {
        const client = new AbortController();
        const first = await fetch(url, { signal: client.signal });
        const reader = first.body!.getReader();
        await reader.read();
        const second = await fetch(url);
        assert.equal(second.status, 503);
        await second.body?.cancel();
        leave(client);
        await reader.read().catch(() => {});
        await until(() => inFlight.count === 0, "there is room again", 5000);
      });
    }
  } finally {
    await server.shutdown();
  }
});
