/**
 * Hostile packages, made when they are needed: none is kept as a file.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { PackageLimits } from "../../core/skillset/limits.ts";
import type { Refusal } from "../../core/skillset/refusal.ts";
import {
  blocks,
  file,
  manifest,
  octal,
  type RawEntry,
  utf8,
  wrap,
  type Wrapping,
} from "./hostile_parts.ts";
import { zip, zipFile } from "./zip_parts.ts";

/** A package that must be refused. */
export interface Hostile {
  /** What is wrong with it. */
  readonly what: string;
  /** Why it is refused. */
  readonly reason: Refusal;
  /** Makes it. */
  readonly make: () => Uint8Array;
  /** Limits that are tighter than usual. */
  readonly limits?: Partial<PackageLimits>;
}

/** A good package; what is wrong with the hostile ones is added to it. */
export const GOOD: readonly RawEntry[] = [file("knowledge/t/t.md", "# t\n"), manifest()];

const MIB = 1024 * 1024;

/** Entries behind the good ones. */
const added = (reason: Refusal, what: string, ...entries: RawEntry[]): Hostile => ({
  what,
  reason,
  make: () => wrap([...GOOD, ...entries]),
});

/** The good package, wrapped in another way. */
const wrapped = (reason: Refusal, what: string, wrapping: Wrapping): Hostile => ({
  what,
  reason,
  make: () => wrap(GOOD, wrapping),
});

/** A plain file of each name. */
const named = (reason: Refusal, ...names: string[]): Hostile[] =>
  names.map((name) => added(reason, `the name ${JSON.stringify(name)}`, { name, body: utf8("x") }));

/** An entry of each type. */
const typed = (reason: Refusal, types: string): Hostile[] =>
  [...types].map((type) =>
    added(reason, `an entry of type ${type}`, {
      name: "pack/knowledge/x.md",
      type,
      fields: { 157: "../../outside" },
    })
  );

/** A file with other bytes in a header field. */
const field = (reason: Refusal, what: string, at: number, value: string | Uint8Array): Hostile =>
  added(reason, what, { ...file("knowledge/x.md"), fields: { [at]: value } });

/** A file of each path that is a program by its name. */
const programs = (...paths: string[]): Hostile[] =>
  paths.map((path) => added("executable", `a program called ${path}`, file(path)));

/** A file whose bytes are a program. */
const disguised = (what: string, body: string | Uint8Array, path = "knowledge/x.md"): Hostile =>
  added("executable", `${what} as ${path}`, file(path, body));

/** A manifest with a field that is not right. */
const manifested = (what: string, fields: Readonly<Record<string, unknown>>): Hostile => ({
  what,
  reason: "bad_manifest",
  make: () => wrap([manifest(fields)]),
});

const ZIP = zip([zipFile("run.sh", "id\n")]);

const WRONG_HASH = "0".repeat(64);

/** Family of hostile packages to its members. */
export const HOSTILE: Readonly<Record<string, readonly Hostile[]>> = {
  "paths that climb": named(
    "path_traversal",
    "../../evil",
    "pack/../../evil.md",
    "pack/a/../../evil.md",
    "./../evil",
    "..",
    "pack/..",
    "..\\x",
    "pack\\..\\x",
  ),
  "paths from the root": named(
    "absolute_path",
    "/abs",
    "//server/share",
    "C:\\x",
    "C:/x",
    "\\\\host\\share",
  ),
  links: [
    ...typed("link", "12"),
    added("link", "a link inside, then a file through it", {
      name: "pack/knowledge/in",
      type: "2",
      fields: { 157: "/tmp" },
    }, file("knowledge/in/x.md")),
    added("link", "a link to nothing", { name: "pack/x", type: "2", fields: { 157: "gone" } }),
    added("link", "a hard link through a chain of links", {
      name: "pack/a/b/escape",
      type: "1",
      fields: { 157: "pack/c/up/../.." },
    }),
  ],
  "special files": typed("special_file", "3467"),
  "extensions of tar": [
    ...typed("tar_extension", "xgLKSVMND"),
    added("tar_extension", "a PAX header that changes the path", {
      name: "PaxHeaders/x",
      type: "x",
      body: utf8("23 path=../../evil.md\n\n"),
    }, file("knowledge/x.md")),
    added("tar_extension", "a name of 300 bytes by GNU", {
      name: "././@LongLink",
      type: "L",
      body: utf8(`pack/knowledge/${"n".repeat(300)}`),
    }, file("knowledge/x.md")),
    field("tar_extension", "the magic of GNU tar", 257, "ustar  \0"),
    field("tar_extension", "no magic", 257, new Uint8Array(8)),
  ],
  "numbers in headers": [
    field("bad_tar", "a negative size", 124, "-0000000001\0"),
    field("bad_tar", "a size that is no number", 124, "0000000000z\0"),
    field("bad_tar", "a size in base 256", 124, new Uint8Array([0x80, ...Array(11).fill(255)])),
    field("bad_tar", "a size beyond the data", 124, octal(4 * MIB, 11)),
    field("too_large", "a size beyond every limit", 124, "77777777777\0"),
    added("bad_checksum", "a wrong checksum", { ...file("knowledge/x.md"), checksum: "000001\0 " }),
    added("bad_checksum", "a checksum that is no number", {
      ...file("knowledge/x.md"),
      checksum: "zzzzzz\0 ",
    }),
  ],
  "names of other systems": named(
    "reserved_name",
    "pack/CON",
    "pack/knowledge/NUL",
    "pack/knowledge/nul.md",
    "pack/knowledge/COM1.txt",
    "pack/knowledge/a:stream",
    "pack/knowledge/x.md.",
    "pack/knowledge/x.md ",
  ),
  "names that cannot be seen": [
    ...named(
      "hidden_characters",
      "pack/knowledge/a\nb.md",
      "pack/knowledge/\u001b[31m.md",
      "pack/knowledge/a\u202edm.exe",
      "pack/knowledge/a\u200bb.md",
      "pack/knowledge/\u{e0041}.md",
    ),
    added("bad_tar", "a NUL in a name", { name: "pack/knowledge/a\0b.md" }),
    added("bad_encoding", "a name that is not UTF-8", {
      name: Buffer.concat([utf8("pack/knowledge/"), new Uint8Array([0xc3, 0x28])]),
    }),
    ...named("hidden_path", ".", "./pack/x.md", "pack/.env", "pack/knowledge/.git/config"),
    ...named("bad_tar", "", "pack//x.md"),
  ],
  "paths that are one": [
    added("collision", "letter case", file("knowledge/SKILL.md"), file("knowledge/Skill.md")),
    added("collision", "composition", file("knowledge/\u00e9.md"), file("knowledge/e\u0301.md")),
    added("collision", "sharp s", file("knowledge/ß.md"), file("knowledge/ss.md")),
    added("duplicate", "a file twice", file("knowledge/x.md"), file("knowledge/x.md", "y")),
    added("duplicate", "a second manifest", manifest({ layer: "L0" })),
    added("file_and_folder", "a folder named as a file", {
      name: "pack/knowledge/t/t.md",
      type: "5",
    }),
    added("file_and_folder", "a file below a file", file("knowledge/t/t.md/x.md")),
  ],
  sizes: [
    {
      what: "more entries than allowed",
      reason: "too_many_entries",
      make: () =>
        wrap([
          ...GOOD,
          ...Array.from({ length: 2001 }, (_, at) => ({ name: `pack/knowledge/${at}`, type: "5" })),
        ]),
    },
    {
      what: "headers of folders without end",
      reason: "too_many_entries",
      make: () =>
        wrap(GOOD, {
          tar: () => Buffer.alloc(BLOCKS * 512, blocks({ name: "pack/knowledge", type: "5" })),
        }),
    },
    added("too_deep", "more folders than allowed", {
      name: `${"a/".repeat(17)}x.md`,
      prefix: "pack",
    }),
    {
      what: "files whose sum is over the limit",
      reason: "too_large",
      make: () => wrap([...GOOD, file("knowledge/a.md", noise(3000)), file("knowledge/b.md")]),
      limits: { outputBytes: 4096 },
    },
    {
      what: "a file over the limit",
      reason: "too_large",
      make: () => wrap([...GOOD, file("knowledge/a.md", noise(3000))]),
      limits: { fileBytes: 2048 },
    },
    {
      what: "an envelope over the limit",
      reason: "too_large",
      make: () => wrap(GOOD),
      limits: { inputBytes: 200 },
    },
    {
      what: "an envelope of 17 MiB",
      reason: "too_large",
      make: () => wrap(GOOD, { text: (json) => json.padEnd(17 * MIB) }),
    },
  ],
  "gzip streams": [
    wrapped("ratio", "a bomb", { tar: () => new Uint8Array(20 * MIB) }),
    {
      what: "a bomb in a file",
      reason: "ratio",
      make: () => wrap([...GOOD, file("knowledge/x.md", new Uint8Array(6 * MIB).fill(0x20))]),
    },
    wrapped("bad_tar", "gzip in gzip", { gzip: (packed) => gzipSync(packed) }),
    wrapped("trailing_data", "a second member", {
      gzip: (packed) => Buffer.concat([packed, gzipSync("more")]),
    }),
    wrapped("trailing_data", "garbage behind it", {
      gzip: (packed) => Buffer.concat([packed, utf8("garbage")]),
    }),
    wrapped("bad_gzip", "a tail cut off", { gzip: (packed) => packed.subarray(0, -4) }),
    wrapped("bad_gzip", "cut in half", { gzip: (packed) => packed.subarray(0, 60) }),
    wrapped("bad_gzip", "a wrong CRC", { gzip: (packed) => flipped(packed, -8) }),
    wrapped("bad_gzip", "a wrong length", { gzip: (packed) => flipped(packed, -4) }),
    wrapped("bad_gzip", "no gzip", { gzip: () => utf8("hello hello hello hello hello") }),
    wrapped("bad_gzip", "nothing", { gzip: () => new Uint8Array(0) }),
    wrapped("bad_tar", "gzip of garbage", { tar: () => utf8("garbage") }),
    wrapped("bad_checksum", "gzip of long garbage", { tar: () => noise(2000) }),
  ],
  base64: [
    wrapped("bad_base64", "line breaks", { base64: (text) => text.replace(/.{76}/, "$&\n") }),
    wrapped("bad_base64", "the alphabet of URLs", { base64: (text) => `_-${text.slice(2)}` }),
    wrapped("bad_base64", "no padding", { base64: (text) => text.replace(/=*$/, "").slice(0, -1) }),
    wrapped("bad_base64", "blanks", { base64: (text) => ` ${text}   ` }),
    wrapped("bad_base64", "bits left over", { base64: () => "AB==" }),
  ],
  "ends of archives": [
    wrapped("trailing_data", "an entry behind the end", {
      tar: (archive) => Buffer.concat([archive, blocks(file("knowledge/late.md"))]),
    }),
    wrapped("bad_tar", "no end", { tar: (archive) => archive.subarray(0, -1024) }),
    wrapped("bad_tar", "half a header", { tar: (archive) => archive.subarray(0, 700) }),
    wrapped("bad_tar", "no entry", { tar: () => new Uint8Array(1024) }),
  ],
  programs: [
    ...programs(
      "knowledge/x.sh",
      "knowledge/X.SH",
      "assets/x.PS1",
      "config/x.bat",
      "references/x.mjs",
      "knowledge/x.cjs",
      "knowledge/x.bash",
      "knowledge/x.cmd",
      "knowledge/x.php",
      "knowledge/x.jar",
      "knowledge/x.node",
      "knowledge/x.class",
      "knowledge/x.wasm",
      "knowledge/tools/x.rb",
      "tools/x.rb",
      "Tools/x.rb",
      "lib/x.py",
      "x.exe",
    ),
    disguised("a script", "#!/bin/sh\nid\n"),
    disguised("a script behind a mark", "\ufeff#!/bin/sh\n"),
    disguised("a script behind blanks", " \r\n\t#!/bin/sh\n"),
    disguised("a script", "#!/bin/sh\n", "assets/x.png"),
    disguised("a script", "#!/bin/sh\n", "README"),
    disguised("an ELF program", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1])),
    disguised("a Windows program", utf8("MZ\x90")),
    disguised("a Mach-O program", new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, 7])),
    disguised("a Java class", new Uint8Array([0xca, 0xfe, 0xba, 0xbe])),
    disguised("WebAssembly", new Uint8Array([0, 0x61, 0x73, 0x6d, 1])),
    disguised("a page", "<html><script>", "assets/x.gif"),
    disguised("a script behind blanks of other kinds", "\u00a0\u3000\u200b#!/bin/sh\n"),
    disguised("PHP", "<?php system('id'); ?>", "knowledge/x.txt"),
    disguised("PHP behind a mark", "\ufeff\n<?PHP system('id'); ?>", "knowledge/x.txt"),
    disguised("compiled Python", new Uint8Array([0xcb, 0x0d, 0x0d, 0x0a]), "knowledge/x.txt"),
    disguised("a zip archive", utf8("PK\x03\x04rest")),
    disguised("a bzip2 archive", "BZh91AY&SY", "knowledge/x.txt"),
    disguised("a zip behind a PDF", Buffer.concat([utf8("%PDF-1.7\n"), ZIP]), "assets/x.pdf"),
    disguised("a zip behind a text", Buffer.concat([utf8("# Notes\n"), ZIP])),
    disguised(
      "a zip with a long comment behind a picture",
      Buffer.concat([utf8("GIF89a"), zip([zipFile("x", "")], { comment: noise(0xffff) })]),
      "assets/x.gif",
    ),
    ...["plugin/hooks.json", "scripts/x.md", "bin/x.md", "notes.md", "Tools/x.md", "lib/x.txt"].map(
      (path) => added("place_not_allowed", `the place ${path}`, file(path)),
    ),
    ...["assets/x.svg", "assets/x.html", "knowledge/x", "knowledge/x.zip"].map(
      (path) => added("type_not_allowed", `the type of ${path}`, file(path)),
    ),
    added("hidden_path", "a program in a hidden folder", file("knowledge/.x/run.sh")),
  ],
  manifests: [
    manifested("an unknown layer", { layer: "L9" }),
    manifested("a number as a name", { name: 7 }),
    manifested("no version", { version: "" }),
    manifested("a version that is none", { version: "one" }),
    manifested("a folder outside", { knowledge_dirs: ["../.."] }),
    manifested("a dependency that is none", { depends_on: [7] }),
    { what: "no manifest", reason: "bad_manifest", make: () => wrap([file("knowledge/t.md")]) },
    {
      what: "a manifest that is no JSON",
      reason: "bad_manifest",
      make: () => wrap([file("skillset.json", "{")]),
    },
    {
      what: "a manifest with a field twice",
      reason: "bad_manifest",
      make: () =>
        wrap([
          file("skillset.json", '{"name":"pack","version":"1","layer":"L2","layer":"L0"}'),
        ]),
    },
    {
      what: "a manifest of another SkillSet",
      reason: "name_mismatch",
      make: () => wrap([manifest({ name: "other" })]),
    },
  ],
  "other folders": [
    added("outside_folder", "a second folder", { name: "other/knowledge/x.md" }),
    wrapped("outside_folder", "another folder than the name", { fields: { name: "other" } }),
    added("outside_folder", "a name that begins alike", { name: "package/knowledge/x.md" }),
  ],
  "envelopes that disagree": [
    wrapped("no_hash", "no hash", { fields: { content_hash: undefined } }),
    wrapped("no_hash", "a hash that is null", { fields: { content_hash: null } }),
    wrapped("bad_hash", "a wrong hash", { fields: { content_hash: WRONG_HASH } }),
    wrapped("bad_hash", "an upper-case hash", {
      text: (json) => json.replace(/[0-9a-f]{64}/, (hash) => hash.toUpperCase()),
    }),
    wrapped("envelope_mismatch", "a file that is absent", {
      fields: { file_list: ["knowledge/t/t.md", "knowledge/u.md", "skillset.json"] },
    }),
    wrapped("envelope_mismatch", "a file it does not list", {
      fields: { file_list: ["skillset.json"] },
    }),
    wrapped("envelope_mismatch", "another version", { fields: { version: "2.0.0" } }),
    wrapped("envelope_mismatch", "an unknown layer", { fields: { layer: "L9" } }),
    wrapped("envelope_mismatch", "another description", { fields: { description: "better" } }),
  ],
  "envelopes that are none": [
    ...[
      "a/b",
      "..",
      "a.b",
      "n".repeat(65),
      "-x",
      "設計",
      "pack\n",
      "",
      7,
      null,
      ["pack"],
    ].map((name) =>
      wrapped("not_a_package", `the name ${JSON.stringify(name)}`, { fields: { name } })
    ),
    wrapped("not_a_package", "no archive", { fields: { archive_base64: undefined } }),
    wrapped("not_a_package", "an archive that is no text", { fields: { archive_base64: [1] } }),
    ...Object.entries({
      version: 1,
      layer: ["L2"],
      description: "d".repeat(4097),
      packaged_at: {},
      file_list: "skillset.json",
    }).map(([field, value]) =>
      wrapped("not_a_package", `another type of ${field}`, { fields: { [field]: value } })
    ),
    wrapped("not_a_package", "a list of files that is none", { fields: { file_list: [7] } }),
    wrapped("not_a_package", "a list", { text: (json) => `[${json}]` }),
    wrapped("not_a_package", "two texts", { text: (json) => json + json }),
    wrapped("not_a_package", "nothing", { text: () => "" }),
    wrapped("not_a_package", "compressed", { text: (json) => gzipSync(json) }),
    wrapped("not_a_package", "a field twice", {
      text: (json) => json.replace("{", '{"name":"other",'),
    }),
    wrapped("not_a_package", "not UTF-8", {
      text: (json) => Buffer.concat([utf8(json.slice(0, -1)), new Uint8Array([0xff, 0x7d])]),
    }),
    wrapped("not_a_package", "nested without end", {
      text: (json) => json.replace("{", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},`),
    }),
    wrapped("not_a_package", "a wrapper around a list", {
      text: () => '{"skillset_package":[]}',
    }),
  ],
};

/** Headers in the longest archive. */
const BLOCKS = 100_000;

/** Packages that are unusual and good. */
export const LEGAL: Readonly<Record<string, () => Uint8Array>> = {
  "entries in reverse order": () => wrap(GOOD.toReversed()),
  "the folder itself, and folders twice": () =>
    wrap([{ name: "pack", type: "5" }, { name: "pack/knowledge/", type: "5" }, {
      name: "pack/knowledge",
      type: "5",
    }, ...GOOD]),
  "setuid and setgid": () =>
    wrap([...GOOD, { ...file("knowledge/x.md"), fields: { 100: "0106777\0" } }]),
  "absurd times and owners": () =>
    wrap([...GOOD, {
      ...file("knowledge/x.md"),
      fields: { 108: "7777777\0" + "7777777\0", 136: "77777777777\0" },
    }]),
  "the wrapper of a peer": () =>
    wrap(GOOD, { text: (json) => `{"skillset_package":${json},"more":1}` }),
  "a manifest that asks for code": () =>
    wrap([manifest({
      tool_classes: ["Kernel"],
      place_extensions: [{ class: "X", require: "knowledge/x.md" }],
      lifecycle_hooks: { load: "X" },
      activation_hook: "X",
      plugin: { hooks: "plugin/hooks.json" },
      entry_point: "x",
    })]),
  "knowledge about programs": () =>
    wrap([
      ...GOOD,
      file("knowledge/php/php.md", "# PHP\n\n```php\n<?php echo 1;\n```\n\n    #!/bin/sh\n"),
      file(
        "knowledge/php/zip.md",
        "A list of a zip ends with `PK\\5\\6`, its names with `PK\\1\\2`\n",
      ),
    ]),
  "the highest layer": () => wrap([manifest({ layer: "L0" })], { fields: { layer: "L0" } }),
};

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[copy.length + at]! ^= 0x10;
  return copy;
}

/** Text that does not pack well, the same at each run. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 48271) >>> 0;
    return 0x20 + (state >>> 16) % 0x5f;
  });
}
