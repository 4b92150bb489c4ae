import assert from "node:assert/strict";
import type { JsonObject } from "../../core/dsl/ast.ts";
import { changeApprovers, resetApprovers } from "../../core/evolution/approvers.ts";
import { signDecision } from "../../core/evolution/decision.ts";
import { encodeProposal } from "../../core/evolution/proposal.ts";
import {
  encodeSigned,
  readRequest,
  readSigned,
  type SignedDecision,
} from "../../core/evolution/signing.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { sha256 } from "../../core/objects/objects.ts";
import {
  ASKED,
  contentInForce,
  type LawFixture,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";
import { ACTOR } from "../support/instance.ts";

const [ADA, BEN, EVE] = ["Ada", "Ben", "Eve"].map((name) => OpenKey.generate(name)) as [
  OpenKey,
  OpenKey,
  OpenKey,
];
const NEW = "Look after 90 days.\n";

interface Signing extends LawFixture {
  readonly id: string;
  /** What an approver elsewhere makes of a request. */
  readonly sign: (key: OpenKey, verdict?: "approve" | "reject", id?: string) => SignedDecision;
}

/** Two approvers of whom both have to sign, and a proposal that waits. */
async function withSigning(
  test: (signing: Signing) => Promise<void>,
  asked: JsonObject = ASKED,
): Promise<void> {
  await withLaw(async (fixture) => {
    const { evolution, instance: { store } } = fixture;
    const keys = [ADA, BEN];
    await changeApprovers(store, { keys, required: 2, signers: keys, base: null, actor: PERSON });
    const { proposal: { id } } = await evolution.propose(
      skillRequest("audit_rules", { content: NEW }),
      ACTOR,
    );
    const sign = (key: OpenKey, verdict: "approve" | "reject" = "approve", which = id) => {
      const { facts } = readRequest(evolution.request(which, verdict));
      return readSigned(encodeSigned({ facts, signatures: [signDecision(facts, key)] }));
    };
    await test({ ...fixture, id, sign });
  }, { law: testLaw(asked) });
}

Deno.test("Evolution.addSignatures() decides with the last signature that is needed and not before", () =>
  withSigning(async ({ evolution, reopen, instance, id, sign }) => {
    const height = () => instance.store.ledger.head().length;
    const before = height();
    const one = await evolution.addSignatures(id, "approve", [sign(ADA)], PERSON);
    assert.deepEqual([one.stored.state, one.missing], ["pending", 1]);
    assert.equal(height(), before, "nothing on the chain");
    await assert.rejects(evolution.apply(id, PERSON), { code: "refused" });
    // The same once more changes nothing, and another process goes on with it.
    const again = await evolution.addSignatures(id, "approve", [sign(ADA)], PERSON);
    assert.equal(again.missing, 1);
    const other = await reopen();
    assert.deepEqual(other.collected(id, "approve").signers.map(({ name }) => name), ["Ada"]);
    assert.deepEqual(other.collected(id, "reject").signers, []);
    const two = await other.addSignatures(id, "approve", [sign(BEN)], PERSON);
    assert.deepEqual([two.stored.state, two.missing], ["approved", 0]);
    await other.apply(id, PERSON);
    assert.equal(await contentInForce(evolution, "audit_rules"), NEW);
    assert.deepEqual((await evolution.audit()).findings, []);
  }));

Deno.test("Evolution.addSignatures() takes a no from as many as a yes", () =>
  withSigning(async ({ evolution, id, sign }) => {
    await evolution.addSignatures(id, "approve", [sign(ADA)], PERSON);
    const no = [sign(ADA, "reject"), sign(BEN, "reject")];
    const { stored } = await evolution.addSignatures(id, "reject", no, PERSON);
    assert.equal(stored.state, "rejected");
  }));

Deno.test("Evolution.addSignatures() takes no signature but for exactly this decision", async (t) => {
  const cases: Readonly<
    Record<string, readonly [RegExp, (signing: Signing) => Promise<SignedDecision>]>
  > = {
    "of somebody else": [/no such key/, ({ sign }) => Promise.resolve(sign(EVE))],
    "that was changed": [/does not hold/, ({ sign }) => {
      const { facts, signatures: [{ key, signature }] } = sign(ADA) as SignedDecision & {
        signatures: [{ key: string; signature: string }];
      };
      const bytes = Uint8Array.fromBase64(signature);
      bytes[3]! ^= 1;
      return Promise.resolve({ facts, signatures: [{ key, signature: bytes.toBase64() }] });
    }],
    "under another name": [/does not hold/, ({ sign }) => {
      const { facts, signatures } = sign(EVE);
      return Promise.resolve({
        facts,
        signatures: signatures.map(({ signature }) => ({ key: ADA.id, signature })),
      });
    }],
    "without one": [
      /there are none/,
      ({ sign }) => Promise.resolve({ ...sign(ADA), signatures: [] }),
    ],
    "for a no": [/say the opposite/, ({ sign }) => Promise.resolve(sign(ADA, "reject"))],
    "for another proposal": [/another proposal/, async ({ evolution, sign }) => {
      const request = skillRequest("audit_rules", { content: "0 days.\n" });
      const { proposal } = await evolution.propose(request, ACTOR);
      return sign(ADA, "approve", proposal.id);
    }],
    "for another instance": [/another instance/, async () => {
      let foreign: SignedDecision | undefined;
      await withSigning(async ({ sign }) => void (foreign = await Promise.resolve(sign(ADA))), {
        ...ASKED,
        limits: { evolutions_per_session: 49 },
      });
      return foreign!;
    }],
    "with another number": [/another decision came first/, ({ sign }) => {
      const { facts } = sign(ADA);
      const later = { ...facts, seq: facts.seq + 1 };
      return Promise.resolve({ facts: later, signatures: [signDecision(later, ADA)] });
    }],
    "with a longer life": [/another end/, ({ sign }) => {
      const { facts } = sign(ADA);
      const longer = { ...facts, expires: "2036-01-20T10:30:00.000Z" };
      return Promise.resolve({ facts: longer, signatures: [signDecision(longer, ADA)] });
    }],
    "with facts that were swapped": [/does not hold/, ({ sign }) => {
      const { facts } = sign(ADA);
      const { signatures } = sign(ADA, "reject");
      return Promise.resolve({ facts, signatures });
    }],
    "of another epoch": [/another epoch/, async ({ instance: { store }, sign }) => {
      const early = sign(ADA);
      const keys = [ADA, BEN];
      await resetApprovers(store, { keys, required: 2, signers: keys, actor: PERSON });
      return early;
    }],
  };
  for (const [name, [problem, make]] of Object.entries(cases)) {
    await t.step(name, () =>
      withSigning(async (signing) => {
        const { evolution, id } = signing;
        const signed = await make(signing);
        await assert.rejects(
          evolution.addSignatures(id, "approve", [signed], PERSON),
          (error: Error) => problem.test(error.message),
        );
        assert.deepEqual(evolution.collected(id, "approve").signers, []);
        assert.equal(evolution.show(id).state, "pending");
      }));
  }
});

Deno.test("Evolution.addSignatures() passes over kept signatures another decision has overtaken", () =>
  withSigning(async ({ evolution, id, sign }) => {
    await evolution.addSignatures(id, "approve", [sign(ADA)], PERSON);
    const request = skillRequest("chain_awareness", { content: "Other.\n" });
    const { proposal: { id: other } } = await evolution.propose(request, ACTOR);
    const no = [sign(ADA, "reject", other), sign(BEN, "reject", other)];
    await evolution.addSignatures(other, "reject", no, PERSON);
    assert.deepEqual(evolution.collected(id, "approve").signers, []);
    const { missing } = await evolution.addSignatures(id, "approve", [sign(BEN)], PERSON);
    assert.equal(missing, 1);
  }));

Deno.test("Evolution.addSignatures() believes no file of kept signatures", () =>
  withSigning(async ({ evolution, root, id, sign }) => {
    const path = `${root}/skills/proposals/${id}.signatures.json`;
    const { facts, signatures } = sign(ADA);
    const forged = [
      "x",
      "{}",
      encodeSigned({ facts, signatures: [...signatures, ...signatures] }),
      encodeSigned({ facts, signatures: [{ ...signatures[0]!, key: BEN.id }] }),
      encodeSigned({ facts: { ...facts, verdict: "reject" }, signatures }),
    ];
    for (const text of forged) {
      Deno.writeTextFileSync(path, text);
      assert.ok(evolution.collected(id, "approve").missing >= 1, text);
      assert.equal(evolution.list().length, 1, "it is no proposal");
    }
    const { missing } = await evolution.addSignatures(id, "approve", [sign(ADA)], PERSON);
    assert.equal(missing, 1);
    assert.equal(evolution.show(id).state, "pending");
  }));

Deno.test("Evolution.request() asks for signatures only where there are approvers", () =>
  withLaw(async ({ evolution }) => {
    const request = skillRequest("audit_rules", { content: NEW });
    const { proposal: { id } } = await evolution.propose(request, ACTOR);
    assert.throws(() => evolution.request(id, "approve"), { code: "refused" });
    await assert.rejects(evolution.addSignatures(id, "approve", [], PERSON), { code: "refused" });
  }));

Deno.test("readRequest() shows nothing but what would be signed and changed", async (t) => {
  await withSigning(async ({ evolution, id }) => {
    const text = evolution.request(id, "approve");
    const { facts, stored } = readRequest(text);
    assert.equal(stored.hash, facts.proposal);
    assert.match(stored.proposal.diff.prose, /\n\+.*90 days/);
    const request = JSON.parse(text);
    const { proposal } = evolution.show(id);
    const lying = {
      ...proposal,
      diff: { ...proposal.diff, prose: proposal.diff.prose.replace("90 days", "365 days") },
    };
    const document = new TextDecoder().decode(encodeProposal(lying));
    const [own] = Object.keys(request.contents).filter((object) =>
      object === proposal.files[0]!.new
    );
    const { [own!]: _, ...without } = request.contents;
    const broken: Readonly<Record<string, unknown>> = {
      "no JSON": "{",
      "no request": "{}",
      "signatures": encodeSigned({ facts, signatures: [] }),
      "another document": { ...request, document },
      "a document that lies": {
        ...request,
        document,
        decision: { ...facts, proposal: sha256(document) },
      },
      "another change": { ...request, decision: { ...facts, new: "0".repeat(64) } },
      "another end": { ...request, decision: { ...facts, expires: "2036-01-20T10:30:00Z" } },
      "no contents": { ...request, contents: without },
      "contents under another name": {
        ...request,
        contents: { ...request.contents, [own!]: btoa("nothing") },
      },
      "contents that are none": { ...request, contents: [] },
      "another version": { ...request, version: 2 },
      "a key twice": text.replace('{"version":1', '{"version":1,"version":1'),
    };
    for (const [name, one] of Object.entries(broken)) {
      await t.step(name, () => {
        const sent = typeof one === "string" ? one : JSON.stringify(one);
        assert.throws(() => readRequest(sent), { name: "KairosError", code: "invalid" });
      });
    }
  });
});
