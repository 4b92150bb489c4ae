/**
 * What was wrong with a call, in words a model can act on.
 *
 * @module
 */

import type { z } from "zod";
import { errorPlaces, placesText } from "../../core/error_places.ts";
import { asKairosError, type KairosError } from "../../core/errors.ts";
import { didYouMean } from "../../core/nearest.ts";
import { quote, visible } from "../../core/text.ts";
import type { Tool, ToolResult } from "./define_tool.ts";

const MAX_LISTED = 10;
const MAX_DATA = 500;

/**
 * The result of a call with arguments that do not fit.
 *
 * @param tool The tool
 * @param error What its schema says
 * @returns A failure that names each argument, what was found and what is expected
 */
export function badArguments(tool: Tool, error: z.ZodError): ToolResult {
  const issues = error.issues.flatMap((issue) => wordsOf(issue, Object.keys(tool.input.shape)));
  const listed = issues.slice(0, MAX_LISTED).map((issue) => `- ${issue}`);
  if (issues.length > MAX_LISTED) listed.push(`- and ${issues.length - MAX_LISTED} more`);
  const lines = [
    `FAILED: Cannot call ${tool.name}: its arguments do not fit`,
    ...listed,
    "",
    `Arguments that work: ${JSON.stringify(tool.example)}`,
  ];
  return { isError: true, text: lines.join("\n"), structured: null, code: "usage" };
}

/**
 * The result of a call that was refused or went wrong.
 *
 * @param tool The tool
 * @param thrown What it threw
 * @returns A failure with message and hint, without paths and stack
 */
export function failure(tool: Tool, thrown: unknown): ToolResult {
  const error = asKairosError(thrown, `Cannot finish ${tool.name}`);
  const places = errorPlaces(error);
  const lines = [
    `FAILED: ${error.message}`,
    ...(error.hint === undefined ? [] : [`What to do: ${error.hint}`]),
    ...(places === null ? details(error.data) : ["", placesText(places).trimEnd()]),
  ];
  return { isError: true, text: lines.join("\n"), structured: null, code: error.code };
}

function details(data: KairosError["data"]): string[] {
  const text = data === undefined ? "" : JSON.stringify(data);
  return text === "" || text.length > MAX_DATA ? [] : [`Details: ${visible(text)}`];
}

function wordsOf(issue: z.core.$ZodIssue, known: readonly string[]): string[] {
  const at = issue.path.length === 0 ? "arguments" : pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    // Only of the outermost names is it known here which there are.
    const names = issue.path.length === 0 ? known : [];
    return issue.keys.map((key) => {
      const meant = didYouMean(key, names, "");
      return `${quote(key)}: there is no such argument${meant === "" ? "" : `. ${meant}`}`;
    });
  }
  const found = issue.input === undefined ? "nothing" : quote(issue.input);
  return [`${at}: expected ${expected(issue)}, found ${found}`];
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return NOUNS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.map((value) => String(value)).join(", ")}`;
    case "too_small":
      return `at least ${issue.minimum} ${UNITS[issue.origin] ?? ""}`.trim();
    case "too_big":
      return `at most ${issue.maximum} ${UNITS[issue.origin] ?? ""}`.trim();
    default:
      return issue.message;
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "a text",
  array: "a list",
  object: "an object",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
};

const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "items" };

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, at) =>
    typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${visible(String(part))}`
  ).join("");
}
