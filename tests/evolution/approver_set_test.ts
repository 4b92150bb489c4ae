import assert from "node:assert/strict";
import {
  type ApproverSet,
  nextSet,
  parseSet,
  type SetChange,
  setFingerprint,
  setRecord,
  verifySet,
} from "../../core/evolution/approver_set.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";

const HERE = "a".repeat(64);
const THERE = "b".repeat(64);
/** Hash of the block before. */
const HEAD = "c".repeat(64);
const SITE = { instance: HERE, head: HEAD };
const [ADA, BEN, CHI, EVE] = ["Ada", "Ben", "智", "Eve"].map((name) => OpenKey.generate(name)) as [
  OpenKey,
  OpenKey,
  OpenKey,
  OpenKey,
];

interface Making {
  readonly signers: readonly OpenKey[];
  readonly instance?: string;
  readonly reset?: boolean;
  readonly head?: string;
  readonly change?: (record: Record<string, unknown>) => Record<string, unknown>;
}

/** The text of a set's record, as it would stand on the chain. */
function item(previous: ApproverSet | null, change: SetChange, making: Making): string {
  const fields = nextSet(previous, change, {
    head: making.head ?? HEAD,
    reset: making.reset === true,
  });
  const record = setRecord(fields, making.signers, making.instance ?? HERE);
  const whole = { ...record, timestamp: "2026-01-20T10:30:00+00:00", principal: "cli:ada" };
  return JSON.stringify(making.change?.(whole) ?? whole);
}

function read(text: string): ApproverSet {
  const set = parseSet(text);
  if (typeof set === "string") throw new Error(set);
  return set;
}

const make = (previous: ApproverSet | null, change: SetChange, making: Making) =>
  read(item(previous, change, making));

const FIRST = make(null, { keys: [ADA], required: 1 }, { signers: [ADA] });
const SECOND = make(FIRST, { keys: [ADA, BEN, CHI], required: 2 }, { signers: [ADA] });
const THIRD = make(SECOND, { keys: [ADA, CHI], required: 1 }, { signers: [ADA, BEN] });

Deno.test("verifySet() follows the sets from the first, each signed by the one before", () => {
  assert.deepEqual(verifySet(null, FIRST, SITE), { proof: "first", problem: null });
  assert.deepEqual(verifySet(FIRST, SECOND, SITE), { proof: "signed", problem: null });
  assert.deepEqual(verifySet(SECOND, THIRD, SITE), { proof: "signed", problem: null });
  assert.deepEqual([FIRST, SECOND, THIRD].map(({ epoch, number }) => [epoch, number]), [
    [1, 1],
    [1, 2],
    [1, 3],
  ]);
});

Deno.test("verifySet() shows a reset as unproven and opens a new epoch", () => {
  const reset = make(SECOND, { keys: [EVE], required: 1 }, { signers: [EVE], reset: true });
  assert.deepEqual([reset.epoch, reset.number], [2, 3]);
  assert.deepEqual(verifySet(SECOND, reset, SITE), { proof: "unproven", problem: null });
  // What it follows may be lost.
  assert.deepEqual(verifySet(null, reset, SITE), { proof: "unproven", problem: null });
  const later = make(reset, { keys: [EVE, ADA], required: 1 }, { signers: [EVE] });
  assert.deepEqual(verifySet(reset, later, SITE), { proof: "signed", problem: null });
  assert.equal(later.epoch, 2);
});

Deno.test("verifySet() refuses every set that does not follow", async (t) => {
  const eve = { keys: [EVE], required: 1 };
  const trio = { keys: [ADA, BEN, EVE], required: 2 };
  const twice = (record: Record<string, unknown>) => ({
    ...record,
    signatures: [0, 0].map((at) => (record.signatures as unknown[])[at]),
  });
  const cases: Record<string, [ApproverSet | null, ApproverSet, RegExp]> = {
    "signed by nobody": [SECOND, make(SECOND, trio, { signers: [] }), /0 of the 2/],
    "signed by a stranger": [FIRST, make(FIRST, eve, { signers: [EVE] }), /0 of the 1/],
    "signed by too few": [SECOND, make(SECOND, trio, { signers: [ADA] }), /1 of the 2/],
    "signed twice by one": [
      SECOND,
      make(SECOND, trio, { signers: [ADA], change: twice }),
      /1 of the 2/,
    ],
    "signed by one and a stranger": [
      SECOND,
      make(SECOND, trio, { signers: [ADA, EVE] }),
      /1 of the 2/,
    ],
    "signed for another instance": [
      FIRST,
      make(FIRST, { keys: [ADA, EVE], required: 1 }, { signers: [ADA], instance: THERE }),
      /0 of the 1/,
    ],
    "made for another history": [
      FIRST,
      make(FIRST, { keys: [ADA, EVE], required: 1 }, { signers: [ADA], head: THERE }),
      /another history/,
    ],
    "put behind another history": [
      FIRST,
      make(FIRST, { keys: [ADA, EVE], required: 1 }, {
        signers: [ADA],
        head: THERE,
        change: (record) => ({ ...record, head: HEAD }),
      }),
      /0 of the 1/,
    ],
    "a reset behind another history": [
      FIRST,
      make(FIRST, eve, { signers: [EVE], reset: true, head: THERE }),
      /another history/,
    ],
    "keys changed after it was signed": [
      FIRST,
      make(FIRST, { keys: [ADA, BEN], required: 1 }, {
        signers: [ADA],
        change: (record) => ({ ...record, keys: [EVE.toJSON()] }),
      }),
      /0 of the 1/,
    ],
    "threshold changed after it was signed": [
      FIRST,
      make(FIRST, { keys: [ADA, BEN], required: 2 }, {
        signers: [ADA],
        change: (record) => ({ ...record, required: 1 }),
      }),
      /0 of the 1/,
    ],
    "a name changed after it was signed": [
      FIRST,
      make(FIRST, { keys: [ADA, BEN], required: 2 }, {
        signers: [ADA],
        change: (record) => ({
          ...record,
          keys: [ADA.toJSON(), { ...BEN.toJSON(), name: "Eve" }],
        }),
      }),
      /0 of the 1/,
    ],
    "another epoch": [
      FIRST,
      make(FIRST, { keys: [BEN], required: 1 }, {
        signers: [ADA],
        change: (record) => ({ ...record, epoch: 2 }),
      }),
      /should be number 2 of epoch 1/,
    ],
    "a number left out": [
      FIRST,
      make(FIRST, { keys: [BEN], required: 1 }, {
        signers: [ADA],
        change: (record) => ({ ...record, number: 3 }),
      }),
      /should be number 2 of epoch 1/,
    ],
    "a second first": [FIRST, make(null, eve, { signers: [EVE] }), /says it is the first/],
    "a set again": [SECOND, SECOND, /follows another set/],
    "an earlier set again": [THIRD, SECOND, /follows another set/],
    "the end without its beginning": [null, SECOND, /not there/],
    "a first that its keys did not sign": [
      null,
      make(null, { keys: [ADA, BEN], required: 1 }, { signers: [ADA] }),
      /1 of the 2 signatures it needs from its own/,
    ],
    "a reset that its keys did not sign": [
      FIRST,
      make(FIRST, { keys: [ADA, EVE], required: 1 }, { signers: [EVE], reset: true }),
      /1 of the 2/,
    ],
    "a reset into the same epoch": [
      FIRST,
      make(FIRST, eve, {
        signers: [EVE],
        reset: true,
        change: (record) => ({ ...record, epoch: 1 }),
      }),
      /should be number 2 of epoch 2/,
    ],
    "a reset that was turned into a change": [
      FIRST,
      make(FIRST, eve, {
        signers: [EVE],
        reset: true,
        change: (record) => ({ ...record, reset: false, epoch: 1 }),
      }),
      /0 of the 1/,
    ],
  };
  for (const [name, [previous, next, found]] of Object.entries(cases)) {
    await t.step(name, () => {
      const { proof, problem } = verifySet(previous, next, SITE);
      assert.equal(proof, null);
      assert.match(problem!, found);
    });
  }
});

Deno.test("parseSet() refuses what is malformed, within bounds", () => {
  const change = { keys: [ADA, BEN], required: 1 };
  const bent = (change_: object) =>
    item(null, change, { signers: [ADA, BEN], change: (record) => ({ ...record, ...change_ }) });
  const good = bent({});
  assert.equal(typeof parseSet(good), "object");
  const cases = [
    "",
    "{}",
    "[]",
    "null",
    "approver_set",
    good.slice(1),
    good.replace("{", '{"type":"approver_set",'),
    `${good.slice(0, -1)},"x":"${"x".repeat(70_000)}"}`,
    bent({ type: "approver_set " }),
    bent({ epoch: 0 }),
    bent({ epoch: 1.5 }),
    bent({ epoch: "1" }),
    bent({ number: 2 ** 53 }),
    bent({ required: 0 }),
    bent({ required: 3 }),
    bent({ keys: [] }),
    bent({ keys: {} }),
    bent({ keys: [ADA.toJSON(), ADA.toJSON()] }),
    bent({ keys: [{ ...ADA.toJSON(), id: BEN.id }] }),
    bent({ keys: [{ ...ADA.toJSON(), public_key: new Uint8Array(32).toBase64() }] }),
    bent({ keys: [{ ...ADA.toJSON(), name: "A\u200b" }] }),
    bent({ keys: Array.from({ length: 33 }, () => OpenKey.generate("x").toJSON()) }),
    bent({ previous: "x" }),
    bent({ previous: undefined }),
    bent({ head: "x" }),
    bent({ head: null }),
    bent({ head: undefined }),
    bent({ reset: 0 }),
    bent({ signatures: null }),
    bent({ signatures: [{ key: ADA.id, signature: "AAAA" }] }),
    bent({ signatures: Array.from({ length: 65 }, () => ({})) }),
    bent({ timestamp: undefined }),
  ];
  for (const one of cases) assert.equal(typeof parseSet(one), "string", one.slice(0, 200));
});

Deno.test("setFingerprint() depends on who decides and how many, and on nothing else", () => {
  const first = setFingerprint({ keys: [ADA, BEN], required: 1 });
  assert.match(first, /^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.equal(setFingerprint({ keys: [BEN, ADA], required: 1 }), first);
  assert.equal(setFingerprint(SECOND), setFingerprint({ keys: [CHI, BEN, ADA], required: 2 }));
  const renamed = { ...BEN.toJSON(), name: "Eve" };
  for (
    const other of [
      { keys: [ADA, BEN], required: 2 },
      { keys: [ADA], required: 1 },
      { keys: [ADA, EVE], required: 1 },
      { keys: [ADA, renamed], required: 1 },
    ]
  ) assert.notEqual(setFingerprint(other), first);
});

Deno.test("nextSet() makes no set that nobody could decide with", () => {
  for (const change of [{ keys: [ADA], required: 2 }, { keys: [], required: 0 }]) {
    assert.throws(() => nextSet(null, change, { head: HEAD }), { code: "invalid" });
  }
  assert.throws(() => nextSet(null, { keys: [ADA, ADA], required: 1 }, { head: HEAD }), {
    code: "invalid",
  });
});
