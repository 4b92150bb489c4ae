/** What hostile instances try: one test for each. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { makeProof } from "../../mmp/proof.ts";
import { ACTOR } from "../support/instance.ts";
import { entryText, type Met, withMeeting, writeSettings } from "./meet.ts";
import { introductionOf, somebody } from "./people.ts";

const publish = ({ instance }: Met, name: string, ...more: string[]) =>
  instance.knowledge.create({ name, content: entryText(["public: true", ...more]) }, ACTOR);

/** The journal once everything is written. */
async function journal({ meeting, instance }: Met) {
  await meeting.contacts.flush();
  return instance.store.journal.newest(100);
}

Deno.test("a replayed introduction earns no more than anybody has: public reads, nothing kept", async () => {
  await withMeeting(async (met) => {
    await publish(met, "open");
    const ben = await somebody("Ben");
    // Whoever asks Ben gets this; it is what Ben would send.
    const { body } = await met.ask("POST introduce", { body: introductionOf(ben) });
    assert.deepEqual([body.identity_verified, body.proof], [true, "none"]);
    const token: string = body.session_token;
    assert.equal((await met.ask("GET skills", { token })).body.count, 1);
    // Its time is not signed: whoever replays it writes any.
    const old = { ...introductionOf(ben), timestamp: "1999-12-31T23:59:59Z" };
    const { body: same } = await met.ask("POST introduce", { body: old });
    assert.deepEqual([same.identity_verified, same.proof], [true, "none"]);
    assert.deepEqual(met.meeting.peers.list(), []);
    const lines = await journal(met);
    assert.equal(
      lines.find(({ action }) => action === "peer_introduced")?.details?.["proof"],
      "none",
    );
  });
});

Deno.test("a proof is good once, here, for whom it was made, and not as an answer", async (t) => {
  await withMeeting(async ({ ask, instance, meeting }) => {
    const ben = await somebody("Ben");
    const { body: us } = await ask(`GET introduce?nonce=${"n".repeat(16)}&aud=x`);
    const now = instance.store.clock();
    const terms = { nonce: us.challenge.nonce, audience: us.identity.instance_id, now };
    const good = makeProof(ben, { role: "introduce", ...terms });
    const send = async (proof: unknown) =>
      (await ask("POST introduce", { body: { ...introductionOf(ben), proof } })).body;
    const other = (await ask(`GET introduce?nonce=${"n".repeat(16)}`)).body.challenge.nonce;
    const cases: readonly [string, unknown][] = [
      ["of another role", makeProof(ben, { role: "answer", ...terms })],
      ["for somebody else", makeProof(ben, { role: "introduce", ...terms, audience: "ada" })],
      [
        "of a word nobody gave",
        makeProof(ben, { role: "introduce", ...terms, nonce: "w".repeat(20) }),
      ],
      ["of another time", makeProof(ben, { role: "introduce", ...terms, now: now - 301_000 })],
      ["with another word behind it", { ...good, nonce: other }],
      ["by another key", makeProof(await somebody("Eve"), { role: "introduce", ...terms })],
      ["that is a text", "proof"],
      ["our own answer", us.proof],
    ];
    for (const [name, proof] of cases) {
      await t.step(name, async () => {
        const { proof: found, problem } = await send(proof);
        assert.equal(found, "none");
        assert.equal(typeof problem, "string");
      });
    }
    assert.deepEqual(meeting.peers.list(), []);
    assert.equal((await send(good)).proof, "proven");
    await t.step("a second time", async () => assert.equal((await send(good)).proof, "none"));
    assert.equal(meeting.peers.list().length, 1);
  });
});

Deno.test("an instance id that was stolen before its owner came does not stand in the owner's way", async () => {
  await withMeeting(async ({ prove, meeting, ask }) => {
    const [ben, eve] = [await somebody("Ben"), await somebody("Eve")];
    const id = ben.identity.instance_id;
    const thief = await prove(eve, id);
    assert.deepEqual([thief.body.identity_verified, thief.body.proof], [true, "proven"]);
    const owner = await prove(ben);
    assert.deepEqual([owner.body.identity_verified, owner.body.proof], [true, "proven"]);
    assert.equal((await ask("GET skills", { token: owner.body.session_token })).status, 200);
    const bound = meeting.peers.list().filter((peer) => peer.bound);
    assert.deepEqual(bound.map(({ key }) => key?.spki), [ben.publicKey.spki]);
  });
});

Deno.test("an instance id cannot be stolen after its owner came, with a proof or without", async () => {
  await withMeeting(async ({ prove, meeting, ask }) => {
    const [ben, eve] = [await somebody("Ben"), await somebody("Eve")];
    await prove(ben);
    const id = ben.identity.instance_id;
    const stolen = { ...eve.identity, instance_id: id };
    const without = await ask("POST introduce", { body: introductionOf(eve, stolen) });
    for (const { status, body } of [await prove(eve, id), without]) {
      assert.deepEqual([status, body.identity_verified, body.session_token], [
        200,
        false,
        undefined,
      ]);
      assert.match(body.problem, /another key/);
    }
    assert.equal(meeting.peers.find(id).key?.spki, ben.publicKey.spki);
  });
});

Deno.test("a changed key is refused until a person trusts it, and a blocked one altogether", async () => {
  await withMeeting(async ({ ask, prove, meeting, enter }) => {
    const [ben, again] = [await somebody("Ben"), await somebody("Ben again")];
    // An id of another implementation derives from no key.
    await prove(ben, "ruby-agent");
    assert.equal((await prove(again, "ruby-agent")).body.identity_verified, false);
    await meeting.peers.trust("ruby-agent", again.publicKey.fingerprint);
    assert.equal((await prove(again, "ruby-agent")).body.proof, "proven");
    const token: string = (await prove(ben)).body.session_token;
    assert.equal((await ask("GET skills", { token })).status, 200);
    await meeting.peers.block(ben.identity.instance_id);
    assert.equal((await ask("GET skills", { token })).status, 401, "its sessions are over too");
    const { body } = await prove(ben);
    assert.deepEqual([body.identity_verified, body.session_token], [false, undefined]);
    assert.equal(await enter(ben), "");
  });
});

Deno.test("a session ends at once when a person blocks its peer or says that another key is right", async (t) => {
  await withMeeting(async ({ ask, enter, prove, meeting, root }) => {
    const { Peers } = await import("../../mmp/peers.ts");
    // Another process, as the command line is one.
    const person = new Peers(meeting.instance.store);
    const [ben, eve] = [await somebody("Ben"), await somebody("Eve")];
    const statuses = (tokens: readonly string[]) =>
      Promise.all(tokens.map(async (token) => (await ask("GET skills", { token })).status));
    await t.step("blocked, with a proof or without", async () => {
      const tokens = [(await prove(eve)).body.session_token, await enter(eve)];
      assert.deepEqual(await statuses(tokens), [200, 200]);
      await person.block(eve.publicKey.fingerprint);
      assert.deepEqual(await statuses(tokens), [401, 401]);
      assert.equal((await ask("POST message", { token: tokens[0]!, body: {} })).status, 401);
      await person.trust(eve.publicKey.fingerprint);
      assert.deepEqual(await statuses(tokens), [401, 401], "what ended does not come back");
    });
    await t.step("another key", async () => {
      const old: string = (await prove(ben, "old-id")).body.session_token;
      await prove(eve, "old-id");
      assert.deepEqual(await statuses([old]), [200]);
      await person.trust("old-id", eve.publicKey.fingerprint);
      assert.deepEqual(await statuses([old]), [401]);
    });
    await t.step("a thief, when the owner comes", async () => {
      const thief: string = (await prove(eve, ben.identity.instance_id)).body.session_token;
      assert.deepEqual(await statuses([thief]), [200]);
      const own: string = (await prove(ben)).body.session_token;
      assert.deepEqual(await statuses([thief, own]), [401, 200]);
    });
    await t.step("nobody knows who was turned away", async () => {
      const token: string = (await prove(ben)).body.session_token;
      await Deno.writeTextFile(`${root}/storage/peer_trust.json`, "{");
      assert.deepEqual(await statuses([token]), [500]);
    });
  });
});

Deno.test("nobody sends in the name of another: from is the session's", async () => {
  await withMeeting(async ({ ask, enter }) => {
    const ben = await somebody("Ben");
    const token = await enter(ben);
    const own = ben.identity.instance_id;
    const body = { from: "ada", action: "reflect", description: "x", reflection: "y" };
    for (const route of ["request_skill", "reflect", "message"]) {
      const answered = await ask(`POST ${route}`, { token, body });
      assert.equal(answered.body.from, own, route);
    }
  });
});

Deno.test("a private entry is there for nobody: not by id, by name, in a list or by its hash", async () => {
  await withMeeting(async ({ ask, enter, instance }) => {
    const content = entryText(["public: false", "description: hush"], "# Secret\n");
    await instance.knowledge.create({ name: "diary", content }, ACTOR);
    const hash = instance.knowledge.get("diary").hash!;
    const token = await enter(await somebody("Ben"));
    const digest = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode("knowledge/diary/diary.md"),
    );
    const id = Buffer.from(digest).toString("hex").slice(0, 16);
    const answers = [
      await ask("GET introduce"),
      await ask("POST introduce", { body: {} }),
      await ask("GET skills", { token }),
    ];
    for (const skill_id of [id, "diary", "knowledge/diary/diary.md", "../diary", hash]) {
      const described = await ask(`GET skill_details?skill_id=${encodeURIComponent(skill_id)}`, {
        token,
      });
      const given = await ask("POST skill_content", { token, body: { skill_id } });
      assert.deepEqual([described.status, given.status], [404, 404], skill_id);
      answers.push(await ask("GET introduce"));
    }
    for (const { text } of answers) {
      for (const secret of ["diary", "hush", hash, id, "Secret"]) {
        assert.ok(!text.includes(secret), secret);
      }
    }
  }, { settings: "enabled: true\nskill_exchange:\n  public_by_default: true\n" });
});

Deno.test("no answer holds a path of this machine", async () => {
  await withMeeting(async (met) => {
    await publish(met, "open");
    const token = await met.enter(await somebody("Ben"));
    const requests = [
      met.ask("GET introduce"),
      met.ask("GET skills", { token }),
      met.ask("GET skill_details?skill_id=open", { token }),
      met.ask("POST skill_content", { token, body: { skill_id: "open" } }),
      met.ask("GET skillsets", { token }),
    ];
    for (const { text, status } of await Promise.all(requests)) {
      assert.equal(status, 200);
      assert.ok(!text.includes(met.root) && !text.includes("knowledge/open"));
    }
  });
});

Deno.test("an unreadable trust file stops meetings and tells others nothing of it", async () => {
  await withMeeting(async (met) => {
    await Deno.mkdir(`${met.root}/storage`, { recursive: true });
    await Deno.writeTextFile(`${met.root}/storage/peer_trust.json`, "{");
    const { status, text } = await met.ask("POST introduce", {
      body: introductionOf(await somebody("Ben")),
    });
    assert.equal(status, 500);
    assert.equal(JSON.parse(text).error, "internal_error");
    assert.ok(!/peer_trust|storage|JSON/.test(text));
    const lines = await journal(met);
    assert.ok(lines.some(({ action }) => action === "peer_not_answered"));
  });
});

Deno.test("settings count without a new start", async () => {
  await withMeeting(async (met) => {
    const { ask, enter, root } = met;
    const name = async () => (await ask("GET introduce")).body.identity?.name;
    const settings = (text: string) =>
      Deno.writeTextFile(`${root}/skillsets/mmp/config/meeting.yml`, text);
    assert.equal(await name(), "KairosChain Instance");
    await settings(
      "enabled: true\nidentity:\n  name: 記憶\nskillset_exchange:\n  enabled: false\n",
    );
    assert.equal(await name(), "記憶");
    const token = await enter(await somebody("Ben"));
    assert.equal((await ask("GET skillsets", { token })).status, 403);
    await settings("enabled: false\n");
    assert.equal((await ask("GET skillsets", { token })).status, 503);
  });
});

Deno.test("what keeps everybody out is in the journal once, each time it begins", async () => {
  await withMeeting(async (met) => {
    const { ask, root } = met;
    const texts = ["enabled: true\n", "enabled: often\n", "enabled: false\n"];
    const [open, broken, off] = texts as [string, string, string];
    const statuses: number[] = [];
    for (const text of [open, broken, off, open, off]) {
      await writeSettings(root, text);
      for (let times = 0; times < 3; times++) statuses.push((await ask("GET introduce")).status);
      await met.meeting.contacts.flush();
    }
    assert.deepEqual([...new Set(statuses)], [200, 503]);
    const closed = (await journal(met)).filter(({ action }) => action === "meeting_closed");
    const problems = closed.map(({ details }) => String(details?.["problem"]));
    const expected = [/enabled .*line 1, column 1:/, /is not true/, /is not true/];
    assert.equal(problems.length, expected.length, problems.join("\n"));
    expected.forEach((one, at) => assert.match(problems[at]!, one));
    assert.equal(closed.some(({ details }) => details?.["times"] !== undefined), false);
  });
});

Deno.test("every contact is in the journal, and who is flooding fills a line", async () => {
  await withMeeting(async (met) => {
    await publish(met, "open");
    const { ask, prove, enter } = met;
    const ben = await somebody("Ben");
    const token: string = (await prove(ben)).body.session_token;
    await ask("POST skill_content", { token, body: { skill_id: "open" } });
    await ask("POST goodbye", { token });
    assert.equal((await ask("GET skills", { token })).body.error, "invalid_or_expired_token");
    const eve = await somebody("Eve");
    for (let at = 0; at < 20; at++) await enter(eve);
    for (let at = 0; at < 20; at++) await ask("GET introduce", { address: "2001:db8:0:7::1" });
    const other: string = (await prove(ben)).body.session_token;
    for (let at = 0; at < 20; at++) await ask("GET skills", { token: other });
    const lines = await journal(met);
    const looks = lines.filter(({ action }) => action === "peer_asked").map((one) => one.details);
    assert.deepEqual(looks.filter((one) => one?.["times"] === 20), [
      { request: "/meeting/v1/introduce", address: "2001:db8:0:7", times: 20 },
      { request: "/meeting/v1/skills", peer: ben.identity.instance_id, times: 20 },
    ]);
    const actions = lines.map(({ action }) => action);
    for (const action of ["peer_met", "peer_introduced", "skill_sent", "peer_left"]) {
      assert.ok(actions.includes(action), `${action} in ${actions}`);
    }
    const sent = lines.find(({ action }) => action === "skill_sent");
    assert.equal(sent?.skill_id, "open");
    assert.deepEqual([sent?.details?.["peer"], sent?.details?.["proof"]], [
      ben.identity.instance_id,
      "proven",
    ]);
    assert.equal(
      lines.filter(({ details }) => details?.["peer"] === eve.identity.instance_id).length,
      1,
    );
    assert.ok(!JSON.stringify(lines).includes(token));
  });
});

Deno.test("what goes wrong here is told nobody, wherever it does", async () => {
  await withMeeting(async ({ ask, instance }) => {
    const { view } = instance;
    Object.defineProperty(instance, "view", {
      value: () => {
        throw new Error("Cannot open /home/somebody/.kairos: too many files");
      },
    });
    const { status, text, body } = await ask("GET introduce");
    Object.defineProperty(instance, "view", { value: view });
    assert.deepEqual([status, body.error], [500, "internal_error"]);
    assert.doesNotMatch(text, /somebody|too many/);
  });
});
