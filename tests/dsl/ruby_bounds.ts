/**
 * Hostile laws in Ruby, and the program that reads them: see {@linkcode readHostile}.
 *
 * @module
 */

import { MAX_RUBY_BYTES, parseRubyLaw } from "../../core/dsl/ruby/parse.ts";
import { readHostile } from "./hostile_run.ts";

const N = 10_000;

/** Sources somebody might write to hurt a reader. */
export const HOSTILE: Readonly<Record<string, () => string>> = {
  "10 MB of statements": () => "skill(:a) { }\n".repeat(750_000),
  "10 MB of one text": () => `title '${"a".repeat(10_000_000)}'`,
  "10,000 lists": () => `x ${"[".repeat(N)}${"]".repeat(N)}`,
  "10,000 maps": () => `x ${"{a: ".repeat(N)}1${"}".repeat(N)}`,
  "10,000 blocks": () => "a do\n".repeat(N) + "end\n".repeat(N),
  "10,000 classes": () => "class A\n".repeat(N) + "end\n".repeat(N),
  "10,000 texts": () => '"#{'.repeat(N) + '}"'.repeat(N),
  "10,000 expressions": () => "/#{".repeat(N) + "}/".repeat(N),
  "10,000 functions": () => "->(a=".repeat(N) + "1" + "){}".repeat(N),
  "10,000 methods": () => "def a(b=".repeat(N) + "1" + ");end".repeat(N),
  "10,000 negations": () => `${"!".repeat(N)}a`,
  "10,000 sums": () => `1${"+1".repeat(N)}`,
  "10,000 heredocs": () => `x ${"<<A,".repeat(N)}1\n${"A\n".repeat(N)}`,
  "only errors": () => ")".repeat(MAX_RUBY_BYTES),
  "only numbers": () => "1;".repeat(MAX_RUBY_BYTES / 2),
  "only lines": () => "\n".repeat(MAX_RUBY_BYTES),
  "only comments": () => "#\n".repeat(MAX_RUBY_BYTES / 2),
  "only words": () => `x %w[${"a ".repeat(MAX_RUBY_BYTES / 2 - 10)}]`,
  "only parts of sums": () => `1${"+1".repeat(MAX_RUBY_BYTES / 2 - 10)}`,
  "only calls": () => "a b;".repeat(MAX_RUBY_BYTES / 8),
  "only names": () => Array.from({ length: 20_000 }, (_, at) => `a${at}=1`).join(";"),
  "one long number": () => `x ${"1".repeat(MAX_RUBY_BYTES - 10)}`,
  "an open text": () => `x "${"\\".repeat(1001)}`,
};

if (import.meta.main) {
  await readHostile(HOSTILE, (text) => parseRubyLaw(text, { file: "kairos.rb" }));
}
