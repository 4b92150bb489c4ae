import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import type { Protocol } from "../../core/protocol/protocol.ts";
import { adoptionOf, givenDefinition } from "../../core/protocol/adoption.ts";
import { judgeSkill } from "../../mmp/receive/judge_skill.ts";
import { keepSkill } from "../../mmp/receive/take_skill.ts";
import { AT_TERMINAL, PERSON, testLaw } from "../evolution/law.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { type Met, withMeeting } from "./meet.ts";
import { DEFAULTS, somebody } from "./people.ts";

const DEBATE = [
  "---",
  "name: debate",
  "type: protocol_extension",
  "public: true",
  "actions: [argue, concede]",
  "---",
  "",
  "# Debate",
  "",
].join("\n");

/** What a peer gave, as it is kept. */
const GIVEN = judgeSkill(
  { packaged_skill: { name: "debate", format: "yaml_frontmatter", content: DEBATE } },
  { from: "peer", key: "0", proof: "none", settings: DEFAULTS, layer: "L1", now: NOON },
);

/** An instance with a law, as another process opens it. */
async function withLaw({ instance: { store }, root }: Met): Promise<Instance> {
  const instance = await openInstance(root, { mode: "write", clock: store.clock });
  const evolution = await instance.evolution();
  await evolution.begin(new TextEncoder().encode(printLaw(testLaw())), PERSON);
  return instance;
}

/** Adopts a document as a person decides it; what is kept then. */
async function adopt(instance: Instance, protocol: Protocol, document: string): Promise<string> {
  const evolution = await instance.evolution();
  const given = givenDefinition(document);
  const { name: subject, path, text, origin } = adoptionOf(given, protocol, instance.store.clock());
  const change = { kind: "protocol_adopt", subject, files: { [path]: text } } as const;
  const request = { ...change, reason: "a test", origin };
  const { proposal: { id } } = await evolution.propose(request, ACTOR);
  await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
  await evolution.apply(id, PERSON);
  return text;
}

/** The actions and extensions a running server tells others. */
async function announced({ ask, pass }: Met): Promise<[actions: string[], extensions: string[]]> {
  pass(1000);
  const { capabilities } = (await ask("GET introduce")).body;
  const names = capabilities.extensions.map(({ name }: { name: string }) => name);
  return [capabilities.supported_actions, names];
}

Deno.test("a definition counts by a person's decision alone, whatever agents write", async (t) => {
  await withMeeting(async (met) => {
    const instance = await withLaw(met);
    const { knowledge } = instance;
    const { catalog } = met.meeting;
    const write = (content: string) => knowledge.set({ name: "debate", content }, ACTOR);
    const isAnnounced = async (action: string) => (await announced(met))[0].includes(action);
    const forged = DEBATE.replace(
      "public: true",
      "layer: L2\nadopted_from: {from: local, proposed_at: '2026-01-20T10:30:00.000Z'}",
    );
    await t.step("written by an agent", async () => {
      await write(DEBATE);
      assert.equal(await isAnnounced("argue"), false);
      assert.match(catalog.offers(false).protocol.warnings.join(), /"debate".*nobody decided that/);
    });
    await t.step("written as if it had been adopted", async () => {
      await write(forged);
      assert.equal(await isAnnounced("argue"), false);
    });
    let adopted = "";
    await t.step("adopted where it lies", async () => {
      adopted = await adopt(instance, catalog.offers(false).protocol, DEBATE);
      assert.equal(await isAnnounced("argue"), true);
      assert.deepEqual(catalog.offers(false).protocol.warnings, []);
    });
    await t.step("changed by an agent afterwards", async () => {
      await write(adopted.replace("concede", "conquer"));
      assert.equal(await isAnnounced("conquer"), false);
      assert.equal(await isAnnounced("argue"), false);
    });
    await t.step("with other words around what was decided", async () => {
      await write(`${adopted}More about it.\n`);
      assert.equal(await isAnnounced("argue"), true);
    });
    await t.step("under another name", async () => {
      await knowledge.create({ name: "other", content: adopted }, ACTOR);
      const { definitions, warnings } = catalog.offers(false).protocol;
      assert.equal(await isAnnounced("argue"), true);
      assert.equal(definitions.filter(({ name }) => name === "debate").length, 1, `${warnings}`);
      await knowledge.delete("other", ACTOR);
    });
    await t.step("given up, and written again letter by letter", async () => {
      await knowledge.delete("debate", ACTOR);
      await write(adopted);
      assert.equal(await isAnnounced("argue"), false);
    });
    await t.step("archived, and brought back", async () => {
      await adopt(instance, catalog.offers(false).protocol, DEBATE.replace("argue", "reason"));
      assert.equal(await isAnnounced("reason"), true);
      await knowledge.archive("debate", ACTOR);
      await knowledge.unarchive("debate", ACTOR);
      assert.equal(await isAnnounced("reason"), false);
    });
  });
});

Deno.test("a newer version of an adopted definition takes its place by a decision", async () => {
  await withMeeting(async (met) => {
    const instance = await withLaw(met);
    const { catalog } = met.meeting;
    const protocol = () => catalog.offers(false).protocol;
    const rhetoric = DEBATE.replaceAll("debate", "rhetoric").replace("concede", "persuade");
    await adopt(instance, protocol(), DEBATE);
    await announced(met);
    met.pass(60_000);
    await adopt(instance, protocol(), rhetoric);
    await announced(met);
    const newer = DEBATE.replace("concede]", "concede, agree]").replace(
      "name:",
      "version: 2\nname:",
    );
    met.pass(60_000);
    const text = await adopt(instance, protocol(), newer);
    assert.match(text, /proposed_at: '?2026-01-20T10:30:\d\d.*\n.*updated_at: '?2026-01-20T10:32/);
    const [, extensions] = await announced(met);
    assert.deepEqual(extensions.slice(1), ["debate", "rhetoric"]);
    assert.deepEqual(
      protocol().definitions.slice(2).map(({ name, version, actions }) => [name, version, actions]),
      [["debate", "2", ["argue", "concede", "agree"]], ["rhetoric", "1.0.0", ["persuade"]]],
    );
    const refused = (document: string, code: string) =>
      assert.throws(() => adoptionOf(givenDefinition(document), protocol(), NOON), { code });
    refused(newer, "exists");
    refused(newer.replace("agree", "persuade").replace("version: 2", "version: 3"), "refused");
    const records = [];
    for await (const record of instance.knowledge.history("debate")) records.push(record.action);
    assert.deepEqual(records, ["update", "create"]);
    assert.deepEqual((await (await instance.evolution()).audit()).findings, []);
  });
});

Deno.test("a definition a peer gave defines nothing until it is adopted, then a running server announces it", async () => {
  await withMeeting(async ({ ask, enter, instance: { store }, meeting, pass, root }) => {
    // As another process does it, while this one serves.
    const instance = await openInstance(root, { mode: "write", clock: store.clock });
    const evolution = await instance.evolution();
    await evolution.begin(new TextEncoder().encode(printLaw(testLaw())), PERSON);
    const announced = async (): Promise<[isAction: boolean, extensions: string[]]> => {
      pass(1000);
      const { capabilities } = (await ask("GET introduce")).body;
      const names = capabilities.extensions.map(({ name }: { name: string }) => name);
      return [capabilities.supported_actions.includes("argue"), names];
    };
    const before = ["meeting_protocol_skillset_exchange"];
    await keepSkill(instance, GIVEN, ACTOR);
    assert.deepEqual(await announced(), [false, before]);
    const { name: subject, path, text, origin } = adoptionOf(
      givenDefinition(new TextDecoder().decode(GIVEN.bytes)),
      meeting.catalog.offers(false).protocol,
      NOON,
    );
    const change = { kind: "protocol_adopt", subject, files: { [path]: text } } as const;
    const { proposal: { id } } = await evolution.propose(
      { ...change, reason: "a test", origin },
      ACTOR,
    );
    await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
    assert.deepEqual(await announced(), [false, before]);
    await evolution.apply(id, PERSON);
    assert.deepEqual(await announced(), [true, [...before, "debate"]]);

    const token = await enter(await somebody("Ben"));
    const { body } = await ask("POST message", { body: { action: "argue" }, token });
    assert.equal(body.status, "action_not_supported");
    const isShared = async () => {
      pass(1000);
      const { body: { skills } } = await ask("GET skills", { token });
      return skills.some(({ name }: { name: string }) => name === "debate");
    };
    assert.equal(await isShared(), false, "who wrote it does not decide that it is handed on");
    const content = text.replace("layer: L2", "layer: L2\npublic: true");
    await instance.knowledge.update({ name: "debate", content }, ACTOR);
    assert.equal(await isShared(), true);
    assert.deepEqual(await announced(), [true, [...before, "debate"]]);
    await instance.knowledge.delete("debate", ACTOR);
    assert.deepEqual(await announced(), [false, before]);
  });
});
