/**
 * What an agent that tries everything has at hand, for tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { auditText } from "../../cli/audit_view.ts";
import { checkLaw } from "../../cli/checks.ts";
import { KairosError } from "../../core/errors.ts";
import { changeApprovers } from "../../core/evolution/approvers.ts";
import { signDecision } from "../../core/evolution/decision.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import { type DecisionDraft, type DecisionInput, draftFacts } from "../../core/evolution/decide.ts";
import type { Instance } from "../../core/instance.ts";
import type { BlockPointer } from "../../core/ledger/block_at.ts";
import { sha256 } from "../../core/objects/objects.ts";
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

/** What doctor's check of the law finds wrong, and what verify shows. */
export async function reported(instance: Instance): Promise<{ doctor: string[]; verify: string }> {
  const found = await checkLaw(instance);
  const doctor = found.filter(({ status }) => status === "fail").map((one) => one.found);
  return { doctor, verify: auditText(await (await instance.evolution()).audit()) };
}

/** Nothing can be changed, and both doctor and verify say why. */
export async function assertReported(open: LawFixture["open"], problem: RegExp): Promise<void> {
  const instance = await open();
  const evolution = await instance.evolution();
  const request = skillRequest("audit_rules", { title: "more" });
  await assert.rejects(evolution.propose(request, ACTOR), fails(/^Cannot change the law: /));
  const { doctor, verify } = await reported(instance);
  assert.match(doctor.join("\n"), problem, "doctor reports it");
  assert.match(verify, problem, "verify reports it");
  assert.match(verify, /^Finding /m);
}

/** Another process still serves what was decided; changes are refused when something does not fit. */
export async function assertServed(
  open: LawFixture["open"],
  content: string,
  problem?: RegExp,
): Promise<void> {
  const instance = await open();
  const evolution = await instance.evolution();
  assert.equal(await contentInForce(evolution, "audit_rules"), content);
  const { status, problems } = await evolution.inForce();
  if (problem === undefined) {
    assert.deepEqual([status, problems], ["decided", []]);
    const { doctor, verify } = await reported(instance);
    assert.deepEqual([doctor, /^Finding /m.test(verify)], [[], false]);
    return;
  }
  assert.equal(status, "last_proven");
  assert.match(problems.join("\n"), problem);
  await assertReported(open, problem);
}

/** More blocks than a reader looks at. */
const MANY = 300;

/** Lets others write until what was done is out of a reader's sight. */
export async function addBlocks({ instance: { store } }: LawFixture): Promise<void> {
  await store.exclusive(() => {
    for (let n = 0; n < MANY; n++) store.append([`{"type":"note","n":${n}}`]);
  });
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

/** Appends records nobody made, and lets law.json name them. */
export async function forge(
  { instance: { store }, root }: LawFixture,
  decision: { readonly record: Record<string, unknown>; readonly pointer: BlockPointer } | string,
  object: string,
): Promise<void> {
  await store.exclusive(() => {
    const append = (record: string): BlockPointer => {
      const { pointer, at } = store.foresee(record);
      store.append([record], at);
      return pointer;
    };
    const found = typeof decision === "string"
      ? { record: JSON.parse(decision), pointer: append(decision) }
      : decision;
    const { epoch, seq, proposal, new_hash: ast, base_hash, timestamp, principal } = found.record;
    const now = JSON.parse(Deno.readTextFileSync(`${root}/skills/law.json`));
    const applied = append(JSON.stringify({
      skill_id: "audit_rules",
      prev_ast_hash: base_hash,
      next_ast_hash: ast,
      diff_hash: sha256(""),
      actor: "Human",
      agent_id: "Kairos",
      timestamp,
      reason_ref: "x",
      kind: "skill",
      proposal,
      decision: found.pointer.hash,
      prev_object: now.object,
      next_object: object,
      epoch,
      seq,
      principal,
    }));
    const law = { version: 1, epoch, seq, object, ast, proposal, decision: found.pointer, applied };
    Deno.writeTextFileSync(`${root}/skills/law.json`, JSON.stringify(law));
  });
}
