import assert from "node:assert/strict";
import {
  type ApproverChange,
  APPROVERS_FILE,
  changeApprovers,
  loadApprovers,
  replayApprovers,
  resetApprovers,
} from "../../core/evolution/approvers.ts";
import { nextSet, setFingerprint, setRecord } from "../../core/evolution/approver_set.ts";
import { parsePin } from "../../core/evolution/pin.ts";
import { Disk, type Effect } from "../../core/disk/mod.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { ACTOR, NOON, withInstance } from "../support/instance.ts";

const [ADA, BEN, EVE] = ["Ada", "Ben", "Eve"].map((name) => OpenKey.generate(name)) as [
  OpenKey,
  OpenKey,
  OpenKey,
];

type Rest = Partial<ApproverChange>;

const first = (keys: readonly OpenKey[], rest: Rest = {}): ApproverChange => ({
  keys,
  required: 1,
  signers: keys,
  base: null,
  actor: ACTOR,
  ...rest,
});

const record = (instance: Instance, text: string) =>
  instance.store.exclusive(() => instance.store.append([text]));

const headOf = ({ store }: Instance) => store.ledger.head().last!.hash;

/** A test in an instance that has a chain. */
const inChain = (test: (instance: Instance, root: string) => Promise<void>) =>
  withInstance(async (instance, root) => {
    await record(instance, "the first block");
    await test(instance, root);
  });

const edit = async (root: string, change: (file: Record<string, unknown>) => unknown) => {
  const path = `${root}/${APPROVERS_FILE}`;
  const file = JSON.parse(await Deno.readTextFile(path));
  await Deno.writeTextFile(path, JSON.stringify(change(file)));
};

Deno.test("changeApprovers() makes sets that are found again without reading the chain", async () => {
  await inChain(async ({ store }, root) => {
    assert.deepEqual(loadApprovers(store), {
      set: null,
      unproven: [],
      fingerprint: null,
      pin: "unpinned",
      problem: null,
    });
    const one = await changeApprovers(store, first([ADA]));
    assert.deepEqual([one.set?.epoch, one.set?.number, one.problem], [1, 1, null]);
    assert.equal(one.fingerprint, setFingerprint({ keys: [ADA], required: 1 }));
    const two = await changeApprovers(store, {
      ...first([ADA, BEN], { required: 2, signers: [ADA] }),
      base: one.set,
    });
    assert.deepEqual([two.set?.epoch, two.set?.number, two.problem], [1, 2, null]);
    const read = await openInstance(root, { mode: "read" });
    assert.deepEqual(loadApprovers(read.store), two);
    const { set, problems } = await replayApprovers(store.ledger);
    assert.deepEqual([set, problems], [two.set, []]);
  });
});

Deno.test("loadApprovers() reads a bounded part of a long chain", async () => {
  await inChain(async (instance, root) => {
    await changeApprovers(instance.store, first([ADA]));
    for (let i = 0; i < 40; i++) await record(instance, `${i} `.padEnd(60_000, "x"));
    let bytes = 0;
    const { disk } = instance.store;
    const counting = new Proxy(disk, {
      get: (target, name) => {
        if (name !== "open") return Reflect.get(target, name).bind?.(target);
        return (...args: Parameters<Disk["open"]>) => {
          const file = target.open(...args);
          const readAt = file.readAt.bind(file);
          file.readAt = (at, length) => {
            const read = readAt(at, length);
            bytes += read.length;
            return read;
          };
          return file;
        };
      },
    });
    const { store } = await openInstance(root, { mode: "read", disk: counting });
    assert.equal(loadApprovers(store).problem, null);
    assert.ok(bytes > 0 && bytes < 100_000, `${bytes} bytes`);
  });
});

Deno.test("changeApprovers() refuses signatures that are not enough and changes nothing", async () => {
  await inChain(async ({ store }) => {
    const { set } = await changeApprovers(store, {
      ...first([ADA, BEN], { required: 2 }),
    });
    const length = store.ledger.head().length;
    const cases: [string, ApproverChange, string][] = [
      ["a stranger", first([EVE], { base: set }), "refused"],
      ["one of two", first([ADA, EVE], { base: set, signers: [ADA] }), "refused"],
      ["one of two, twice", first([ADA, EVE], { base: set, signers: [ADA, ADA] }), "refused"],
      ["for the first set again", first([EVE]), "conflict"],
      ["a set nobody could decide with", first([ADA], { base: set, required: 2 }), "invalid"],
    ];
    for (const [name, change, code] of cases) {
      await assert.rejects(changeApprovers(store, change), { code }, name);
    }
    assert.equal(store.ledger.head().length, length);
    assert.deepEqual(loadApprovers(store).set, set);
  });
});

Deno.test("changeApprovers() needs a chain that tells this instance from others", async () => {
  await withInstance(async ({ store }) => {
    await assert.rejects(changeApprovers(store, first([ADA])), { code: "not_found" });
    await assert.rejects(resetApprovers(store, first([ADA])), { code: "not_found" });
  });
});

Deno.test("resetApprovers() opens an epoch that is unproven for ever", async () => {
  await inChain(async ({ store }) => {
    await changeApprovers(store, first([ADA]));
    await assert.rejects(resetApprovers(store, first([ADA, EVE], { signers: [EVE] })), {
      code: "refused",
    });
    const reset = await resetApprovers(store, first([EVE]));
    assert.deepEqual([reset.set?.epoch, reset.unproven, reset.problem], [2, [2], null]);
    const later = await changeApprovers(store, {
      ...first([EVE, BEN], { signers: [EVE] }),
      base: reset.set,
    });
    assert.deepEqual([later.set?.epoch, later.unproven, later.problem], [2, [2], null]);
    assert.deepEqual((await replayApprovers(store.ledger)).unproven, [2]);
  });
});

Deno.test("loadApprovers() lets nothing pass that was changed in the pointers", async (t) => {
  const changes: Record<string, (file: Record<string, unknown>) => unknown> = {
    "another version": (file) => ({ ...file, version: 2 }),
    "another epoch": (file) => ({ ...file, epoch: 2 }),
    "another number": (file) => ({ ...file, number: 1 }),
    "no sets": (file) => ({ ...file, sets: [] }),
    "the last set left out": (file) => ({ ...file, sets: (file.sets as unknown[]).slice(0, 1) }),
    "the first set left out": (file) => ({ ...file, sets: (file.sets as unknown[]).slice(1) }),
    "the order changed": (file) => ({ ...file, sets: (file.sets as unknown[]).toReversed() }),
    "a set twice": (file) => ({ ...file, sets: [file.sets, file.sets].flat() }),
    "another hash": (file) => ({
      ...file,
      sets: (file.sets as object[]).map((one) => ({ ...one, hash: "0".repeat(64) })),
    }),
    "no pointers": (file) => ({ ...file, sets: [1, 2] }),
    "a list": () => [],
    "nothing": () => null,
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, () =>
      inChain(async ({ store }, root) => {
        const { set } = await changeApprovers(store, first([ADA]));
        const next = first([ADA, BEN], { base: set });
        await changeApprovers(store, next);
        await edit(root, change);
        const { problem } = loadApprovers(store);
        assert.notEqual(problem, null);
        await assert.rejects(changeApprovers(store, next), { code: "refused" });
        // The chain still knows, and a reset is always possible.
        assert.equal((await replayApprovers(store.ledger)).set?.number, 2);
        const reset = await resetApprovers(store, first([ADA]));
        assert.deepEqual([reset.problem, reset.unproven], [null, [2]]);
        assert.deepEqual((await replayApprovers(store.ledger)).problems, []);
      }));
  }
  await t.step("garbage", () =>
    inChain(async ({ store }, root) => {
      await changeApprovers(store, first([ADA]));
      for (const text of ["", "{", "x".repeat(300_000), "[".repeat(100_000)]) {
        await Deno.writeTextFile(`${root}/${APPROVERS_FILE}`, text);
        assert.notEqual(loadApprovers(store).problem, null);
      }
    }));
});

/** Puts a set on the chain past every check, as somebody who can write the files could. */
async function forge(instance: Instance, text: string): Promise<Record<string, unknown>> {
  const { store } = instance;
  return await store.exclusive(() => {
    const { pointer, at } = store.foresee(text);
    store.append([text], at);
    return { ...pointer };
  });
}

Deno.test("a forged set on the chain gives no power, and a walk over the chain names it", async (t) => {
  const forged = (instance: Instance, keys: OpenKey[]) => {
    const previous = loadApprovers(instance.store).set;
    const fields = nextSet(previous, { keys, required: 1 }, { head: headOf(instance) });
    return instance.store.record(setRecord(fields, keys, "f".repeat(64)), ACTOR);
  };
  await t.step("behind the pointers", () =>
    inChain(async (instance, root) => {
      const { set } = await changeApprovers(instance.store, first([ADA]));
      const pointer = await forge(instance, forged(instance, [EVE]));
      assert.deepEqual(loadApprovers(instance.store).set, set);
      await edit(root, (file) => ({
        ...file,
        number: 2,
        sets: [...file.sets as unknown[], pointer],
      }));
      const found = loadApprovers(instance.store);
      assert.match(found.problem!, /approver set 2 does not hold/);
      assert.deepEqual(found.set, set);
      const { set: true_, problems } = await replayApprovers(instance.store.ledger);
      assert.deepEqual(true_, set);
      assert.deepEqual(problems.map(({ block }) => block), [pointer.index]);
    }));
  await t.step(
    "as a first set of its own: a pin refuses it, and the walk names it",
    () =>
      inChain(async (instance, root) => {
        const { store } = instance;
        const { set, fingerprint } = await changeApprovers(store, first([ADA]));
        const block = [...store.ledger.newest()].find(({ index }) => index === 1)!;
        const fields = nextSet(null, { keys: [EVE], required: 1 }, { head: headOf(instance) });
        const pointer = await forge(
          instance,
          store.record(setRecord(fields, [EVE], block.hash), ACTOR),
        );
        await edit(root, (file) => ({ ...file, sets: [pointer] }));
        // The pointers alone cannot tell: this is what a pin and a verification are for.
        assert.equal(loadApprovers(store).problem, null);
        const pins = [parsePin("KAIROS_APPROVER", fingerprint)];
        const pinned = loadApprovers(store, pins);
        assert.equal(pinned.pin, "differs");
        assert.match(pinned.problem!, /not those KAIROS_APPROVER asks for/);
        const { set: true_, problems } = await replayApprovers(store.ledger);
        assert.deepEqual(true_, set);
        assert.match(problems[0]!.problem, /says it is the first/);
      }),
  );
  await t.step(
    "pointers removed: a pin refuses that there is nobody",
    () =>
      inChain(async ({ store }, root) => {
        const { fingerprint } = await changeApprovers(store, first([ADA]));
        const pins = [parsePin("KAIROS_APPROVER", fingerprint)];
        assert.deepEqual([loadApprovers(store, pins).problem, loadApprovers(store, pins).pin], [
          null,
          "matches",
        ]);
        await Deno.remove(`${root}/${APPROVERS_FILE}`);
        assert.notEqual(loadApprovers(store, pins).problem, null);
      }),
  );
});

Deno.test("changeApprovers() is one unit: after any fault both record and pointers, or neither", async () => {
  for (let failing = 0;; failing++) {
    let left = Infinity;
    const onEffect = (_: Effect) =>
      left-- === 0 ? { error: new Deno.errors.PermissionDenied("no") } : undefined;
    let isDone = false;
    await withInstance(async (instance, root) => {
      await record(instance, "the first block");
      left = failing;
      try {
        await changeApprovers(instance.store, first([ADA]));
        isDone = true;
      } catch {
        // What a failure leaves is looked at below.
      }
      left = Infinity;
      const { store } = await openInstance(root, { mode: "write", clock: () => NOON });
      const { set, problem } = loadApprovers(store);
      assert.equal(problem, null);
      assert.deepEqual((await replayApprovers(store.ledger)).set, set, `fault ${failing}`);
    }, { disk: new Disk({ onEffect }) });
    if (isDone) break;
    assert.ok(failing < 100);
  }
});
