import assert from "node:assert/strict";
import { Deadline } from "../../core/deadline.ts";
import { readBody } from "../../core/read_body.ts";

Deno.test("readBody() keeps no piece, whose buffer may be thousands of times as large", async () => {
  // One buffer for all pieces: whoever kept them would find the last one everywhere.
  const buffer = new Uint8Array(64 * 1024);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === 9000) return controller.close();
      controller.enqueue(buffer.subarray(0, 1).fill(sent % 251));
    },
  }, { highWaterMark: 0 });
  using deadline = new Deadline(30_000);
  const source = { headers: new Headers(), body, bytes: () => Promise.reject() };
  const bytes = await readBody(source, { maxBytes: 9000, deadline });
  assert.deepEqual(bytes, Uint8Array.from({ length: 9000 }, (_, at) => (at + 1) % 251));
});
