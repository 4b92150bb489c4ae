import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { inByteOrder } from "../../core/skillset/content_hash.ts";
import { PackageRefusedError, type Refusal } from "../../core/skillset/refusal.ts";
import { BLOCK, type TarEntry } from "../../core/skillset/tar_header.ts";
import { TarReader } from "../../core/skillset/tar_reader.ts";
import { type PackedFile, writeTar } from "../../core/skillset/tar_write.ts";
import { KairosError } from "../../core/errors.ts";
import { count } from "../counts.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A whole archive. */
const packed = (files: readonly PackedFile[]) =>
  new Uint8Array(Buffer.concat([...writeTar("pack", files)]));

/** Reads an archive in pieces of the given length. */
function read(archive: Uint8Array, step = archive.length): Map<string, Uint8Array | null> {
  const found = new Map<string, Uint8Array | null>();
  let path = "";
  const reader = new TarReader({
    entry(entry: TarEntry) {
      path = entry.path;
      found.set(path, entry.kind === "folder" ? null : new Uint8Array(0));
    },
    data(bytes) {
      found.set(path, new Uint8Array([...found.get(path)!, ...bytes]));
    },
  });
  for (let at = 0; at < archive.length; at += step) reader.push(archive.subarray(at, at + step));
  reader.end();
  return found;
}

/** Changes a header and mends its checksum. */
function altered(archive: Uint8Array, at: number, bytes: Uint8Array, header = 0): Uint8Array {
  const copy = archive.slice();
  copy.set(bytes, header + at);
  const block = copy.subarray(header, header + BLOCK);
  block.set(utf8(" ".repeat(8)), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(utf8(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  return copy;
}

const FILE: PackedFile = { path: "skillset.json", bytes: utf8("{}") };
const GOOD = packed([FILE]);

Deno.test("writeTar() and TarReader keep every tree, whatever pieces it comes in", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => !/[/\0]/.test(text) && text.isWellFormed() && utf8(text).length <= 90);
  const files = fc.uniqueArray(
    fc.record({
      path: fc.array(name, { minLength: 1, maxLength: 3 }).map((names) =>
        `f/${names.join("/")}.md`
      ),
      bytes: fc.uint8Array({ maxLength: 1500 }),
    }),
    { selector: ({ path }) => path, maxLength: 6 },
  );
  fc.assert(
    fc.property(files, fc.integer({ min: 1, max: 2000 }), (tree, step) => {
      const archive = packed(tree.toReversed());
      assert.deepEqual(archive, packed(tree));
      const found = [...read(archive, step)].filter(([, bytes]) => bytes !== null);
      assert.deepEqual(
        found,
        inByteOrder(tree, ({ path }) => `pack/${path}`)
          .map(({ path, bytes }) => [`pack/${path}`, new Uint8Array(bytes)]),
      );
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("writeTar() splits long paths and refuses those that do not fit", () => {
  const long = `${"folder/".repeat(20)}${"n".repeat(99)}`;
  assert.ok(read(packed([{ path: long, bytes: utf8("x") }])).has(`pack/${long}`));
  for (const path of ["n".repeat(120), `${"f".repeat(160)}/${"n".repeat(90)}`]) {
    assert.throws(() => packed([{ path, bytes: utf8("x") }]), KairosError);
  }
});

const octal = (value: number, digits: number) =>
  utf8(value.toString(8).padStart(digits, "0") + "\0");
const types = (names: string) => [...names].map((type) => altered(GOOD, 156, utf8(type)));
const hostile: readonly [what: string, archives: readonly Uint8Array[], reason: Refusal][] = [
  ["a wrong checksum", [GOOD.with(0, 0x51)], "bad_checksum"],
  ["a checksum that is no number", [GOOD.with(149, 0x39)], "bad_checksum"],
  ["links", types("12"), "link"],
  ["devices and pipes", types("3467"), "special_file"],
  ["PAX, GNU and other extensions", types("xgLKSVMNDA"), "tar_extension"],
  ["the magic of GNU tar", [altered(GOOD, 257, utf8("ustar  \0"))], "tar_extension"],
  ["no magic", [altered(GOOD, 257, new Uint8Array(8))], "tar_extension"],
  ["a negative size", [altered(GOOD, 124, utf8("-0000000001\0"))], "bad_tar"],
  ["a size in base 256", [
    altered(GOOD, 124, new Uint8Array([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2])),
  ], "bad_tar"],
  ["a size that is no number", [altered(GOOD, 124, utf8("0000000000z\0"))], "bad_tar"],
  ["a size beyond the data", [altered(GOOD, 124, octal(5000, 11))], "bad_tar"],
  ["a folder with a size", [altered(altered(GOOD, 156, utf8("5")), 124, octal(2, 11))], "bad_tar"],
  ["bytes behind the end of a name", [altered(GOOD, 60, utf8("x"))], "bad_tar"],
  ["a name that is not UTF-8", [altered(GOOD, 0, new Uint8Array([0xc3, 0x28]))], "bad_encoding"],
  ["bytes in the padding", [GOOD.with(BLOCK + 100, 1)], "trailing_data"],
  ["an entry after the end", [new Uint8Array([...GOOD, ...GOOD])], "trailing_data"],
  ["one zero block between entries", [
    new Uint8Array([...GOOD.subarray(0, 2 * BLOCK), ...new Uint8Array(BLOCK), ...GOOD]),
  ], "trailing_data"],
  ["no end", [GOOD.subarray(0, 2 * BLOCK), GOOD.subarray(0, 3 * BLOCK)], "bad_tar"],
  ["half a header", [GOOD.subarray(0, 100)], "bad_tar"],
  ["nothing", [new Uint8Array(0)], "bad_tar"],
];

Deno.test("TarReader refuses", async (t) => {
  for (const [what, archives, reason] of hostile) {
    await t.step(what, () => {
      for (const archive of archives) {
        for (const step of [archive.length, 7]) {
          assert.throws(() => read(archive, Math.max(step, 1)), (error) => {
            assert.ok(error instanceof PackageRefusedError, String(error));
            assert.equal(error.reason, reason);
            return true;
          });
        }
      }
    });
  }
});
