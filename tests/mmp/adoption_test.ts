import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { openInstance } from "../../core/instance.ts";
import { adoptionOf, givenDefinition } from "../../core/protocol/adoption.ts";
import { judgeSkill } from "../../mmp/receive/judge_skill.ts";
import { keepSkill } from "../../mmp/receive/take_skill.ts";
import { AT_TERMINAL, PERSON, testLaw } from "../evolution/law.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { withMeeting } from "./meet.ts";
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
