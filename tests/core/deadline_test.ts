import assert from "node:assert/strict";
import { Deadline } from "../../core/deadline.ts";

const never = () => new Promise<never>(() => {});

Deno.test("Deadline.within() ends every wait that takes too long, also after its timer has run", async () => {
  using deadline = new Deadline(1);
  const told: string[] = [];
  const wait = (name: string) => deadline.within(never(), () => void told.push(name));
  assert.deepEqual(await Promise.all([wait("first"), wait("second")]), ["timeout", "timeout"]);
  assert.equal(await wait("third"), "timeout");
  assert.deepEqual(told, ["first", "second", "third"]);
});

Deno.test("Deadline.within() ends a wait that began while its timer was set for another", async () => {
  using deadline = new Deadline(20);
  const first = deadline.within(never(), () => {});
  const began = performance.now();
  while (performance.now() === began);
  const second = deadline.within(never(), () => {});
  assert.deepEqual([await first, await second], ["timeout", "timeout"]);
});

Deno.test("Deadline.within() passes on what becomes of a promise in time", async () => {
  using deadline = new Deadline(60_000);
  const late = () => assert.fail("it was in time");
  assert.equal(await deadline.within(Promise.resolve("here"), late), "here");
  await assert.rejects(deadline.within(Promise.reject(new Error("broken")), late), /broken/);
});

Deno.test("Deadline.within() forgets who is in time", async () => {
  using deadline = new Deadline(1);
  let isLate = false;
  await deadline.within(Promise.resolve(), () => isLate = true);
  await deadline.within(never(), () => {});
  assert.equal(isLate, false);
});
