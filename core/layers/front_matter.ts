/**
 * Entry documents of L1 and L2: YAML front matter between `---` lines, then the body. The format is
 * told in `templates/knowledge/kairos_formats/references/entries.md`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import {
  parseYaml,
  stringifyYaml,
  type TextPosition,
  textPosition,
  type YamlMap,
  type YamlValue,
} from "../yaml.ts";
import { asBoolean } from "../yaml_boolean.ts";

/** A document cut at its fences. */
export interface FrontMatterSplit {
  /** Text between the fences without the line break before the closing one; null without fences. */
  readonly yaml: string | null;
  /** What follows the closing fence; the whole text without fences. */
  readonly body: string;
  /** Line of the text on which `yaml` begins, from 1; 0 without fences. */
  readonly yamlLine: number;
}

/** Why a document could not be read as it stands. */
export interface EntryProblem extends TextPosition {
  /** What was found, a sentence without a trailing period. */
  readonly message: string;
}

/** An entry document as read; content alone never makes reading fail. */
export interface EntryText {
  /** Name from the front matter as written, else the folder's name. */
  readonly name: string;
  /** Description as written, or null. */
  readonly description: string | null;
  /** Version exactly as written, so `1.10` is `"1.10"`, or null. */
  readonly version: string | null;
  /** Layer as written, or null. */
  readonly layer: string | null;
  /** Tags as text: entries of a list, or a text cut at its commas. */
  readonly tags: readonly string[];
  /** Whether the document must not leave this instance; unreadable means private. */
  readonly isPrivate: boolean;
  /** Every field of the front matter; `version` as text, all others typed. */
  readonly fields: YamlMap;
  /** The body without ASCII whitespace at both ends. */
  readonly body: string;
  /** What is wrong with the document, or null. With a front matter problem `fields` is empty. */
  readonly problem: EntryProblem | null;
}

const LIMITS = { maxBytes: 64 * 1024, maxDepth: 32 } as const;

/**
 * Cuts a document at its fences, in one pass over the text.
 *
 * The text starts with `---` and a line break (LF or CRLF), then at least one character, then a
 * line break, `---` and a line break; the first such closing fence counts. Nothing else is a fence:
 * a BOM, a leading blank line, blanks after the dashes, lone CRs, no line break after the closing
 * fence or nothing between the fences make the whole text the body.
 *
 * @param text The document
 * @returns Its parts
 */
export function splitFrontMatter(text: string): FrontMatterSplit {
  const start = text.startsWith("---\n") ? 4 : text.startsWith("---\r\n") ? 5 : -1;
  let at = start === -1 ? -1 : text.indexOf("\n---", start);
  for (; at !== -1; at = text.indexOf("\n---", at + 1)) {
    const end = lineBreakAt(text, at + 4);
    if (end === -1) continue;
    const yamlEnd = text[at - 1] === "\r" && at - 1 > start ? at - 1 : at;
    if (yamlEnd > start) {
      return { yaml: text.slice(start, yamlEnd), body: text.slice(end), yamlLine: 2 };
    }
  }
  return { yaml: null, body: text, yamlLine: 0 };
}

/** Offset behind the LF or CRLF at an offset, -1 when there is none. */
function lineBreakAt(text: string, offset: number): number {
  if (text[offset] === "\n") return offset + 1;
  return text[offset] === "\r" && text[offset + 1] === "\n" ? offset + 2 : -1;
}

/**
 * Reads the bytes of an entry document. Never throws for what the bytes say: whatever is wrong with
 * them is told in `problem`, and such a document counts as private.
 *
 * Private are also documents that say so (`private:` with anything but no, `public:` with anything
 * but yes) and documents that open with a `---` line yet have no front matter, because their author
 * may have meant to say so there.
 *
 * @param bytes The file; the caller bounds its size
 * @param folderName Name of the entry's folder, used where the front matter gives none
 * @returns The fields and the body
 *
 * @example
 * ```ts
 * import { parseEntryText } from "./front_matter.ts";
 *
 * const text = "---\nname: naming\nversion: 1.10\n---\n\n# Naming\n";
 * const entry = parseEntryText(new TextEncoder().encode(text), "naming");
 * if (entry.version !== "1.10" || entry.body !== "# Naming") throw new Error("misread");
 * ```
 */
export function parseEntryText(bytes: Uint8Array, folderName: string): EntryText {
  // The BOM stays: it is part of the document, and no fence may follow it.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const { yaml, body, yamlLine } = splitFrontMatter(text);
  const front = yaml === null ? NO_FIELDS : readFields(yaml, yamlLine);
  const problem = encodingProblem(text, bytes) ?? front.problem;
  const name = textField(front.asText, "name") ?? "";
  return {
    name: name.trim() === "" ? folderName : name,
    description: textField(front.asText, "description"),
    version: textField(front.asText, "version"),
    layer: textField(front.asText, "layer"),
    tags: readTags(front),
    isPrivate: problem !== null || isMarkedPrivate(front.fields) ||
      (yaml === null && /^\s*---[ \t]*(?:[\r\n]|$)/.test(text)),
    fields: front.fields,
    body: stripAscii(body),
    problem,
  };
}

/** The front matter's fields, typed and as written. */
interface Front {
  readonly fields: YamlMap;
  readonly asText: YamlMap;
  readonly problem: EntryProblem | null;
}

const NO_FIELDS: Front = { fields: {}, asText: {}, problem: null };

function readFields(yaml: string, yamlLine: number): Front {
  try {
    const fields = parseYaml(yaml, LIMITS);
    const asText = parseYaml(yaml, { ...LIMITS, scalars: "text" });
    if (fields === null) return NO_FIELDS;
    if (!isMap(fields) || !isMap(asText)) {
      const found = Array.isArray(fields) ? "a list instead of fields" : "a text instead of fields";
      const at = textPosition(yaml, Math.max(0, yaml.search(/^[ \t]*[^\s#]/m)));
      return unreadable(found, at, yamlLine);
    }
    // As a number, 1.10 would be written back as 1.1.
    const version = textField(asText, "version");
    return {
      fields: version === null ? fields : { ...fields, version },
      asText,
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    const { found, line, column } = error.data ?? {};
    return unreadable(String(found), { line: Number(line), column: Number(column) }, yamlLine);
  }
}

function unreadable(found: string, at: TextPosition, yamlLine: number): Front {
  const message = `Cannot read the front matter: found ${found}`;
  return {
    ...NO_FIELDS,
    problem: { message, line: at.line + yamlLine - 1, column: at.column },
  };
}

function isMap(value: YamlValue): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textField(map: YamlMap, key: string): string | null {
  const value = Object.hasOwn(map, key) ? map[key] : null;
  return typeof value === "string" ? value : null;
}

function readTags({ fields, asText }: Front): string[] {
  const tags = Object.hasOwn(fields, "tags") ? fields["tags"] : null;
  const written = asText["tags"];
  if (Array.isArray(tags) && Array.isArray(written)) {
    return written.filter((tag) => typeof tag === "string");
  }
  if (typeof tags !== "string") return [];
  return tags.split(",").map(stripAscii).filter((tag) => tag !== "");
}

function isMarkedPrivate(fields: YamlMap): boolean {
  const says = (key: string) => Object.hasOwn(fields, key) ? asBoolean(fields[key]) : undefined;
  const isPrivate = says("private");
  const isPublic = says("public");
  return (isPrivate !== undefined && isPrivate !== false) ||
    (isPublic !== undefined && isPublic !== true);
}

/** The first byte that is not UTF-8, found through the replacement character it decoded to. */
function encodingProblem(text: string, bytes: Uint8Array): EntryProblem | null {
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf("\ufffd"); at !== -1; at = text.indexOf("\ufffd", from)) {
    offset += ENCODER.encode(text.slice(from, at)).length;
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) {
      const byte = bytes[offset]!.toString(16).padStart(2, "0");
      return {
        message: `Cannot read the text as UTF-8: found the byte 0x${byte}`,
        ...textPosition(text, at),
      };
    }
    offset += 3;
    from = at + 1;
  }
  return null;
}

const ENCODER = new TextEncoder();

const ASCII_SPACE = "\t\n\v\f\r ";

/** Loops because a pattern anchored at the end takes quadratic time on long runs of blanks. */
function stripAscii(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && ASCII_SPACE.includes(text[start]!)) start++;
  while (end > start && ASCII_SPACE.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/**
 * Writes an entry document: the fields between fences, a blank line, the body.
 *
 * @param fields The front matter
 * @param body The body, written as it is
 * @returns The text of the document
 * @throws {KairosError} As `stringifyYaml` does
 */
export function formatEntryText(fields: YamlMap, body: string): string {
  return `---\n${stringifyYaml(fields)}---\n\n${body}`;
}
