import assert from "node:assert/strict";
import fc from "fast-check";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { walkDown } from "../../server/mcp/paging.ts";
import { historyText, recordTypeOf } from "../../server/mcp/block_text.ts";
import { correspondence } from "../../server/mcp/correspondence.ts";
import type { Instance } from "../../core/instance.ts";
import { TIME } from "../chain/samples.ts";
import { count } from "../counts.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

interface Page {
  readonly text: string;
  readonly blocks: { index: number; type: string; data: string[] }[];
  readonly next_cursor: string | null;
}

async function page(instance: Instance, args: Record<string, unknown>): Promise<Page> {
  const { isError, text, structured } = await callTool(instance, ACTOR, "chain_history", args);
  assert.equal(isError, false, text);
  return { text, ...structured as unknown as Omit<Page, "text"> };
}

const append = (instance: Instance, ...items: string[]) =>
  instance.store.exclusive(() => instance.store.append(items));

const UPDATE = '{"type":"knowledge_update","knowledge_id":"n","action":"create","next_hash":"ab"}';
const TRANSITION = '{"skill_id":"a","prev_ast_hash":null,"next_ast_hash":"cd"}';

Deno.test("chain_history filters before it limits, and pages through all of it", async (t) => {
  await withInstance(async (instance) => {
    for (let at = 1; at <= 12; at++) await append(instance, at === 2 ? UPDATE : `note ${at}`);
    await append(instance, TRANSITION);
    await t.step("finds an old block behind many others", async () => {
      const { blocks } = await page(instance, { limit: 1, type: "knowledge_update" });
      assert.deepEqual(blocks.map(({ index }) => index), [2]);
    });
    await t.step("knows a transition by its shape", async () => {
      const { blocks } = await page(instance, { type: "skill_transition" });
      assert.deepEqual(blocks.map(({ index, type }) => [index, type]), [[13, "skill_transition"]]);
    });
    await t.step("gives every block once, newest first", async () => {
      const seen: number[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const args: Record<string, unknown> = cursor === undefined ? {} : { cursor };
        const found = await page(instance, { limit: 5, ...args });
        assert.ok(found.blocks.length <= 5);
        seen.push(...found.blocks.map(({ index }) => index));
        cursor = found.next_cursor;
      }
      assert.deepEqual(seen, Array.from({ length: 14 }, (_, at) => 13 - at));
    });
    await t.step("a cursor stays good while the chain grows", async () => {
      const first = await page(instance, { limit: 2 });
      await append(instance, "later");
      const second = await page(instance, { limit: 1, cursor: first.next_cursor });
      assert.equal(second.blocks[0]!.index, 11);
    });
    await t.step("shows an empty chain's state", async () => {
      await withInstance(async (fresh) => {
        const { text, blocks, next_cursor } = await page(fresh, {});
        assert.deepEqual([blocks, next_cursor], [[], null]);
        assert.match(text, /Ledger state: absent\n\nTotal: 0 blocks shown$/);
      });
    });
  });
});

Deno.test("walkDown() looks at no more blocks than it is told", async () => {
  await withInstance(async (instance) => {
    for (let at = 1; at <= 9; at++) await append(instance, `note ${at}`);
    const { signal } = new AbortController();
    const walk = { filter: {}, below: null, limit: 5, maxBlocks: 4, signal };
    const { found, next } = await walkDown(instance.records, walk, () => []);
    assert.deepEqual([found, next], [[], 6]);
    const on = await walkDown(instance.records, { ...walk, below: next }, () => []);
    assert.equal(on.next, 2);
  });
});

Deno.test("correspondence() finds the newest record however old it is", async () => {
  await withInstance(async (instance) => {
    await instance.knowledge.create({ name: "n", content: "text" }, ACTOR);
    await instance.store.exclusive(() => {
      for (let at = 0; at < 2100; at++) instance.store.ledger.append(["note"], TIME);
    });
    const entry = instance.knowledge.get("n");
    const { status, block } = await correspondence(instance.records, entry);
    assert.deepEqual([status, block], ["agrees", 1]);
    const edited = { ...entry, hash: "0".repeat(64) };
    assert.equal((await correspondence(instance.records, edited)).status, "drift");
    const other = { ...entry, name: "other" };
    assert.equal((await correspondence(instance.records, other)).status, "no_record");
  });
});

Deno.test("chain_history formats each type as people know it", async () => {
  await withInstance(async (instance) => {
    await append(instance, UPDATE);
    await append(
      instance,
      JSON.stringify({
        type: "state_commit",
        commit_type: "auto",
        actor: "system",
        summary: { L0_changed: false, L1_added: 2, L1_modified: 1, L1_deleted: 0, promotions: 3 },
        reason: "threshold",
        snapshot_ref: "snapshots/s.json",
      }),
    );
    await append(instance, "a note", "another");
    const { text } = await page(instance, {});
    const block = (index: number) => text.split("-".repeat(40))[index]!.trim();
    const lines = (index: number) => block(index).split("\n").map((line) => line.trim());
    const [title, hash, ...rest] = lines(0).slice(-5);
    assert.equal(title, "Block #3 (unknown)");
    assert.match(hash!, /^Hash: [0-9a-f]{16}\.\.\.$/);
    assert.deepEqual(rest, ["Time: 2026-01-20 10:30:00 UTC", "Data: a note", "Items: 2"]);
    assert.deepEqual(lines(1).slice(3), [
      "Commit Type: auto",
      "Actor: system",
      "Reason: threshold",
      "L0 Changed: No",
      "L1: +2, ~1, -0",
      "Promotions: 3",
      "Snapshot: snapshots/s.json",
    ]);
    assert.equal(lines(2)[0], "Block #1 (knowledge_update)");
    assert.deepEqual(lines(2).slice(3), ["Knowledge: n", "Action: create", "Next Hash: ab"]);
    assert.equal(lines(3)[0], "Block #0 (genesis)");
    assert.match(text, /Total: 4 blocks shown$/);
  });
});

Deno.test("chain_history survives any payload", async () => {
  await withInstance(async (instance) => {
    const json = fc.json({ maxDepth: 3 });
    const record = fc.record({
      type: fc.constantFrom(
        "state_commit",
        "knowledge_update",
        "__proto__",
        "constructor",
        5,
        null,
      ),
      summary: fc.jsonValue({ maxDepth: 2 }),
      reason: fc.jsonValue({ maxDepth: 2 }),
      skill_id: fc.jsonValue({ maxDepth: 1 }),
      prev_ast_hash: fc.jsonValue({ maxDepth: 1 }),
    }, { requiredKeys: [] }).map((value) => JSON.stringify(value));
    const item = fc.oneof(fc.string({ unit: "binary" }), json, record)
      .map((text) => text.toWellFormed());
    const items = fc.array(item, { minLength: 1, maxLength: 3 });
    const property = fc.property(items, (data) => {
      const text = historyText("readable", [{
        index: 1,
        timestamp: data[0]!,
        data,
        previous_hash: "",
        merkle_root: "",
        hash: data[0]!,
        type: recordTypeOf({ index: 1, data }),
      }], null);
      assert.ok(text.length < 5000);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    });
    fc.assert(property, { numRuns: count("fuzzRuns") });
    await append(instance, "x".repeat(3_000_000));
    await append(instance, "{".repeat(10_000));
    const first = await page(instance, {});
    assert.deepEqual([first.blocks.length, first.blocks[0]!.index], [1, 2], "a page stays bounded");
    const { text, blocks } = await page(instance, { limit: 1, cursor: first.next_cursor });
    assert.ok(text.length < 5000);
    assert.equal(blocks[0]!.data[0]!.length, 3_000_000, "the structured item is whole");
  });
});
