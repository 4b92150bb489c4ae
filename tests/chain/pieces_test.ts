import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeLedger } from "../../core/chain/block.ts";
import { BlockScanner } from "../../core/chain/scan.ts";
import { verifyChain } from "../../core/chain/verify.ts";
import { KairosError } from "../../core/errors.ts";
import { count } from "../counts.ts";
import { bytesOf, chainOfLength, LAYOUTS } from "./samples.ts";

const chain = chainOfLength(4);
const usual = encodeLedger(chain);
const short = Object.entries(LAYOUTS).filter(([layout]) => !layout.includes("many"));

/** Cuts something at random places, the same place more than once included. */
const cuts = fc.array(fc.nat(), { maxLength: 20 });

function pieces<T extends { slice(from: number, to?: number): T; length: number }>(
  whole: T,
  places: readonly number[],
): T[] {
  const at = [...places.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) =>
    a - b
  );
  return at.map((place, i) => whole.slice(i === 0 ? 0 : at[i - 1]!, place));
}

/** What a scanner makes of pieces: values and texts, or the error. */
function scan(parts: readonly string[]): unknown[] {
  const scanner = new BlockScanner();
  const found: unknown[] = [];
  try {
    for (const part of parts) {
      for (const { text, value } of scanner.push(part)) found.push(text.trim(), value);
    }
    scanner.end();
  } catch (error) {
    assert.ok(error instanceof KairosError);
    found.push(error.message);
  }
  return found;
}

Deno.test("BlockScanner finds the same blocks however the text is cut", async (t) => {
  for (const [layout, encode] of short) {
    await t.step(layout, () => {
      const text = encode(chain);
      const whole = scan([text]);
      assert.deepEqual(whole.filter((_, at) => at % 2 === 1), JSON.parse(text));
      assert.deepEqual(scan([...text]), whole);
      fc.assert(
        fc.property(cuts, (places) => assert.deepEqual(scan(pieces(text, places)), whole)),
        { numRuns: Math.ceil(count("fuzzRuns") / 10) },
      );
    });
  }
});

Deno.test("BlockScanner fails alike however the text is cut", () => {
  const broken = fc.tuple(fc.nat(usual.length), fc.nat(30), fc.string({ maxLength: 4 })).map((
    [at, length, insert],
  ) => usual.slice(0, at) + insert + usual.slice(at + length));
  fc.assert(
    fc.property(broken, cuts, (text, places) => {
      assert.deepEqual(scan(pieces(text, places)), scan([text]));
      assert.deepEqual(scan([...text]), scan([text]));
    }),
    { numRuns: Math.ceil(count("fuzzRuns") / 4) },
  );
});

Deno.test("BlockScanner reads in one walk what somebody else laid out", () => {
  const text = JSON.stringify(chainOfLength(300));
  const scanner = new BlockScanner();
  let found = 0;
  for (let at = 0; at < text.length; at += 100) {
    for (const _ of scanner.push(text.slice(at, at + 100))) found++;
  }
  scanner.end();
  assert.equal(found, 300);
});

const nested = (levels: number) =>
  usual.replace('"index": 1', `"index": ${"[".repeat(levels)}${"]".repeat(levels)}`);

/** Files with everything a verification can come across. */
const FILES: Record<string, Uint8Array> = {
  ...Object.fromEntries(short.map(([layout, encode]) => [layout, bytesOf(encode(chain))])),
  "other data in a block": bytesOf(usual.replace('\\"id\\":1', '\\"id\\":9')),
  "a key twice": bytesOf(usual.replace('"index": 1,', '"index": 1,\n    "index": 1,')),
  "nested too deeply": bytesOf(nested(500)),
  "nested as deep as allowed": bytesOf(nested(99)),
  "not closed": bytesOf(usual.slice(0, -2)),
  "text behind the end": bytesOf(usual + " ]"),
  "no list": bytesOf("{}"),
  "elements that are no blocks": bytesOf('[1, "a]", null]'),
  "a byte that is no UTF-8 in an item": withBytes("記録", [0xff]),
  "half a character in an item": withBytes("記録", [0xe8, 0xa8]),
  "a surrogate in an item": withBytes("記録", [0xed, 0xa0, 0x80]),
  "half of a large character before another": withBytes("🚀", [0xf0, 0x9f, 0x9a, 0xe8, 0xa8, 0x98]),
  "a byte that is no UTF-8 between two blocks": withBytes("},\n", [0x7d, 0x2c, 0xc0, 0x0a]),
  "two bad places": withBytes("記録", [0xff, 0x41, 0xc3]),
  "half a character at the end": new Uint8Array([...bytesOf(usual), 0xe8, 0xa8]),
  "nothing": new Uint8Array(0),
};

/** The usual file with the first occurrence of a text replaced by bytes. */
function withBytes(text: string, bytes: readonly number[]): Uint8Array {
  const [before = "", ...after] = usual.split(text);
  return new Uint8Array([...bytesOf(before), ...bytes, ...bytesOf(after.join(text))]);
}

Deno.test("verifyChain() comes to the same report however the bytes are cut", async (t) => {
  for (const [name, bytes] of Object.entries(FILES)) {
    await t.step(name, async () => {
      const whole = await verifyChain([bytes]);
      assert.deepEqual(await verifyChain(pieces(bytes, [...bytes.keys()])), whole);
      await fc.assert(
        fc.asyncProperty(cuts, async (places) => {
          assert.deepEqual(await verifyChain(pieces(bytes, places)), whole);
        }),
        { numRuns: Math.ceil(count("fuzzRuns") / 20) },
      );
    });
  }
});

Deno.test("verifyChain() finds bytes that are no UTF-8 at their block and reads on", async () => {
  for (const [name, bytes] of Object.entries(FILES)) {
    if (!/UTF-8 in an item|character in an item|surrogate/.test(name)) continue;
    const { state, findings, length, intact } = await verifyChain([bytes]);
    assert.deepEqual([state, length, intact], ["corrupt", chain.length, 1], name);
    assert.deepEqual([findings[0]?.rule, findings[0]?.block], ["encoding", 1], name);
  }
});
