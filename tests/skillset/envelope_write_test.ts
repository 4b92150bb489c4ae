import assert from "node:assert/strict";
import { sha256 } from "../../core/objects/objects.ts";
import { type Package, writeEnvelope } from "../../core/skillset/envelope_write.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { packFiles } from "../../core/skillset/package.ts";
import { skillSet } from "./sets.ts";

const OPTIONS = { layer: "L1", clock: () => 0, limits: PACKAGE_LIMITS };
const HASH = "0".repeat(64);

/** A package with everything in its texts that could be taken for the place of the archive. */
const GIVEN: Package = {
  name: "pack",
  version: "1.0.0",
  layer: "L2",
  description: '設計 "archive_base64": ""',
  content_hash: HASH,
  file_list: ["archive_base64", "knowledge/a.md"],
  packaged_at: "1970-01-01T00:00:00Z",
  archive: () => [new Uint8Array([1, 2]), new Uint8Array([3]), new Uint8Array([4, 5, 6, 7])],
  sign: null,
};

Deno.test("writeEnvelope() writes every field in its place, also without blanks", () => {
  const sign = (archive: string) => ({ alg: "Ed25519" as const, key: "k", sig: archive });
  for (const given of [GIVEN, { ...GIVEN, sign, file_list: [] }]) {
    const { archive: _, sign, packaged_at, ...facts } = given;
    const expected = {
      ...facts,
      archive_base64: "AQIDBAUGBw==",
      packaged_at,
      ...(sign === null
        ? {}
        : { package_signature: sign(sha256(new Uint8Array([1, 2, 3, 4, 5, 6, 7]))) }),
    };
    const text = [...writeEnvelope(given)].join("");
    assert.equal(text, `${JSON.stringify(expected, null, 2)}\n`);
    assert.equal([...writeEnvelope(given, { compact: true })].join(""), JSON.stringify(expected));
  }
});

Deno.test("writeEnvelope() packs no further than it is read", () => {
  const pieces = 5;
  let packed = 0;
  const given = {
    ...GIVEN,
    *archive() {
      for (; packed < pieces; packed++) yield new Uint8Array(300);
    },
  };
  const text = writeEnvelope(given);
  for (let taken = 0; taken <= pieces; taken++) {
    assert.equal(text.next().done, false);
    assert.equal(packed, Math.max(0, taken - 1));
  }
});

Deno.test("packFiles() refuses before anything is written, and packs the same archive again", () => {
  const long = { path: `knowledge/${"n".repeat(101)}.md`, bytes: new Uint8Array(0) };
  assert.throws(() => packFiles([...skillSet("pack"), long], OPTIONS), { code: "invalid" });
  const given = packFiles(skillSet("pack"), OPTIONS);
  assert.equal([...writeEnvelope(given)].join(""), [...writeEnvelope(given)].join(""));
});
