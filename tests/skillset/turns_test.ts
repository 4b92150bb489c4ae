import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { ByteBudget } from "../../core/skillset/byte_budget.ts";
import { Turns } from "../../core/skillset/turns.ts";
import { openInstance } from "../../core/instance.ts";
import { NOON, withFolder, withInstance } from "../support/instance.ts";
import { HOSTILE } from "./hostile.ts";
import { packed, skillSet } from "./sets.ts";

const busy = (message: RegExp) => (error: unknown) =>
  error instanceof KairosError && error.code === "busy" && message.test(error.message);

Deno.test("Turns.take() lets one go at a time, in the order of coming, and only so many wait", async () => {
  const turns = new Turns(2);
  const seen: string[] = [];
  const first = await turns.take();
  const visit = async (name: string, signal?: AbortSignal) => {
    using _turn = await turns.take(signal);
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
  };
  const stop = new AbortController();
  const left = visit("b", stop.signal);
  const one = visit("c");
  await assert.rejects(visit("d"), busy(/too many packages wait/));
  stop.abort(new Error("gone"));
  await assert.rejects(left, /gone/);
  const two = visit("e");
  await assert.rejects(visit("f"), busy(/too many packages wait/));
  assert.deepEqual(seen, []);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await Promise.all([one, two, visit("g")]);
  assert.deepEqual(seen, ["c", "e", "g"].flatMap((name) => [`${name} begins`, `${name} ends`]));
  await assert.rejects(turns.take(AbortSignal.abort(new Error("before"))), /before/);
  using _free = await turns.take();
});

Deno.test("ByteBudget.spend() limits each for themselves and fills up with the hour", () => {
  let now = NOON;
  const budget = new ByteBudget(1000, () => now);
  const over = (who: string, bytes: number) =>
    assert.throws(() => budget.spend(who, bytes), busy(/within this hour/));
  budget.spend("peer:bob", 600);
  over("peer:bob", 401);
  over("peer:bob", 1);
  budget.spend("peer:eve", 1000);
  now += 30 * 60 * 1000;
  budget.spend("peer:bob", 500);
  over("peer:bob", 1);
  now -= 10 * 60 * 60 * 1000;
  over("peer:bob", 1);
  now += 100 * 60 * 60 * 1000;
  budget.spend("peer:bob", 1000);
  over("peer:bob", 1);
});

Deno.test("ByteBudget.spend() keeps an account of so many and forgets who is as good as unknown", () => {
  let now = NOON;
  const budget = new ByteBudget(1000, () => now);
  for (let at = 0; at < 10_000; at++) budget.spend(`peer:${at}`, 1);
  assert.throws(() => budget.spend("peer:new", 1), busy(/too many have asked/));
  budget.spend("peer:7", 1);
  now += 60 * 60 * 1000;
  budget.spend("peer:new", 1000);
  assert.throws(() => budget.spend("peer:new", 1), busy(/within this hour/));
});

Deno.test("open() takes one package apart at a time and refuses whoever finds a queue", async () => {
  await withInstance(async (instance) => {
    const sets = await instance.skillsets();
    const bytes = packed(skillSet("gift"));
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => sets.open(bytes)));
    const refused = asked.filter(({ status }) => status === "rejected");
    assert.equal(refused.length, 3, "one is at it, eight wait");
    for (const one of refused) assert.ok(one.status === "rejected" && busy(/wait/)(one.reason));
    assert.equal((await sets.open(bytes)).manifest.name, "gift", "they have all gone");
  });
});

Deno.test("open() takes what comes out of an hour's budget, also of a package that is refused", async () => {
  await withFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    Deno.mkdirSync(`${root}/skills`, { recursive: true });
    Deno.writeTextFileSync(`${root}/skills/config.yml`, "exchange:\n  bytes_per_hour: 20000\n");
    let now = NOON;
    const instance = await openInstance(root, { mode: "write", clock: () => now });
    const sets = await instance.skillsets();
    const gift = packed(skillSet("gift", {}, { "knowledge/a.md": "a".repeat(12_000) }));
    const open = (who?: string) => sets.open(gift, { payer: who });
    await open("http:ada");
    await assert.rejects(open("http:ada"), busy(/within this hour/));
    assert.equal((await open("http:bob")).manifest.name, "gift");
    for (let at = 0; at < 3; at++) await open();
    now += 60 * 60 * 1000;
    await open("http:ada");
    const bad = Object.values(HOSTILE)[0]![0]!.make();
    let tries = 0;
    const ends = async () => {
      for (; tries < 1000; tries++) {
        try {
          await sets.open(bad, { payer: "http:eve" });
        } catch (error) {
          if (error instanceof KairosError && error.code === "busy") return;
        }
      }
    };
    await ends();
    assert.ok(tries < 1000, "what is refused is counted too");
  });
});
