/**
 * `skillset.json`: what a SkillSet says about itself. See `kairos_formats/skillsets.md#manifest`.
 *
 * @module
 */

import { z } from "zod";
import { KairosError } from "../errors.ts";
import { parseJsonObject } from "../json_object.ts";
import { quote } from "../text.ts";
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
  /** Whether its knowledge is found by search. */
  readonly indexKnowledge: boolean;
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

const text = (limit: number) => z.string().max(limit);
const relativePath = text(1024).refine(isInsidePath, "must be a path below the SkillSet");
const dependency = z.union([
  text(64).transform((name) => ({ name, version: "" })),
  z.object({ name: text(64), version: text(256).default("") })
    .transform(({ name, version }) => ({ name, version })),
]);

const FIELDS = z.looseObject({
  name: text(64),
  version: text(128),
  description: text(4096).default(""),
  author: text(1024).default(""),
  layer: z.enum(SKILLSET_LAYERS).default("L1"),
  depends_on: z.array(dependency).max(256).default([]),
  provides: z.array(text(256)).max(256).default([]),
  config_files: z.array(relativePath).max(256).default([]),
  knowledge_dirs: z.array(relativePath).max(256).default([]),
  index_knowledge: z.boolean().optional(),
  min_core_version: text(128).optional(),
});

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
  const parsed = FIELDS.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join(".");
    throw new KairosError(
      "invalid",
      issue.path[0] === "depends_on"
        ? `Invalid depends_on entry in ${quote(where)}: ${quote(field)}`
        : `Invalid skillset.json in ${quote(where)}: ${quote(field)}: ${issue.message}`,
      { hint: "The fields and their types are in the entry kairos_formats" },
    );
  }
  const fields = parsed.data;
  parseVersion(fields.version);
  for (const { name, version } of fields.depends_on) {
    checkSkillSetName(name);
    parseConstraint(version);
  }
  return {
    name: fields.name,
    version: fields.version,
    description: fields.description,
    author: fields.author,
    layer: fields.layer,
    dependsOn: fields.depends_on,
    provides: fields.provides,
    configFiles: fields.config_files,
    knowledgeDirs: fields.knowledge_dirs,
    indexKnowledge: fields.index_knowledge ?? fields.layer !== "L2",
    minCoreVersion: fields.min_core_version ?? null,
    asksForCode: CODE_FIELDS.filter((field) => isSaid(raw[field])),
    raw,
  };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && !value.trim());
}

/** Whether a field says something: an empty list or object asks for nothing. */
function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function isInsidePath(path: string): boolean {
  return path !== "" && !/^[/\\]|^[a-zA-Z]:|\\|\0/.test(path) &&
    path.split("/").every((segment) => segment !== ".." && segment !== ".");
}
