import assert from "node:assert/strict";
import { type Instance, openInstance } from "../../core/instance.ts";
import { startBackgroundVerify } from "../../server/background_verify.ts";
import { readVerifyStatus, type VerifyStatus } from "../../server/verify_status.ts";
import { withInstance } from "../support/instance.ts";

/** Runs until the first outcome. */
async function firstOutcome(instance: Instance): Promise<VerifyStatus> {
  const outcome = Promise.withResolvers<VerifyStatus>();
  const verify = startBackgroundVerify(instance, {
    firstDelay: 0,
    onOutcome: outcome.resolve,
    onError: outcome.reject,
  });
  // Its own timers keep no process alive, so something else has to.
  const awake = setTimeout(() => {}, 60_000);
  try {
    const status = await outcome.promise;
    assert.deepEqual(verify.last(), status);
    return status;
  } finally {
    clearTimeout(awake);
    await verify.stop();
  }
}

Deno.test("startBackgroundVerify() tells the outcome to others", async (t) => {
  await withInstance(async (instance, root) => {
    const { store } = instance;
    await store.exclusive(() => store.append(["one"]));
    for (const note of ["two", "three"]) await store.exclusive(() => store.append([note]));
    await t.step("a sound chain", async () => {
      const status = await firstOutcome(instance);
      const expected = { height: 4, outcome: "ok", compatible: true, valid: true, findings: 0 };
      assert.deepEqual(status, { at: "2026-01-20T10:30:00.000Z", ...expected });
      assert.deepEqual(readVerifyStatus(store.disk, root), status);
    });
    await t.step("a damaged chain stops appends", async () => {
      const path = `${root}/storage/blockchain.json`;
      await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace('"one"', '"six"'));
      await store.exclusive(() => store.append(["the end says nothing of it"]));
      assert.equal((await firstOutcome(instance)).outcome, "failed");
      await assert.rejects(() => store.exclusive(() => store.append(["x"])), { code: "corrupt" });
    });
  });
});

Deno.test("startBackgroundVerify() writes nothing in an instance opened for reading", async () => {
  await withInstance(async (instance, root) => {
    assert.equal((await firstOutcome(instance)).outcome, "absent");
    assert.equal(readVerifyStatus(instance.store.disk, root), null);
  }, { mode: "read" });
});

Deno.test("startBackgroundVerify() does nothing when the settings say so", async () => {
  await withInstance(async (_instance, root) => {
    await Deno.mkdir(`${root}/skills`);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "verify:\n  background: false\n");
    const instance = await openInstance(root, { mode: "write" });
    let outcomes = 0;
    const verify = startBackgroundVerify(instance, { firstDelay: 0, onOutcome: () => outcomes++ });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await verify.stop();
    assert.deepEqual([outcomes, verify.last()], [0, null]);
  });
});

Deno.test("startBackgroundVerify() gives a run up when it is stopped", async () => {
  await withInstance(async (instance) => {
    const { store } = instance;
    await store.exclusive(() => store.append(["x".repeat(1_000_000)]));
    const errors: unknown[] = [];
    const verify = startBackgroundVerify(instance, {
      firstDelay: 0,
      onOutcome: () => errors.push("outcome"),
      onError: (error) => errors.push(error),
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await verify.stop();
    assert.deepEqual(errors, []);
  });
});

Deno.test("readVerifyStatus() takes no text that is no outcome", async () => {
  await withInstance(async (instance, root) => {
    await Deno.mkdir(`${root}/storage`);
    for (const text of ["", "{", "[]", "null", '{"at":5}', '{"at":"x","height":1,"outcome":"?"}']) {
      await Deno.writeTextFile(`${root}/storage/verify_status.json`, text);
      assert.equal(readVerifyStatus(instance.store.disk, root), null, text);
    }
  });
});
