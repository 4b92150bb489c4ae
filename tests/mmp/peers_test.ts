import assert from "node:assert/strict";
import type { OwnIdentity } from "../../mmp/identity.ts";
import { Peers } from "../../mmp/peers.ts";
import { NOON, withInstance } from "../support/instance.ts";
import { peer, somebody } from "./people.ts";

const ADA = await somebody("Ada");
const BEN = await somebody("Ben");
const EVE = await somebody("Eve");
const CALLED = { proof: "none", url: "http://peer.example" } as const;
const PROVEN = { proof: "proven", url: null } as const;
const UNPROVEN = { proof: "none", url: null } as const;

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}

Deno.test("Peers.meet() pins a proven key, and nothing without a proof", async () => {
  await withInstance(async (instance, root) => {
    const peers = new Peers(instance.store);
    assert.equal(await peers.meet(peer(ADA), UNPROVEN), "unknown");
    assert.deepEqual(peers.list(), []);
    assert.equal(await peers.meet(peer(BEN), CALLED), "unknown");
    assert.deepEqual(peers.list().map(({ standing }) => standing), ["met"]);
    assert.equal(await peers.meet(peer(ADA), PROVEN), "unknown");
    assert.equal(await peers.meet(peer(ADA), UNPROVEN), "known");
    const { standing, bound, contact } = peers.find("Ada");
    assert.deepEqual([standing, bound, contact?.last_seen], [
      "pinned",
      true,
      "2026-01-20T10:30:00Z",
    ]);
    for (const file of ["peers.json", "storage/peer_trust.json"]) {
      assert.equal(modeOf(`${root}/${file}`), 0o600);
    }
  }, { clock: () => NOON });
});

Deno.test("Peers.judge() refuses another key for a known id, until a person trusts it", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    await peers.meet(peer(ADA, "old-id"), PROVEN);
    assert.equal(peers.judge(peer(EVE, "old-id")), "changed");
    assert.equal(await peers.meet(peer(EVE, "old-id"), UNPROVEN), "changed");
    assert.equal(peers.find("old-id").rival, null);
    assert.equal(await peers.meet(peer(EVE, "old-id"), PROVEN), "changed");
    assert.equal(peers.find("old-id").rival?.key.spki, EVE.publicKey.spki);
    assert.equal(peers.judge(peer(ADA, "old-id")), "known");
    await assert.rejects(peers.trust("old-id"), { code: "invalid" });
    await assert.rejects(peers.trust("old-id", "00:11"), { code: "invalid" });
    const trusted = await peers.trust("old-id", EVE.publicKey.fingerprint);
    assert.deepEqual([trusted.standing, trusted.rival], ["trusted", null]);
    assert.equal(peers.judge(peer(EVE, "old-id")), "known");
    assert.equal(peers.judge(peer(ADA, "old-id")), "changed");
    // The contact of the old key is the new one's, so that the bare id goes on naming one peer.
    assert.equal(peers.find("old-id").contact?.public_key, EVE.publicKey.pem);
    assert.equal(peers.list().length, 1);
  });
});

Deno.test("Peers.trust() leaves an id to one key, whichever of them was met how", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    await peers.meet(peer(EVE, "old-id"), CALLED);
    await peers.meet(peer(ADA, "old-id"), PROVEN);
    await peers.meet(peer(BEN, "new-id"), PROVEN);
    await assert.rejects(peers.trust("old-id"), { code: "invalid" });
    const { contact } = await peers.trust(EVE.publicKey.fingerprint);
    assert.equal(contact?.url, CALLED.url);
    assert.equal(peers.judge(peer(ADA, "old-id")), "changed");
    assert.equal(peers.find("old-id").key?.spki, EVE.publicKey.spki);
    assert.deepEqual(peers.list().map(({ id }) => id), ["new-id", "old-id"]);
  });
});

Deno.test("Peers.judge() lets nobody who took an id first stand in its owner's way", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    const id = ADA.identity.instance_id;
    assert.equal(await peers.meet(peer(EVE, id), PROVEN), "unknown");
    assert.equal(await peers.meet(peer(ADA), PROVEN), "unknown");
    assert.deepEqual(
      peers.list().map(({ id, bound, standing }) => [id, bound, standing]),
      [[id, true, "pinned"], [id, false, "pinned"]],
    );
    assert.equal(peers.judge(peer(ADA)), "known");
    // Once the owner came, the id is its own.
    assert.equal(await peers.meet(peer(BEN, id), PROVEN), "changed");
    assert.equal(peers.list().find(({ bound }) => bound)?.rival, null);
    assert.equal(peers.judge(peer(EVE, id)), "changed", "nor is it the thief's any more");
    await assert.rejects(peers.trust(EVE.publicKey.fingerprint), { code: "refused" });
    assert.equal((await peers.trust(id)).bound, true);
  });
});

Deno.test("Peers.meet() refuses another key without proof for an id that derives from none, and pins nothing", async () => {
  await withInstance(async ({ store }, root) => {
    const peers = new Peers(store);
    const meet = (own: OwnIdentity, id: string, url: string | null = CALLED.url) =>
      peers.meet(peer(own, id), { proof: "none", url });
    assert.equal(await meet(ADA, "ruby-1"), "unknown");
    assert.equal(await meet(EVE, "ruby-1"), "changed");
    assert.equal(await meet(BEN, "ruby-1"), "changed");
    assert.equal(await meet(EVE, "ruby-1"), "changed", "however often it asks");
    assert.equal(await meet(ADA, "ruby-1"), "unknown", "the one we know goes on");
    const [known, ...others] = peers.list();
    assert.deepEqual([known?.key?.spki, others.length], [ADA.publicKey.spki, 0]);
    assert.equal(known?.rival?.key.spki, EVE.publicKey.spki);
    assert.equal(JSON.parse(Deno.readTextFileSync(`${root}/peers.json`)).length, 2);
    assert.throws(() => Deno.statSync(`${root}/storage/peer_trust.json`), Deno.errors.NotFound);
    const found = store.journal.newest(9).map(({ details }) => details?.["found"]);
    assert.deepEqual(found, ["unknown", "changed", "changed", "changed", "unknown"]);
    // Who comes by itself and proves nothing changes nothing, and neither does another id.
    assert.equal(await meet(BEN, "ruby-1", null), "unknown");
    assert.equal(await meet(BEN, "ruby-2"), "unknown");
    assert.equal(peers.find("ruby-1").rival?.key.spki, EVE.publicKey.spki);
    await peers.trust("ruby-1", EVE.publicKey.fingerprint);
    assert.equal(await meet(EVE, "ruby-1"), "known");
    assert.equal(await meet(ADA, "ruby-1"), "changed");
  });
});

Deno.test("Peers.meet() lets no key without proof stand in the way of an owner, or of who proves it", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    const { instance_id: id } = ADA.identity;
    const unproven = { proof: "none", url: CALLED.url } as const;
    assert.equal(await peers.meet(peer(EVE, id), unproven), "unknown");
    assert.equal(await peers.meet(peer(ADA), unproven), "unknown", "its owner");
    assert.equal(await peers.meet(peer(EVE, id), unproven), "changed", "once its owner is there");
    assert.equal(await peers.meet(peer(BEN, id), unproven), "changed");
    assert.equal(peers.find(id).rival, null, "an owner has no rivals");
    assert.ok(!peers.list().some(({ key }) => key?.spki === BEN.publicKey.spki));
    assert.equal(await peers.meet(peer(EVE, "old-id"), unproven), "unknown");
    const called = { proof: "proven", url: CALLED.url } as const;
    assert.equal(await peers.meet(peer(BEN, "old-id"), called), "unknown", "who proves it");
    assert.equal(await peers.meet(peer(BEN, "old-id"), PROVEN), "known");
    assert.equal(await peers.meet(peer(EVE, "old-id"), unproven), "changed");
  });
});

Deno.test("Peers.forget() forgets who asked to be taken for a peer too", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    for (const own of [ADA, EVE]) {
      await peers.meet(peer(own, "ruby-1"), { proof: "none", url: CALLED.url });
    }
    await peers.forget("ruby-1");
    assert.deepEqual(peers.list(), []);
  });
});

Deno.test("Peers.block() turns a key away under every id", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    await peers.meet(peer(EVE), PROVEN);
    await peers.block("Eve");
    assert.equal(peers.judge(peer(EVE)), "blocked");
    assert.equal(await peers.meet(peer(EVE, "another"), PROVEN), "blocked");
    assert.deepEqual(peers.list().map(({ standing }) => standing), ["blocked"]);
    await peers.trust(EVE.identity.instance_id);
    assert.equal(peers.judge(peer(EVE)), "known");
    await peers.forget(EVE.identity.instance_id);
    assert.deepEqual([peers.list(), peers.judge(peer(EVE))], [[], "unknown"]);
    await assert.rejects(peers.forget("Eve"), { code: "not_found" });
  });
});

Deno.test("Peers.block() turns away who never proved a key: by address, whole id or fingerprint", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    const id = EVE.identity.instance_id;
    await peers.meet(peer(BEN), CALLED);
    assert.equal((await peers.block(CALLED.url)).id, BEN.identity.instance_id);
    assert.equal(peers.judge(peer(BEN)), "blocked");
    const { fingerprint } = EVE.publicKey;
    for (const name of [id, fingerprint, fingerprint.replaceAll(":", "")]) {
      const blocked = await peers.block(name);
      assert.deepEqual([blocked.id, blocked.key, blocked.standing], [id, null, "blocked"]);
      assert.equal(peers.judge(peer(EVE)), "blocked");
      assert.equal(peers.judge(peer(EVE, "another")), "blocked", "its key under every id");
      assert.equal(peers.judge(peer(ADA, id)), "blocked", "the id with every key");
      assert.equal(await peers.meet(peer(EVE), PROVEN), "blocked");
      assert.equal(peers.judge(peer(ADA)), "unknown");
      await peers.forget(id);
      assert.equal(peers.judge(peer(EVE)), "unknown");
    }
    // A later decision takes the place of an earlier one.
    await peers.meet(peer(ADA, "old-id"), PROVEN);
    await peers.block(ADA.identity.instance_id);
    assert.equal(peers.judge(peer(ADA, "old-id")), "blocked");
    await peers.trust("old-id");
    assert.equal(peers.judge(peer(ADA, "old-id")), "known");
    for (const name of ["Evee", id.slice(0, 8), `${id}0`, "http://other.example"]) {
      await assert.rejects(peers.block(name), { code: "not_found" }, name);
    }
  });
});

Deno.test("Peers.block() turns no owner away for a contact without a key", async () => {
  await withInstance(async ({ store }, root) => {
    const peers = new Peers(store);
    const { instance_id: id } = ADA.identity;
    await peers.meet(peer(ADA), PROVEN);
    const [contact] = JSON.parse(Deno.readTextFileSync(`${root}/peers.json`));
    const thief = { ...contact, name: "Thief", public_key: null };
    Deno.writeTextFileSync(`${root}/peers.json`, JSON.stringify([contact, thief]));
    await assert.rejects(peers.block("Thief"), { code: "refused" });
    await peers.forget(id);
    await peers.block("Thief");
    assert.equal(peers.judge(peer(ADA)), "blocked");
    await peers.forget(id);
    assert.equal(peers.judge(peer(ADA)), "unknown");
  });
});

Deno.test("Peers.meet() notes every contact in the journal", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    await peers.meet(peer(ADA), PROVEN);
    await peers.meet(peer(EVE), UNPROVEN);
    await peers.block("Ada");
    const notes = store.journal.newest(3).map((
      { action, details },
    ) => [action, details?.["found"]]);
    assert.deepEqual(notes, [
      ["peer_met", "unknown"],
      ["peer_met", "unknown"],
      ["peer_blocked", undefined],
    ]);
  });
});

Deno.test("Peers reads an address book of the existing implementation and believes nothing in it", async () => {
  await withInstance(async ({ store }, root) => {
    const book = [
      {
        id: "theirs",
        name: "日本",
        url: "http://a.example",
        public_key: ADA.publicKey.pem,
        verified: true,
      },
      { id: "bare", name: 7, extensions: ["introduce", 7] },
      "no contact",
    ];
    Deno.writeTextFileSync(`${root}/peers.json`, JSON.stringify(book));
    const peers = new Peers(store);
    assert.deepEqual(
      peers.list().map(({ id, standing, key }) => [id, standing, key !== null]),
      [["bare", "met", false], ["theirs", "met", true]],
    );
    assert.equal(peers.judge(peer(EVE, "theirs")), "unknown");
    assert.equal((await peers.trust("日本")).standing, "trusted");
    assert.equal(peers.judge(peer(EVE, "theirs")), "changed");
    await assert.rejects(peers.trust("bare"), { code: "invalid" });
    assert.equal((await peers.block("bare")).key, null);
    assert.equal(peers.judge(peer(EVE, "bare")), "blocked");
    await assert.rejects(peers.trust("bare"), { code: "invalid" });
    await peers.forget("bare");
    assert.equal(peers.judge(peer(EVE, "bare")), "unknown");
  });
});

Deno.test("Peers meets nobody over a damaged trust file", async () => {
  await withInstance(async ({ store }, root) => {
    const peers = new Peers(store);
    await peers.meet(peer(EVE), PROVEN);
    await peers.block("Eve");
    const path = `${root}/storage/peer_trust.json`;
    const whole = Deno.readTextFileSync(path);
    const damaged = [
      whole.slice(0, -10),
      "",
      "[]",
      '{"version":2,"keys":[]}',
      '{"version":1,"keys":{}}',
      whole.replace('"blocked"', '"friend"'),
      whole.replace("BEGIN PUBLIC", "BEGIN NO"),
      whole.replace('"version": 1,', '"version": 1, "version": 1,'),
    ];
    for (const text of damaged) {
      Deno.writeTextFileSync(path, text);
      assert.throws(() => peers.judge(peer(EVE)), { code: "invalid" }, text.slice(0, 60));
      await assert.rejects(peers.meet(peer(EVE), PROVEN), { code: "invalid" });
    }
  });
});

Deno.test("Peers keeps what people decided when strangers fill the list", async () => {
  await withInstance(async ({ store }, root) => {
    const peers = new Peers(store);
    await peers.meet(peer(EVE), PROVEN);
    await peers.block("Eve");
    const path = `${root}/storage/peer_trust.json`;
    const { version, keys } = JSON.parse(Deno.readTextFileSync(path));
    const strangers = Array.from({ length: 1000 }, (_, at) => ({
      ...keys[0],
      id: `s${at}`,
      standing: "pinned",
      public_key: BEN.publicKey.pem,
    }));
    Deno.writeTextFileSync(path, JSON.stringify({ version, keys: [...keys, ...strangers] }));
    await peers.meet(peer(ADA), PROVEN);
    const all = peers.list();
    assert.equal(all.length, 1001);
    assert.ok(all.some(({ standing }) => standing === "blocked"));
    assert.ok(!all.some(({ id }) => id === "s0"));
    assert.equal(peers.judge(peer(ADA)), "known");
  });
});

Deno.test("Peers.find() takes no chosen name or id for another's id or fingerprint", async () => {
  await withInstance(async ({ store }) => {
    const peers = new Peers(store);
    const { fingerprint } = ADA.publicKey;
    const { instance_id: id } = ADA.identity;
    await peers.meet(peer(ADA), PROVEN);
    const as = (name: string, instanceId: string) =>
      peers.meet({ ...peer(EVE, instanceId), name }, PROVEN);
    await as(id, "by-name");
    await as(fingerprint, id.slice(0, 6));
    assert.equal(peers.find(fingerprint).id, id);
    assert.equal(peers.find(id).key?.spki, ADA.publicKey.spki);
    const beginning = { code: "invalid", message: /Cannot tell which peer/ };
    await assert.rejects(peers.block(id.slice(0, 6)), beginning);
    await as("Ada", "as-ada");
    await assert.rejects(peers.block("Ada"), beginning);
    await peers.block(EVE.publicKey.fingerprint);
    assert.deepEqual([peers.judge(peer(EVE)), peers.judge(peer(ADA))], ["blocked", "known"]);
  });
});

Deno.test("Peers keeps whom this instance called when strangers fill list and address book", async () => {
  await withInstance(async ({ store }, root) => {
    const peers = new Peers(store);
    await peers.meet(peer(ADA, "called"), { proof: "proven", url: "http://peer.example" });
    const [trust, book] = [`${root}/storage/peer_trust.json`, `${root}/peers.json`];
    const { version, keys } = JSON.parse(Deno.readTextFileSync(trust));
    const [contact] = JSON.parse(Deno.readTextFileSync(book));
    const ids = Array.from({ length: 1000 }, (_, at) => `s${at}`);
    const public_key = BEN.publicKey.pem;
    const strangers = ids.map((id) => ({ ...keys[0], id, public_key }));
    Deno.writeTextFileSync(trust, JSON.stringify({ version, keys: [...keys, ...strangers] }));
    // As much as an introduction may say.
    const extensions = Array.from({ length: 100 }, (_, at) => `${at}`.padEnd(64, "x"));
    const large = { url: null, last_seen: "9", extensions, name: "\u0001".repeat(500), public_key };
    const contacts = ids.slice(0, 700).map((id) => ({ ...contact, ...large, id }));
    Deno.writeTextFileSync(book, JSON.stringify([contact, ...contacts]));
    for (let at = 0; at < 3; at++) await peers.meet(peer(EVE, `new${at}`), PROVEN);
    assert.ok(Deno.statSync(book).size <= 8 * 1024 * 1024, "it can be read again");
    const { standing, contact: kept } = peers.find("called");
    assert.deepEqual([standing, kept?.url], ["pinned", "http://peer.example"]);
    assert.equal(peers.judge(peer(EVE, "new2")), "known");
    assert.equal(peers.judge(peer(EVE, "called")), "changed");
  });
});
