import assert from "node:assert/strict";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import { type Block, encodeLedger, GENESIS, nextBlock } from "../../core/chain/block.ts";
import { Disk } from "../../core/disk/mod.ts";
import { RecordIndex } from "../../core/index/records.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { matchesBlock, type RecordFilter } from "../../core/layers/record_facts.ts";
import { FileLedger } from "../../core/ledger/file_ledger.ts";
import { LAYOUTS } from "../chain/samples.ts";
import { count } from "../counts.ts";
import { withFolder, withInstance } from "../support/instance.ts";

const INDEX = "storage/index.db";
const LEDGER = "storage/blockchain.json";
const HASHES = ["a", "b", "c"].map((digit) => digit.repeat(64));

const record = fc.record({
  type: fc.constantFrom("knowledge_update", "state_commit", "deployment", "", "設計\0x"),
  layer: fc.constantFrom("L0", "l2", "L1", "other"),
  knowledge_id: fc.constantFrom("a", "b", "設計", "n".repeat(300) + "a", "n".repeat(300) + "b"),
  skill_id: fc.constantFrom("a", "s"),
  prev_ast_hash: fc.constant(null),
  session_id: fc.constant("session 1"),
  next_hash: fc.constantFrom(...HASHES, "none"),
  prev_hash: fc.constantFrom(...HASHES, null),
  files: fc.constant({ "assets/x": HASHES[2] }),
  principal: fc.constantFrom("cli:ada", "http:local", "\ud800"),
  agent_id: fc.constantFrom("one", "two", 5),
}, { requiredKeys: ["type"] }).map((value) => JSON.stringify(value));

const item = fc.oneof(
  { weight: 4, arbitrary: record },
  fc.constantFrom("a note", "[1]", "{", '{"skill_id":"s","prev_ast_hash":null}'),
);
const blocks = fc.array(
  fc.tuple(fc.array(item, { minLength: 1, maxLength: 3 }), fc.nat(5)),
  { maxLength: 12 },
);

const FILTERS: readonly RecordFilter[] = [
  {},
  { below: 3 },
  { type: "knowledge_update" },
  { type: "skill_transition" },
  { type: "設計\0x", below: 4 },
  { type: "knowledge_update", entries: ["a"] },
  { entries: ["b", "設計"] },
  { entries: ["n".repeat(300) + "a"] },
  { entries: [] },
  { layer: "l0" },
  { layer: "l1", principal: "cli:ada" },
  { principal: "\ud800" },
  { agent: "one", entries: ["session 1"] },
  { object: HASHES[0] },
  { object: HASHES[2], type: "knowledge_update", below: 6 },
  { since: Date.UTC(2026, 0, 2) },
  { until: Date.UTC(2026, 0, 3), layer: "l1" },
  { since: Date.UTC(2026, 0, 2), until: Date.UTC(2026, 0, 4), agent: "two" },
];

/** A chain; each block says on which of some days it was made. */
function chainOf(content: readonly (readonly [readonly string[], number])[]): Block[] {
  const chain = [GENESIS];
  for (const [items, day] of content) {
    const time = `2026-01-0${day + 1}T10:30:00.000000Z`;
    chain.push(nextBlock(chain.at(-1)!, items, time));
  }
  return chain;
}

/** What a walk finds with nobody's help, be it an error. */
function walked(root: string, filter: RecordFilter): Block[] | string {
  const disk = new Disk();
  const ledger = new FileLedger({ disk, path: `${root}/${LEDGER}`, keep: () => "" });
  try {
    return [...ledger.newest()].filter((block) => matchesBlock(block, filter));
  } catch (error) {
    return String(error);
  }
}

async function found(instance: Instance, filter: RecordFilter): Promise<Block[] | string> {
  try {
    return await Array.fromAsync(instance.records.blocks(filter));
  } catch (error) {
    return String(error);
  }
}

async function assertSame(instances: readonly Instance[], message: string): Promise<void> {
  for (const instance of instances) {
    for (const filter of FILTERS) {
      const wanted = walked(instance.root, filter);
      assert.deepEqual(await found(instance, filter), wanted, message + JSON.stringify(filter));
    }
  }
}

const write = (root: string, text: string) => Deno.writeTextFile(`${root}/${LEDGER}`, text);

async function withStorage(
  test: (root: string, writer: Instance, reader: Instance) => Promise<void>,
): Promise<void> {
  await withInstance(async (writer, root) => {
    await Deno.mkdir(`${root}/storage`);
    await test(root, writer, await openInstance(root, { mode: "read" }));
  });
}

Deno.test("records.blocks() finds what a walk finds in random ledgers that grow", async () => {
  const property = fc.asyncProperty(
    fc.array(blocks, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(...Object.keys(LAYOUTS)),
    (parts, layout) =>
      withStorage(async (root, writer, reader) => {
        for (let length = 1; length <= parts.length; length++) {
          await write(root, LAYOUTS[layout]!(chainOf(parts.slice(0, length).flat())));
          await assertSame([reader, writer, reader], layout);
        }
      }),
  );
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 20) });
});

/** What happens to the index or to the ledger below it. */
type Harm = (root: string, chain: readonly Block[]) => Promise<unknown>;

const HARMS: Readonly<Record<string, Harm>> = {
  "nothing": () => Promise.resolve(),
  "the index is deleted": (root) => Deno.remove(`${root}/${INDEX}`),
  "the index is empty": (root) => Deno.truncate(`${root}/${INDEX}`, 0),
  "the index is cut": (root) => Deno.truncate(`${root}/${INDEX}`, 9000),
  "the index is garbage": (root) => Deno.writeTextFile(`${root}/${INDEX}`, "garbage ".repeat(999)),
  "the index is of another instance": async (root) => {
    const other = `${root}/other`;
    await Deno.mkdir(`${other}/storage`, { recursive: true });
    await write(other, encodeLedger(chainOf([[['{"type":"deployment"}'], 0]])));
    const instance = await openInstance(other, { mode: "write" });
    await found(instance, { type: "deployment" });
    await Deno.copyFile(`${other}/${INDEX}`, `${root}/${INDEX}`);
  },
  "the index says it is of this instance and knows another chain": (root) =>
    inIndex(root, "UPDATE chain_blocks SET hash = randomblob(32)"),
  "the index names other places": (root) => inIndex(root, "UPDATE chain_blocks SET at = at + 1"),
  "the index names one other place": (root) =>
    inIndex(root, "UPDATE chain_blocks SET at = at + 1 WHERE id = 1"),
  "the index knows one other block": (root) =>
    inIndex(root, "UPDATE chain_blocks SET hash = randomblob(32) WHERE id = 1"),
  "the index names places that are none": (root) =>
    inIndex(root, "UPDATE chain_blocks SET at = -5, size = 1e300"),
  "a page of the index is overwritten": async (root) => {
    using file = await Deno.open(`${root}/${INDEX}`, { write: true });
    await file.seek(4096 * 3, Deno.SeekMode.Start);
    await file.write(new Uint8Array(4096 * 4).fill(7));
  },
  "the index has another schema": (root) => inIndex(root, "UPDATE chain_state SET schema = 99"),
  "the index lacks a table": (root) => inIndex(root, "DROP TABLE chain_records"),
  "the index is one block ahead": (root, chain) => write(root, encodeLedger(chain.slice(0, -1))),
  "the index is one block behind": (root, chain) =>
    write(root, encodeLedger([...chain, nextBlock(chain.at(-1)!, ["{}"], chain[0]!.timestamp)])),
  "the last blocks come twice": (root, chain) =>
    write(root, encodeLedger([...chain, ...chain.slice(-2)])),
  "new blocks are out of order": (root, chain) => {
    const more = nextBlock(chain.at(-1)!, ["{}"], chain[0]!.timestamp);
    return write(root, encodeLedger([...chain, more, chain.at(-1)!, more]));
  },
  "the ledger is another one": (root) =>
    write(root, encodeLedger(chainOf([[['{"type":"deployment"}'], 1], [["x"], 2], [["y"], 2]]))),
  "the ledger is gone": (root) => Deno.remove(`${root}/${LEDGER}`),
  "the ledger is laid out otherwise": (root, chain) => write(root, JSON.stringify(chain)),
  "a block in the middle says something else": async (root) => {
    const text = await Deno.readTextFile(`${root}/${LEDGER}`);
    await write(root, text.replaceAll('\\"a\\"', '\\"b\\"'));
    await Deno.utime(`${root}/${LEDGER}`, new Date(), new Date(Date.now() + 5000));
  },
  "a byte in the middle is no UTF-8": async (root) => {
    const bytes = await Deno.readFile(`${root}/${LEDGER}`);
    bytes[100] = 0xff;
    await Deno.writeFile(`${root}/${LEDGER}`, bytes);
    await Deno.utime(`${root}/${LEDGER}`, new Date(), new Date(Date.now() + 5000));
  },
  "the ledger ends in the middle of a block": async (root) => {
    const { size } = await Deno.stat(`${root}/${LEDGER}`);
    await Deno.truncate(`${root}/${LEDGER}`, size - 70);
  },
  "the blocks are out of order": (root, chain) =>
    write(root, JSON.stringify([chain[0], ...chain.slice(1).toReversed(), ...chain.slice(-2)])),
};

/** What the index says of a chain that is one is right, and is all of it. */
function assertMended(root: string): void {
  const chain = walked(root, {});
  const isChain = typeof chain !== "string" && chain.length > 0 &&
    chain.every(({ index }, at) => index === chain.length - 1 - at);
  if (!isChain) return;
  const disk = new Disk();
  const ledger = new FileLedger({ disk, path: `${root}/${LEDGER}`, keep: () => "" });
  const database = new DatabaseSync(`${root}/${INDEX}`);
  const rows = database.prepare(
    "SELECT at, size, lower(hex(hash)) AS hash FROM chain_blocks ORDER BY id DESC",
  ).all();
  database.close();
  assert.deepEqual(rows.map(({ at, size }) => ledger.blockAt(Number(at), Number(size))), chain);
  assert.deepEqual(rows.map(({ hash }) => hash), chain.map(({ hash }) => hash));
}

function inIndex(root: string, sql: string): Promise<void> {
  const database = new DatabaseSync(`${root}/${INDEX}`);
  database.exec(sql);
  database.close();
  return Promise.resolve();
}

Deno.test("records.blocks() finds what a walk finds whatever happened", async (t) => {
  for (const [name, harm] of Object.entries(HARMS)) {
    await t.step(name, async () => {
      const property = fc.asyncProperty(
        blocks,
        (content) =>
          withStorage(async (root, writer, reader) => {
            const chain = chainOf([[['{"type":"deployment"}'], 0], ...content, [["{}"], 1]]);
            await write(root, encodeLedger(chain));
            await assertSame([writer], "before ");
            await harm(root, chain);
            const fresh = await openInstance(root, { mode: "write" });
            await assertSame([reader, writer, fresh, reader], "after ");
            assertMended(root);
          }),
      );
      await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 200) });
    });
  }
});

Deno.test("records.blocks() never fails because of its index", async (t) => {
  const cases: Record<string, (path: string) => Promise<unknown>> = {
    "a folder in its place": (path) => Deno.mkdir(path),
    "a link in its place": async (path) => {
      await Deno.writeTextFile(`${path}.target`, "");
      await Deno.symlink(`${path}.target`, path);
    },
  };
  const content = [[['{"type":"deployment"}'], 0]] as const;
  for (const [name, prepare] of Object.entries(cases)) {
    await t.step(name, () =>
      withStorage(async (root, writer, reader) => {
        await prepare(`${root}/${INDEX}`);
        await write(root, encodeLedger(chainOf(content)));
        await assertSame([writer, reader], "");
        await write(root, encodeLedger(chainOf([...content, ...content])));
        await assertSame([writer, reader], "");
        const target = await Deno.stat(`${root}/${INDEX}.target`).catch(() => ({ size: 0 }));
        assert.equal(target.size, 0);
      }));
  }
  await t.step("another process holds it", () =>
    withStorage(async (root, writer, reader) => {
      await write(root, encodeLedger(chainOf(content)));
      await assertSame([writer], "");
      const database = new DatabaseSync(`${root}/${INDEX}`);
      for (const lock of ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"]) {
        database.exec(lock);
        await write(root, encodeLedger(chainOf([...content, ...content])));
        for (const instance of [writer, reader]) {
          const filter = { type: "deployment" };
          assert.deepEqual(await found(instance, filter), walked(root, filter), lock);
        }
        database.exec("ROLLBACK");
      }
      database.close();
      await assertSame([writer, reader], "");
    }));
});

Deno.test("records.blocks() of an instance opened for reading changes no byte", () =>
  withStorage(async (root, writer, reader) => {
    const content = [[['{"type":"deployment"}'], 0]] as const;
    await write(root, encodeLedger(chainOf(content)));
    await assertSame([reader], "");
    assert.deepEqual([...Deno.readDirSync(`${root}/storage`)].map(({ name }) => name), [
      "blockchain.json",
    ]);
    await assertSame([writer], "");
    const kept = await Deno.readFile(`${root}/${INDEX}`);
    await write(root, encodeLedger(chainOf([...content, ...content])));
    await assertSame([reader], "");
    assert.deepEqual(await Deno.readFile(`${root}/${INDEX}`), kept);
  }));

Deno.test("records.blocks() catches up in many processes at once", () =>
  withStorage(async (root, writer) => {
    const many = Array.from(
      { length: 3500 },
      (_, at) => [[`{"type":"deployment","at":${at}}`], 0] as const,
    );
    await write(root, encodeLedger(chainOf(many)));
    const others = await Promise.all(
      [1, 2, 3].map(() => openInstance(root, { mode: "write" })),
    );
    const filter = { type: "deployment", below: 2000 };
    const wanted = walked(root, filter);
    await write(root, encodeLedger(chainOf(many.slice(0, 1))));
    await assertSame([writer], "");
    const { ino } = await Deno.stat(`${root}/${INDEX}`);
    await write(root, encodeLedger(chainOf(many)));
    const all = [writer, writer, ...others].map((instance) => found(instance, filter));
    for (const one of await Promise.all(all)) assert.deepEqual(one, wanted);
    const database = new DatabaseSync(`${root}/${INDEX}`);
    const sum = database.prepare("SELECT count(*) AS count FROM chain_records").get();
    database.close();
    assert.equal(sum?.["count"], 3500, "every record is there once");
    assert.equal((await Deno.stat(`${root}/${INDEX}`)).ino, ino, "and nobody began anew");
  }));

Deno.test("records.blocks() walks no chain and reads new blocks only", () =>
  withFolder(async (root) => {
    await Deno.mkdir(`${root}/storage`);
    const many = Array.from(
      { length: 3000 },
      (_, at) => [[`{"type":"${at === 7 ? "rare" : "deployment"}"}`], 0] as const,
    );
    await write(root, encodeLedger(chainOf(many)));
    const instance = await openInstance(root, { mode: "write" });
    const index = new RecordIndex({ root, store: instance.store });
    const rare = () => Array.fromAsync(index.blocks({ type: "rare" }));
    assert.equal((await rare()).length, 1);
    const placed = instance.store.ledger.placed.bind(instance.store.ledger);
    const from: (number | undefined)[] = [];
    Object.assign(instance.store.ledger, {
      placed: (at?: number) => {
        from.push(at);
        return placed(at);
      },
      newest: () => assert.fail("the chain is walked"),
    });
    assert.equal((await rare()).length, 1);
    assert.deepEqual(from, [], "nothing is new");
    const before = (await Deno.stat(`${root}/${LEDGER}`)).size;
    await instance.store.exclusive(() => instance.store.append(['{"type":"rare"}']));
    assert.equal((await rare()).length, 2);
    assert.deepEqual(from, [before - "\n]".length]);
  }));

Deno.test("records.blocks() lets nobody wait who has stopped, and goes on for the others", () =>
  withStorage(async (root, writer) => {
    const many = Array.from({ length: 2500 }, () => [['{"type":"deployment"}'], 0] as const);
    await write(root, encodeLedger(chainOf(many)));
    const stop = new AbortController();
    const filter = { type: "deployment", below: 3 };
    const stopped = Array.fromAsync(writer.records.blocks(filter, stop.signal));
    const other = Array.fromAsync(writer.records.blocks(filter));
    stop.abort();
    await assert.rejects(stopped, { name: "AbortError" });
    assert.deepEqual(await other, walked(root, filter));
    await assert.rejects(Array.fromAsync(writer.records.blocks(filter, stop.signal)));
  }));
