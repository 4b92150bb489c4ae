import assert from "node:assert/strict";
import { Touched, unitAt } from "../../core/index/touched.ts";

Deno.test("unitAt() tells what has to be looked at", async (t) => {
  const cases: Record<string, string | null> = {
    "knowledge": "knowledge",
    "knowledge/a": "knowledge/a",
    "knowledge/a/a.md": "knowledge/a",
    "knowledge/a/scripts/deep/run.sh": "knowledge/a",
    "knowledge/.archived": "knowledge/.archived",
    "knowledge/.archived/a/a.md": "knowledge/.archived/a",
    "knowledge/.stage-1/a.md": null,
    "context": "context",
    "context/s": "context/s",
    "context/s/a/a.md": "context/s/a",
    "context/s/.trash-1": null,
    "skills": "skills",
    "skills/kairos.md": "skills/kairos.md",
    "skills/kairos.rb": "skills/kairos.rb",
    "skills/law.json": "skills/law.json",
    "skills/kairos.ts": null,
    "skills/action_log.jsonl": null,
    "storage/index.db": null,
    "": null,
  };
  for (const [path, unit] of Object.entries(cases)) {
    await t.step(path, () => assert.equal(unitAt(path), unit));
  }
});

Deno.test("Touched forgets what has been looked at, but not what changed meanwhile", () => {
  const touched = new Touched();
  for (const unit of ["a", "b"]) touched.add(unit);
  const looked = touched.entries();
  touched.add("b");
  touched.add("c");
  touched.settle(looked);
  assert.deepEqual(touched.entries().map(([unit]) => unit), ["b", "c"]);
});

Deno.test("Touched is bounded", () => {
  const touched = new Touched();
  for (let at = 0; at < 20_000; at++) touched.add(`${at}`);
  const units = touched.entries().map(([unit]) => unit);
  assert.ok(units.length <= 5000 && units.includes(""), "anything may have changed");
});

Deno.test("Touched is still once every change is told and the last one is some time ago", () => {
  let now = 0;
  const touched = new Touched(() => now);
  assert.equal(touched.stillness(), null, "nobody tells");
  touched.tell(true);
  assert.equal(touched.stillness(), null, "nobody told before");
  now += 2000;
  const first = touched.stillness();
  assert.equal(typeof first, "number");
  touched.add("a");
  assert.equal(touched.stillness(), null, "what comes next may not be told yet");
  now += 2000;
  const second = touched.stillness();
  assert.notEqual(second, first);
  touched.tell(false);
  assert.equal(touched.stillness(), null, "nobody tells any more");
  touched.tell(true);
  now += 2000;
  assert.notEqual(touched.stillness(), second, "it may have changed meanwhile");
});
