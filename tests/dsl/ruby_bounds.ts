/**
 * Reads a hostile Ruby source in a process of its own and tells what that took.
 *
 * The program takes the name of a source of {@linkcode HOSTILE} and prints JSON.
 *
 * @module
 */

import { MAX_RUBY_BYTES, parseRubyLaw } from "../../core/dsl/ruby/parse.ts";
import { KairosError } from "../../core/errors.ts";

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

/** What reading took. */
export interface Bounds {
  /** What it ended with: `read`, or the code of the error. */
  readonly outcome: string;
  /** Milliseconds. */
  readonly ms: number;
  /** Most memory of the process, in bytes. */
  readonly rss: number;
}

if (import.meta.main) {
  const text = HOSTILE[Deno.args[0]!]!();
  const start = performance.now();
  const outcome = await parseRubyLaw(text, { file: "kairos.rb" }).then(
    () => "read",
    (error: unknown) => error instanceof KairosError ? error.code : String(error),
  );
  const bounds: Bounds = {
    outcome,
    ms: Math.round(performance.now() - start),
    rss: Deno.memoryUsage().rss,
  };
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(bounds)));
}
