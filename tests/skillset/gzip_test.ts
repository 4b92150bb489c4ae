import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { gunzip } from "../../core/skillset/gzip_reader.ts";
import { compress } from "../../core/skillset/gzip_write.ts";
import { count } from "../counts.ts";

const MIB = 1024 * 1024;

/** Bytes in which the same runs come back, near and far. */
function bytes(length: number): Uint8Array {
  let state = length + 1;
  const all = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    all[at] = at > 20_000 && state % 7 !== 0 ? all[at - 20_000]! : state >>> 24;
  }
  return all;
}

const packed = (pieces: Iterable<Uint8Array>) => Buffer.concat([...compress(pieces)]);

async function unpacked(stream: Uint8Array): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gunzip(stream)) pieces.push(piece);
  return await new Response(new Blob(pieces as Uint8Array<ArrayBuffer>[])).bytes();
}

Deno.test("compress() gives one whole stream that says nothing of its maker, at every length", async () => {
  for (const length of [0, 1, 511, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 40_000]) {
    const given = bytes(length);
    const stream = packed([given]);
    assert.deepEqual([...stream.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
    assert.ok(gunzipSync(stream).equals(given), `${length} bytes, read by zlib`);
    assert.ok(areEqual(await unpacked(stream), given), `${length} bytes, read by ourselves`);
  }
});

Deno.test("compress() gives the same stream however the bytes are cut", () => {
  const given = bytes(MIB + 70_000);
  const whole = packed([given]);
  fc.assert(
    fc.property(fc.array(fc.nat(given.length), { maxLength: 40 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), given.length];
      const pieces = places.slice(1).map((to, at) => given.subarray(places[at]!, to));
      assert.ok(areEqual(packed(pieces), whole));
    }),
    { numRuns: Math.ceil(count("fuzzRuns") / 20) },
  );
});

/** Far faster than a deep comparison of bytes. */
function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
