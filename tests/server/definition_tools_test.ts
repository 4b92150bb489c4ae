import assert from "node:assert/strict";
import { emptySkill, type Law } from "../../core/dsl/ast.ts";
import type { Instance } from "../../core/instance.ts";
import { NO_CLIENT } from "../../server/mcp/client.ts";
import type { ToolContext } from "../../server/mcp/define_tool.ts";
import { definitionTools } from "../../server/mcp/tools/definition.ts";
import { FORMALIZATION_TOOLS } from "../../server/mcp/tools/formalization.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const LAW: Law = {
  skills: [
    {
      ...emptySkill("ledger_kept"),
      content: "We must keep verifying the chain.\n",
      definition: [
        { type: "Check", name: "grown", options: { condition: "chain_length > least" } },
        { type: "ToolCall", name: "verify", options: { command: "chain_verify" } },
      ].map((node) => ({ ...node, source_span: null })),
    },
    emptySkill("plain"),
  ],
};

const TOOLS = [
  ...definitionTools({
    law: () => Promise.resolve(LAW),
    facts: () => Promise.resolve({ chain: { length: 3 } }),
    tools: () => ["chain_verify"],
  }),
  ...FORMALIZATION_TOOLS,
];

/** Calls a tool with arguments and results held against its schemas. */
async function call(instance: Instance, name: string, args: unknown) {
  const tool = TOOLS.find((one) => one.name === name)!;
  const context: ToolContext = {
    instance,
    actor: ACTOR,
    signal: new AbortController().signal,
    now: Date.now,
    progress: () => {},
    client: NO_CLIENT,
  };
  const { structured, text } = await tool.run(tool.input.parse(args) as never, context);
  return { structured: tool.output.strict().parse(structured), text };
}

Deno.test("definition_verify judges with the instance's facts and the caller's values", async () => {
  await withInstance(async (instance) => {
    const open = await call(instance, "definition_verify", { skill_id: "ledger_kept" });
    assert.match(
      open.text,
      /🧑 \*\*Check\*\* `grown` — Missing variables: least\n✅ \*\*ToolCall\*\*/,
    );
    const known = { skill_id: "ledger_kept", context: { least: 2 } };
    const { structured, text } = await call(instance, "definition_verify", known);
    assert.match(text, /✅ \*\*Check\*\* `grown` — chain_length\(3\) > least\(2\) = true/);
    assert.equal(structured.all_deterministic_passed, true);
    const forged = { skill_id: "ledger_kept", context: { chain_length: 9 } };
    await assert.rejects(call(instance, "definition_verify", forged), { code: "invalid" });
    const plain = await call(instance, "definition_verify", { skill_id: "plain" });
    assert.match(plain.text, /^## Verification: plain\n\nThis skill has no definition block\./);
    await assert.rejects(call(instance, "definition_verify", { skill_id: "x" }), {
      message: 'Skill "x" not found. Available: ledger_kept, plain',
    });
  });
});

Deno.test("definition_decompile and definition_drift tell and compare", async () => {
  await withInstance(async (instance) => {
    const told = await call(instance, "definition_decompile", { skill_id: "ledger_kept" });
    assert.match(told.text, /- \*\*Check\*\* \(`grown`\): chain_length > least\n- \*\*Tool Call/);
    const { structured, text } = await call(instance, "definition_drift", {
      skill_id: "ledger_kept",
    });
    assert.match(text, /Ratio\*\*: 50% [^]*### By whole words\n\n\*\*Coverage Ratio\*\*: 0% /);
    assert.equal((structured.items as unknown[]).length, 1);
  });
});

Deno.test("formalization tools put decisions on the chain and find them again", async () => {
  await withInstance(async (instance) => {
    const decision = {
      skill_id: "ledger_kept",
      skill_version: "1.0",
      source_text: "The chain must be verified.",
      result: "formalized",
      rationale: "A tool can do it",
      formalization_category: "rule",
    };
    const { structured, text } = await call(instance, "formalization_record", decision);
    assert.equal(
      text,
      `## Formalization Decision Recorded\n\n**Block**: #${structured.block}\n**Hash**: ` +
        `${(structured.hash as string).slice(0, 16)}...\n**Skill**: ledger_kept v1.0\n` +
        "**Result**: formalized\n**Category**: rule\n**Rationale**: A tool can do it",
    );
    const other = { ...decision, skill_id: "plain", result: "not_formalized" };
    await call(instance, "formalization_record", other);
    await assert.rejects(call(instance, "formalization_record", { ...decision, rationale: "" }), {
      message: "rationale is required",
    });

    const all = await call(instance, "formalization_history", {});
    assert.match(all.text, /^## Formalization Decisions \(2\)\n\n### plain v1\.0 /);
    assert.match(all.text, /\*\*Summary\*\*: 1 formalized, 1 not formalized$/);
    const one = await call(instance, "formalization_history", { limit: 1 });
    assert.match(one.text, /More: pass cursor p/);
    const rest = { limit: 1, cursor: one.structured.next_cursor };
    const next = await call(instance, "formalization_history", rest);
    assert.match(next.text, /### ledger_kept v1\.0 /);
    const none = { skill_id: "plain", category: "policy" };
    assert.equal(
      (await call(instance, "formalization_history", none)).text,
      "No formalization decisions found (filters: skill_id=plain, category=policy).",
    );
  });
});
