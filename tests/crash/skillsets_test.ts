import assert from "node:assert/strict";
import type { Disk } from "../../core/disk/mod.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { pick } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { AT_TERMINAL, PERSON, testLaw } from "../evolution/law.ts";
import { packed, skillSet, withBundled } from "../skillset/sets.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { inState, recordEffects, type Replay, replays } from "./simulator.ts";

/** A change of SkillSets, and what is there before it. */
interface Scenario {
  readonly prepare: (instance: Instance) => Promise<unknown>;
  readonly change: (instance: Instance) => Promise<unknown>;
}

const OLD = skillSet("pack", {}, { "config/c.yml": "a: 1\n", "knowledge/old.md": "old\n" });
const NEW = skillSet("pack", { version: "2.0" }, { "knowledge/新.md": "new\n" });

const installed = (layer: "L1" | "L2") => async (instance: Instance) => {
  const sets = await instance.skillsets();
  await sets.install(skillSet("other"), ACTOR);
  await sets.install(OLD, ACTOR, { layer });
};

/** A proposal that was approved, and its SkillSet. */
const decided = (kind: "skillset_remove" | "skillset_enable", layer: "L0" | "L1") =>
async (
  instance: Instance,
) => {
  const evolution = await instance.evolution();
  await evolution.begin(new TextEncoder().encode(printLaw(testLaw())), PERSON);
  const sets = await instance.skillsets();
  await sets.install(OLD, ACTOR, { layer });
  if (kind === "skillset_enable") await sets.disable("pack", ACTOR);
  const { proposal: { id } } = await evolution.propose(
    { kind, subject: "pack", reason: "a test" },
    ACTOR,
  );
  await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
};

const apply = async (instance: Instance) => {
  const evolution = await instance.evolution();
  await evolution.apply(evolution.list()[0]!.id, PERSON);
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "the first install": {
    prepare: async () => {},
    change: async (instance) => (await instance.skillsets()).install(OLD, ACTOR),
  },
  "a package of L2": {
    prepare: async (instance) => (await instance.skillsets()).install(skillSet("other"), ACTOR),
    change: async (instance) => (await instance.skillsets()).installPackage(packed(OLD), ACTOR),
  },
  "a reinstall": {
    prepare: installed("L1"),
    change: async (instance) => (await instance.skillsets()).install(NEW, ACTOR, { force: true }),
  },
  "a reinstall in L2": {
    prepare: installed("L2"),
    change: async (instance) =>
      (await instance.skillsets()).installPackage(packed(NEW), ACTOR, { force: true }),
  },
  "an upgrade": {
    prepare: installed("L1"),
    change: (instance) => withBundled(instance, NEW).upgrade("pack", ACTOR),
  },
  "an upgrade in L2": {
    prepare: installed("L2"),
    change: (instance) => withBundled(instance, NEW).upgrade("pack", ACTOR),
  },
  "an enabling": {
    prepare: async (instance) => (await instance.skillsets()).installPackage(packed(OLD), ACTOR),
    change: async (instance) => (await instance.skillsets()).enable("pack", ACTOR),
  },
  "a removal": {
    prepare: installed("L1"),
    change: async (instance) => (await instance.skillsets()).remove("pack", ACTOR),
  },
  "a removal in L2": {
    prepare: installed("L2"),
    change: async (instance) => (await instance.skillsets()).remove("pack", ACTOR),
  },
  "a removal in L0 that was decided": { prepare: decided("skillset_remove", "L0"), change: apply },
  "an enabling that was decided": { prepare: decided("skillset_enable", "L1"), change: apply },
};

const open = (root: string, mode: "read" | "write", disk?: Disk) =>
  openInstance(root, { mode, clock: () => NOON, ...(disk === undefined ? {} : { disk }) });

/** What a reader sees: every SkillSet with its content hash and state, and the records. */
async function seen(instance: Instance): Promise<unknown> {
  const sets = await instance.skillsets();
  const records = [...instance.store.ledger.newest()].flatMap(({ data }) => data)
    .filter((item) => item.includes("skillset_event"))
    .map((item) => JSON.parse(item))
    .map(({ action, skillset_name, content_hash }) => [action, skillset_name, content_hash]);
  const found = sets.list().map(({ name }) => {
    const { enabled, layer, problem, contentHash } = sets.info(name);
    return { name, enabled, layer, problem, contentHash };
  });
  const proposals = (await instance.evolution()).list().map(({ stored }) => stored?.state);
  return { found, records, proposals };
}

/** A crash left this: a reader sees all of the change or nothing, and so does a writer afterwards. */
async function assertWhole(root: string, state: Replay, allowed: readonly unknown[]) {
  const found = await seen(await open(root, "read"));
  const match = allowed.find((one) => JSON.stringify(one) === JSON.stringify(found));
  assert.ok(match !== undefined, `${state.label}: ${JSON.stringify(found, null, 1)}`);
  const writer = await open(root, "write");
  assert.deepEqual(await seen(writer), found, state.label);
  await (await writer.skillsets()).install(skillSet("after"), ACTOR);
  const { valid } = await auditLedger(writer.store);
  assert.ok(valid, state.label);
  await writer.store.recover();
  const left = [...Deno.readDirSync(`${root}/skillsets`)].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => name.startsWith(".")), [], state.label);
}

Deno.test("a change of a SkillSet is there as a whole or not at all, after every crash", async (t) => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    await t.step(name, async () => {
      await inTempFolder(async (root) => {
        const before = await open(root, "write");
        await scenario.prepare(before);
        const old = await seen(before);
        const recording = await recordEffects(root, async (disk) => {
          await scenario.change(await open(root, "write", disk));
        });
        const young = await seen(await open(root, "read"));
        assert.notDeepEqual(young, old);
        for (const state of pick("crashReplays", [...replays(recording)])) {
          const allowed = state.acknowledged ? [young] : [old, young];
          await inState(state, (folder) => assertWhole(folder, state, allowed));
        }
      });
    });
  }
});
