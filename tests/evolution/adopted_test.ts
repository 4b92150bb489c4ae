import assert from "node:assert/strict";
import {
  adoptionOf,
  definitionProblem,
  givenDefinition,
  takenActions,
} from "../../core/protocol/adoption.ts";
import { parseEntryText } from "../../core/layers/front_matter.ts";
import { assembleProtocol } from "../../core/protocol/protocol.ts";
import { judgeSkill } from "../../mmp/receive/judge_skill.ts";
import { DEFAULTS } from "../mmp/people.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { AT_TERMINAL, PERSON, withFiles, withLaw } from "./law.ts";

const TEXT = [
  "---",
  "name: debate",
  "type: protocol_extension",
  "version: 1.10",
  "layer: L0",
  "bootstrap: true",
  "public: true",
  "allowed-tools: Bash(*)",
  "actions: [argue, concede]",
  "adopted_from: { from: nobody }",
  "---",
  "",
  "# 討論",
  "",
].join("\n");
const PROTOCOL = assembleProtocol([]);
const ADOPTION = adoptionOf(givenDefinition(TEXT), PROTOCOL, NOON);

const requestOf = ({ name, path, text, origin } = ADOPTION) => ({
  kind: "protocol_adopt",
  subject: name,
  files: { [path]: text },
  reason: "a test",
  origin,
} as const);

/** The definition as an instance keeps what another one gave it. */
function received(text: string): string {
  const packaged_skill = { name: "how to debate", format: "yaml_frontmatter", content: text };
  const giving = {
    from: "peer",
    key: "0",
    proof: "proven",
    settings: DEFAULTS,
    layer: "L2",
    now: NOON,
  } as const;
  return new TextDecoder().decode(
    judgeSkill({ packaged_skill: { ...packaged_skill, content_hash: hashOf(text) } }, giving).bytes,
  );
}

const hashOf = (text: string) => givenDefinition(text).hash;

Deno.test("adoptionOf() keeps the words of a definition, and nothing that gives it a rank", () => {
  const { name, path, text, origin } = ADOPTION;
  assert.deepEqual([name, path, origin], ["debate", "knowledge/debate/debate.md", "local"]);
  const { fields, body } = parseEntryText(new TextEncoder().encode(text), "");
  assert.equal(body, "# 討論");
  assert.deepEqual(fields, {
    name: "debate",
    type: "protocol_extension",
    version: "1.10",
    actions: ["argue", "concede"],
    layer: "L2",
    adopted_from: {
      from: "local",
      original_hash: hashOf(TEXT),
      proposed_at: "2026-01-20T10:30:00.000Z",
      set_aside: { layer: "L0", bootstrap: true, public: true, "allowed-tools": "Bash(*)" },
    },
  });
});

Deno.test("adoptionOf() finds in a received entry the definition that was given, and says by whom", () => {
  const document = received(TEXT);
  const { name, path, text, origin } = adoptionOf(givenDefinition(document), PROTOCOL, NOON);
  assert.deepEqual([name, path, origin], ["debate", ADOPTION.path, "peer peer"]);
  const { fields } = parseEntryText(new TextEncoder().encode(text), "");
  const { adopted_from: _, description: _made, ...rest } = fields;
  assert.deepEqual(fields["adopted_from"], {
    from: "peer",
    original_hash: hashOf(TEXT),
    received_at: "2026-01-20T10:30:00Z",
    proof: "proven",
    proposed_at: "2026-01-20T10:30:00.000Z",
    set_aside: { layer: "L0", bootstrap: true, public: true, "allowed-tools": "Bash(*)" },
  });
  assert.deepEqual(rest, {
    name: "debate",
    type: "protocol_extension",
    version: "1.10",
    actions: ["argue", "concede"],
    layer: "L2",
  });
});

Deno.test("adoptionOf() refuses what does not pass, and names that would leave the folder", () => {
  const named = (name: string) => TEXT.replace("name: debate", `name: ${JSON.stringify(name)}`);
  const requiring = (name: string) => TEXT.replace("layer: L0", `requires: [${name}]`);
  const cases: Readonly<Record<string, [text: string, code: string]>> = {
    "../../x": [named("../../x"), "refused"],
    "a/b": [named("a/b"), "refused"],
    "..": [named(".."), "refused"],
    "no name": [named(""), "refused"],
    "a long name": [named("a".repeat(65)), "refused"],
    "another script": [named("日本"), "refused"],
    "a device": [named("con"), "invalid"],
    "the core": [TEXT.replace("argue", "introduce"), "refused"],
    "blocked": [TEXT.replace("argue", "eval"), "refused"],
    "suspicious": [TEXT.replace("argue", "shell_run"), "refused"],
    "what is missing": [requiring("nobody"), "refused"],
    "an ordinary document": [TEXT.replace("type: protocol_extension\n", ""), "invalid"],
    "no front matter": ["# Debate\n", "refused"],
    "a private one": [TEXT.replace("public: true", "public: false"), "invalid"],
    "a second core": [named("meeting_protocol_core"), "exists"],
    "a received one that calls itself elsewhere": [received(named("../../x")), "refused"],
  };
  for (const [what, [text, code]] of Object.entries(cases)) {
    assert.throws(() => adoptionOf(givenDefinition(text), PROTOCOL, NOON), { code }, what);
  }
  assert.doesNotThrow(() =>
    adoptionOf(givenDefinition(requiring("meeting_protocol_skillset_exchange")), PROTOCOL, NOON)
  );
});

Deno.test("a definition that was not judged cannot be proposed, whoever asks", async () => {
  await withLaw(async ({ evolution, instance }) => {
    const cases: Readonly<Record<string, readonly [from: string | RegExp, to: string]>> = {
      "a blocked action": ["argue", "eval"],
      "an action of the core": ["argue", "goodbye"],
      "a rank": ["layer: L2", "layer: L0"],
      "an early place": ["layer: L2", "layer: L2\nbootstrap: true"],
      "another name": ["name: debate", "name: other"],
      "another type": ["type: protocol_extension", "type: note"],
      "a private one": ["layer: L2", "layer: L2\nprivate: true"],
      "no origin": [/adopted_from:\n(?: .*\n)+/, ""],
      "received": ["layer: L2", "layer: L2\n_received: {}"],
      "no front matter": [/^---[^]*---\n/, ""],
    };
    for (const [what, [from, to]] of Object.entries(cases)) {
      const text = ADOPTION.text.replace(from, to);
      assert.notEqual(text, ADOPTION.text, what);
      const request = requestOf({ ...ADOPTION, text });
      await assert.rejects(evolution.propose(request, ACTOR), { code: "refused" }, what);
    }
    const elsewhere = ["knowledge/../x/../x.md", "skills/kairos.md", "knowledge/a/b.md"];
    for (const path of elsewhere) {
      const request = requestOf({ ...ADOPTION, path });
      await assert.rejects(evolution.propose(request, ACTOR), { code: "refused" }, path);
    }
    const found = [{ name: "Actions free", verdict: "failed", detail: "taken" }] as const;
    const asked = { ...requestOf(), found };
    await assert.rejects(evolution.propose(asked, ACTOR), { code: "refused" });
    await instance.knowledge.create({ name: "debate", content: "# Mine\n" }, ACTOR);
    await assert.rejects(evolution.propose(requestOf(), ACTOR), {
      message: /"Name not taken" failed/,
    });
    assert.deepEqual(evolution.list(), []);
  });
});

Deno.test("an adopted definition is made by a decision, with its record beside the transition", async () => {
  await withLaw(async ({ evolution, instance, root }) => {
    const { proposal } = await evolution.propose(requestOf(), ACTOR);
    assert.deepEqual(proposal.checks.map(({ name, verdict }) => [name, verdict]), [
      ["Rollback possible", "passed"],
      ["Reason documented", "passed"],
      ["Knowledge can change", "passed"],
      ["Name not taken", "passed"],
      ["Definition readable", "passed"],
      ["New words only, at most 20", "passed"],
    ]);
    assert.match(proposal.diff.prose, /^\+- argue$/m);
    await assert.rejects(evolution.apply(proposal.id, PERSON), { code: "refused" });
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    const { block } = await evolution.apply(proposal.id, PERSON);
    const records = block.data.map((item) => JSON.parse(item));
    assert.deepEqual(records.map(({ kind, type }) => type ?? kind), [
      "protocol_adopt",
      "knowledge_update",
    ]);
    const hash = records[1].next_hash;
    assert.deepEqual([records[1].knowledge_id, records[1].action, records[1].reason], [
      "debate",
      "create",
      "Adopted from local",
    ]);
    assert.equal(Deno.readTextFileSync(`${root}/${ADOPTION.path}`), ADOPTION.text);
    assert.equal(instance.knowledge.get("debate").hash, hash);
    await assert.rejects(evolution.apply(proposal.id, PERSON), { code: "refused" });
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("an approved definition is kept only while its place is free and knowledge may change", async () => {
  await withLaw(async ({ evolution, instance, root, reopen }) => {
    const { proposal: { id } } = await evolution.propose(requestOf(), ACTOR);
    await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
    Deno.writeTextFileSync(`${root}/skills/config.yml`, "layers:\n  L1:\n    enabled: false\n");
    await assert.rejects((await reopen()).apply(id, PERSON), { message: /L1 layer is disabled/ });
    Deno.removeSync(`${root}/skills/config.yml`);
    await instance.knowledge.create({ name: "debate", content: "# Mine\n" }, ACTOR);
    await assert.rejects(evolution.apply(id, PERSON), { code: "conflict" });
    assert.equal(Deno.readTextFileSync(`${root}/${ADOPTION.path}`), "# Mine\n");
  });
});

Deno.test("parseProposal() takes no proposal of a definition that touches anything else", async () => {
  await withLaw(async ({ evolution }) => {
    const { proposal } = await evolution.propose(requestOf(), ACTOR);
    const [file] = proposal.files;
    assert.deepEqual(withFiles(proposal, [{}]), proposal);
    const others = [
      [],
      [{ path: "knowledge/other/other.md" }],
      [{}, { path: "knowledge/other/other.md" }],
      [{ path: "skills/kairos.ts" }],
      [{ path: "knowledge/../../debate/debate.md" }],
      [{ base: file!.new! }],
      [{ new: null }],
    ];
    for (const changes of others) {
      assert.equal(withFiles(proposal, changes), null, JSON.stringify(changes));
    }
  });
});

Deno.test("takenActions() leaves to a person what belongs to another definition", async () => {
  const protocol = assembleProtocol([]);
  assert.deepEqual(takenActions({ name: "debate", actions: ["argue"] }, protocol), []);
  const found = takenActions(
    { name: "debate", actions: ["argue", "offer_skillset"] },
    protocol,
  );
  assert.deepEqual(found.map(({ detail }) => detail), [
    '"offer_skillset" belongs to "meeting_protocol_skillset_exchange" and stays there',
  ]);
  await withLaw(async ({ evolution }) => {
    const { proposal: { id } } = await evolution.propose({ ...requestOf(), found }, ACTOR);
    assert.equal(evolution.draft(id, "approve").needsStrength, true);
  });
});

Deno.test("definitionProblem() says what keeps a document from being an adopted definition", () => {
  assert.equal(definitionProblem(ADOPTION.text, "debate"), null);
  assert.match(definitionProblem(ADOPTION.text, "other")!, /calls itself "debate"/);
  assert.match(definitionProblem("---\n[\n---\n", "debate")!, /Cannot read the front matter/);
});
