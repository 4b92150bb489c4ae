/** What hostile instances send too much of, or in the wrong form: one test for each. */

import assert from "node:assert/strict";
import { ACTOR } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { entryText, type Met, withMeeting } from "./meet.ts";
import { introductionOf, somebody } from "./people.ts";

const publish = ({ instance }: Met, name: string, ...more: string[]) =>
  instance.knowledge.create({ name, content: entryText(["public: true", ...more]) }, ACTOR);

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
