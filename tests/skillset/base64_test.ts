import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { base64Pieces } from "../../core/skillset/base64_write.ts";
import { Base64Reader } from "../../core/skillset/base64_reader.ts";
import { PackageRefusedError, type Refusal } from "../../core/skillset/refusal.ts";
import { count } from "../counts.ts";

/** Reads a text in pieces of so many groups of four. */
function read(text: string, groups = Infinity, limit = 10_000): Uint8Array {
  const bytes = Buffer.from(text, "latin1");
  const reader = new Base64Reader(bytes.length, limit);
  for (let at = 0; !reader.isWhole; at += groups * 4) {
    reader.push(bytes.subarray(at, at + groups * 4));
  }
  return reader.bytes();
}

Deno.test("Base64Reader reads every text, whatever pieces it comes in", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 50 }), (bytes, n) => {
      assert.deepEqual(read(Buffer.from(bytes).toString("base64"), n), new Uint8Array(bytes));
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("base64Pieces() writes every text, however its bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 }), (pieces) => {
      const text = [...base64Pieces(pieces)].join("");
      assert.equal(text, Buffer.concat(pieces).toString("base64"));
    }),
    { numRuns: count("fuzzRuns") },
  );
});

const refused: readonly [text: string, reason: Refusal][] = [
  ["AAA", "bad_base64"],
  ["AAAAA", "bad_base64"],
  ["AAAAAAA\n", "bad_base64"],
  ["    AAAA", "bad_base64"],
  ["AAAA    ", "bad_base64"],
  ["A AAAA A", "bad_base64"],
  ["AA-_", "bad_base64"],
  ["AB==", "bad_base64"],
  ["AAB=", "bad_base64"],
  ["A===", "bad_base64"],
  ["====", "bad_base64"],
  ["AA==AAAA", "bad_base64"],
  ["AAA=AAA=", "bad_base64"],
  ["AAA\u00c1", "bad_base64"],
  ["A".repeat(16_000), "too_large"],
];

Deno.test("Base64Reader refuses what others might read in another way", () => {
  for (const [text, reason] of refused) {
    for (const groups of [1, Infinity]) {
      assert.throws(() => read(text, groups), (error) => {
        assert.ok(error instanceof PackageRefusedError, `${JSON.stringify(text)}: ${error}`);
        assert.equal(error.reason, reason, text.slice(0, 20));
        return true;
      });
    }
  }
});
