import assert from "node:assert/strict";
import { InFlight } from "../../server/http/in_flight.ts";

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

Deno.test("InFlight.idle() waits for an event stream no longer than it is told", async () => {
  const inFlight = new InFlight(1);
  const headers = { "content-type": "text/event-stream" };
  const response = await inFlight.run(() =>
    Promise.resolve(new Response(new ReadableStream(), { headers }))
  );
  await inFlight.idle(1);
  assert.equal(inFlight.count, 1);
  await response!.body!.cancel();
  await inFlight.idle(60_000);
  assert.equal(inFlight.count, 0);
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

Deno.test("InFlight.run() counts a request until whoever took that over tells of its end", async () => {
  const inFlight = new InFlight(1);
  let end = () => {};
  const answer = await inFlight.run((takeOver) => {
    end = takeOver();
    return Promise.resolve(new Response("begun"));
  });
  assert.equal(await answer!.text(), "begun");
  assert.equal(inFlight.count, 1);
  end();
  assert.equal(inFlight.count, 0);
  const failing = inFlight.run((takeOver) => {
    takeOver()();
    return Promise.reject(new Error("broken"));
  });
  await assert.rejects(failing, { message: "broken" });
  assert.equal(inFlight.count, 0);
});
