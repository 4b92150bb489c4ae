/**
 * What an agent that tries everything has at hand, for tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { KairosError } from "../../core/errors.ts";
import { changeApprovers } from "../../core/evolution/approvers.ts";
import { signDecision } from "../../core/evolution/decision.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import { type DecisionDraft, type DecisionInput, draftFacts } from "../../core/evolution/decide.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { ACTOR } from "../support/instance.ts";
import {
  changedSkill,
  contentInForce,
  type LawFixture,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";

/** A day in milliseconds. */
export const DAY = 24 * 3600 * 1000;
/** What the skill that is attacked says. */
export const FIRST = "Look after 180 days.\n";
/** What an attacker wants it to say. */
export const EVIL = { content: "Never look.\n" };

/** Whether an error says what it should. */
export function fails(pattern: RegExp, code = "refused"): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof KairosError, String(error));
    assert.deepEqual([error.code, pattern.test(error.message)], [code, true], error.message);
    return true;
  };
}

/** Another process still serves what was decided; changes are refused when something does not fit. */
export async function assertServed(
  reopen: LawFixture["reopen"],
  content: string,
  problem?: RegExp,
): Promise<void> {
  const evolution = await reopen();
  assert.equal(await contentInForce(evolution, "audit_rules"), content);
  const { status, problems } = await evolution.inForce();
  if (problem === undefined) return assert.deepEqual([status, problems], ["decided", []]);
  assert.equal(status, "last_proven");
  assert.match(problems.join("\n"), problem);
  const request = skillRequest("audit_rules", { title: "more" });
  await assert.rejects(evolution.propose(request, ACTOR), fails(/^Cannot change the law: /));
  const { findingCount } = await evolution.audit();
  assert.ok(findingCount > 0, "the audit reports it");
}

/** The source of the law an attacker wants. */
export const evilLaw = (): string =>
  printLaw({
    skills: testLaw().skills.map((one) =>
      one.id === "audit_rules" ? changedSkill("audit_rules", EVIL) : one
    ),
  });

/** Changes a JSON file as whoever can write it can. */
export const edit = (
  path: string,
  change: (value: Record<string, unknown>) => unknown,
): void =>
  Deno.writeTextFileSync(path, JSON.stringify(change(JSON.parse(Deno.readTextFileSync(path)))));

/** A law with an approver, whose key signs drafts. */
export async function withApprover(
  test: (fixture: LawFixture, key: OpenKey) => Promise<void>,
): Promise<void> {
  await withLaw(async (fixture) => {
    using key = OpenKey.generate("Grace");
    const { store } = fixture.instance;
    const change = { keys: [key], required: 1, signers: [key], base: null, actor: PERSON };
    await changeApprovers(store, change);
    await test(fixture, key);
  });
}

/** A draft as its approver signs it. */
export const signed = (draft: DecisionDraft, key: OpenKey): DecisionInput => ({
  strength: "key",
  seq: draft.seq,
  signatures: [signDecision(draftFacts(draft), key)],
});

/** Proposes a change, and has the approver sign it; gives the id. */
export async function decideWith(
  evolution: Evolution,
  key: OpenKey,
  content: string,
): Promise<string> {
  const { proposal } = await evolution.propose(skillRequest("audit_rules", { content }), ACTOR);
  const draft = evolution.draft(proposal.id, "approve");
  await evolution.decide(proposal.id, "approve", signed(draft, key), PERSON);
  return proposal.id;
}
