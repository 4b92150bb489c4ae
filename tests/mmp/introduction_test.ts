import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { isPeer, readIntroduction } from "../../mmp/introduction.ts";
import { instanceIdOf } from "../../mmp/identity.ts";
import { makeProof, proofProblem, type ProofTerms } from "../../mmp/proof.ts";
import { parseWire, type WireMap } from "../../mmp/wire_json.ts";
import { NOON } from "../support/instance.ts";
import { arrived, introductionOf, somebody } from "./people.ts";

const ADA = await somebody("Ada");
const EVE = await somebody("Eve");

function weakKey(kind: "rsa" | "ec"): string {
  const { publicKey } = kind === "rsa"
    ? generateKeyPairSync("rsa", { modulusLength: 1024 })
    : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return String(publicKey.export({ format: "pem", type: "spki" }));
}

Deno.test("readIntroduction() verifies what is signed, in the order it was sent", () => {
  const introduced = readIntroduction(arrived(introductionOf(ADA)));
  assert.deepEqual(
    [introduced.verified, introduced.bound, introduced.problem, introduced.name],
    [true, true, null, "Ada"],
  );
  assert.deepEqual(introduced.actions, ["introduce", "reflect"]);
  const odd = {
    z: 1,
    name: 'é 日 / " \\ \u2028',
    nested: { b: [1, null, true] },
    instance_id: "old.id",
  };
  const foreign = readIntroduction(arrived(introductionOf(EVE, odd)));
  assert.deepEqual([foreign.verified, foreign.bound, foreign.instanceId], [true, false, "old.id"]);
  const { identity, ...rest } = introductionOf(ADA);
  const turned = Object.fromEntries(Object.entries(identity as object).reverse());
  assert.equal(readIntroduction(arrived({ ...rest, identity: turned })).verified, false);
});

Deno.test("readIntroduction() believes nothing that is not signed with an RSA key of 2048 bits", () => {
  const good = introductionOf(ADA);
  const cases: [unknown, RegExp][] = [
    [{}, /no identity/],
    [{ ...good, identity: "x" }, /no identity/],
    [{ ...good, identity: [1] }, /no identity/],
    [{ ...good, public_key: undefined }, /no public key/],
    [{ ...good, public_key: 7 }, /no public key/],
    [{ ...good, public_key: "PEM" }, /no PEM/],
    [{ ...good, public_key: "x".repeat(100_000) }, /no PEM/],
    [{ ...good, public_key: weakKey("rsa") }, /1024 bits/],
    [{ ...good, public_key: weakKey("ec") }, /not RSA/],
    [{ ...good, public_key: EVE.publicKey.pem }, /does not fit/],
    [{ ...good, identity_signature: undefined }, /does not fit/],
    [{ ...good, identity_signature: "!" }, /does not fit/],
    [{ ...good, identity_signature: `${good["identity_signature"]}\n` }, /does not fit/],
    [{ ...good, identity: { ...ADA.identity, name: "Adam" } }, /does not fit/],
    [introductionOf(ADA, { instance_id: "a b" }), /no id/],
    [introductionOf(ADA, { instance_id: "../x" }), /no id/],
    [introductionOf(ADA, { instance_id: "a".repeat(129) }), /no id/],
  ];
  for (const [body, problem] of cases) {
    const introduced = readIntroduction(arrived(body));
    assert.equal(introduced.verified, false);
    assert.match(introduced.problem!, problem);
    assert.equal(isPeer(introduced), false);
  }
  const nameless = readIntroduction(arrived(introductionOf(ADA, { name: "no id" })));
  assert.deepEqual([nameless.verified, isPeer(nameless)], [true, false]);
});

Deno.test("instanceIdOf() gives every key an id of its own", () => {
  assert.equal(ADA.identity.instance_id, instanceIdOf(ADA.publicKey.spki));
  assert.match(ADA.identity.instance_id, /^[0-9a-f]{16}$/);
  assert.notEqual(ADA.identity.instance_id, EVE.identity.instance_id);
});

Deno.test("proofProblem() accepts a proof for its asker, its word, its role and its time only", () => {
  const terms: ProofTerms = {
    role: "introduce",
    nonce: "0123456789abcdef",
    audience: EVE.identity.instance_id,
    now: NOON,
  };
  const proof = arrived(makeProof(ADA, terms));
  const check = (more: Partial<ProofTerms>, sent: WireMap = proof, key = ADA.publicKey) =>
    proofProblem(sent, key, { ...terms, ...more });
  assert.equal(check({}), null);
  assert.equal(check({ now: NOON + 5 * 60 * 1000 }), null);
  assert.match(check({ now: NOON + 5 * 60 * 1000 + 1000 })!, /another time/);
  assert.match(check({ now: NOON - 5 * 60 * 1000 - 1000 })!, /another time/);
  assert.match(check({ nonce: "fedcba9876543210" })!, /another nonce/);
  assert.match(check({ audience: ADA.identity.instance_id })!, /was made for/);
  assert.match(check({ role: "answer" })!, /not signed/);
  assert.match(check({}, proof, EVE.publicKey)!, /not signed/);
  const changed = (field: string, value: unknown) =>
    arrived({ ...Object.fromEntries(proof), [field]: value });
  assert.match(check({}, changed("ts", "2026-01-20T10:30:01Z"))!, /not signed/);
  assert.match(check({}, changed("ts", "2026-01-20"))!, /no time/);
  assert.match(check({}, changed("ts", "9999-99-99T99:99:99Z"))!, /another time/);
  assert.match(check({}, changed("signature", null))!, /not signed/);
  assert.match(proofProblem(parseWire("[]"), ADA.publicKey, terms)!, /no proof/);
  assert.match(proofProblem(undefined, ADA.publicKey, terms)!, /no proof/);
});

Deno.test("makeProof() signs no word that could mean something else", () => {
  const terms: ProofTerms = { role: "answer", nonce: "", audience: "", now: NOON };
  for (
    const nonce of ["", "short", "a|b|cccccccccccccccc", "a b cccccccccccccccc", "x".repeat(129)]
  ) {
    assert.throws(() => makeProof(ADA, { ...terms, nonce }), TypeError);
  }
  for (const audience of ["a|b", "a b", "x".repeat(129)]) {
    assert.throws(() => makeProof(ADA, { ...terms, nonce: "n".repeat(16), audience }), TypeError);
  }
});
