import assert from "node:assert/strict";
import {
  FORMALIZATION_CATEGORIES,
  formalizationRecord,
  formalizationsOf,
} from "../../core/dsl/formal/formalization.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const INPUT = {
  skill_id: "a",
  skill_version: "1",
  source_text: "x",
  result: "not_formalized",
  rationale: "r",
  formalization_category: "philosophy",
};

Deno.test("formalizationRecord() writes the keys of the format in their order", async () => {
  await withInstance(({ store }) => {
    const { fields, more } = formalizationRecord({ ...INPUT, confidence: 0.5 });
    const record = store.record(fields, ACTOR, more);
    const keys = "type skill_id skill_version source_text source_span result rationale " +
      "formalization_category ambiguity_before ambiguity_after decided_by model timestamp " +
      "principal agent_id confidence decompile_text source_decompile_divergence";
    assert.deepEqual(Object.keys(JSON.parse(record)), keys.split(" "));
    const [decision] = formalizationsOf({ index: 7, data: [record] });
    assert.equal(decision?.block, 7);
    assert.equal(decision?.decided_by, "human");
    assert.equal(decision?.confidence, 0.5);
  });
});

Deno.test("formalizationRecord() asks for its fields one after the other", () => {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(INPUT)) {
    assert.throws(() => formalizationRecord(given), { message: `${name} is required` });
    assert.throws(() => formalizationRecord({ ...given, [name]: "" }), {
      message: `${name} is required`,
    });
    given[name] = value;
  }
  assert.throws(() => formalizationRecord({ ...INPUT, result: "maybe" }), {
    message: "result must be 'formalized' or 'not_formalized'",
  });
  assert.throws(() => formalizationRecord({ ...INPUT, formalization_category: "law" }), {
    message:
      "formalization_category must be one of: invariant, rule, guideline, policy, philosophy",
  });
  for (const formalization_category of FORMALIZATION_CATEGORIES) {
    assert.ok(formalizationRecord({ ...INPUT, formalization_category }));
  }
});

Deno.test("formalizationsOf() passes over every item that is no decision", () => {
  const decision = { type: "formalization_decision", ...INPUT };
  const data = [
    "42",
    "[1]",
    "null",
    "",
    '"formalization_decision"',
    '["formalization_decision"]',
    '{"type":"formalization_decision"',
    '{"note":"formalization_decision"}',
    '{"type":"formalization_decision","skill_id":7,"confidence":"high"}',
    JSON.stringify(decision),
  ];
  const found = formalizationsOf({ index: 1, data });
  assert.deepEqual(found.map((one) => [one.skill_id, one.confidence]), [[null, null], ["a", null]]);
  const block = { index: 1, data };
  assert.equal(formalizationsOf(block, { skill_id: "a" }).length, 1);
  assert.equal(formalizationsOf(block, { skill_id: "a", category: "rule" }).length, 0);
  assert.equal(formalizationsOf(block, { category: "philosophy" }).length, 1);
});
