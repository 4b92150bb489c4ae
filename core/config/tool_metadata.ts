/**
 * What people add to the guide about tools, `config/tool_metadata.yml`.
 *
 * @module
 */

import { type Disk, parentOf, writeAtomic } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { stringifyYaml, type YamlMap, type YamlValue } from "../yaml.ts";
import { isMap, readYamlFile } from "./yaml_file.ts";

/** The metadata file, relative to the data directory. */
export const TOOL_METADATA_FILE = "config/tool_metadata.yml";

/** An example of a call. */
export interface ToolExample {
  /** What it shows. */
  readonly title: string;
  /** The call. */
  readonly code: string;
}

/** What is told about one tool. */
export interface ToolMetadata {
  /** Its category, or `null` to leave it to the guide. */
  readonly category: string | null;
  /** Words to find it by. */
  readonly usecaseTags: readonly string[];
  /** Examples of calls. */
  readonly examples: readonly ToolExample[];
  /** Names of tools that go with it. */
  readonly relatedTools: readonly string[];
}

/** The metadata file as read. */
export interface ToolMetadataFile {
  /** Tool name to metadata. */
  readonly tools: ReadonlyMap<string, ToolMetadata>;
  /** What could not be used, one sentence each without a trailing period. */
  readonly problems: readonly string[];
}

const MAX_TOOLS = 512;
const MAX_NAME = 128;
const MAX_LIST = 64;
const MAX_WORD = 128;
const MAX_CODE = 4000;

/**
 * Reads the metadata. It is an aid and no rule: what is wrong is left out and reported.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns Metadata and problems; nothing of either when there is no file
 * @throws {KairosError} `io` when the disk refuses
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { readToolMetadata } from "./tool_metadata.ts";
 *
 * const root = Deno.makeTempDirSync();
 * if (readToolMetadata(new Disk(), root).problems.length > 0) throw new Error();
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function readToolMetadata(disk: Disk, root: string): ToolMetadataFile {
  let fields: YamlMap;
  try {
    fields = readFields(disk, root).fields;
  } catch (error) {
    if (!(error instanceof KairosError) || error.code === "io") throw error;
    return { tools: new Map(), problems: [error.message] };
  }
  const tools = new Map<string, ToolMetadata>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (tools.size >= MAX_TOOLS) {
      problems.push(`More than ${MAX_TOOLS} tools are described; the rest is left out`);
      break;
    }
    const entry = readEntry(name, value);
    if (typeof entry !== "string") tools.set(name, entry);
    else problems.push(`Cannot use the metadata of ${quote(name)}: ${entry}`);
  }
  return { tools, problems };
}

/**
 * Sets the metadata of one tool; needs the write lock. The other entries stay, also those that cannot
 * be used, and so do the comments at the head of the file; other comments are lost.
 *
 * @param disk The disk
 * @param root The data directory
 * @param tool The tool's name
 * @param metadata Its metadata
 * @throws {KairosError} `invalid` when the metadata is over a bound or the file cannot be read,
 *   `too_large`, `io`; the file is as before then
 */
export function writeToolMetadata(
  disk: Disk,
  root: string,
  tool: string,
  metadata: ToolMetadata,
): void {
  const { text, fields } = readFields(disk, root);
  const before = Object.hasOwn(fields, tool) ? fields[tool] : undefined;
  const entry: YamlMap = {
    ...(isMap(before) ? before : {}),
    category: metadata.category,
    usecase_tags: [...metadata.usecaseTags],
    examples: metadata.examples.map(({ title, code }) => ({ title, code })),
    related_tools: [...metadata.relatedTools],
  };
  const problem = readEntry(tool, entry);
  if (typeof problem === "string") {
    throw new KairosError("invalid", `Cannot keep the metadata of ${quote(tool)}: ${problem}`);
  }
  const head = /^(?:(?:#.*|[ \t]*)\r?\n)*/.exec(text)![0];
  const path = `${root}/${TOOL_METADATA_FILE}`;
  disk.makeFolder(parentOf(path));
  const body = stringifyYaml({ ...fields, [tool]: entry });
  writeAtomic(disk, path, new TextEncoder().encode(head + body));
}

function readFields(disk: Disk, root: string): { text: string; fields: YamlMap } {
  // As text, so that an entry of somebody else is written back as it stood.
  return readYamlFile(disk, root, TOOL_METADATA_FILE, { scalars: "text" }) ??
    { text: "", fields: {} };
}

/** The metadata, or what is wrong with it. */
function readEntry(name: string, value: YamlValue): ToolMetadata | string {
  if (name === "" || name.length > MAX_NAME) return `the name is not 1 to ${MAX_NAME} characters`;
  if (!isMap(value)) return "expected a group of fields";
  const field = (key: string): YamlValue => Object.hasOwn(value, key) ? value[key] ?? null : null;
  const category = field("category");
  if (category !== null && !isText(category, MAX_WORD)) {
    return `category is not a text of at most ${MAX_WORD} characters`;
  }
  const usecaseTags = words(field("usecase_tags"));
  const relatedTools = words(field("related_tools"));
  const examples = readExamples(field("examples"));
  const list = `is not a list of at most ${MAX_LIST}`;
  if (usecaseTags === null) return `usecase_tags ${list} texts`;
  if (relatedTools === null) return `related_tools ${list} texts`;
  if (examples === null) return `examples ${list} groups with title and code`;
  return { category, usecaseTags, examples, relatedTools };
}

function isText(value: YamlValue | undefined, max: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= max;
}

function words(value: YamlValue): string[] | null {
  if (value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_LIST) return null;
  const found = value.filter((word) => isText(word, MAX_WORD));
  return found.length === value.length ? found : null;
}

function readExamples(value: YamlValue): ToolExample[] | null {
  if (value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_LIST) return null;
  const found = value.flatMap((item) => {
    if (!isMap(item)) return [];
    const { title, code } = item;
    return isText(title, MAX_CODE) && isText(code, MAX_CODE) ? [{ title, code }] : [];
  });
  return found.length === value.length ? found : null;
}
