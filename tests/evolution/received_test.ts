import assert from "node:assert/strict";
import { entryNameOf } from "../../core/layers/new_entry.ts";
import { judgeSkill } from "../../mmp/receive/judge_skill.ts";
import { DEFAULTS } from "../mmp/people.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { AT_TERMINAL, PERSON, withFiles, withLaw } from "./law.ts";

const { path, bytes } = judgeSkill(
  { packaged_skill: { name: "tip", format: "markdown", content: "# Tip\n" } },
  { from: "peer", key: "0", proof: "none", settings: DEFAULTS, layer: "L1", now: NOON },
);
const REQUEST = {
  kind: "skill_receive",
  subject: entryNameOf(path),
  files: { [path]: new TextDecoder().decode(bytes) },
  reason: "a test",
  origin: "peer",
} as const;

Deno.test("parseProposal() takes no proposal of an entry that touches anything else", async () => {
  await withLaw(async ({ evolution }) => {
    const { proposal } = await evolution.propose(REQUEST, ACTOR);
    const [file] = proposal.files;
    assert.deepEqual(withFiles(proposal, [{}]), proposal);
    const other = path.replaceAll("tip", "tap");
    const others = [
      [],
      [{ path: other }],
      [{}, { path: other }],
      [{ path: "knowledge/core/core.md" }],
      [{ path: "skills/kairos.ts" }],
      [{ path: `${path}/../x.md` }],
      [{ base: file!.new! }],
      [{ new: null }],
    ];
    for (const changes of others) {
      assert.equal(withFiles(proposal, changes), null, JSON.stringify(changes));
    }
  });
});

Deno.test("a received entry is proposed only where nothing is, and kept only where nothing came meanwhile", async () => {
  await withLaw(async ({ evolution, instance, root }) => {
    const { proposal } = await evolution.propose(REQUEST, ACTOR);
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    const name = entryNameOf(path);
    await instance.knowledge.create({ name, content: "# Mine\n" }, ACTOR);
    await assert.rejects(evolution.apply(proposal.id, PERSON), { code: "conflict" });
    assert.equal(Deno.readTextFileSync(`${root}/${path}`), "# Mine\n");
    await assert.rejects(
      evolution.propose({ ...REQUEST, files: { "knowledge/a/a.md": "x" } }, ACTOR),
      {
        code: "refused",
      },
    );
  });
});
