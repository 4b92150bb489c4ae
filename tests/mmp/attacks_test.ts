/** What hostile instances try: one test for each. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { makeProof } from "../../mmp/proof.ts";
import { ACTOR } from "../support/instance.ts";
import { until } from "../support/until.ts";
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

Deno.test("a body of 40 MB is refused before it is read, whatever its length claims", async (t) => {
  await withMeeting(async ({ ask, enter }) => {
    let pulled = 0;
    const endless = () =>
      new ReadableStream({
        pull: (controller) => {
          pulled++;
          controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
        },
      });
    const token = await enter(await somebody("Ben"));
    await t.step("declared", async () => {
      const headers = { "content-length": String(40 * 1024 * 1024) };
      const { status } = await ask("POST introduce", { body: "{}", headers });
      assert.equal(status, 413);
    });
    for (const route of ["introduce", "message", "skill_content"]) {
      await t.step(`${route}, without an end`, async () => {
        pulled = 0;
        const { status, body } = await ask(`POST ${route}`, { token, body: endless() });
        assert.deepEqual([status, body.error], [413, "too_large"]);
        assert.ok(pulled < 64, String(pulled));
      });
    }
    await t.step("without a session", async () => {
      pulled = 0;
      assert.equal((await ask("POST message", { body: endless() })).status, 401);
      assert.ok(pulled < 4, String(pulled));
    });
  });
});

Deno.test("a slow body is given up, and others are answered meanwhile", async () => {
  await withMeeting(async ({ ask }) => {
    let isWaiting = true;
    const slow = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
    });
    const answered = ask("POST introduce", { body: slow }).then((answer) => {
      isWaiting = false;
      return answer;
    });
    assert.equal((await ask("GET introduce")).status, 200);
    await until(() => !isWaiting, "the slow body is given up");
    const { status, body } = await answered;
    assert.deepEqual([status, body.error], [408, "request_timeout"]);
  }, { timeout: 50 });
});

Deno.test("JSON of every bad kind is refused with 400, and reads no memory away", async (t) => {
  const deep = 10_000;
  const cases: Readonly<Record<string, string | Uint8Array>> = {
    "too deep a list": `{"payload":${"[".repeat(deep)}${"]".repeat(deep)}}`,
    "too deep an object": `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`,
    "never closed": "[".repeat(deep),
    "more values than anybody has": `{"identity":[${Array(50_000).fill("[]")}]}`,
    "a list": "[]",
    "a text": '"x"',
    "a number": "1",
    "nothing behind a blank": " ",
    "a trailing comma": '{"a":1,}',
    "a byte order mark": "\ufeff{}",
    "a number beyond all": '{"a":1e400}',
    "half a character": '{"a":"\\ud800"}',
    "no UTF-8": new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    "an identity that is a text": '{"identity":"x"}',
    "a payload that is a list": '{"payload":[]}',
    "a sender that is a number": '{"from":1}',
  };
  await withMeeting(async ({ ask }) => {
    for (const [name, body] of Object.entries(cases)) {
      await t.step(name, async () => {
        const { status, body: answer } = await ask("POST introduce", { body });
        assert.deepEqual([status, answer.error], [400, "invalid_request"], answer.message);
      });
    }
    await t.step("an introduction with as many entries as fit is none of them", async () => {
      const id = "0".repeat(16);
      const path = `/home/somebody/project/.kairos/knowledge/${id}/${id}.md`;
      const own = { id, name: id, layer: "L1", format: "markdown", public: true, summary: id };
      const skill = { ...own, content_hash: id.repeat(4), path };
      const introduction = introductionOf(await somebody("Ben"));
      const room = 1024 * 1024 - JSON.stringify(introduction).length - 100;
      const many = Math.floor(room / (JSON.stringify(skill).length + 1));
      const body = { ...introduction, skills: Array(many).fill(skill) };
      const { status, body: answer } = await ask("POST introduce", { body });
      assert.deepEqual([status, answer.identity_verified], [200, true]);
    });
    await t.step("keys that mean something in JavaScript", async () => {
      const body =
        '{"__proto__":{"a":1},"constructor":1,"identity":{"__proto__":{"instance_id":"x"}}}';
      const { status, body: answer } = await ask("POST introduce", { body });
      assert.deepEqual([status, answer.identity_verified], [200, false]);
    });
  });
});

Deno.test("parameters of another type are refused with 400, not answered with 500", async (t) => {
  await withMeeting(async ({ ask, enter }) => {
    const token = await enter(await somebody("Ben"));
    const cases: readonly [route: string, body: unknown][] = [
      ["skill_content", { skill_id: 1 }],
      ["skill_content", { skill_id: "x", to: {} }],
      ["skillset_content", { name: ["x"] }],
      ["request_skill", { description: 1 }],
      ["message", { action: [] }],
      ["message", { action: "skill_content", payload: { content: 1 } }],
    ];
    for (const [route, body] of cases) {
      await t.step(`${route} ${JSON.stringify(body)}`, async () => {
        assert.equal((await ask(`POST ${route}`, { token, body })).status, 400);
      });
    }
    for (
      const query of ["nonce=short", `nonce=${"n".repeat(16)}&aud=a|b`, `nonce=${"|".repeat(20)}`]
    ) {
      await t.step(`introduce?${query}`, async () => {
        assert.equal((await ask(`GET introduce?${query}`)).status, 400);
      });
    }
  });
});

Deno.test("a flood of sessions stays within its bounds and ends no proven one", async () => {
  await withMeeting(async ({ ask, prove, meeting }) => {
    const ben = await somebody("Ben");
    const token: string = (await prove(ben)).body.session_token;
    const eve = await somebody("Eve");
    for (let at = 0; at < 200; at++) {
      const identity = { ...eve.identity, instance_id: `made-up-${at}` };
      await ask("POST introduce", { body: introductionOf(eve, identity) });
      assert.ok(meeting.sessions.count <= 50);
    }
    assert.equal((await ask("GET skills", { token })).status, 200);
    assert.equal(meeting.peers.list().length, 1);
  }, { sessions: { sessions: 50 }, addresses: { burst: 1000 } });
});

Deno.test("one address does not take all sessions", async () => {
  await withMeeting(async ({ ask, enter, meeting }) => {
    const token = await enter(await somebody("Ben"));
    const body = introductionOf(await somebody("Eve"));
    for (let at = 0; at < 40; at++) {
      // One household has many addresses of IPv6.
      const address = `2001:db8::${at.toString(16)}`;
      assert.equal((await ask("POST introduce", { body, address })).status, 200);
    }
    assert.equal(meeting.sessions.count, 11);
    assert.equal((await ask("GET skills", { token })).status, 200);
  }, { sessions: { sessions: 30, ofAddress: 10 }, addresses: { burst: 1000 } });
});

Deno.test("rates are exact: requests and contents of a session, and requests of an address", async (t) => {
  await withMeeting(async (met) => {
    await publish(met, "open");
    const { ask, enter, pass } = met;
    const ben = await somebody("Ben");
    const count = async (times: number, run: () => Promise<{ status: number }>) => {
      const found: number[] = [];
      for (let at = 0; at < times; at++) found.push((await run()).status);
      return [found.filter((status) => status !== 429).length, found.at(-1)];
    };
    await t.step("contents", async () => {
      const token = await enter(ben);
      const body = { skill_id: "open" };
      const give = () => ask("POST skill_content", { token, body });
      assert.deepEqual(await count(5, give), [3, 429]);
      assert.equal(
        (await ask("POST skillset_content", { token, body: { name: "x" } })).status,
        429,
      );
      assert.equal((await ask("GET skills", { token })).status, 200);
      pass(60_000);
      assert.deepEqual(await count(5, give), [3, 429]);
    });
    await t.step("requests", async () => {
      const token = await enter(ben);
      assert.deepEqual(await count(103, () => ask("GET skills", { token })), [100, 429]);
      assert.equal((await ask("GET nope", { token })).status, 429);
      pass(60_000);
      assert.deepEqual(await count(103, () => ask("GET skills", { token })), [100, 429]);
    });
    await t.step("addresses", async () => {
      const from = (address: string) => () => ask("GET introduce", { address });
      assert.deepEqual(await count(63, from("198.51.100.1")), [60, 429]);
      assert.deepEqual(await count(1, () => ask("POST introduce", { address: "198.51.100.1" })), [
        0,
        429,
      ]);
      assert.deepEqual(await count(1, from("198.51.100.2")), [1, 200]);
      pass(2_000);
      assert.deepEqual(await count(3, from("198.51.100.1")), [2, 429]);
    });
    await t.step("a goodbye that ends a session", async () => {
      const address = "198.51.100.3";
      const token = await enter(ben);
      const leave = () => ask("POST goodbye", { token, address });
      assert.deepEqual(await count(61, () => ask("GET introduce", { address })), [60, 429]);
      assert.deepEqual(await count(2, leave), [1, 429]);
      assert.equal((await ask("GET skills", { token })).status, 401);
    });
  }, { settings: "enabled: true\nconstraints:\n  rate_limit_per_minute: 3\n" });
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

Deno.test("strangers who make up names fill no disk, and leave room for who proves who it is", async () => {
  await withMeeting(async ({ ask, prove, enter, meeting, instance, pass }) => {
    const eve = await somebody("Eve");
    for (let minute = 0; minute < 3; minute++) {
      for (let session = 0; session < 12; session++) {
        const token = await enter(eve);
        for (let at = 0; at < 90; at++) {
          await ask("POST message", { token, body: { action: `${minute}_${session}_${at}` } });
        }
      }
      await meeting.contacts.flush();
      pass(60_000);
    }
    await prove(await somebody("Ben"));
    await meeting.contacts.flush();
    const lines = instance.store.journal.newest(10_000);
    const of = (action: string) => lines.filter((line) => line.action === action);
    assert.ok(lines.length < 500 + 3 * 60 + 20, `${lines.length} lines`);
    const leftOut = of("contacts_left_out").map(({ details }) => Number(details?.["contacts"]));
    assert.ok(leftOut.reduce((sum, count) => sum + count, 0) > 2000, "and it is told how many");
    assert.ok(of("peer_introduced").some(({ details }) => details?.["proof"] === "proven"));
  }, { addresses: { burst: 1000 } });
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
