import assert from "node:assert/strict";
import type { KairosError } from "../../core/errors.ts";
import { type MeetOptions, meetPeer } from "../../mmp/client/meet_peer.ts";
import { introductionBody } from "../../mmp/client/introduction_body.ts";
import type { OwnIdentity } from "../../mmp/identity.ts";
import { Peers } from "../../mmp/peers.ts";
import { withInstance } from "../support/instance.ts";
import { TOKEN, withPeer } from "./fake_peer.ts";
import { DEFAULTS, introductionOf, somebody } from "./people.ts";
import { answerText, withRawServer } from "./raw_server.ts";

const ADA = await somebody("Ada");
const EVE = await somebody("Eve");
const REAL = { clock: () => Date.now() };
const PERSON: MeetOptions = { byPerson: true };
const AGENT: MeetOptions = { byPerson: false };

Deno.test("meetPeer() proves who we are to a peer that proves who it is, and pins its key", async () => {
  await withInstance(async ({ store }, root) => {
    await withPeer(ADA, {}, async ({ url, asked }) => {
      const met = await meetPeer(store, url, PERSON);
      assert.equal(met.peer.instanceId, ADA.identity.instance_id);
      assert.deepEqual([met.proof, met.accepted, met.isKnown, met.url], [
        "proven",
        "proven",
        false,
        url,
      ]);
      assert.equal(met.session.token, TOKEN);
      assert.equal(await met.session.goodbye(), true);
      assert.equal(asked.at(-1)?.authorization, `Bearer ${TOKEN}`);
      const again = await meetPeer(store, url, PERSON);
      assert.equal(again.isKnown, true);
      assert.equal(new Peers(store).find(ADA.identity.instance_id).standing, "pinned");
    });
    const files = ["storage/meeting_addresses.json", "peers.json", "skills/action_log.jsonl"];
    for (const file of files) {
      assert.ok(!Deno.readTextFileSync(`${root}/${file}`).includes(TOKEN), file);
    }
    assert.equal(Deno.statSync(`${root}/storage/meeting_addresses.json`).mode! & 0o777, 0o600);
  }, REAL);
});

Deno.test("meetPeer() meets a peer that knows no proofs, and takes it for nothing more", async () => {
  await withInstance(async ({ store }) => {
    await withPeer(ADA, { proves: false }, async ({ url, asked }) => {
      const met = await meetPeer(store, url, PERSON);
      assert.deepEqual([met.proof, met.accepted, met.isKnown], ["none", "none", false]);
      assert.equal(JSON.parse(asked[1]!.body).proof, undefined);
      assert.equal(new Peers(store).find(ADA.identity.instance_id).standing, "met");
      assert.equal((await meetPeer(store, url, PERSON)).isKnown, true);
    });
  }, REAL);
});

Deno.test("meetPeer() shows nothing of what this instance holds", () => {
  const body = JSON.parse(introductionBody(ADA, DEFAULTS, 0, null));
  assert.deepEqual(Object.keys(body), [
    "identity",
    "capabilities",
    "timestamp",
    "public_key",
    "key_fingerprint",
    "identity_signature",
  ]);
});

Deno.test("meetPeer() lets an agent call a local address only after a person did", async () => {
  await withInstance(async ({ store }) => {
    await withPeer(ADA, {}, async ({ url, asked }) => {
      await assert.rejects(meetPeer(store, url, AGENT), { code: "refused" });
      const named = url.replace("127.0.0.1", "peer.example");
      const rebound = { ...AGENT, resolve: () => Promise.resolve(["127.0.0.1"]) };
      await assert.rejects(meetPeer(store, named, rebound), { code: "refused" });
      assert.deepEqual(asked, []);
      await meetPeer(store, url, PERSON);
      await meetPeer(store, url, AGENT);
      await assert.rejects(meetPeer(store, named, rebound), { code: "refused" });
      await assert.rejects(meetPeer(store, "http://127.0.0.1:9", AGENT), { code: "refused" });
    });
  }, REAL);
});

/** What somebody may pretend, and what is said about it. */
const PRETENDED: readonly {
  what: string;
  change: (answer: Record<string, unknown>) => Record<string, unknown>;
  say: RegExp;
}[] = [
  {
    what: "another identity under the signature",
    change: (answer) => ({ ...answer, identity: { ...EVE.identity } }),
    say: /signature does not fit/,
  },
  {
    what: "no identity",
    change: ({ identity: _, ...answer }) => answer,
    say: /there is no identity/,
  },
  {
    what: "a proof of another question",
    change: (answer) => ({
      ...answer,
      proof: { ...answer["proof"] as object, nonce: "0123456789abcdef" },
    }),
    say: /another nonce/,
  },
  {
    what: "a proof made for somebody else",
    change: (answer) => ({ ...answer, proof: { ...answer["proof"] as object, aud: "x" } }),
    say: /was made for "x"/,
  },
  {
    what: "an old proof",
    change: (answer) => ({
      ...answer,
      proof: { ...answer["proof"] as object, ts: "2020-01-01T00:00:00Z" },
    }),
    say: /another time/,
  },
  {
    what: "a proof of another key",
    change: (answer) => ({ ...answer, ...introductionOf(EVE) }),
    say: /not signed by that key/,
  },
];

Deno.test("meetPeer() refuses who is not who it says, and keeps nothing of it", async (t) => {
  for (const { what, change, say } of PRETENDED) {
    await t.step(what, async () => {
      await withInstance(async ({ store }) => {
        const instead = (path: string, _: unknown, honest: unknown) =>
          path === "GET introduce" ? change(honest as Record<string, unknown>) : null;
        await withPeer(ADA, { instead }, async ({ url, asked }) => {
          await assert.rejects(meetPeer(store, url, PERSON), { code: "refused", message: say });
          assert.equal(asked.length, 1);
        });
        assert.deepEqual(new Peers(store).list(), []);
      }, REAL);
    });
  }
});

Deno.test("meetPeer() refuses a peer that answers the introduction with another key", async () => {
  await withInstance(async ({ store }) => {
    const instead = (path: string, _: unknown, honest: unknown) =>
      path === "POST introduce"
        ? { ...honest as object, peer_identity: introductionOf(EVE) }
        : null;
    await withPeer(ADA, { instead }, async ({ url }) => {
      await assert.rejects(meetPeer(store, url, PERSON), /another key than before/);
    });
  }, REAL);
});

Deno.test("meetPeer() says why a peer gives no session", async () => {
  await withInstance(async ({ store }) => {
    const instead = (path: string) =>
      path === "POST introduce" ? { identity_verified: false, problem: "not\u001b you" } : null;
    await withPeer(ADA, { instead }, async ({ url }) => {
      await assert.rejects(meetPeer(store, url, PERSON), {
        code: "refused",
        message: /it gives no session, "not\\u\{1b\} you"/,
      });
    });
  }, REAL);
});

Deno.test("meetPeer() does not take a copied introduction for a peer that proved itself", async () => {
  await withInstance(async ({ store }, root) => {
    await withPeer(ADA, {}, async ({ url }) => void await meetPeer(store, url, PERSON));
    await withPeer(ADA, { proves: false }, async ({ url }) => {
      await assert.rejects(meetPeer(store, url, PERSON), /proved its key before and does not now/);
    });
    assert.match(Deno.readTextFileSync(`${root}/skills/action_log.jsonl`), /"peer_unproven"/);
  }, REAL);
});

Deno.test("meetPeer() gives nobody a proof that could be used at another peer", async (t) => {
  const stolen = { ...EVE.identity, instance_id: ADA.identity.instance_id };
  const cases: readonly (readonly [string, (honest: Record<string, unknown>) => unknown])[] = [
    ["a copied introduction with a challenge", ({ proof: _, ...honest }) => honest],
    ["another's id", (honest) => ({ ...honest, ...introductionOf(EVE, stolen) })],
  ];
  for (const [what, change] of cases) {
    await t.step(what, async () => {
      await withInstance(async ({ store }) => {
        const owner = what.startsWith("a copied") ? ADA : EVE;
        const instead = (path: string, _: unknown, honest: unknown) =>
          path === "GET introduce" ? change(honest as Record<string, unknown>) : null;
        await withPeer(owner, { instead }, async ({ url, asked }) => {
          await meetPeer(store, url, PERSON);
          assert.equal(asked.length, 2);
          assert.equal(Object.hasOwn(JSON.parse(asked[1]!.body), "proof"), false);
        });
      }, REAL);
    });
  }
});

Deno.test("meetPeer() refuses a changed key until a person trusts it, and who is blocked", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    const taken = { ...EVE.identity, instance_id: "shared-id" };
    const pretends = (path: string, _: unknown, honest: unknown) =>
      path === "GET introduce" ? { ...honest as object, ...introductionOf(EVE, taken) } : null;
    const other = { ...ADA.identity, instance_id: "shared-id" };
    const owns = (path: string, _: unknown, honest: unknown) =>
      path === "GET introduce" ? { ...honest as object, ...introductionOf(ADA, other) } : null;
    await withPeer(ADA, { proves: false, instead: owns }, async ({ url }) => {
      await meetPeer(store, url, PERSON);
      await peers.trust("shared-id");
    });
    await withPeer(EVE, { proves: false, instead: pretends }, async ({ url, asked }) => {
      await assert.rejects(meetPeer(store, url, PERSON), {
        code: "refused",
        message: /another key than before/,
      });
      assert.equal(asked.length, 1);
      assert.equal(peers.find("shared-id").rival?.key.spki, EVE.publicKey.spki);
      await peers.trust("shared-id", EVE.publicKey.fingerprint);
      await meetPeer(store, url, PERSON);
      await peers.block(EVE.publicKey.fingerprint);
      await assert.rejects(meetPeer(store, url, PERSON), { code: "refused", message: /blocked/ });
    });
  }, REAL);
});

Deno.test("meetPeer() refuses another key of a peer that proves nothing, and takes nothing of it", async () => {
  await withInstance(async ({ store }) => {
    const as = (own: OwnIdentity) => ({
      ...own,
      identity: { ...own.identity, instance_id: "ruby-1" },
    });
    await withPeer(as(ADA), { proves: false }, async ({ url }) => {
      await meetPeer(store, url, PERSON);
      assert.equal((await meetPeer(store, url, PERSON)).isKnown, true);
      await withPeer(as(EVE), { proves: false }, async ({ url: other, asked }) => {
        await assert.rejects(meetPeer(store, other, PERSON), (thrown: KairosError) => {
          assert.equal(thrown.code, "refused");
          assert.match(thrown.message, /ruby-1 has another key than before/);
          const { fingerprint } = EVE.publicKey;
          assert.match(
            thrown.hint!,
            new RegExp(`peers trust ruby-1 --fingerprint ${fingerprint}$`),
          );
          return true;
        });
        assert.equal(asked.length, 1, "it is not told who we are");
        assert.equal((await meetPeer(store, url, PERSON)).isKnown, true);
        await new Peers(store).trust("ruby-1", EVE.publicKey.fingerprint);
        assert.equal((await meetPeer(store, other, PERSON)).isKnown, true);
        await assert.rejects(meetPeer(store, url, PERSON), { code: "refused" });
      });
    });
  }, REAL);
});

Deno.test("PeerSession reads lists row by row and lets no text steer a terminal", async () => {
  await withInstance(async ({ store }) => {
    const rows = [
      {
        id: "a1",
        name: "good",
        tags: ["x"],
        format: "markdown",
        summary: "red \u001b[31m line\nnext",
      },
      { id: "a\u001b", name: "bad id" },
      { id: 7, name: "no text" },
      { id: "a2", name: "二つ", summary: null, content_hash: "x", tags: "none" },
      "nothing",
    ];
    const instead = (path: string) =>
      path === "GET skills"
        ? { skills: rows }
        : path === "GET skillsets"
        ? { skillsets: [{ name: "ok", version: "1" }, { name: "../x", version: "1" }] }
        : null;
    await withPeer(ADA, { instead }, async ({ url }) => {
      const { session } = await meetPeer(store, url, PERSON);
      const { rows: skills, skipped } = await session.skills();
      assert.deepEqual(skills.map(({ name }) => name), ["good", "二つ"]);
      assert.deepEqual(skills.map(({ tags }) => tags), [["x"], null], "none were told");
      assert.equal(skills[0]!.summary, "red \\u{1b}[31m line\\u{a}next");
      assert.equal(skipped, 3);
      const sets = await session.skillsets();
      assert.deepEqual([sets.rows.length, sets.skipped], [1, 1]);
    });
  }, REAL);
});

Deno.test("PeerSession takes no longer list than 4 MiB", async () => {
  await withInstance(async ({ store }) => {
    const most = 4 * 1024 * 1024;
    const empty = '{"skills":[],"count":0}';
    let length = most;
    const instead = (path: string) =>
      path === "GET skills" ? json(empty.padEnd(length, " ")) : null;
    await withPeer(ADA, { instead }, async ({ url }) => {
      const { session } = await meetPeer(store, url, PERSON);
      assert.deepEqual((await session.skills()).rows, []);
      length++;
      await assert.rejects(session.skills(), { code: "too_large", message: /4194304 bytes/ });
    });
  }, REAL);
});

Deno.test("meetPeer() notes calls that came to nothing, and tells what went wrong", async () => {
  await withInstance(async ({ store }, root) => {
    const noted = () =>
      store.journal.newest(9).filter(({ action }) => action === "peer_not_met")
        .map(({ details }) => details);
    let gone = "";
    await withPeer(ADA, {}, async ({ url }) => {
      gone = url;
      const byAgent = meetPeer(store, `${url}/`, { byPerson: false });
      await assert.rejects(byAgent, { code: "refused" });
    });
    await assert.rejects(meetPeer(store, gone, PERSON), { code: "peer" });
    await assert.rejects(meetPeer(store, "nowhere", PERSON), { code: "invalid" });
    assert.deepEqual(noted(), [{ url: gone, code: "refused" }, { url: gone, code: "peer" }]);
    await Deno.remove(`${root}/skills/action_log.jsonl`);
    await Deno.mkdir(`${root}/skills/action_log.jsonl`);
    await assert.rejects(meetPeer(store, gone, PERSON), { code: "peer" });
  }, REAL);
});

/** What a peer answers, and what is to be done then. */
const REFUSALS:
  readonly (readonly [status: number, error: string | null, code: string, hint: RegExp])[] = [
    [401, "invalid_or_expired_token", "peer", /meet the peer again/],
    [403, "skillset_exchange_disabled", "refused", /no SkillSets/],
    [403, "not_exchangeable", "refused", /may not travel/],
    [404, "not_found", "not_found", /kairos meet URL skillsets/],
    [404, "content_unavailable", "not_found", /in no form/],
    [404, null, "not_found", /Check the address/],
    [413, "too_large", "too_large", /^$/],
    [429, "rate_limited", "peer", /in a minute/],
    [503, "mmp_unavailable", "peer", /not switched meetings on/],
    [503, "busy", "peer", /in a moment/],
    [503, null, "peer", /not ready/],
    [500, "constructor", "peer", /^$/],
  ];

Deno.test("PeerSession says what to do by the reason a peer gives, not by its status", async (t) => {
  await withInstance(async ({ store }) => {
    let answer = () => new Response();
    const instead = (path: string) => path === "GET skillsets" ? answer() : null;
    await withPeer(ADA, { instead }, async ({ url }) => {
      const { session } = await meetPeer(store, url, PERSON);
      for (const [status, error, code, hint] of REFUSALS) {
        await t.step(`${status} ${error}`, async () => {
          answer = () => Response.json(error === null ? {} : { error, message: "x" }, { status });
          await assert.rejects(session.skillsets(), (thrown: KairosError) => {
            assert.equal(thrown.code, code);
            assert.match(thrown.hint ?? "", hint);
            return true;
          });
        });
      }
    });
  }, REAL);
});

/** Answers that are no answers. */
const NONSENSE: readonly (readonly [what: string, answer: () => Response, say: RegExp])[] = [
  ["a list", () => Response.json([]), /no JSON object/],
  ["no JSON", () => json("{"), /no JSON object/],
  ["too deep", () => json('{"a":'.repeat(40) + "1" + "}".repeat(40)), /no JSON object/],
  ["no list of skills", () => Response.json({ skills: {} }), /no list that can be read/],
  ["too many rows", () => json(`{"skills":[${"1,".repeat(10_000)}1]}`), /no list that can be read/],
  [
    "an error that steers",
    () => Response.json({ error: "x", message: "\u001b[2Jgone" }, { status: 500 }),
    /answers 500, "\\u\{1b\}\[2Jgone"/,
  ],
  ["an error without words", () => new Response("<p>", { status: 500 }), /answers 500, "error"/],
  ["a session that ended", () => Response.json({ error: "e" }, { status: 401 }), /answers 401/],
];

Deno.test("PeerSession reports an answer that is none", async (t) => {
  await withInstance(async ({ store }) => {
    for (const [what, answer, say] of NONSENSE) {
      await t.step(what, async () => {
        const instead = (path: string) => path === "GET skills" ? answer() : null;
        await withPeer(ADA, { instead }, async ({ url }) => {
          const { session } = await meetPeer(store, url, PERSON);
          await assert.rejects(session.skills(), { code: "peer", message: say });
        });
      });
    }
  }, REAL);
});

Deno.test("PeerSession says goodbye without waiting for a peer that is gone", async () => {
  await withInstance(async ({ store }) => {
    let session: Awaited<ReturnType<typeof meetPeer>>["session"] | undefined;
    await withPeer(ADA, {}, async ({ url }) => {
      session = (await meetPeer(store, url, PERSON)).session;
    });
    assert.equal(await session?.goodbye(), false);
  }, REAL);
});

Deno.test("meetPeer() follows no redirect of a peer to this machine", async () => {
  await withInstance(async ({ store }) => {
    await withPeer(ADA, {}, async (inner) => {
      const answer = answerText("", { Location: `${inner.url}/meeting/v1/introduce` }, 302);
      await withRawServer((socket) => void socket.end(answer), async ({ url }) => {
        await assert.rejects(meetPeer(store, url, PERSON), { code: "refused" });
      });
      assert.deepEqual(inner.asked, []);
    });
  }, REAL);
});

function json(text: string): Response {
  return new Response(text, { headers: { "Content-Type": "application/json" } });
}
