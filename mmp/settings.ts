/**
 * How an instance meets others: `skillsets/mmp/config/meeting.yml`. See
 * `kairos_formats/meeting.md#settings`.
 *
 * @module
 */

import { keyPosition } from "../core/config/key_position.ts";
import { readSettings } from "../core/config/read_settings.ts";
import type { SettingTable, ValuesOf } from "../core/config/settings.ts";
import { isMap, readYamlFile, type YamlFile } from "../core/config/yaml_file.ts";
import type { Disk } from "../core/disk/mod.ts";
import { quote } from "../core/text.ts";
import type { YamlMap } from "../core/yaml.ts";

/** The settings file, relative to the data directory. */
export const MEETING_FILE = "skillsets/mmp/config/meeting.yml";

const LINE = /^[^\p{Cc}\p{Cf}]{0,500}$/u;
const FORMATS = ["markdown", "yaml_frontmatter"] as const;

/** Every setting that has an effect. */
export const MEETING_SETTINGS = {
  enabled: {
    kind: "boolean",
    default: false,
    meaning: "Whether other instances are answered",
  },
  "identity.name": {
    kind: "text",
    default: "KairosChain Instance",
    pattern: LINE,
    expected: "one line of text, at most 500 characters",
    meaning: "What others call this instance",
  },
  "identity.description": {
    kind: "text",
    default: "",
    pattern: LINE,
    expected: "one line of text, at most 500 characters",
    meaning: "What it is about",
  },
  "identity.scope": {
    kind: "text",
    default: "general",
    pattern: LINE,
    expected: "one line of text, at most 500 characters",
    meaning: "The field it works in",
  },
  "capabilities.meeting_protocol_version": {
    kind: "text",
    default: "1.0.0",
    pattern: /^\d{1,6}(?:\.\d{1,6}){0,2}$/,
    expected: 'a version such as "1.0.0"',
    meaning: "The version of the protocol that is announced",
  },
  "capabilities.supported_actions": {
    kind: "names",
    default: ["introduce", "offer_skill", "request_skill", "accept", "decline", "reflect"],
    of: null,
    meaning: "The actions that are announced while no protocol is described by knowledge",
  },
  "skill_exchange.allowed_formats": {
    kind: "names",
    default: FORMATS,
    of: FORMATS,
    meaning: "The formats knowledge is exchanged in",
  },
  "skill_exchange.public_by_default": {
    kind: "boolean",
    default: false,
    meaning: "Whether entries that say nothing of it are shown to others",
  },
  "skill_exchange.max_skill_size_bytes": {
    kind: "integer",
    default: 100_000,
    min: 1,
    max: 1_000_000,
    meaning: "Largest entry that is given away or taken, in bytes",
  },
  "skillset_exchange.enabled": {
    kind: "boolean",
    default: true,
    meaning: "Whether SkillSets that were marked as shared are shown to others",
  },
  "constraints.max_skill_size_bytes": {
    kind: "integer",
    default: 100_000,
    min: 1,
    max: 1_000_000,
    meaning: "The size that is announced",
  },
  "constraints.rate_limit_per_minute": {
    kind: "integer",
    default: 10,
    min: 1,
    max: 100,
    meaning: "Most contents one session may fetch in a minute",
  },
  "http_server.host": {
    kind: "text",
    default: "127.0.0.1",
    pattern: /^[0-9A-Za-z_.:%[\]-]{1,255}$/,
    expected: "a host name or an IP address",
    meaning: "Address of a listener for other instances alone",
  },
  "http_server.port": {
    kind: "integer",
    default: 8090,
    min: 1,
    max: 65535,
    meaning: "Port of that listener",
  },
} as const satisfies SettingTable;

/** Keys other implementations read; here they are known and do nothing. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  "identity.agent_id",
  "skill_exchange.allow_executable",
  "skillset_exchange.knowledge_only",
  "skillset_exchange.auto_install",
  "http_server.enabled",
  "http_server.timeout",
  "encryption",
  "crypto",
  "meeting_place",
  "attestation_nudge",
  "protocol_evolution",
]);

/** Keys of {@linkcode WITHOUT_EFFECT} that somebody who sets them to `true` relies on. */
const NEVER: readonly (readonly [key: string, why: string])[] = [
  ["skill_exchange.allow_executable", "code is never exchanged"],
  ["skillset_exchange.auto_install", "what was received stays disabled until a person enables it"],
];

/** The settings by their dotted keys, and what to tell the user about them. */
export interface MeetingSettings extends ValuesOf<typeof MEETING_SETTINGS> {
  /** Keys nobody knows and keys without effect, with their places. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings. A missing file means the defaults, with which nobody is answered.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns The settings
 * @throws {KairosError} `invalid`, naming file, key and place, what was found and what is expected;
 *   `too_large` for a huge file
 *
 * @example
 * ```ts
 * import { Disk } from "../core/disk/mod.ts";
 * import { loadMeetingSettings } from "./settings.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const settings = loadMeetingSettings(new Disk(), root);
 * if (settings.enabled || settings["http_server.host"] !== "127.0.0.1") throw new Error("open");
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function loadMeetingSettings(disk: Disk, root: string): MeetingSettings {
  const file = readYamlFile(disk, root, MEETING_FILE);
  const values = readSettings(MEETING_SETTINGS, file, MEETING_FILE);
  return { ...values, warnings: file === null ? [] : warningsOf(file) };
}

function warningsOf({ fields, text }: YamlFile): string[] {
  const at = (key: string): string => {
    const place = keyPosition(text, key);
    return place === null ? "" : ` at line ${place.line}, column ${place.column}`;
  };
  const unknown = keysOf(fields).filter((key) => !isKnown(key));
  return [
    ...unknown.map((key) => `${MEETING_FILE}: ${quote(key)}${at(key)} is no setting`),
    ...NEVER.filter(([key]) => valueAt(fields, key) === true)
      .map(([key, why]) => `${MEETING_FILE}: ${key}${at(key)} has no effect: ${why}`),
  ];
}

/** The keys of two levels; a group nobody knows is one key. */
function keysOf(fields: YamlMap): string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    if (!isMap(value) || isKnown(key) || !isGroup(key)) return [key];
    return Object.keys(value).map((inner) => `${key}.${inner}`);
  });
}

function isKnown(key: string): boolean {
  return Object.hasOwn(MEETING_SETTINGS, key) || WITHOUT_EFFECT.has(key);
}

function isGroup(key: string): boolean {
  const known = [...Object.keys(MEETING_SETTINGS), ...WITHOUT_EFFECT];
  return known.some((one) => one.startsWith(`${key}.`));
}

function valueAt(fields: YamlMap, path: string): unknown {
  const [group, key] = path.split(".") as [string, string];
  const inner = Object.hasOwn(fields, group) ? fields[group] : undefined;
  return isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
}
