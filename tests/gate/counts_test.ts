import assert from "node:assert/strict";
import { count, type CountName, COUNTS, pick } from "../counts.ts";

Deno.test("count() scales between the least and the full count", async (t) => {
  for (const name of Object.keys(COUNTS) as CountName[]) {
    const { full, least } = COUNTS[name];
    await t.step(name, () => {
      const available = 10_000;
      assert.equal(count(name, { scale: 1, available }), Math.min(full, available));
      assert.equal(count(name, { scale: 0, available }), least);
      assert.equal(count(name, { scale: 0.5, available }), Math.min(full, available) / 2);
      assert.equal(count(name, { scale: 0, available: 1 }), 1);
      assert.ok(least >= 1 && least <= full);
    });
  }
});

Deno.test("count() refuses a scale that is no number from 0 to 1", () => {
  for (const scale of [-1, 1.5, NaN, Infinity]) {
    assert.throws(() => count("processes", { scale }), RangeError);
  }
});

Deno.test("pick() spreads evenly and keeps both ends", () => {
  const items = Array.from({ length: 201 }, (_, at) => at);
  assert.deepEqual(pick("crashReplays", items, { scale: 1 }), items);
  const few = pick("crashReplays", items, { scale: 0 });
  assert.equal(few.length, COUNTS.crashReplays.least);
  assert.equal(few[0], 0);
  assert.equal(few.at(-1), 200);
  assert.equal(new Set(few).size, few.length);
  assert.deepEqual(pick("crashReplays", [1], { scale: 0 }), [1]);
  assert.deepEqual(pick("crashReplays", [], { scale: 1 }), []);
});
