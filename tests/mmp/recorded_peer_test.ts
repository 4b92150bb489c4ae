import assert from "node:assert/strict";
import { meetPeer } from "../../mmp/client/meet_peer.ts";
import { fetchSkill, keepSkill, takeSkillSet } from "../../mmp/receive/take_skill.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { withPeer } from "./fake_peer.ts";
import { somebody } from "./people.ts";

interface Recorded {
  readonly request: { readonly method: string; readonly path: string };
  readonly response: { readonly status: number; readonly body: Record<string, unknown> };
}

const VECTORS = new URL("../../../shared/vectors/http/p2p_meeting_v1.jsonl", import.meta.url);
const recorded = await Deno.readTextFile(VECTORS).then(
  (text) => text.trim().split("\n").map((line) => JSON.parse(line) as Recorded),
  () => null,
);

/** What the existing implementation answered, the first success of each kind. */
function answerTo(path: string): unknown {
  const [method, name] = path.split(" ");
  const found = recorded?.find(({ request, response }) =>
    request.method === method && response.status === 200 &&
    request.path.replace(/\?.*/, "") === `/meeting/v1/${name}` &&
    // Only an introduction that is signed gets a session.
    (path !== "POST introduce" || response.body["session_token"] !== undefined)
  );
  return found?.response.body ?? null;
}

Deno.test({
  name: "meetPeer() meets the existing implementation as it was recorded, and takes what it gives",
  ignore: recorded === null,
  async fn() {
    await withInstance(async (instance) => {
      await withPeer(await somebody("unused"), { instead: answerTo }, async ({ url }) => {
        const met = await meetPeer(instance.store, url, { byPerson: true });
        assert.deepEqual([met.peer.name, met.proof, met.accepted, met.peer.bound], [
          "Agent Alpha",
          "none",
          "none",
          false,
        ]);
        const { rows, skipped } = await met.session.skills();
        assert.ok(rows.length > 0);
        assert.equal(skipped, 0);
        const details = await met.session.skillDetails(rows[0]!.name);
        assert.equal(details.id, rows[0]!.id);
        const judged = await fetchSkill(instance, met, details.name, "L1");
        assert.equal(judged.originalHash, details.content_hash);
        const kept = await keepSkill(instance, judged, ACTOR);
        assert.equal(instance.knowledge.get(kept.name).problem, null);
        const sets = await met.session.skillsets();
        assert.ok(sets.rows.length > 0);
        assert.equal(sets.skipped, 0);
        const given = answerTo("POST skillset_content") as {
          skillset_package: { name: string; content_hash: string };
        };
        const { name, content_hash } = given.skillset_package;
        const change = await takeSkillSet(instance, met, name, ACTOR);
        assert.deepEqual([change.contentHash, change.enabled], [content_hash, false]);
        assert.equal(await met.session.goodbye(), true);
      });
    }, { clock: () => Date.now() });
  },
});
