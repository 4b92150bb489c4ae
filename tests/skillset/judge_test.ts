import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { programOf } from "../../core/skillset/judge_content.ts";
import { ALLOWED_TYPES, judgeForm, judgePlace, PathSet } from "../../core/skillset/judge_path.ts";
import type { Refusal } from "../../core/skillset/refusal.ts";
import { zip, zipFile } from "./zip_parts.ts";

const DEPTH = 16;

const forms: readonly [reason: Refusal | null, paths: readonly string[]][] = [
  [null, ["skillset.json", "knowledge/a/a.md", "knowledge/設計/設計.md", "a b/c-d_e.f", "ß/é"]],
  ["path_traversal", [
    "../evil",
    "a/../../evil",
    "a/..",
    "..\\x".slice(0, 2),
    "a\\b",
    "a/b\\..\\c",
  ]],
  ["absolute_path", ["/abs", "\\\\host\\share", "C:\\x", "C:/x", "c:x", "//x"]],
  ["bad_tar", ["a//b", "a/", ""]],
  ["hidden_path", [".env", "a/.git/config", "./a", "a/./b", ".../x"]],
  ["hidden_characters", ["a\nb", "a\0b", "a\u202eb", "a\u200bb", "\u001b[31m", "a\u{e0041}"]],
  ["reserved_name", [
    "CON",
    "nul.md",
    "a/COM1.txt",
    "lpt9",
    "a.",
    "a /b",
    "a/ b",
    "file:stream",
    "x?",
    "con.a.b",
  ]],
  ["path_too_long", ["n".repeat(201), "あ".repeat(67), `${"a/".repeat(600)}b`]],
  ["too_deep", [`${"a/".repeat(16)}b`]],
];

Deno.test("judgeForm() tells paths that lead astray", async (t) => {
  for (const [reason, paths] of forms) {
    await t.step(reason ?? "and lets others through", () => {
      for (const path of paths) assert.equal(judgeForm(path, DEPTH), reason, JSON.stringify(path));
    });
  }
});

const places: readonly [reason: Refusal | null, paths: readonly string[]][] = [
  [null, [
    "skillset.json",
    "LICENSE",
    "LICENSE-MIT.txt",
    "README.md",
    "README_jp.md",
    "NOTICE",
    "knowledge/a/a.md",
    "knowledge/a/references/x.PDF",
    "config/c.yml",
    "references/x/y.txt",
    "assets/p.png",
    "assets/LICENSE",
  ]],
  ["place_not_allowed", [
    "notes.md",
    "plugin/hooks.json",
    "tools/x.md",
    "lib/x.txt",
    "Tools/x.md",
    "Knowledge/a.md",
    "scripts/x.md",
    "knowledge",
  ]],
  ["type_not_allowed", [
    "knowledge/a/noending",
    "assets/x.svg",
    "assets/x.html",
    "knowledge/x.zip",
  ]],
  ["executable", [
    "knowledge/a/run.sh",
    "knowledge/a/RUN.Ps1",
    "assets/x.wasm",
    "x.exe",
    "tools/x.rb",
    "config/a.md.bat",
  ]],
];

Deno.test("judgePlace() allows named places and types only", async (t) => {
  for (const [reason, paths] of places) {
    await t.step(reason ?? "and lets those through", () => {
      for (const path of paths) assert.equal(judgePlace(path, ALLOWED_TYPES), reason, path);
    });
  }
  await t.step("programs stay out whatever the settings say", () => {
    assert.equal(judgePlace("assets/x.sh", ["sh"]), "executable");
  });
});

type Added = readonly [path: string, kind: "file" | "folder"];
const sets: readonly [what: string, reason: Refusal | null, paths: readonly Added[]][] = [
  ["a tree, in any order", null, [["p/b/c.md", "file"], ["p", "folder"], ["p/b", "folder"], [
    "p/a",
    "file",
  ]]],
  ["a folder twice", null, [["p", "folder"], ["p", "folder"]]],
  ["a file twice", "duplicate", [["p/a", "file"], ["p/a", "file"]]],
  ["letter case", "collision", [["p/SKILL.md", "file"], ["p/Skill.md", "file"]]],
  ["letter case of a folder", "collision", [["p/A/x", "file"], ["p/a/y", "file"]]],
  ["composed and decomposed", "collision", [["p/\u00e9", "file"], ["p/e\u0301", "file"]]],
  ["sharp s", "collision", [["p/ß", "file"], ["p/ss", "file"]]],
  ["full width", "collision", [["p/Ａ", "file"], ["p/a", "file"]]],
  ["the Kelvin sign", "collision", [["p/\u212a", "file"], ["p/k", "file"]]],
  ["a file, then a folder", "file_and_folder", [["p/a", "file"], ["p/a/b", "file"]]],
  ["a folder, then a file", "file_and_folder", [["p/a/b", "file"], ["p/a", "file"]]],
];

Deno.test("PathSet tells paths that are one on some system", async (t) => {
  for (const [what, reason, paths] of sets) {
    await t.step(what, () => {
      const set = new PathSet();
      const found = paths.map(([path, kind]) => set.add(path, kind)).find((one) => one !== null);
      assert.equal(found ?? null, reason);
    });
  }
});

const utf8 = (text: string) => new TextEncoder().encode(text);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
const ZIP = zip([zipFile("run.sh", "id\n")]);
const heads: readonly [path: string, head: Uint8Array, what: string | null][] = [
  ["a.md", utf8("# Title\n\n#!/bin/sh is named here"), null],
  ["a.md", utf8(""), null],
  ["a.md", utf8("日本語"), null],
  ["a.md", utf8("BZhang and 3\r\nA\n"), null],
  ["a.json", utf8("{\r\r\n}\r\r\n"), null],
  ["a.md", utf8("# PHP\n\n```php\n<?php echo 1;\n```\n"), null],
  ["a.txt", utf8('<?xml version="1.0"?>'), null],
  ["a.md", utf8("A zip ends with PK\\x05\\x06, and begins with PK\\x03\\x04"), null],
  ["a.png", PNG, null],
  ["a.png", Buffer.concat([PNG, utf8("PK\x05\x06 by chance"), PNG]), null],
  ["a.png", Buffer.concat([PNG, utf8("PK\x01\x02 by chance"), PNG]), null],
  ["a.md", utf8("#!/bin/sh"), "script"],
  ["a.md", utf8("\ufeff#!/bin/sh"), "script"],
  ["a.md", utf8("\r\n \t\ufeff #!/usr/bin/env node"), "script"],
  ["a.md", utf8("\u00a0\u3000\u2028\u200b#!/bin/sh"), "script"],
  ["a.png", utf8("#!/bin/sh"), "script"],
  ["a.txt", utf8("<?php system('id');"), "script"],
  ["a.txt", utf8("\ufeff\n<?PHP system('id');"), "script"],
  ["a.txt", utf8("<?= 1 ?>"), "script"],
  ["a.md", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 1]), "ELF program"],
  ["a.png", utf8("MZ\x90"), "Windows program"],
  ["a.md", new Uint8Array([0, 0x61, 0x73, 0x6d, 1]), "WebAssembly program"],
  ["a.md", new Uint8Array([0xca, 0xfe, 0xba, 0xbe]), "Mach-O or Java program"],
  ["a.md", new Uint8Array([0xcb, 0x0d, 0x0d, 0x0a, 0]), "Python program"],
  ["a.md", utf8("PK\x03\x04"), "zip archive"],
  ["a.txt", utf8("BZh91AY&SY"), "bzip2 archive"],
  ["a.png", Buffer.concat([PNG, ZIP]), "zip archive behind something else"],
  [
    "a.pdf",
    Buffer.concat([utf8("%PDF-1.7\n"), ZIP, new Uint8Array(60_000)]),
    "zip archive behind something else",
  ],
  ["a.png", utf8("<html>"), "not a png"],
  ["a.pdf", utf8("plain"), "not a pdf"],
  ["a.txt", new Uint8Array([0xff, 0xfe, 0x23, 0, 0x21, 0]), "binary data in a text file"],
];

Deno.test("programOf() sees programs by their bytes", () => {
  for (const [path, head, what] of heads) {
    assert.equal(programOf(path, head), what, `${path} ${head}`);
  }
});
