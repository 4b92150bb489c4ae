/**
 * Versions and version constraints of SkillSets, by the rules RubyGems has for them. See
 * `kairos_formats/skillsets.md#versions`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

/** A digit run as a number, or a letter run. */
type Segment = bigint | string;

/** A version, read. */
export interface Version {
  /** The text, blanks around it removed; `0` for an empty one. */
  readonly text: string;
  /** Its digit and letter runs, in order. */
  readonly segments: readonly Segment[];
}

type Operator = "=" | "!=" | ">" | "<" | ">=" | "<=" | "~>";

/** One part of a constraint. */
export interface Requirement {
  /** How the version is compared. */
  readonly operator: Operator;
  /** What it is compared with. */
  readonly version: Version;
}

const MAX_LENGTH = 256;

const VERSION = "[0-9]+(?:\\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";
const WHOLE_VERSION = new RegExp(`^${VERSION}$`);
const WHOLE_REQUIREMENT = new RegExp(`^(=|!=|>=|<=|~>|>|<)?\\s*(${VERSION})$`);

/**
 * Reads a version: numbers and words between dots, then perhaps `-` and a pre-release.
 *
 * @param text Such as `1.2.0` or `2.0.0-rc.1`; an empty text is `0`
 * @returns The version
 * @throws {KairosError} `invalid` when the text is no version
 *
 * @example
 * ```ts
 * import { compareVersions, parseVersion } from "./versions.ts";
 *
 * if (compareVersions(parseVersion("1.10"), parseVersion("1.9")) <= 0) throw new Error("1.10 is newer");
 * ```
 */
export function parseVersion(text: string): Version {
  const trimmed = text.trim();
  if (trimmed === "") return { text: "0", segments: [0n] };
  if (trimmed.length > MAX_LENGTH || !WHOLE_VERSION.test(trimmed)) {
    throw new KairosError("invalid", `Malformed version number string ${quote(text)}`, {
      hint: "Write numbers with dots, such as 1.2.0, and a pre-release as 1.2.0-rc.1",
    });
  }
  const runs = trimmed.replaceAll("-", ".pre.").match(/[0-9]+|[a-zA-Z]+/g) ?? [];
  return { text: trimmed, segments: runs.map((run) => /^[0-9]/.test(run) ? BigInt(run) : run) };
}

/**
 * Orders two versions. Missing parts count as 0; a word comes before every number, so a pre-release
 * comes before its release.
 *
 * @param left One version
 * @param right Another
 * @returns Negative, 0 or positive, as `sort` wants it
 */
export function compareVersions(left: Version, right: Version): number {
  const a = canonical(left.segments);
  const b = canonical(right.segments);
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = compareSegments(a[at] ?? 0n, b[at] ?? 0n);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * Reads a constraint: comma-separated comparisons that all must hold. An empty one holds always.
 *
 * @param text Such as `>= 1.0, < 2` or `~> 1.2`
 * @returns Its parts
 * @throws {KairosError} `invalid` when a part is none
 */
export function parseConstraint(text: string): Requirement[] {
  const parts = text.trim() === "" ? [">= 0"] : text.split(",").map((part) => part.trim());
  return parts.map((part) => {
    const match = text.length <= MAX_LENGTH ? WHOLE_REQUIREMENT.exec(part) : null;
    if (match === null) {
      throw new KairosError("invalid", `Illformed requirement ${quote(part)}`, {
        hint: "Write an operator (= != > < >= <= ~>) and a version, such as >= 1.2.0",
      });
    }
    return { operator: (match[1] ?? "=") as Operator, version: parseVersion(match[2]!) };
  });
}

/**
 * Whether a version meets every part of a constraint.
 *
 * @param version The version
 * @param constraint The parts
 * @returns The answer
 */
export function satisfies(version: Version, constraint: readonly Requirement[]): boolean {
  return constraint.every((part) => HOLDS[part.operator](version, part.version));
}

const HOLDS: Readonly<Record<Operator, (version: Version, bound: Version) => boolean>> = {
  "=": (version, bound) => compareVersions(version, bound) === 0,
  "!=": (version, bound) => compareVersions(version, bound) !== 0,
  ">": (version, bound) => compareVersions(version, bound) > 0,
  "<": (version, bound) => compareVersions(version, bound) < 0,
  ">=": (version, bound) => compareVersions(version, bound) >= 0,
  "<=": (version, bound) => compareVersions(version, bound) <= 0,
  // Up to the next value of the last part but one, which a pre-release of that value does not reach.
  "~>": (version, bound) =>
    compareVersions(version, bound) >= 0 && compareVersions(released(version), next(bound)) < 0,
};

/** Without zeros at the end and before the first word: those two make no difference. */
function canonical(segments: readonly Segment[]): Segment[] {
  const word = segments.findIndex((segment) => typeof segment === "string");
  const cut = word === -1 ? segments.length : word;
  return [...withoutZeros(segments.slice(0, cut)), ...withoutZeros(segments.slice(cut))];
}

function withoutZeros(segments: readonly Segment[]): Segment[] {
  let length = segments.length;
  while (length > 0 && segments[length - 1] === 0n) length--;
  return segments.slice(0, length);
}

function compareSegments(a: Segment, b: Segment): number {
  if (typeof a !== typeof b) return typeof a === "string" ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The numbers before the first word. */
function numbers(version: Version): bigint[] {
  const { segments } = version;
  const word = segments.findIndex((segment) => typeof segment === "string");
  return segments.slice(0, word === -1 ? segments.length : word) as bigint[];
}

function released(version: Version): Version {
  return { text: version.text, segments: numbers(version) };
}

function next(version: Version): Version {
  const parts = numbers(version);
  if (parts.length > 1) parts.pop();
  parts.push(parts.pop()! + 1n);
  return { text: version.text, segments: parts };
}
