/**
 * YAML of hostile origin in, plain data out; plain data in, YAML out that old and new readers
 * understand alike. Format reference: `templates/knowledge/kairos_formats/references/entries.md`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  boolCoreTag,
  DEFAULT_SCALAR_STYLE_RULES,
  dump,
  DUMP_SCHEMA,
  type Event,
  EVENT_ID,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  nullYaml11Tag,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type ScalarLayout,
  strTag,
  YAMLException,
} from "js-yaml";
import { type ErrorCode, KairosError } from "./errors.ts";
import { isWellFormed, quote } from "./text.ts";
import { plainWords } from "./yaml_words.ts";

/** What a YAML document becomes: the values JSON has, no others. */
export type YamlValue = null | boolean | number | string | YamlValue[] | YamlMap;

/**
 * A map of a document. An ordinary object with own properties only, so a key that comes from
 * outside is looked up with `Object.hasOwn`.
 */
export interface YamlMap {
  [key: string]: YamlValue;
}

/** Bounds and reading of {@linkcode parseYaml}. */
export interface ParseYamlOptions {
  /** Most UTF-8 bytes the text may have; 1 MiB unless given. */
  readonly maxBytes?: number;
  /** How many lists and maps may lie inside one another; 64 unless given. */
  readonly maxDepth?: number;
  /**
   * `"typed"` reads scalars by the YAML 1.2 core schema; `"text"` leaves every scalar but null as
   * it was written, so that `1.10` stays `"1.10"`. Typed unless given.
   */
  readonly scalars?: "typed" | "text";
}

/** A place in a text, as editors count it. */
export interface TextPosition {
  /** Line, from 1. LF, CRLF and a lone CR each end a line. */
  readonly line: number;
  /** Character of the line, from 1, counted in code points. */
  readonly column: number;
}

const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;

/** Absent offset in the events of the library. */
const NOWHERE = -1;

/** The tags of YAML's core schema; whatever else is written as a tag is refused. */
const SCALAR_TAGS = new Map<string, typeof RESOLVED_TAGS[number] | typeof strTag>([
  ["!", strTag],
  ["!!str", strTag],
  ["!!null", nullCoreTag],
  ["!!bool", boolCoreTag],
  ["!!int", intCoreTag],
  ["!!float", floatCoreTag],
]);
const RESOLVED_TAGS = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag] as const;

/**
 * Reads one YAML 1.2 document as plain data.
 *
 * Size and depth are bounded before anything is built. Anchors, aliases, merge keys, directives,
 * tags outside the core schema, duplicate keys, the key `__proto__`, lists and maps as keys, and a
 * second document are refused. Keys are text as written. Dates and timestamps, whole numbers a
 * double cannot hold, `.inf` and `.nan` stay text, so every value survives JSON.
 *
 * @param text The document; empty text or only comments give null
 * @param options Bounds, and whether scalars are typed
 * @returns The value of the document
 * @throws {KairosError} `invalid` with `data: {line, column, found}` (1-based, `found` in plain
 * words) when the text is not such a document, `too_large` with the same data over a bound
 *
 * @example
 * ```ts
 * import { parseYaml } from "./yaml.ts";
 *
 * const value = parseYaml("name: x\nreviewed: 2026-01-20\ntags: [a, 1]\n");
 * const json = '{"name":"x","reviewed":"2026-01-20","tags":["a",1]}';
 * if (JSON.stringify(value) !== json) throw new Error("unexpected value");
 * ```
 */
export function parseYaml(text: string, options: ParseYamlOptions = {}): YamlValue {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const maxDepth = options.maxDepth ?? MAX_DEPTH;
  // The length in UTF-16 units never exceeds the bytes, so huge text is refused unread.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw failure(text, 0, `more than ${maxBytes} bytes`, "too_large");
  }
  return new Composer(text, maxDepth, options.scalars ?? "typed").compose(
    readEvents(text, maxDepth),
  );
}

/** Lets the library split the text into events and says its complaints in our words. */
function readEvents(text: string, maxDepth: number): Event[] {
  try {
    // The library also counts scalars, and tries nodes as keys first; the exact bound is ours.
    return parseEvents(text, { maxDepth: maxDepth + 2 });
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      throw failure(text, 0, "text the reader cannot take");
    }
    const position = error.mark?.position ?? 0;
    if (error.reason.startsWith("nesting exceeded")) throw tooDeep(text, position, maxDepth);
    throw failure(text, position, plainWords(error.reason, text[position]));
  }
}

/** A list or map that is still open. */
type Frame =
  | { readonly list: YamlValue[] }
  | { readonly map: YamlMap; key: string | null };

/** Builds the value from the events of one document. */
class Composer {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #scalars: "typed" | "text";
  readonly #frames: Frame[] = [];
  #root: YamlValue = null;
  #documents = 0;
  /** Where the last event that has a place began. */
  #position = 0;

  constructor(text: string, maxDepth: number, scalars: "typed" | "text") {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#scalars = scalars;
  }

  compose(events: readonly Event[]): YamlValue {
    for (const event of events) {
      this.#position = startOf(event) ?? this.#position;
      if (event.type === EVENT_ID.DOCUMENT) this.#openDocument(event.directives.length > 0);
      else if (event.type === EVENT_ID.ALIAS) this.#refuse("an alias (*), which is not accepted");
      else if (event.type === EVENT_ID.POP) this.#frames.pop();
      else {
        if (event.anchorStart !== NOWHERE) this.#refuse("an anchor (&), which is not accepted");
        const tag = event.tagStart === NOWHERE
          ? ""
          : this.#text.slice(event.tagStart, event.tagEnd);
        if (event.type === EVENT_ID.SCALAR) this.#addScalar(event, tag);
        else if (event.type === EVENT_ID.SEQUENCE) this.#open({ list: [] }, tag, "!!seq");
        else this.#open({ map: {}, key: null }, tag, "!!map");
      }
    }
    return this.#root;
  }

  #openDocument(hasDirectives: boolean): void {
    if (++this.#documents > 1) {
      const rest = this.#text.slice(this.#position).search(/[\n\r](?:---|\.\.\.)(?:\s|$)/);
      throw failure(this.#text, this.#position + rest + 1, "a second document");
    }
    if (hasDirectives) {
      const at = Math.max(0, this.#text.search(/^\uFEFF?%/m));
      throw failure(this.#text, at, "a directive (%), which is not accepted");
    }
  }

  #open(frame: Frame, tag: string, ownTag: string): void {
    if (tag !== "" && tag !== "!" && tag !== ownTag) this.#refuseTag(tag);
    if (this.#frames.length >= this.#maxDepth) {
      throw tooDeep(this.#text, this.#position, this.#maxDepth);
    }
    const parent = this.#frames.at(-1);
    if (parent !== undefined && "map" in parent && parent.key === null) {
      this.#refuse("a list or map used as a key");
    }
    this.#add("list" in frame ? frame.list : frame.map);
    this.#frames.push(frame);
  }

  #addScalar(event: ScalarEvent, tag: string): void {
    const source = getScalarValue(this.#text, event);
    if (!isWellFormed(source)) this.#refuse("half of a surrogate pair, which is no character");
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    const parent = this.#frames.at(-1);
    if (parent !== undefined && "map" in parent && parent.key === null) {
      if (tag !== "" && !SCALAR_TAGS.has(tag)) this.#refuseTag(tag);
      if (source === "<<" && isPlain) this.#refuse("a merge key (<<), which is not accepted");
      if (source === "__proto__") this.#refuse('the key "__proto__", which is not accepted');
      if (Object.hasOwn(parent.map, source)) this.#refuse(`the key ${quote(source)} a second time`);
      parent.key = source;
    } else {
      const value = tag === ""
        ? (isPlain ? coreValue(source) : source)
        : this.#taggedValue(source, tag);
      this.#add(this.#scalars === "text" && value !== null ? source : value);
    }
  }

  #taggedValue(source: string, tag: string): YamlValue {
    const definition = SCALAR_TAGS.get(tag) ?? this.#refuseTag(tag);
    const value = definition.resolve(source, true, definition.tagName);
    if (value === NOT_RESOLVED) this.#refuse(`the tag ${quote(tag)} on a value it does not fit`);
    return exact(value, source);
  }

  #add(value: YamlValue): void {
    const parent = this.#frames.at(-1);
    if (parent === undefined) this.#root = value;
    else if ("list" in parent) parent.list.push(value);
    else {
      parent.map[parent.key ?? ""] = value;
      parent.key = null;
    }
  }

  #refuseTag(tag: string): never {
    this.#refuse(`the tag ${quote(tag)}, which is not accepted`);
  }

  #refuse(found: string): never {
    throw failure(this.#text, this.#position, found);
  }
}

/** Where a node begins, its properties and opening quote included. */
function startOf(event: Event): number | undefined {
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return undefined;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.anchorStart !== NOWHERE) return event.anchorStart - 1;
  if (event.tagStart !== NOWHERE) return event.tagStart;
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  if (event.valueStart === NOWHERE) return undefined;
  const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED ||
    event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? event.valueStart - 1 : event.valueStart;
}

/** A plain scalar by the YAML 1.2 core schema. */
function coreValue(source: string): null | boolean | number | string {
  for (const tag of RESOLVED_TAGS) {
    const value = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return exact(value, source);
  }
  return source;
}

/** Keeps the written text where a double, or JSON, would tell something else. */
function exact<T>(value: T, source: string): T | number | string {
  if (typeof value !== "number") return value;
  if (!Number.isFinite(value)) return source;
  if (/^[-+]?[0-9]+$/.test(source) && !Number.isSafeInteger(value)) {
    return String(value) === source ? value : source;
  }
  return value === 0 ? 0 : value;
}

function tooDeep(text: string, offset: number, maxDepth: number): KairosError {
  return failure(text, offset, `lists or maps more than ${maxDepth} levels deep`, "too_large");
}

function failure(
  text: string,
  offset: number,
  found: string,
  code: ErrorCode = "invalid",
): KairosError {
  const { line, column } = textPosition(text, offset);
  return new KairosError(
    code,
    `Cannot read YAML: found ${found} at line ${line}, column ${column}`,
    { data: { line, column, found } },
  );
}

/**
 * Where an offset lies in a text.
 *
 * @param text The text
 * @param offset Offset in UTF-16 units
 * @returns Line and column, both from 1
 */
export function textPosition(text: string, offset: number): TextPosition {
  let line = 1;
  let start = 0;
  for (let index = 0; index < offset; index++) {
    const char = text[index];
    if (char === "\n" || (char === "\r" && text[index + 1] !== "\n")) {
      line++;
      start = index + 1;
    }
  }
  let column = 1;
  for (let index = start; index < offset; column++) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return { line, column };
}

/** How {@linkcode stringifyYaml} writes. */
export interface StringifyYamlOptions {
  /** Whether the document opens with a `---` line; it does not unless given. */
  readonly start?: boolean;
}

/** Nulls are written as nothing: `key:`. */
const WRITE_SCHEMA = DUMP_SCHEMA.withTags({ ...nullYaml11Tag, represent: () => "" });

/**
 * Text the library would write bare although it begins a document when it opens a line, or readers
 * of the older YAML, Ruby's among them, take it for a symbol, a date, a number with commas or a
 * boolean in unusual case.
 */
const MISREAD = new RegExp(
  [
    /^:/,
    /^(?:---|\.{3})(?:\s|$)/,
    /^\d{4}-\d\d?-\d\d?/,
    /^[-+]?\d[\d_]*,/,
    /^(?:yes|no|on|off|true|false|null)$/,
  ].map((part) => part.source).join("|"),
  "i",
);

/**
 * Writes a value as one YAML document in block style: two spaces, lists not indented under their
 * key, lines never folded, text quoted wherever a reader of YAML 1.1 or 1.2 would take it for
 * something else.
 *
 * @param value What to write
 * @param options Whether to open with `---`
 * @returns The document, ending in a line break
 * @throws {KairosError} `invalid` for what would not come back: a number that is not finite, half
 * a surrogate pair, the key `__proto__`; `too_large` for more than 64 levels
 */
export function stringifyYaml(value: YamlValue, options: StringifyYamlOptions = {}): string {
  assertWritable(value, 0);
  return dump(value, {
    schema: WRITE_SCHEMA,
    seqNoIndent: true,
    lineWidth: -1,
    noRefs: true,
    scalarStyleRules: [quoteMisread, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
    transform: ([document]) => {
      if (document !== undefined) document.explicitStart = options.start ?? false;
    },
  });
}

function quoteMisread(layout: ScalarLayout): void {
  const { tag, value } = layout.node;
  if (tag !== strTag.tagName) return;
  // A block that keeps trailing blank lines would have to be closed with "...".
  if (/^[yn]$/i.test(value) || value === "\n" || value.endsWith("\n\n")) {
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
  } else if (MISREAD.test(value) && !value.includes("\n")) {
    layout.style = SCALAR_STYLE.SINGLE_QUOTED;
  }
}

/** Refuses before writing what {@linkcode parseYaml} would not give back; ends on cycles too. */
function assertWritable(value: YamlValue, depth: number): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw unwritable(String(value));
  if (typeof value === "string" && !isWellFormed(value)) throw unwritable("half a surrogate pair");
  if (typeof value !== "object" || value === null) return;
  if (depth >= MAX_DEPTH) {
    throw new KairosError("too_large", `Cannot write YAML: more than ${MAX_DEPTH} levels deep`);
  }
  if (!Array.isArray(value)) {
    for (const key of Object.keys(value)) {
      if (key === "__proto__") throw unwritable('the key "__proto__"');
      assertWritable(key, depth);
    }
  }
  for (const item of Object.values(value)) assertWritable(item, depth + 1);
}

function unwritable(found: string): KairosError {
  return new KairosError("invalid", `Cannot write YAML: found ${found}`);
}
