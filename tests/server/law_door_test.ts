import assert from "node:assert/strict";
import { printSkill } from "../../core/dsl/print.ts";
import type { ChangeRequest } from "../../core/evolution/change.ts";
import type { JsonObject } from "../../core/dsl/ast.ts";
import { changeApprovers } from "../../core/evolution/approvers.ts";
import { readLawRecord } from "../../core/evolution/records.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { QUESTION_LIFE } from "../../server/mcp/questions.ts";
import {
  ASKED,
  AT_TERMINAL,
  changedSkill,
  contentInForce,
  type LawFixture,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "../evolution/law.ts";
import { ACTOR } from "../support/instance.ts";
import { type CallParts, type ModernCall, modernServer } from "./modern_call.ts";

const SKILL = "audit_rules";
const OLD = "Look after 180 days.\n";
const NEW = "Look after 90 days.\n";
const REQUEST = skillRequest(SKILL, { content: NEW }, "the old rule\nis slow \u001b[2J");

/** What a test at the door works with. */
interface Door extends LawFixture {
  readonly call: ModernCall;
  readonly id: string;
  /** Asks for the proposal to be applied. */
  // deno-lint-ignore no-explicit-any
  readonly apply: (parts?: CallParts, args?: Record<string, unknown>) => Promise<any>;
}

/** A pending proposal and a client that can show forms. */
async function withDoor(
  test: (door: Door) => Promise<void>,
  { law = ASKED, request = REQUEST }: { law?: JsonObject; request?: ChangeRequest } = {},
): Promise<void> {
  await withLaw(async (fixture) => {
    const { proposal: { id } } = await fixture.evolution.propose(request, ACTOR);
    const { call, close } = modernServer(fixture.instance);
    const apply: Door["apply"] = (parts, args = {}) =>
      call("skills_evolve", { command: "apply", proposal: id, ...args }, parts);
    try {
      await test({ ...fixture, call, id, apply });
    } finally {
      await close();
    }
  }, { law: testLaw(law) });
}

const chosen = (decision: unknown) => ({
  inputResponses: { decision: { action: "accept", content: { decision } } },
});

Deno.test("skills_evolve asks the person before a client of 2026-07-28, and does what they say", async (t) => {
  await t.step("the question shows what it is about", () =>
    withDoor(async ({ apply, id }) => {
      const asked = await apply();
      assert.equal(asked.resultType, "input_required");
      const { method, params } = asked.inputRequests.decision;
      assert.equal(method, "elicitation/create");
      assert.deepEqual(params.requestedSchema.properties.decision.enum, [
        "approve",
        "reject",
        "later",
      ]);
      const { message } = params;
      assert.match(message, /Subject: audit_rules \(skill, changes the law\)\n/);
      assert.match(message, /\nReason: the old rule is slow \\u\{1b\}\[2J\n/);
      assert.match(message, /\nAsked for by test:ada, for a client that calls itself test-agent;/);
      assert.match(message, /\n✅ Skill in allowed_skills\n/);
      assert.match(message, /\n-.*180 days[^]*\n\+.*90 days/);
      assert.ok(!asked.requestState.includes(id), "the state carries nothing to read");
    }));
  await t.step("approve", () =>
    withDoor(async ({ apply, evolution, instance, id }) => {
      const { requestState } = await apply();
      const done = await apply({ requestState, ...chosen("approve") });
      assert.match(done.content[0].text, /^SUCCESS: Applied and recorded in block #\d+/);
      assert.equal(done.structuredContent.strength, "client");
      assert.equal(await contentInForce(evolution, SKILL), NEW);
      const { note } = evolution.show(id);
      const items = [...instance.store.ledger.newest()].flatMap(({ data }) => [...data]);
      const decisions = items.flatMap((item) => {
        const found = readLawRecord(item);
        return found?.sort === "decision" ? [found.record] : [];
      });
      assert.deepEqual(decisions.map(({ strength, seq }) => [strength, seq]), [[
        "client",
        note!.seq,
      ]]);
    }));
  await t.step("reject", () =>
    withDoor(async ({ apply, evolution, id }) => {
      const { requestState } = await apply();
      const done = await apply({ requestState, ...chosen("reject") });
      assert.match(done.content[0].text, /^REJECTED: The person turned it down/);
      assert.equal(evolution.show(id).state, "rejected");
      const again = await apply();
      assert.match(again.content[0].text, /^FAILED: .*it was turned down/);
      assert.equal(await contentInForce(evolution, SKILL), OLD);
    }));
  await t.step(
    "a decision made elsewhere is brought about",
    () =>
      withDoor(async ({ apply, evolution, id }) => {
        await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
        const done = await apply({ capabilities: {} });
        assert.equal(done.structuredContent.strength, null);
        assert.equal(await contentInForce(evolution, SKILL), NEW);
      }),
  );
});

Deno.test("skills_evolve takes nothing but an answer to its own question", async (t) => {
  const cases: readonly [
    name: string,
    parts: (door: Door, requestState: string) => CallParts | Promise<CallParts>,
    text: RegExp,
  ][] = [
    [
      "a forged state",
      (_, requestState) => ({
        requestState: requestState.replace(/.$/, (end) => end === "0" ? "1" : "0"),
      }),
      /does not answer a question that was asked here/,
    ],
    [
      "a state with a longer life",
      (_, requestState) => ({ requestState: requestState.replace(/\.(\d+)\./, ".9$1.") }),
      /does not answer a question that was asked here/,
    ],
    ["no state of ours", () => ({ requestState: "1.x" }), /does not answer a question/],
    [
      "a used state",
      async ({ apply }, requestState) => {
        const later = await apply({ requestState, ...chosen("later") });
        assert.match(later.content[0].text, /^PENDING: The person was asked and has not decided/);
        return { requestState };
      },
      /it was used already/,
    ],
    [
      "a late answer",
      ({ wait }, requestState) => {
        wait(QUESTION_LIFE);
        return { requestState };
      },
      /it came too late/,
    ],
    [
      "the answer of another client",
      (_, requestState) => ({ requestState, agent: "another" }),
      /does not answer a question that was asked here/,
    ],
    [
      "the answer to another process",
      async ({ instance, id }) => {
        const other = modernServer(instance);
        const { requestState } = await other.call("skills_evolve", {
          command: "apply",
          proposal: id,
        });
        await other.close();
        assert.ok(requestState);
        return { requestState };
      },
      /does not answer a question that was asked here/,
    ],
    [
      "the answer to somebody else",
      async ({ instance, id }) => {
        const other = modernServer(instance, { principal: "http:eve" });
        const { requestState } = await other.call("skills_evolve", {
          command: "apply",
          proposal: id,
        });
        await other.close();
        return { requestState };
      },
      /does not answer a question that was asked here/,
    ],
    [
      "the answer about another proposal",
      async ({ call, evolution }) => {
        const request = skillRequest("chain_awareness", { content: "Other.\n" });
        const { proposal } = await evolution.propose(request, ACTOR);
        const { requestState } = await call("skills_evolve", {
          command: "apply",
          proposal: proposal.id,
        });
        assert.ok(requestState);
        return { requestState };
      },
      /does not answer a question that was asked here/,
    ],
  ];
  for (const [name, parts, text] of cases) {
    await t.step(name, () =>
      withDoor(async (door) => {
        const { requestState } = await door.apply();
        const result = await door.apply({
          ...chosen("approve"),
          ...await parts(door, requestState),
        });
        assert.equal(result.isError, true);
        assert.match(result.content[0].text, text);
        assert.equal(door.evolution.show(door.id).state, "pending");
        assert.equal(await contentInForce(door.evolution, SKILL), OLD);
      }));
  }
  await t.step(
    "an answer nobody asked for is passed over",
    () =>
      withDoor(async ({ apply, evolution, id }) => {
        const result = await apply(chosen("approve"));
        assert.equal(result.resultType, "input_required");
        assert.equal(evolution.show(id).state, "pending");
      }),
  );
  for (
    const [name, answer] of [
      ["declined", { action: "decline" }],
      ["cancelled", { action: "cancel" }],
      ["declined with a word", { action: "decline", content: { decision: "approve" } }],
      ["without a choice", { action: "accept" }],
      ["with another word", { action: "accept", content: { decision: "yes" } }],
      ["with no word", { action: "accept", content: { decision: true } }],
    ] as const
  ) {
    await t.step(
      `a question ${name} decides nothing`,
      () =>
        withDoor(async ({ apply, evolution, id }) => {
          const { requestState } = await apply();
          const result = await apply({ requestState, inputResponses: { decision: answer } });
          assert.match(
            result.content[0].text,
            /^PENDING: The person was asked and has not decided/,
          );
          assert.equal(evolution.show(id).state, "pending");
        }),
    );
  }
  await t.step(
    "a used yes is not used for the next change",
    () =>
      withDoor(async ({ apply, evolution }) => {
        const { requestState } = await apply();
        await apply({ requestState, ...chosen("approve") });
        const back = await evolution.propose(skillRequest(SKILL, { content: OLD }), ACTOR);
        const result = await apply({ requestState, ...chosen("approve") }, {
          proposal: back.proposal.id,
        });
        assert.match(result.content[0].text, /^FAILED: Cannot use the answer/);
        assert.equal(await contentInForce(evolution, SKILL), NEW);
      }),
  );
});

Deno.test("skills_evolve says where a person decides when nobody can be asked here", async (t) => {
  const approval = (fields: JsonObject): JsonObject => ({ ...ASKED, approval: fields });
  const long = skillRequest(SKILL, { content: "A rule.\n".repeat(3000) });
  const beyond: ChangeRequest = {
    kind: "skill",
    subject: "l0_governance",
    definition: printSkill(changedSkill("l0_governance", {
      law: { ...ASKED, limits: { evolutions_per_session: 900 } },
    })),
    reason: "more room",
  };
  const cases: readonly [
    name: string,
    options: { law?: JsonObject; request?: ChangeRequest },
    capabilities: unknown,
    text: RegExp,
  ][] = [
    ["a client without forms", {}, {}, /^PENDING: This client cannot ask anybody\. A person dec/],
    [
      "a client of addresses only",
      {},
      { elicitation: { url: {} } },
      /^PENDING: This client cannot/,
    ],
    [
      "a law that forbids it",
      { law: approval({ allow_client: false }) },
      { elicitation: {} },
      /^PENDING: The law does not count what a client says/,
    ],
    ["a change too long", { request: long }, { elicitation: {} }, /^PENDING: It is too long/],
    [
      "a change of the rules",
      { request: beyond },
      { elicitation: { form: {} } },
      /^PENDING: It goes/,
    ],
  ];
  for (const [name, options, capabilities, text] of cases) {
    await t.step(name, () =>
      withDoor(async ({ apply, evolution, id }) => {
        const { law } = await evolution.inForce();
        const result = await apply({ capabilities }, { approved: true });
        assert.match(result.content[0].text, text);
        assert.match(result.content[0].text, new RegExp(`kairos proposals approve ${id}`));
        assert.match(result.content[0].text, /\n\napproved: true was noted and changes nothing/);
        assert.equal(result.isError, undefined);
        assert.equal(result.structuredContent.pending, true);
        assert.deepEqual((await evolution.inForce()).law, law);
      }, options));
  }
  await t.step(
    "approved: true counts where the law itself believes agents",
    () =>
      withDoor(async ({ apply }) => {
        const waits = await apply({ capabilities: {} });
        assert.equal(waits.structuredContent.pending, true);
        const result = await apply({ capabilities: {} }, { approved: true });
        assert.equal(result.structuredContent.strength, "asserted");
      }, { law: approval({ allow_asserted: true }) }),
  );
  await t.step(
    "with approvers neither a client nor an agent is believed",
    () =>
      withDoor(async ({ apply, evolution, instance: { store }, id }) => {
        using key = OpenKey.generate("Grace");
        const keys = { keys: [key], required: 1, signers: [key], base: null, actor: PERSON };
        const { requestState } = await apply();
        await changeApprovers(store, keys);
        const result = await apply({ requestState, ...chosen("approve") }, { approved: true });
        assert.match(
          result.content[0].text,
          /^PENDING: Its approvers have to sign\. A person decides/,
        );
        assert.equal(evolution.show(id).state, "pending");
      }, { law: approval({ allow_asserted: true, allow_client: true }) }),
  );
});
