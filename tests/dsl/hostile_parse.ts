/**
 * Hostile laws, and the program that reads them: see {@linkcode readHostile}.
 *
 * @module
 */

import { LAW_LIMITS } from "../../core/dsl/limits.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { readHostile } from "./hostile_run.ts";

const LEVELS = 10_000;

/** A value nested by what opens and closes it. */
function nested(open: string, close: string, inner = "1", levels = LEVELS): string {
  return open.repeat(levels) + inner + close.repeat(levels);
}

function law(value: string): string {
  return `skill("a", { law: ${value} });`;
}

function code(body: string): string {
  return `skill("a", { behavior: () => ${body} });`;
}

/** As many copies as the bounds let in. */
function filled(piece: string, frame: (text: string) => string): string {
  const marks = piece.match(/[,;.([{`\n]/g)?.length ?? 0;
  const many = Math.min((LAW_LIMITS.source - 100) / piece.length, (LAW_LIMITS.marks - 10) / marks);
  return frame(piece.repeat(Math.floor(many)));
}

/** Sources somebody might write to hurt a reader. */
export const HOSTILE: Readonly<Record<string, () => string>> = {
  "10 MB": () => "x".repeat(10_000_000),
  "10 MB of skills": () => 'skill("a", {});\n'.repeat(625_000),
  "deep lists": () => law(nested("[", "]")),
  "deep objects": () => law(nested("{a:", "}")),
  "deep templates": () => law(nested("`${", "}`")),
  "deep parentheses": () => law(nested("(", ")")),
  "deep calls": () => law(nested("f(", ")")),
  "deep functions": () => code(nested("() => ", "")),
  "deep blocks": () => code(`{${nested("{", "}", "")}}`),
  "deep operators": () => code("!".repeat(LEVELS) + "1"),
  "long sums": () => code("1+".repeat(LEVELS) + "1"),
  "deep types": () => code(nested("<T>(", ")", "x", 40)),
  "deep type arguments": () => code(nested("a<b>(", ")", "x", 40)),
  "deep defaults": () => code(nested("(a = ", ") => 1", "1", 40)),
  "open lists": () => law("[".repeat(LEVELS)),
  "open comments": () => "/*".repeat(LEVELS),
  "deep code that parses": () => code(nested("[", "]", "1", 200)),
  "deep data that parses": () => law(nested("[", "]", "1", 100)),
  "a full source of lists": () => filled("[],", (text) => law(`[${text}]`)),
  "a full source of numbers": () => filled("1,", (text) => law(`[${text}]`)),
  "a full source of errors": () => filled("a,", (text) => law(`[${text}]`)),
  "a full source of unknown fields": () => filled("a:1,", (text) => `skill("a", {${text}});`),
  "a full source of short fields": () => filled("a,", (text) => `skill("a", {${text}});`),
  "a full source of members": () => filled(".a", (text) => code(`a${text}`)),
  "a full source of comments": () => filled("/**/", (text) => text),
  "as many comments as there may be": () =>
    "/**/".repeat(2000) + " ".repeat(LAW_LIMITS.source - 8000),
  "a full source of marks": () => ",".repeat(LAW_LIMITS.source),
  "a full source of objects": () => filled("a:{},", (text) => law(`{${text}}`)),
  "a full source of hidden characters": () => filled("\u200b", (text) => text),
  "a full source of escapes": () => filled("\\d", (text) => law(`"${text}"`)),
  "a full source of escapes that mean something": () => filled("\\x41", (text) => law(`"${text}"`)),
  "a full source of marks that are escaped": () => filled("\\!", (text) => law(`"${text}"`)),
  "a full source of code": () => filled("a;", (text) => code(`{${text}} + `)),
  "a full source of skills": () => filled('skill("a",{});', (text) => text),
  "a full source of blanks": () => filled("\n ", (text) => law(`\`${text}x\``)),
  "a full source of half pairs": () => filled("\ud800", (text) => law(`"${text}"`)),
};

if (import.meta.main) {
  await readHostile(HOSTILE, (text) => parseLaw(text, { file: "skills/kairos.ts" }));
}
