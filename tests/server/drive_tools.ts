/**
 * One walk through every tool, for whatever way of calling them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { packed, skillSet } from "../skillset/sets.ts";

/** What a call gives, by whatever door it was made. */
export interface CallOutcome {
  /** Whether it failed. */
  readonly isError: boolean;
  /** The text. */
  readonly text: string;
  /** The structured result, or `null`. */
  readonly structured: Readonly<Record<string, unknown>> | null;
}

/** Calls a tool. */
export type Caller = (name: string, args: Record<string, unknown>) => Promise<CallOutcome>;

const FIRST =
  "---\nname: naming\ndescription: How we name\ntags: [a, b]\n---\n\n# Naming\n\nOne.\n";
const SECOND = FIRST.replace("One.", "Two.");

/**
 * Drives every tool once or more and checks the gist of each answer.
 *
 * @param call Calls a tool
 * @returns Names of the tools that were driven
 */
export async function driveTools(call: Caller): Promise<Set<string>> {
  const driven = new Set<string>();
  const run = async (name: string, args: Record<string, unknown>, start: string | RegExp) => {
    const outcome = await call(name, args);
    driven.add(name);
    assert.equal(outcome.isError, false, `${name}: ${outcome.text}`);
    assert.notEqual(outcome.structured, null, name);
    if (typeof start === "string") assert.ok(outcome.text.startsWith(start), outcome.text);
    else assert.match(outcome.text, start);
    return outcome;
  };

  await run("hello_world", { name: "Ada" }, "Hello, Ada! This is kairos.");
  await run("hello_world", {}, "Hello, World! This is kairos.");
  const change = { command: "create", name: "naming", content: FIRST, create_subdirs: true };
  const created = await run("knowledge_update", change, "SUCCESS: Knowledge created\n\n**Hash:** ");
  const update = { command: "update", name: "naming", content: SECOND, reason: "better" };
  await run(
    "knowledge_update",
    { ...update, base_hash: created.structured!.hash },
    /^SUCCESS: Knowledge updated\n\n\*\*Hash:\*\* \w{64}\n\*\*Prev Hash:\*\* \w{64}\n\nChange rec/,
  );
  await run("knowledge_update", update, "No changes detected");
  await run("knowledge_list", { search: "naming" }, "## L1 Knowledge Skills\n");
  const read = await run("knowledge_get", { name: "naming", include_scripts: true }, "## [naming]");
  assert.match(
    read.text,
    /\*\*Layer:\*\* L1 \(Knowledge\)\n\*\*Version:\*\* -\n\*\*Tags:\*\* a, b/,
  );
  assert.equal((read.structured!.correspondence as { status: string }).status, "agrees");
  const search = await run("knowledge_search", { query: "naming two" }, "## Search: naming two\n");
  assert.equal((search.structured!.hits as { uri: string }[])[0]?.uri, "knowledge://naming");
  assert.match(search.text, /> # \*\*Naming\*\* \*\*Two\*\*\./);
  await run("knowledge_history", { name: "naming" }, "## History of naming");
  const restored = { name: "naming", version: `${created.structured!.block}` };
  await run("knowledge_restore", restored, "SUCCESS: Knowledge restored");
  await run(
    "knowledge_update",
    { command: "delete", name: "naming" },
    "SUCCESS: Knowledge deleted",
  );
  await run("knowledge_restore", restored, "SUCCESS: Knowledge restored");

  const saved = await run("context_save", { name: "n", content: "# N\n" }, "SUCCESS: Context cre");
  const session = { session_id: saved.structured!.session_id };
  const note = { ...session, name: "n" };
  await run("context_save", { ...note, content: "# N2\n" }, "SUCCESS: Context updated");
  await run("context_create_subdir", { ...note, subdir: "scripts" }, "SUCCESS: Created subdir");
  await run("context_list", {}, "## L2 Sessions");
  await run("context_list", session, "## L2 Contexts of session_");
  await run("context_get", note, "## [n] No description");
  await run("resource_list", {}, "## Resources\n");
  await run("resource_read", { uri: "knowledge://naming" }, "## Resource: knowledge://naming");
  await run("resource_read", { uri: "context://n" }, "## Resource: context://session_");
  await run("context_delete", note, "SUCCESS: Context deleted");

  await run(
    "chain_record",
    { logs: ["released 1.2", '{"type":"release"}'] },
    /^Block #\d+ recorded successfully\.\nHash: [0-9a-f]{64}$/,
  );
  const status = await run("chain_status", {}, "{\n");
  const keys = ["valid", "state", "length", "storage", "latest_block"];
  assert.deepEqual(Object.keys(JSON.parse(status.text)).slice(0, 5), keys);
  await run(
    "chain_verify",
    {},
    /^Blockchain Integrity Verified: OK \(Length: \d+\)(?:\nLaw: .+)?$/,
  );
  const head = `Blockchain History\n${"=".repeat(50)}\n\nLedger state: readable\n\nBlock #`;
  await run("chain_history", { limit: 3 }, head);
  const json = await run("chain_history", { format: "json", type: "knowledge_update" }, "{\n");
  assert.ok((json.structured!.blocks as unknown[]).length >= 4);

  await driveLaw(run);
  await driveSkillSets(run, call);
  driven.add("skillset_enable");
  for (const name of ["skillset_info", "skillset_package", "skillset_disable", "skillset_remove"]) {
    const { isError, text } = await call(name, { name: "absent" });
    driven.add(name);
    assert.ok(isError && text.includes("SkillSet 'absent' not found"), text);
  }
  await run("state_status", {}, "State Commit Status\n=");
  const reason = "Before the rules are rewritten";
  const state = await run("state_commit", { reason, force: true }, "SUCCESS: State commit created");
  const { hash } = state.structured!;
  await run("state_history", { limit: 1 }, "State Commit History\n=");
  const found = await run(
    "state_history",
    { hash: `${hash}`.slice(0, 8) },
    "State Commit Details\n",
  );
  assert.equal((found.structured!.commits as { hash: string }[])[0]?.hash, hash);

  await run("tool_guide", { command: "catalog" }, "# Tool Catalog");
  await run("tool_guide", { command: "search", query: "chain" }, '# Tools for "chain"');
  await run("tool_guide", { command: "recommend", goal: "save a decision" }, "# Recommended");
  await run("tool_guide", { command: "detail", tool_name: "chain_record" }, "# chain_record");
  await run("tool_guide", { command: "workflow" }, "# Workflow knowledge_lifecycle");
  const tool_name = "chain_record";
  const metadata = { category: "chain", usecase_tags: ["audit"], related_tools: ["chain_verify"] };
  await run("tool_guide", { command: "suggest", tool_name }, "# Suggested metadata");
  await run("tool_guide", { command: "validate", tool_name, metadata }, "The metadata can be");
  const apply = { command: "apply_metadata", tool_name, metadata, approved: true };
  await run("tool_guide", apply, "# Metadata Applied Successfully");
  const tagged = await run("tool_guide", { command: "search", query: "audit" }, "# Tools for");
  assert.match(tagged.text, /chain_record/);
  return driven;
}

/** Runs a tool and checks how its text begins. */
type Run = (
  name: string,
  args: Record<string, unknown>,
  start: string | RegExp,
) => Promise<CallOutcome>;

/** The tools for SkillSets; what comes in is decided by a person, so nothing is there in the end. */
async function driveSkillSets(run: Run, call: Caller): Promise<void> {
  await run("skillset_list", {}, "## SkillSets");
  const envelope = new TextDecoder().decode(packed(skillSet("gift")));
  const wish = { package: envelope, reason: "for tests" };
  const proposed = await run("skillset_install_archive", wish, "PENDING: It waits for a person");
  assert.deepEqual(proposed.structured!.name, "gift");
  const early = { name: "gift", reason: "too early" };
  const { isError, text } = await call("skillset_enable", early);
  assert.ok(isError && text.includes("SkillSet 'gift' not found"), text);
}

/** The tools for the law, in an instance with the law it began with. */
async function driveLaw(run: Run): Promise<void> {
  await run("skills_list", {}, /\| CORE-1 \| Three layers \| deciding where something belongs \|/);
  await run("skills_get", { section_id: "core-1" }, "## [CORE-1] Three layers\n\n- **L0");
  const skill_id = "chain_awareness";
  await run("skills_dsl_list", { search: "chain" }, /\n\| chain_awareness \| /);
  const read = await run("skills_dsl_get", { skill_id }, "## [chain_awareness] ");
  assert.equal(read.structured!.verified, true);
  const source = read.structured!.source as string;
  const changed = { skill_id, definition: source.replace(/version: "[^"]*"/, 'version: "9.9"') };
  const proposed = await run("skills_evolve", { ...changed, reason: "newer" }, "PENDING: It waits");
  const proposal = (proposed.structured!.proposal as { id: string }).id;
  const apply = { command: "apply", proposal, approved: true };
  const asked = await run("skills_evolve", apply, "PENDING: This client cannot ask anybody.");
  assert.match(asked.text, /approved: true was noted and changes nothing/);
  assert.equal(asked.structured!.applied, null);
  await run("skills_evolve", { command: "reset" }, "PENDING: It waits for a person");
  const list = await run("skills_rollback", {}, "## Versions of the law\n");
  const [first] = list.structured!.versions as { name: string }[];
  const version = first!.name;
  await run("skills_rollback", { command: "view", version }, `## ${version}`);
  await run("skills_rollback", { command: "diff", version }, "```diff\n");
  await run("skills_rollback", { command: "snapshot" }, "SUCCESS: Snapshot kairos_");
  await run("skills_promote", { command: "status" }, "## Promotion\n");
  await run("skills_audit", { command: "dangerous" }, "## Audit: dangerous\n");
  await run("instructions_update", { command: "status" }, "## Instructions\n\n**Mode:** user");
  const mode = { mode_name: "review", content: "Review only.\n", reason: "for reviewers" };
  await run("instructions_update", { command: "create", ...mode }, "PENDING: It waits");
  await run("definition_verify", { skill_id }, /^## Verification Report: chain_awareness\n/);
  await run("definition_decompile", { skill_id }, /chain_intact/);
  await run("definition_drift", { skill_id }, /Coverage Ratio/);
  const decision = {
    skill_id,
    skill_version: "1.0",
    source_text: "The chain is verified",
    result: "formalized",
    rationale: "A condition says it",
    formalization_category: "rule",
  };
  await run("formalization_record", decision, "## Formalization Decision Recorded");
  await run("formalization_history", { skill_id }, "## Formalization Decisions (1)");
  await run(
    "capability_status",
    {},
    /\n### Law: decided\n[^]*- client: shut, this client cannot ask/,
  );
}
