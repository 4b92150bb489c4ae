/**
 * Zips that must be refused: a good skill, and one thing wrong with it. Made when a test runs, never
 * stored.
 *
 * @module
 */

import { deflateRawSync } from "node:zlib";
import type { PackageLimits } from "../../core/skillset/limits.ts";
import type { Refusal } from "../../core/skillset/refusal.ts";
import { type RawZipEntry, zip, type ZipAround, zipFile } from "./zip_parts.ts";

/** A zip that must be refused. */
export interface HostileZip {
  /** What is wrong with it. */
  readonly what: string;
  /** Why it is refused. */
  readonly reason: Refusal;
  /** Makes it. */
  readonly make: () => Uint8Array;
  /** Limits that are tighter than usual. */
  readonly limits?: Partial<PackageLimits>;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The document of a good skill. */
export const DOCUMENT = "---\nname: notes\ndescription: How notes are written\n---\n\n# Notes\n";

/** A good skill. */
export const GOOD_ZIP: readonly RawZipEntry[] = [zipFile("SKILL.md", DOCUMENT)];

const added = (reason: Refusal, what: string, ...entries: RawZipEntry[]): HostileZip => ({
  what,
  reason,
  make: () => zip([...GOOD_ZIP, ...entries]),
});

const around = (reason: Refusal, what: string, parts: ZipAround): HostileZip => ({
  what,
  reason,
  make: () => zip(GOOD_ZIP, parts),
});

const named = (reason: Refusal, ...names: string[]): HostileZip[] =>
  names.map((name) => added(reason, `the name ${JSON.stringify(name)}`, zipFile(name, "x")));

/** A good file, told of in another way. */
const odd = (reason: Refusal, what: string, parts: Partial<RawZipEntry>): HostileZip =>
  added(reason, what, { ...zipFile("references/x.md", "some text some text"), ...parts });

const MIB = 1024 * 1024;
const zeros = (length: number): Uint8Array => new Uint8Array(length);
/** An extra field of a kind. */
const extra = (kind: number, data: Uint8Array): Uint8Array =>
  Uint8Array.of(kind & 255, kind >> 8, data.length & 255, data.length >> 8, ...data);

/** Many names of one piece of data: what makes 46 MB into petabytes. */
function shared(): Uint8Array {
  const one = zip([zipFile("a.md", zeros(MIB))]);
  const size = one.length - 22 - 46 - 4;
  const entries = Array.from({ length: 20 }, (_, at): RawZipEntry => ({
    ...zipFile(`${String.fromCharCode(97 + at)}.md`, zeros(MIB)),
    offset: 0,
    packed: at === 0 ? deflateRawSync(zeros(MIB)) : new Uint8Array(0),
    told: { packed: size - 34 },
  }));
  return zip(entries);
}

/** Entries in each other: the data of the first hold the header of the second. */
function nested(): Uint8Array {
  const inner = zip([zipFile("b.md", "inner inner")]);
  const local = inner.subarray(0, inner.length - 22 - 46 - 4);
  const outer: RawZipEntry = { name: "a.md", method: 0, body: local };
  return zip([outer, {
    ...zipFile("b.md", "inner inner"),
    offset: 30 + 4,
    packed: new Uint8Array(0),
    told: { packed: local.length - 34 },
  }]);
}

/** Family of hostile zips to its members. */
export const HOSTILE_ZIPS: Readonly<Record<string, readonly HostileZip[]>> = {
  paths: [
    ...named("path_traversal", "../evil.md", "a/../../evil.md", "..", "a\\..\\evil.md"),
    ...named("absolute_path", "/etc/x.md", "C:/x.md", "\\\\host\\x.md"),
    ...named("hidden_path", ".git/config", "references/.x.md"),
    ...named("hidden_characters", "a\u0000.md", "a\u202e.md", "a\u001b[2J.md", "a\n.md"),
    ...named("reserved_name", "references/nul.md", "references/a:b.md", "references/x.md."),
    ...named("bad_zip", "references//x.md"),
    ...named("path_too_long", `references/${"n".repeat(300)}.md`),
    ...named("too_deep", `${"d/".repeat(20)}x.md`),
  ],
  "two names for one": [
    added("duplicate", "the document twice", zipFile("SKILL.md", "other")),
    added("collision", "letter case", zipFile("skill.md", "other")),
    added("collision", "NFC and NFD", zipFile("references/é.md", "x"), {
      ...zipFile("references/e\u0301.md", "x"),
    }),
    added("file_and_folder", "a file that is a folder", zipFile("a", "x"), zipFile("a/b.md", "x")),
    odd("zip_mismatch", "another name before the data", { localName: "references/y.md" }),
    odd("zip_mismatch", "another name in a Unicode field", {
      name: "references/x.md",
      flags: 0,
      extra: extra(0x7075, Uint8Array.of(1, 0x8b, 0x53, 0x94, 0xe6, ...utf8("scripts/x.sh"))),
    }),
  ],
  "names in no or another encoding": [
    added("bad_encoding", "no UTF-8", { name: Uint8Array.of(0x61, 0xff, 0x2e, 0x6d, 0x64) }),
    added("bad_encoding", "UTF-8 that does not say so", { ...zipFile("設計.md", "x"), flags: 0 }),
  ],
  "links and other types": [
    odd("link", "a link", { mode: 0o120777, body: utf8("/etc/passwd") }),
    odd("special_file", "a device", { mode: 0o060666 }),
    odd("special_file", "a pipe", { mode: 0o010666 }),
    odd("special_file", "a socket", { mode: 0o140666 }),
    odd("zip_mismatch", "a folder by its attributes only", { mode: 0o040755 }),
    added("zip_mismatch", "a folder with data", { name: "references/", body: utf8("data") }),
  ],
  encrypted: [
    odd("encrypted", "an encrypted file", { flags: 0x0801 }),
    odd("encrypted", "encrypted before the data only", { flags: 0x0841 }),
  ],
  "sizes and sums": [
    odd("zip_mismatch", "a wrong checksum", { told: { check: 1 } }),
    odd("zip_mismatch", "another checksum before the data", { local: { check: 1 } }),
    odd("zip_mismatch", "another size before the data", { local: { size: 1 } }),
    odd("zip_mismatch", "another packed size before the data", { local: { packed: 1 } }),
    odd("zip_mismatch", "another method before the data", { local: { method: 0 } }),
    odd("zip_mismatch", "other flags before the data", { local: { flags: 0x0808 } }),
    odd("zip_mismatch", "longer than told", { told: { size: 3 } }),
    odd("zip_mismatch", "shorter than told", { told: { size: 300 } }),
    odd("zip_mismatch", "two sizes where nothing is compressed", { method: 0, told: { size: 3 } }),
    odd("bad_zip", "a method nobody reads", { method: 99 }),
    odd("bad_zip", "data that cannot be unpacked", { packed: utf8("not deflated at all") }),
    odd("trailing_data", "data behind the deflated ones", {
      packed: Uint8Array.of(...deflateRawSync(utf8("some text some text")), 1, 2, 3),
    }),
  ],
  zip64: [
    odd("bad_zip", "an entry with zip64", {
      told: { size: 0xffffffff },
      extra: extra(1, Uint8Array.of(19, 0, 0, 0, 0, 0, 0, 0)),
    }),
    odd("bad_zip", "a size beyond everything and no zip64", { told: { size: 0xffffffff } }),
  ],
  "what lies elsewhere": [
    around("trailing_data", "data before it", { before: utf8("#!/bin/sh\n") }),
    around("trailing_data", "data before it that the offsets count", {
      before: utf8("#!/bin/sh\n"),
      shifted: true,
    }),
    around("trailing_data", "data behind it", { after: utf8("more") }),
    around("trailing_data", "another zip behind it", { after: zip(GOOD_ZIP) }),
    around("trailing_data", "data before the directory", { gap: utf8("hidden") }),
    odd("trailing_data", "an entry the directory does not name", {
      behind: zip([zipFile("x.sh", "#!")]).subarray(0, 40),
    }),
    added("overlap", "entries that share their data", {
      ...zipFile("references/x.md", DOCUMENT),
      offset: 0,
    }),
    { what: "one piece of data under many names", reason: "overlap", make: shared },
    { what: "entries in each other", reason: "overlap", make: nested },
    odd("trailing_data", "an offset beyond the end", { offset: 0x7fffffff }),
  ],
  ends: [
    { what: "nothing", reason: "bad_zip", make: () => zeros(0) },
    { what: "no zip", reason: "bad_zip", make: () => utf8("hello ".repeat(20)) },
    { what: "no end", reason: "bad_zip", make: () => zip(GOOD_ZIP).slice(0, -22) },
    { what: "half of it", reason: "bad_zip", make: () => zip(GOOD_ZIP).slice(0, 60) },
    around("trailing_data", "fewer entries told", { count: 0 }),
    around("bad_zip", "more entries told", { count: 9 }),
  ],
  limits: [
    added("ratio", "a bomb", zipFile("a.md", zeros(8 * MIB)), zipFile("b.md", zeros(8 * MIB))),
    added("too_large", "a file that is too large", zipFile("a.md", zeros(9 * MIB))),
    {
      ...added("too_large", "files that are too large together", zipFile("a.md", zeros(MIB))),
      limits: { outputBytes: MIB },
    },
    {
      ...added("too_many_entries", "too many", zipFile("a.md", ""), zipFile("b.md", "")),
      limits: { entries: 2 },
    },
    { ...around("too_large", "too many bytes", {}), limits: { inputBytes: 50 } },
    {
      ...added("time", "no time", zipFile("a.md", zeros(7 * MIB))),
      limits: { milliseconds: 0 },
    },
  ],
};

/** Unusual zips that are right. */
export const LEGAL_ZIPS: Readonly<Record<string, () => Uint8Array>> = {
  "nothing compressed": () => zip(GOOD_ZIP.map((entry) => ({ ...entry, method: 0 }))),
  "folders of their own": () => zip([{ name: "references/", mode: 0o040755 }, ...GOOD_ZIP]),
  "a comment": () => zip(GOOD_ZIP, { comment: utf8("0123456789abcdef") }),
  "no Unix attributes": () => zip(GOOD_ZIP.map((entry) => ({ ...entry, mode: 0 }))),
  "names of another script": () => zip([...GOOD_ZIP, zipFile("references/設計.md", "設計\n")]),
  "an empty file": () => zip([...GOOD_ZIP, zipFile("references/x.md", "")]),
  "ASCII names without the flag": () => zip(GOOD_ZIP.map((entry) => ({ ...entry, flags: 0 }))),
  "setuid bits, which are ignored": () =>
    zip(GOOD_ZIP.map((entry) => ({ ...entry, mode: 0o104755 }))),
};
