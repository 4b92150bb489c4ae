import assert from "node:assert/strict";
import { pick } from "../counts.ts";
import { HOSTILE } from "./hostile_parse.ts";
import { assertBounded, hostileOutcomes } from "./hostile_run.ts";

const PROGRAM = "tests/dsl/hostile_parse.ts";

/** Sources that look hostile and are laws all the same. */
const LAWS = [
  "deep type arguments",
  "deep defaults",
  "as many comments as there may be",
];

Deno.test("parseLaw() ends hostile sources in a clean error, without a permission", async (t) => {
  const outcomes = await hostileOutcomes(PROGRAM);
  assert.deepEqual(outcomes.map(({ name }) => name), Object.keys(HOSTILE));
  for (const { name, result } of outcomes) {
    await t.step(name, () => {
      if (LAWS.includes(name)) assert.equal(result, "read");
      else assert.ok(["invalid", "too_large"].includes(result), result);
    });
  }
});

Deno.test("parseLaw() takes less than 200 MB and 2 s of the processor for any source", (t) =>
  assertBounded(t, PROGRAM, pick("hostileSources", Object.keys(HOSTILE))));
