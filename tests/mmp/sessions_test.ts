import assert from "node:assert/strict";
import { AddressBuckets } from "../../mmp/address_limits.ts";
import { Challenges } from "../../mmp/challenges.ts";
import { Sessions } from "../../mmp/sessions.ts";

const random = (bytes: Uint8Array) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);

Deno.test("Sessions last their hour from the beginning, used or not, and end when they are ended", () => {
  let now = 0;
  const sessions = new Sessions({ clock: () => now, random });
  const token = sessions.open({ peerId: "a", spki: "k", proof: "none" });
  assert.match(token, /^[0-9a-f]{64}$/);
  for (const [at, there] of [[0, true], [1_800_000, true], [3_599_999, true], [3_600_000, false]]) {
    now = Number(at);
    assert.equal(sessions.find(token) !== null, there, String(at));
  }
  assert.equal(sessions.count, 0);
  const other = sessions.open({ peerId: "b", spki: "k", proof: "none" });
  const session = sessions.find(other)!;
  assert.equal(sessions.use(session, "request"), true);
  assert.equal(sessions.end(other)?.peerId, "b");
  assert.equal(sessions.end(other), null);
  assert.equal(sessions.use(session, "request"), false);
});

Deno.test("Sessions keep no token that could be read from them", () => {
  const sessions = new Sessions({ clock: () => 0, random });
  const token = sessions.open({ peerId: "a", spki: "k", proof: "none" });
  assert.ok(!Deno.inspect(sessions, { depth: 10 }).includes(token));
});

Deno.test("Sessions count requests and contents exactly, in windows of a minute", () => {
  let now = 5;
  const sessions = new Sessions({ clock: () => now, random });
  const session = sessions.find(sessions.open({ peerId: "a", spki: "k", proof: "none" }))!;
  const uses = (times: number, use: "request" | "content", most?: number) =>
    Array.from({ length: times }, () => sessions.use(session, use, most)).filter(Boolean).length;
  now = 1_000;
  assert.equal(uses(103, "request"), 100);
  assert.equal(uses(12, "content", 10), 10);
  now = 60_999;
  assert.equal(uses(1, "request") + uses(1, "content", 10), 0);
  now = 61_000;
  assert.equal(uses(103, "request"), 100);
  now = 61_001;
  assert.equal(uses(12, "content", 10), 10);
});

Deno.test("Sessions are bounded: in a flood those that proved nothing make room first", () => {
  let now = 0;
  const sessions = new Sessions({ clock: () => now++, random, limits: { sessions: 100 } });
  const proven = Array.from(
    { length: 50 },
    (_, at) => sessions.open({ peerId: `p${at}`, spki: "k", proof: "proven" }),
  );
  for (let at = 0; at < 10_000; at++) {
    sessions.open({ peerId: `x${at}`, spki: "k", proof: "none" });
    assert.ok(sessions.count <= 100);
  }
  assert.ok(proven.every((token) => sessions.find(token) !== null));
  const [oldest] = proven;
  sessions.find(oldest!);
  for (let at = 0; at < 60; at++) sessions.open({ peerId: `q${at}`, spki: "k", proof: "proven" });
  assert.equal(sessions.count, 100);
  assert.notEqual(sessions.find(oldest!), null);
  assert.equal(sessions.find(proven[1]!), null);
});

Deno.test("Sessions end no proven one for who proves nothing, however many proven ones there are", () => {
  let now = 0;
  const sessions = new Sessions({ clock: () => now++, random, limits: { sessions: 100 } });
  const open = (count: number, proof: "proven" | "none") =>
    Array.from({ length: count }, (_, at) => sessions.open({ peerId: `${at}`, spki: "k", proof }));
  const proven = open(300, "proven");
  const alive = () => proven.filter((token) => sessions.find(token) !== null);
  const before = alive();
  const none = open(200, "none");
  assert.equal(sessions.count, 100);
  assert.deepEqual(alive(), before);
  assert.notEqual(sessions.find(none.at(-1)!), null);
});

Deno.test("Sessions of one address make room among themselves, however many it opens", () => {
  let now = 0;
  const sessions = new Sessions({ clock: () => now++, random, limits: { ofAddress: 20 } });
  const open = (address: string, proof: "proven" | "none", count: number) =>
    Array.from(
      { length: count },
      () => sessions.open({ peerId: "a", spki: "k", proof }, address),
    );
  const alive = (tokens: readonly string[]) =>
    tokens.filter((token) => sessions.find(token) !== null).length;
  const others = [...open("192.0.2.1", "none", 3), ...open("192.0.2.1", "proven", 3)];
  const proven = open("198.51.100.1", "proven", 500);
  const none = open("198.51.100.1", "none", 500);
  assert.deepEqual([alive(others), alive(proven), alive(none)], [6, 18, 2]);
  // What was ended makes room.
  assert.notEqual(sessions.end(none.at(-1)!), null);
  open("198.51.100.1", "none", 1);
  assert.deepEqual([alive(none), sessions.count], [1, 26]);
  now += 60 * 60_000;
  const later = open("198.51.100.1", "none", 20);
  assert.deepEqual([alive(later), sessions.count], [20, 20], "those that are over count no more");
});

Deno.test("AddressBuckets let exactly so many through, and remember so many addresses", () => {
  let now = 0;
  const buckets = new AddressBuckets({
    clock: () => now,
    limits: { burst: 3, perSecond: 2, addresses: 10 },
  });
  const takes = (times: number, address: string) =>
    Array.from({ length: times }, () => buckets.take(address)).filter(Boolean).length;
  assert.equal(takes(5, "192.0.2.1"), 3);
  assert.equal(takes(5, "192.0.2.2"), 3);
  now = 499;
  assert.equal(takes(1, "192.0.2.1"), 0);
  now = 500;
  assert.equal(takes(2, "192.0.2.1"), 1);
  now = 100_000;
  assert.equal(takes(9, "192.0.2.1"), 3);
  for (let at = 0; at < 1000; at++) buckets.take(`198.51.100.${at}`);
  assert.equal(buckets.count, 10);
});

Deno.test("AddressBuckets take one network of IPv6, however it is written, for one", () => {
  const buckets = new AddressBuckets({ clock: () => 0, limits: { burst: 1, perSecond: 1 } });
  assert.equal(buckets.take("2001:db8:0:1::1"), true);
  for (const same of ["2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:0DB8::1:0:0:0:9%eth0"]) {
    assert.equal(buckets.take(same), false, same);
  }
  assert.equal(buckets.take("2001:db8:0:2::1"), true);
  assert.equal(buckets.take("::1"), true);
  assert.equal(buckets.take("::ffff:192.0.2.9"), true);
  assert.equal(buckets.take("192.0.2.9"), false);
});

Deno.test("Challenges are good once, for two minutes, and only where they were made", () => {
  let now = 1_000_000;
  const challenges = new Challenges({ clock: () => now, random });
  const { nonce, expires } = challenges.issue();
  assert.equal(expires, now + 120_000);
  assert.match(nonce, /^[A-Za-z0-9_-]{16,128}$/);
  assert.equal(challenges.problem(nonce), null);
  const other = new Challenges({ clock: () => now, random });
  assert.match(other.problem(nonce)!, /none of this instance/);
  for (
    const forged of [
      "",
      "x",
      `${nonce}A`,
      `${nonce}=`,
      nonce.replace(/^./, (c) => c === "A" ? "B" : "A"),
    ]
  ) {
    assert.match(challenges.problem(forged)!, /none of this instance/, forged);
  }
  assert.equal(challenges.use(nonce), true);
  assert.equal(challenges.use(nonce), false);
  assert.match(challenges.problem(nonce)!, /used before/);
  const late = challenges.issue().nonce;
  now += 120_000;
  assert.match(challenges.problem(late)!, /ended/);
});

Deno.test("Challenges remember a bounded number of used ones and refuse beyond it", () => {
  let now = 0;
  const challenges = new Challenges({ clock: () => now, random, most: 5 });
  const use = () => challenges.use(challenges.issue().nonce);
  assert.deepEqual([use(), use(), use(), use(), use(), use()], [
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
  now += 120_001;
  assert.equal(use(), true);
});
