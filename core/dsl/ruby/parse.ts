/**
 * The law written in Ruby, as the existing implementation keeps it, read without running it. See
 * `kairos_formats/ruby_law.md`.
 *
 * @module
 */

import type { ErrorPlace } from "../../error_places.ts";
import { KairosError } from "../../errors.ts";
import { isWellFormed, quote, visible } from "../../text.ts";
import type { Law } from "../ast.ts";
import { LAW_LIMITS } from "../limits.ts";
import { excerpt } from "../problems.ts";
import type { Loss } from "./source.ts";

export type { Loss } from "./source.ts";

/** Longest Ruby source, in bytes of UTF-8. */
export const MAX_RUBY_BYTES = 256 * 1024;

/** Most syntax errors that are told one by one. */
const MAX_PROBLEMS = LAW_LIMITS.problems;

/** Characters at which Ruby would stop reading, or that hide text. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** A law that was read from Ruby. */
export interface RubyLaw {
  /** What could be carried over. */
  readonly law: Law;
  /** What could not, in order of the source, with the reason; at most 1,000 and a last one. */
  readonly lost: readonly Loss[];
  /** How many comments there are; none of them is carried over. */
  readonly comments: number;
}

/** Where a source is from. */
export interface RubyOptions {
  /** Its name for messages, such as `skills/kairos.rb`. */
  readonly file: string;
}

/**
 * Reads the law from Ruby. Nothing of it is run: the verbs of the law with literal values are carried
 * over, blocks of code are kept as text, anything else is named as lost.
 *
 * @param text The source
 * @param options Where it is from
 * @returns The law and what it does not hold
 * @throws {KairosError} `invalid` with `problems` for what is no Ruby, `too_large`
 *
 * @example
 * ```ts
 * import { parseRubyLaw } from "./parse.ts";
 *
 * const source = 'skill :greeting do\n  title "Greet"\n  puts "hello"\nend\n';
 * const { law, lost } = await parseRubyLaw(source, { file: "skills/kairos.rb" });
 * if (law.skills[0]?.title !== "Greet") throw new Error("the title is missing");
 * if (lost[0]?.what !== '"puts" is no verb of a skill') throw new Error("the loss is missing");
 * ```
 */
export async function parseRubyLaw(text: string, { file }: RubyOptions): Promise<RubyLaw> {
  const ruby = text.startsWith("\ufeff") ? text.slice(1) : text;
  checkText(ruby, file);
  const [{ parseRuby }, { RubySource }, { readLaw }] = await Promise.all([
    import("./prism.ts"),
    import("./source.ts"),
    import("./read_law.ts"),
  ]);
  const { value, errors, comments, dataLoc } = await parseRuby(ruby);
  const source = new RubySource(ruby);
  if (errors.length > 0) {
    const problems = errors.slice(0, MAX_PROBLEMS).map(({ message, location }) => {
      const place = source.place(location.startOffset);
      const at = source.text(0, location.startOffset).length;
      const lines = excerpt(ruby, at - place.column + 1, at);
      return { ...place, message: visible(message), excerpt: lines };
    });
    throw invalid(file, problems);
  }
  const law = readLaw(source, value.statements.body);
  if (dataLoc !== null) {
    source.lost.push({ ...source.place(dataLoc.startOffset), what: "text behind __END__" });
  }
  const lost = source.lost.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { law, lost, comments: comments.length };
}

/** Bounds and characters, before the parser sees anything. */
function checkText(text: string, file: string): void {
  // A UTF-16 unit takes up to three bytes.
  if (text.length > MAX_RUBY_BYTES || new TextEncoder().encode(text).length > MAX_RUBY_BYTES) {
    throw new KairosError(
      "too_large",
      `Cannot read ${quote(file)}: Ruby source must have at most ${MAX_RUBY_BYTES} bytes`,
    );
  }
  const control = CONTROL.exec(text);
  if (control !== null || !isWellFormed(text)) {
    const at = control?.index ?? text.search(/\p{Surrogate}/u);
    const before = text.slice(0, at);
    const place = {
      line: before.split("\n").length,
      column: at - before.lastIndexOf("\n"),
    };
    const message = control === null
      ? "a character that is no UTF-8"
      : `the control character ${quote(control[0])}`;
    const lines = excerpt(text, at - place.column + 1, at);
    throw invalid(file, [{ ...place, message, excerpt: lines }]);
  }
}

function invalid(file: string, problems: readonly ErrorPlace[]): KairosError {
  const [first] = problems;
  const place = first === undefined ? "" : `line ${first.line}, column ${first.column}: `;
  return new KairosError(
    "invalid",
    `Cannot read ${quote(file)}: ${place}${first?.message ?? "it is no Ruby"}`,
    { hint: "Check it with `ruby -c`", data: { file, problems } },
  );
}
