import assert from "node:assert/strict";
import { type Block, encodeLedger } from "../../core/chain/block.ts";
import { verifyChain } from "../../core/chain/verify.ts";
import { count, pick } from "../counts.ts";
import { bytesOf, chainOfLength, LAYOUTS } from "./samples.ts";

/** Changes of a byte: each bit, and bytes that mean something to JSON or to a disk. */
const CHANGES: readonly ((byte: number) => number)[] = [
  ...Array.from({ length: 8 }, (_, bit) => (byte: number) => byte ^ (1 << bit)),
  ...[...bytesOf(' \n\t"\\,:[]{}-0e\0'), 0xff].map((value) => () => value),
];

/**
 * What a change of one byte may be that a verification does not report, because the chain says the
 * same as before.
 *
 * - `blank`: one blank for another between two parts of the JSON
 * - `escape`: another way to write the same character
 * - `number`: `-0` for `0`
 * - `unknown key`: inside a key no format knows, or its value
 */
type Irrelevant = "blank" | "escape" | "number" | "unknown key";

/** Changes one byte and returns what was not reported about it, `null` for what was. */
async function flip(
  bytes: Uint8Array,
  original: readonly Block[],
  at: number,
  value: number,
): Promise<Irrelevant | null> {
  const was = bytes[at]!;
  bytes[at] = value;
  try {
    const { valid } = await verifyChain([bytes]);
    return valid ? classify(bytes, original, at, was) : null;
  } finally {
    bytes[at] = was;
  }
}

const BLANKS = new Set(bytesOf(" \n\r\t"));
const KNOWN = ["index", "timestamp", "data", "previous_hash", "merkle_root", "hash"];

function classify(
  bytes: Uint8Array,
  original: readonly Block[],
  at: number,
  was: number,
): Irrelevant {
  const what = `byte ${at}, ${was} to ${bytes[at]}`;
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const changed: Record<string, unknown>[] = JSON.parse(text);
  const known = (block: object) =>
    KNOWN.map((key) => Object.getOwnPropertyDescriptor(block, key)?.value);
  const same = JSON.stringify(changed.map(known)) === JSON.stringify(original.map(known));
  assert.ok(same, `${what} was not found`);
  if (JSON.stringify(changed) !== JSON.stringify(original)) return "unknown key";
  if (BLANKS.has(was) && BLANKS.has(bytes[at]!)) return "blank";
  const around = new TextDecoder("latin1").decode(bytes.subarray(Math.max(0, at - 5), at + 5));
  if (/\\u[0-9a-fA-F]{4}/.test(around)) return "escape";
  assert.match(around, /:-0[,\s]/, `${what} is not of any class`);
  return "number";
}

/** Every change at every place of a small ledger, by class. */
async function flipAll(text: string): Promise<Record<string, number>> {
  const bytes = bytesOf(text);
  const original = JSON.parse(text);
  const found: Record<string, number> = {};
  for (let at = 0; at < bytes.length; at++) {
    for (const change of CHANGES) {
      const value = change(bytes[at]!);
      if (value === bytes[at]) continue;
      const kind = await flip(bytes, original, at, value) ?? "reported";
      found[kind] = (found[kind] ?? 0) + 1;
    }
  }
  return found;
}

const SMALL: Record<string, readonly Irrelevant[]> = {
  "usual": ["blank", "number"],
  "compact": [],
  "with CRLF": ["blank", "number"],
  "with four spaces": ["blank", "number"],
  "with the keys reversed": ["blank", "number"],
  "with unknown keys": ["blank", "number", "unknown key"],
  "with ASCII escapes": ["blank", "escape", "number"],
};

Deno.test("verifyChain() finds every change of a byte that changes what the chain says", async (t) => {
  for (const [layout, classes] of pick("flippedLayouts", Object.entries(SMALL))) {
    await t.step(`a short ledger ${layout}`, async () => {
      const { reported = 0, ...others } = await flipAll(LAYOUTS[layout]!(chainOfLength(3)));
      assert.deepEqual(Object.keys(others).sort(), classes);
      assert.ok(reported > 20_000);
    });
  }
  await t.step("a ledger of 200 blocks", async () => {
    const chain = chainOfLength(200);
    const bytes = bytesOf(encodeLedger(chain));
    const places = bytes.length * CHANGES.length;
    const many = count("flips");
    for (let nth = 0; nth < many; nth++) {
      const place = Math.floor(nth * places / many);
      const at = Math.floor(place / CHANGES.length);
      const value = CHANGES[place % CHANGES.length]!(bytes[at]!);
      if (value === bytes[at]) continue;
      const kind = await flip(bytes, chain, at, value);
      assert.ok([null, "blank", "number"].includes(kind), `byte ${at} became ${value}: ${kind}`);
    }
  });
});
