/**
 * What resource reads must not serve, and how much of the rest, `config/safety.yml`.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";
import { checkValue, invalidValue, type ValueSource } from "./check_value.ts";
import { matchesGlob } from "./glob.ts";
import type { Setting } from "./settings.ts";
import { isMap, readYamlFile } from "./yaml_file.ts";

/** The safety file, relative to the data directory. */
export const SAFETY_FILE = "config/safety.yml";

/** Names that are never served; the safety file adds to them and takes none away. */
const ALWAYS_BLOCKED: readonly string[] = [".env*", "*.key", "*.pem"];

/** The limits as they stand in the safety file, under `limits`. */
export const SAFETY_LIMITS = {
  max_read_bytes: {
    kind: "integer",
    default: 100_000,
    min: 1,
    max: 16 * 1024 * 1024,
    meaning: "Most bytes one resource read returns",
  },
  max_search_lines: {
    kind: "integer",
    default: 500,
    min: 1,
    max: 10_000,
    meaning: "Most lines one search returns",
  },
  max_tree_depth: {
    kind: "integer",
    default: 5,
    min: 1,
    max: 32,
    meaning: "How many folders deep resources are listed",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The rules for reading. */
export interface Safety {
  /** Most bytes one resource read returns. */
  readonly maxReadBytes: number;
  /** Most lines one search returns. */
  readonly maxSearchLines: number;
  /** How many folders deep resources are listed. */
  readonly maxTreeDepth: number;
  /** Patterns of names that are not served. */
  readonly blocklist: readonly string[];
  /**
   * Whether a file or folder must not be served.
   *
   * @param basename One path segment; of a path, ask for every segment
   */
  isBlocked(basename: string): boolean;
}

const MAX_PATTERNS = 1000;
const MAX_PATTERN = 128;
/** Most names whose verdict is kept. */
const MAX_REMEMBERED = 20_000;

/**
 * Reads the rules. A missing file, key or value means the default; what is written and wrong is an
 * error, because rules nobody can read protect nothing.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns The rules in force
 * @throws {KairosError} `invalid`, naming file, key and place; `too_large` for a huge file
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { loadSafety } from "./safety.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const safety = loadSafety(new Disk(), root);
 * if (!safety.isBlocked("id.PEM") || safety.isBlocked("notes.md")) throw new Error();
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function loadSafety(disk: Disk, root: string): Safety {
  const { fields, text } = readYamlFile(disk, root, SAFETY_FILE) ?? { fields: {}, text: "" };
  const source = (key: string): ValueSource => ({ file: SAFETY_FILE, text, key });
  const limits = own(fields, "limits") ?? {};
  if (!isMap(limits)) throw invalidValue(limits, "a group of fields", source("limits"));
  const limit = (name: keyof typeof SAFETY_LIMITS): number => {
    const value = own(limits, name);
    const setting = SAFETY_LIMITS[name];
    if (value === null) return setting.default;
    return Number(checkValue(value, setting, source(`limits.${name}`)));
  };
  const added = patterns(own(fields, "blocklist") ?? [], source("blocklist"));
  const blocklist = [...new Set([...ALWAYS_BLOCKED, ...added])];
  return {
    maxReadBytes: limit("max_read_bytes"),
    maxSearchLines: limit("max_search_lines"),
    maxTreeDepth: limit("max_tree_depth"),
    blocklist,
    isBlocked: remembered((basename) => {
      return blocklist.some((pattern) => matchesGlob(pattern, basename));
    }),
  };
}

/** Lists ask for the same names over and over; the rules stay as they are. */
function remembered(judge: (name: string) => boolean): (name: string) => boolean {
  const verdicts = new Map<string, boolean>();
  return (name) => {
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    if (verdicts.size >= MAX_REMEMBERED) verdicts.clear();
    const verdict = judge(name);
    verdicts.set(name, verdict);
    return verdict;
  };
}

function own(map: YamlMap, key: string): YamlValue {
  return Object.hasOwn(map, key) ? map[key] ?? null : null;
}

function patterns(value: YamlValue, source: ValueSource): string[] {
  if (!Array.isArray(value)) throw invalidValue(value, "a list of file name patterns", source);
  if (value.length > MAX_PATTERNS) {
    throw invalidValue(value, `at most ${MAX_PATTERNS} patterns`, source);
  }
  return value.map((pattern) => {
    // Other wildcards and folders would be taken for themselves and block nothing.
    if (typeof pattern === "string" && pattern !== "" && !/[/\\[\]{}]/.test(pattern)) {
      if (pattern.length <= MAX_PATTERN) return pattern;
    }
    const expected = `patterns of file names, at most ${MAX_PATTERN} characters, with * and ? as ` +
      "the only wildcards";
    throw invalidValue(pattern, expected, source);
  });
}
