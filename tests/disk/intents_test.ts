import assert from "node:assert/strict";
import {
  Disk,
  type Intent,
  IntentLog,
  type IntentStep,
  isTransitName,
  type Keeper,
  transitName,
} from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { inState, recordEffects, replays } from "../crash/simulator.ts";
import { inTempFolder } from "./temp_folder.ts";

const disk = new Disk();
const STAGE = `knowledge/${transitName("stage")}`;
const TRASH = `knowledge/${transitName("trash")}`;

function intentOf(steps: readonly IntentStep[], discard: readonly string[] = []): Intent {
  return { version: 1, id: crypto.randomUUID(), height: 1, record: "r", steps, discard };
}

/** Keeps what it is given in memory. */
function keeperFor(): { keeper: Keeper; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const keeper: Keeper = {
    digest: (path) => sha256(Deno.readFileSync(path)),
    keep: (path) => {
      const text = disk.stat(path)?.kind === "folder" ? "a folder" : Deno.readTextFileSync(path);
      kept.set(sha256(text), text);
      return sha256(text);
    },
  };
  return { keeper, kept };
}

/** A data directory with a staged file for `knowledge/a`. */
function stage(root: string, target: string | null = null): void {
  disk.makeFolder(`${root}/knowledge`);
  Deno.writeTextFileSync(`${root}/${STAGE}`, "new");
  if (target !== null) Deno.writeTextFileSync(`${root}/knowledge/a`, target);
}

const files = (root: string) => disk.list(`${root}/knowledge`).map(({ name }) => name);
const pathOf = (root: string, { id }: Intent) => `${root}/storage/intents/${id}.json`;

Deno.test("IntentLog.finish() makes the renames that are due, as often as it is asked", async () => {
  await inTempFolder((root) => {
    stage(root, "old");
    const log = new IntentLog(disk, root);
    const intent = intentOf([{ from: STAGE, to: "knowledge/a", base: sha256("old") }]);
    log.begin(intent);
    assert.deepEqual(log.pending(), [intent]);
    const { keeper, kept } = keeperFor();
    for (let again = 0; again < 2; again++) {
      assert.deepEqual(log.finish(intent, keeper), []);
      assert.equal(Deno.readTextFileSync(`${root}/knowledge/a`), "new");
      assert.deepEqual([files(root), log.pending(), kept.size], [["a"], [], 0]);
    }
  });
});

Deno.test("IntentLog.finish() keeps what somebody else put in the way", async (t) => {
  const bases: Record<string, [there: string, base: string | null]> = {
    "an edit of the file": ["edited", sha256("old")],
    "a file where none was": ["surprise", null],
  };
  for (const [name, [there, base]] of Object.entries(bases)) {
    await t.step(name, () =>
      inTempFolder((root) => {
        stage(root, there);
        const log = new IntentLog(disk, root);
        const { keeper, kept } = keeperFor();
        const displaced = log.finish(intentOf([{ from: STAGE, to: "knowledge/a", base }]), keeper);
        assert.deepEqual(displaced, [{ path: "knowledge/a", object: sha256(there) }]);
        assert.equal(kept.get(sha256(there)), there);
        assert.equal(Deno.readTextFileSync(`${root}/knowledge/a`), "new");
      }));
  }
});

Deno.test("IntentLog.abandon() removes the stage and nothing that is no stage", async () => {
  await inTempFolder((root) => {
    stage(root, "old");
    const log = new IntentLog(disk, root);
    const intent = intentOf(
      [{ from: STAGE, to: "knowledge/b", base: null }, {
        from: "knowledge/a",
        to: "x",
        base: null,
      }],
      ["knowledge/a"],
    );
    Deno.writeTextFileSync(`${root}/knowledge/.stage-of-somebody`, "not ours");
    log.begin(intent);
    log.abandon(intent);
    assert.deepEqual([files(root), log.pending()], [[".stage-of-somebody", "a"], []]);
    assert.equal(Deno.readTextFileSync(`${root}/knowledge/a`), "old");
  });
});

Deno.test("IntentLog refuses paths that lead out of the data directory", async (t) => {
  for (const path of ["../a", "/etc/a", "knowledge/../../a", "knowledge//a", "./a", ""]) {
    await t.step(JSON.stringify(path), () =>
      inTempFolder((root) => {
        stage(root, "old");
        const log = new IntentLog(disk, root);
        const { keeper } = keeperFor();
        for (const step of [{ from: path, to: "knowledge/a" }, { from: STAGE, to: path }]) {
          assert.throws(
            () => log.finish(intentOf([{ ...step, base: null }]), keeper),
            (error) => error instanceof KairosError && error.code === "refused",
          );
        }
        assert.equal(Deno.readTextFileSync(`${root}/knowledge/a`), "old");
      }));
  }
});

Deno.test("IntentLog.sweep() removes intents that were never written to their end", async () => {
  await inTempFolder((root) => {
    const log = new IntentLog(disk, root);
    const intent = intentOf([]);
    log.begin(intent);
    const text = Deno.readTextFileSync(pathOf(root, intent));
    for (let length = 0; length < text.length - 2; length += 9) {
      Deno.writeTextFileSync(
        pathOf(root, { ...intent, id: crypto.randomUUID() }),
        text.slice(0, length),
      );
    }
    assert.deepEqual(log.pending(), [intent]);
    log.sweep();
    assert.deepEqual(disk.list(`${root}/storage/intents`).length, 1);
  });
});

Deno.test("IntentLog finishes after every crash what it began", async () => {
  await inTempFolder(async (root) => {
    stage(root, "old");
    const steps = [
      { from: "knowledge/a", to: TRASH, base: null },
      { from: STAGE, to: "archive/deep/a", base: null },
    ];
    const intent = intentOf(steps, [TRASH]);
    new IntentLog(disk, root).begin(intent);
    const { keeper } = keeperFor();
    const recording = await recordEffects(
      root,
      (recorder) => new IntentLog(recorder, root).finish(intent, keeper),
    );
    for (const state of replays(recording)) {
      await inState(state, (copy) => {
        const log = new IntentLog(disk, copy);
        for (const pending of log.pending()) log.finish(pending, keeper);
        assert.equal(Deno.readTextFileSync(`${copy}/archive/deep/a`), "new", state.label);
        // What is on its way out may come back when the removal is lost; it is never anything else.
        const left = files(copy).filter((name) => !isTransitName(name));
        assert.deepEqual([left, log.pending()], [[], []], state.label);
      });
    }
  });
});

Deno.test("IntentLog takes nothing for an intent that is none, and removes it when it sweeps", async (t) => {
  const cases: Record<string, string> = {
    "no JSON": "{",
    "no object": "null",
    "a list": "[1]",
    "no steps": '{"version":1,"id":"x"}',
    "steps without targets": JSON.stringify({ ...intentOf([], []), steps: [{ from: "a" }] }),
    "a height that is none": JSON.stringify({ ...intentOf([], []), height: "9" }),
    "more than an intent ever holds": " ".repeat(1024 * 1024 + 1),
  };
  for (const [what, text] of Object.entries(cases)) {
    await t.step(what, () =>
      inTempFolder((root) => {
        const log = new IntentLog(disk, root);
        log.prepare();
        Deno.writeTextFileSync(`${root}/storage/intents/x.json`, text);
        Deno.mkdirSync(`${root}/storage/intents/folder.json`);
        assert.deepEqual(log.pending(), []);
        log.sweep();
        assert.deepEqual(
          Array.from(Deno.readDirSync(`${root}/storage/intents`), ({ name }) => name),
          ["folder.json"],
        );
      }));
  }
});

Deno.test("IntentLog leaves an intent of a later format to the program that wrote it", async () => {
  await inTempFolder((root) => {
    const log = new IntentLog(disk, root);
    log.prepare();
    const path = `${root}/storage/intents/x.json`;
    Deno.writeTextFileSync(path, JSON.stringify({ ...intentOf([], []), version: 2 }));
    for (const look of [() => log.pending(), () => log.sweep()]) {
      assert.throws(look, (error) => error instanceof KairosError && error.code === "refused");
    }
    assert.ok(Deno.statSync(path).isFile);
  });
});
