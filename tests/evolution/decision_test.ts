import assert from "node:assert/strict";
import { nextSet } from "../../core/evolution/approver_set.ts";
import {
  type DecisionFacts,
  decisionText,
  signDecision,
  verifyDecision,
} from "../../core/evolution/decision.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";

const hash = (digit: string) => digit.repeat(64);
const [ADA, BEN, EVE] = ["Ada", "Ben", "Eve"].map((name) => OpenKey.generate(name)) as [
  OpenKey,
  OpenKey,
  OpenKey,
];
const ONE = nextSet(null, { keys: [ADA, BEN], required: 1 }, { head: hash("9") });
const TWO = nextSet(null, { keys: [ADA, BEN], required: 2 }, { head: hash("9") });

const FACTS: DecisionFacts = {
  instance: hash("1"),
  epoch: 1,
  proposal: hash("2"),
  seq: 7,
  base: hash("3"),
  new: hash("4"),
  verdict: "approve",
  expires: "2026-01-27T10:30:00Z",
};

Deno.test("decisionText() is the one line of the format", () => {
  assert.equal(
    decisionText(FACTS),
    `kairos-decision-v1|${hash("1")}|1|${hash("2")}|7|${hash("3")}|${hash("4")}|approve|` +
      "2026-01-27T10:30:00Z",
  );
});

Deno.test("decisionText() refuses parts that could be read as others", () => {
  const bent: Record<string, unknown>[] = [
    { instance: "x" },
    { instance: `${hash("1")}|1` },
    { epoch: -1 },
    { epoch: 1.5 },
    { epoch: "1" },
    { proposal: hash("A") },
    { seq: NaN },
    { base: "" },
    { new: hash("4").slice(1) },
    { verdict: "approve|" },
    { verdict: "yes" },
    { expires: "2026-01-27T10:30:00Z|x" },
    { expires: "soon" },
    { expires: "" },
  ];
  for (const change of bent) {
    const facts = { ...FACTS, ...change } as unknown as DecisionFacts;
    assert.throws(() => decisionText(facts), { code: "invalid" }, JSON.stringify(change));
    assert.equal(verifyDecision(facts, [], ONE).valid, false);
  }
});

Deno.test("verifyDecision() takes a signature for exactly one decision", async (t) => {
  const signatures = [signDecision(FACTS, ADA)];
  const { valid, signers, notes } = verifyDecision(FACTS, signatures, ONE);
  assert.deepEqual([valid, signers.map(({ id }) => id), notes], [true, [ADA.id], []]);
  const others: Partial<DecisionFacts>[] = [
    { instance: hash("9") },
    { proposal: hash("9") },
    { seq: 8 },
    { seq: 6 },
    { base: hash("9") },
    { new: hash("9") },
    { base: FACTS.new, new: FACTS.base },
    { verdict: "reject" },
    { expires: "2027-01-27T10:30:00Z" },
  ];
  for (const change of others) {
    await t.step(`replayed with another ${Object.keys(change).join()}`, () => {
      assert.equal(verifyDecision({ ...FACTS, ...change }, signatures, ONE).valid, false);
    });
  }
  await t.step("replayed in another epoch", () => {
    assert.equal(verifyDecision(FACTS, signatures, { ...ONE, epoch: 2 }).valid, false);
    const later = { ...FACTS, epoch: 2 };
    assert.equal(verifyDecision(later, signatures, { ...ONE, epoch: 2 }).valid, false);
  });
});

Deno.test("verifyDecision() counts distinct keys of the set and notes the others", () => {
  const [ada, ben, eve] = [ADA, BEN, EVE].map((key) => signDecision(FACTS, key));
  const cases: [string, readonly (typeof ada)[], boolean, RegExp | null][] = [
    ["two of two", [ada, ben], true, null],
    ["one of two", [ada], false, /1 of 2/],
    ["none", [], false, /0 of 2/],
    ["one twice", [ada, ada], false, /second signature/],
    ["one and a stranger", [ada, eve], false, /no such key/],
    ["two and a stranger", [ada, eve, ben], true, /no such key/],
    ["another's signature", [ada, { key: BEN.id, signature: ada!.signature }], false, /not hold/],
    ["garbage", [ada, { key: BEN.id, signature: "%" }], false, /not hold/],
  ];
  for (const [name, given, valid, note] of cases) {
    const found = verifyDecision(FACTS, given.map((one) => one!), TWO);
    assert.equal(found.valid, valid, name);
    if (note === null) assert.deepEqual(found.notes, []);
    else assert.match(found.notes.join("\n"), note, name);
  }
});
