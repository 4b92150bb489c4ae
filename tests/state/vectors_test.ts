import assert from "node:assert/strict";
import { defaultConfig } from "../../core/config/config.ts";
import { describeDiff, diffStates, summarizeDiff } from "../../core/state/diff.ts";
import type { Layers } from "../../core/state/manifest.ts";
import { PENDING_ACTIONS, summarizePending } from "../../core/state/pending.ts";
import { triggerOf } from "../../core/state/trigger.ts";
import { layersOf } from "./layers.ts";

const VECTORS = new URL("../../../shared/vectors/state/", import.meta.url);

function recorded<T>(name: string): T | null {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(name, VECTORS)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

interface DiffCase {
  readonly case: string;
  readonly diff: unknown;
  readonly summary: unknown;
  readonly describe: string;
}

type TriggerCases = Readonly<Record<string, { trigger: string | null; summary: unknown }>>;

const DIFFS = recorded<DiffCase[]>("diff_cases.json");
const TRIGGERS = recorded<TriggerCases>("trigger_cases.json");

const SKILLS = Object.fromEntries(
  [
    "approval_workflow",
    "audit_rules",
    "chain_awareness",
    "core_safety",
    "evolution_rules",
    "l0_governance",
    "layer_awareness",
    "self_inspection",
  ].map((id) => [id, "text"]),
);
const NOW = layersOf({
  skills: SKILLS,
  knowledge: { alpha: "a", beta: "b", gamma: "c" },
  archived: { zeta: "z" },
  sessions: { session_a: "1", session_b: "2", session_empty: "" },
});
const BEFORE = layersOf({
  skills: SKILLS,
  knowledge: { beta: "older", gamma: "c", zeta: "z" },
  sessions: { session_alpha: "0", session_b: "2", session_empty: "" },
});
const EDITED = { ...BEFORE, L0: { ...BEFORE.L0, dsl_file_hash: "0".repeat(64) } };

/** The states each case was recorded from, as far as its result tells. */
const STATES: Readonly<Record<string, readonly [Layers | null, Layers]>> = {
  initial: [null, NOW],
  same: [NOW, NOW],
  mixed: [EDITED, NOW],
};

Deno.test({
  name: "diffStates() agrees with every recorded difference",
  ignore: DIFFS === null,
}, async (t) => {
  assert.deepEqual(DIFFS!.map((one) => one.case).sort(), Object.keys(STATES).sort());
  for (const { case: name, diff, summary, describe } of DIFFS!) {
    await t.step(name, () => {
      const found = diffStates(...STATES[name]!);
      assert.deepEqual(found, diff);
      assert.deepEqual(summarizeDiff(found), summary);
      assert.equal(describeDiff(summarizeDiff(found)), describe);
    });
  }
});

Deno.test({
  name: "triggerOf() agrees with every recorded trigger",
  ignore: TRIGGERS === null,
}, async (t) => {
  for (const [name, { trigger, summary }] of Object.entries(TRIGGERS!)) {
    await t.step(name, () => {
      const recorded = summary as ReturnType<typeof summarizePending>;
      const layer = (["L0", "L1", "L2"] as const).find((one) => recorded.by_layer[one] > 0) ?? "L1";
      const changes = PENDING_ACTIONS.flatMap((action) =>
        Array.from({ length: recorded.by_action[action] }, () => ({ layer, action }))
      );
      assert.deepEqual(summarizePending(changes), summary);
      assert.equal(triggerOf(summarizePending(changes), defaultConfig()), trigger);
    });
  }
});

Deno.test("triggerOf() obeys every setting", async (t) => {
  const one = (layer: "L0" | "L1" | "L2", action: typeof PENDING_ACTIONS[number]) =>
    summarizePending([{ layer, action }]);
  const cases = [
    ["l0_change", one("L0", "update"), "state_commit.auto_commit.on_events.l0_change", false],
    ["promotion", one("L1", "promote"), "state_commit.auto_commit.on_events.promotion", false],
    ["demotion", one("L1", "archive"), "state_commit.auto_commit.on_events.demotion", false],
    ["session_end", one("L2", "create"), "state_commit.auto_commit.on_events.session_end", true],
    ["demotion", one("L1", "archive"), "state_commit.auto_commit.enabled", false],
    ["demotion", one("L1", "archive"), "state_commit.enabled", false],
  ] as const;
  for (const [trigger, pending, key, isEnd] of cases) {
    await t.step(`${trigger} and ${key}`, () => {
      assert.equal(triggerOf(pending, defaultConfig(), isEnd), trigger);
      assert.equal(triggerOf(pending, { ...defaultConfig(), [key]: false }, isEnd), null);
    });
  }
  const three = { ...defaultConfig(), "state_commit.auto_commit.change_threshold.l1_changes": 1 };
  assert.equal(triggerOf(one("L1", "update"), three), "l1_threshold");
  assert.equal(triggerOf(summarizePending([]), defaultConfig(), true), null);
});
