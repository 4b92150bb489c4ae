/**
 * `skillset.json`: what a SkillSet says about itself. See `kairos_formats/skillsets.md#manifest`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { parseJsonObject } from "../json_object.ts";
import { quote } from "../text.ts";
import {
  aBoolean,
  aDependency,
  aList,
  aPath,
  aText,
  ManifestFields,
  oneOf,
} from "./manifest_fields.ts";
import { checkSkillSetName } from "./names.ts";
import { parseConstraint, parseVersion } from "./versions.ts";

/** The layers a SkillSet can belong to. */
export const SKILLSET_LAYERS = ["L0", "L1", "L2"] as const;

/** One of {@linkcode SKILLSET_LAYERS}. */
export type SkillSetLayer = (typeof SKILLSET_LAYERS)[number];

/** Another SkillSet that must be there. */
export interface Dependency {
  /** Its name. */
  readonly name: string;
  /** Which versions will do; empty for every version. */
  readonly version: string;
}

/** A manifest, read. */
export interface Manifest {
  /** Name of the SkillSet and of its folder. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** What it is about. */
  readonly description: string;
  /** Who made it. */
  readonly author: string;
  /** The layer it asks for. */
  readonly layer: SkillSetLayer;
  /** What it needs. */
  readonly dependsOn: readonly Dependency[];
  /** What it offers, for people. */
  readonly provides: readonly string[];
  /** Files a user may change, below its folder. */
  readonly configFiles: readonly string[];
  /** Folders with entries, below its folder. */
  readonly knowledgeDirs: readonly string[];
  /** Whether its knowledge is found by search; `null` when it does not say. */
  readonly indexKnowledge: boolean | null;
  /** Least version of kairos it was written for, or `null`. */
  readonly minCoreVersion: string | null;
  /** Fields that ask for code to be loaded. They are shown and never have an effect. */
  readonly asksForCode: readonly string[];
  /** The object as it was read, unknown fields included. */
  readonly raw: Readonly<Record<string, unknown>>;
}

const BOUNDS = { bytes: 256 * 1024, depth: 32 };

/** Fields by which the existing implementation loads or calls code. */
const CODE_FIELDS = [
  "tool_classes",
  "place_extensions",
  "lifecycle_hooks",
  "activation_hook",
  "plugin",
  "entry_point",
  "host_profiles",
  "gem_dependencies",
] as const;

/**
 * Reads a manifest.
 *
 * @param bytes The file
 * @param where What to call it in messages, such as `skillsets/my_pack/skillset.json`
 * @returns The manifest
 * @throws {KairosError} `invalid` with what is wrong; a text that two readers could understand
 * differently, with a name twice, is refused too
 *
 * @example
 * ```ts
 * import { parseManifest } from "./manifest.ts";
 *
 * const bytes = new TextEncoder().encode('{"name":"notes","version":"1.0"}');
 * if (parseManifest(bytes, "skillset.json").layer !== "L1") throw new Error("L1 is the default");
 * ```
 */
export function parseManifest(bytes: Uint8Array, where: string): Manifest {
  const raw = parseJsonObject(bytes, BOUNDS, `Invalid skillset.json in ${quote(where)}`);
  if (isBlank(raw["name"]) || isBlank(raw["version"])) {
    throw new KairosError("invalid", "Invalid SkillSet: missing required fields", {
      hint: `Give name and version in ${where}`,
    });
  }
  checkSkillSetName(raw["name"]);
  const fields = new ManifestFields(
    raw,
    (field) =>
      field === "depends_on"
        ? `Invalid depends_on entry in ${quote(where)}`
        : `Invalid skillset.json in ${quote(where)}`,
  );
  const manifest: Manifest = {
    name: fields.get("name", aText(64), ""),
    version: fields.get("version", aText(128), ""),
    description: fields.get("description", aText(4096), ""),
    author: fields.get("author", aText(1024), ""),
    layer: fields.get("layer", oneOf(SKILLSET_LAYERS), "L1"),
    dependsOn: fields.get("depends_on", aList(aDependency), []),
    provides: fields.get("provides", aList(aText(256)), []),
    configFiles: fields.get("config_files", aList(aPath), []),
    knowledgeDirs: fields.get("knowledge_dirs", aList(aPath), []),
    indexKnowledge: fields.get("index_knowledge", aBoolean, null),
    minCoreVersion: fields.get("min_core_version", aText(128), null),
    asksForCode: CODE_FIELDS.filter((field) => isSaid(raw[field])),
    raw,
  };
  parseVersion(manifest.version);
  for (const { name, version } of manifest.dependsOn) {
    checkSkillSetName(name);
    parseConstraint(version);
  }
  return manifest;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && !value.trim());
}

/** Whether a field says something: an empty list or object asks for nothing. */
function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
