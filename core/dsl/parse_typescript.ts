/**
 * Reads the law from its source, `skills/kairos.ts`, without running it. See
 * `kairos_formats/law.md#the-source`.
 *
 * @module
 */

import { isWellFormed, visible } from "../text.ts";
import type { Law } from "./ast.ts";
import { check } from "./check.ts";
import { LAW_LIMITS } from "./limits.ts";
import { type Found, LawError } from "./problems.ts";
import { LAW } from "./schema.ts";
import { SourceReader } from "./source_tree.ts";
import { parseStatements } from "./syntax.ts";

/** What costs the parser more than its length tells, counted before it is called. */
const DENSITY = [
  { pattern: /[,;.([{`\n]/g, what: "commas, brackets and other marks", most: LAW_LIMITS.marks },
  { pattern: /\/\*/g, what: "times /*", most: LAW_LIMITS.comments },
] as const;

/**
 * Reads a law.
 *
 * @param source Text of `skills/kairos.ts`; CR LF counts as LF
 * @param options `file`: how messages call the source
 * @returns The law; its text, comments aside, is what {@linkcode printLaw} prints
 * @throws {LawError} `invalid` when it is no law, `too_large` when it exceeds the bounds
 * @example
 * ```ts
 * import { parseLaw } from "./parse_typescript.ts";
 *
 * const law = parseLaw('skill("core_safety", { title: "Safety" });', { file: "skills/kairos.ts" });
 * if (law.skills[0]?.title !== "Safety") throw new Error("the title is lost");
 * ```
 */
export function parseLaw(source: string, options: { readonly file: string }): Law {
  const { file } = options;
  if (source.length > LAW_LIMITS.source) {
    const message = `The source has ${source.length} characters`;
    const hint = `Keep it within ${LAW_LIMITS.source}`;
    throw new LawError(file, "", [{ at: 0, message, hint }], "too_large");
  }
  const text = source.replaceAll("\r\n", "\n");
  for (const { pattern, what, most } of DENSITY) {
    const many = text.match(pattern)?.length ?? 0;
    if (many <= most) continue;
    const message = `The source has ${many} ${what}`;
    throw new LawError(
      file,
      "",
      [{ at: 0, message, hint: `Keep them within ${most}` }],
      "too_large",
    );
  }
  const fail = (found: readonly Found<number>[]): never => {
    throw new LawError(file, text, found);
  };
  const hidden = hiddenCharacters(text);
  if (hidden.length > 0) fail(hidden);
  const statements = parseStatements(text);
  if (!Array.isArray(statements)) return fail([statements]);
  if (statements.length > LAW_LIMITS.skills) {
    const at = statements[LAW_LIMITS.skills]?.start ?? 0;
    const message = `There are ${statements.length} skills`;
    const hint = `Keep them within ${LAW_LIMITS.skills}`;
    throw new LawError(file, text, [{ at, message, hint }], "too_large");
  }
  const found: Found<number>[] = [];
  const tree = new SourceReader(text, found).skills(statements);
  const law = check(tree, LAW, found);
  if (found.length > 0) fail(found);
  // The schema is the type as data; a value that passes it is a law.
  return law as unknown as Law;
}

/**
 * Characters nobody sees have no place in a law people read before they agree to it; an escape
 * shows them.
 */
function hiddenCharacters(text: string): Found<number>[] {
  const found: Found<number>[] = [];
  if (!isWellFormed(text)) {
    const at = text.search(/\p{Surrogate}/u);
    found.push({ at, message: "Half a surrogate pair", hint: "Save the file as UTF-8" });
  }
  if (visible(text, "\n\t") === text) return found;
  let at = 0;
  for (const char of text) {
    const shown = visible(char, "\n\t");
    if (shown !== char) {
      const hint = at === 0 && char === "\ufeff"
        ? "Save the file without a byte order mark"
        : `Write ${shown} inside of text, nothing elsewhere`;
      found.push({ at, message: `A hidden character ${shown}`, hint });
      if (found.length >= LAW_LIMITS.problems) return found;
    }
    at += char.length;
  }
  return found;
}
