/**
 * `skills-lock.json`, in which the `skills` command of others notes what a project has installed.
 *
 * ```json
 * {"version":1,"skills":{"NAME":{"source":"…","sourceType":"local","computedHash":"<64 hex>"}}}
 * ```
 *
 * See `kairos_formats/skillsets.md#agent-skills`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { z } from "zod";
import { KairosError } from "../errors.ts";
import { parseJsonObject } from "../json_object.ts";
import { quote } from "../text.ts";
import type { PackedFile } from "./tar_write.ts";

/** What is noted of a skill. */
export interface LockedSkill {
  /** Its name. */
  readonly name: string;
  /** Where it came from. */
  readonly source: string;
  /** What kind of place that is. */
  readonly sourceType: string;
  /** The hash of its files, or `null` when there is none we know how to make. */
  readonly hash: string | null;
}

/** Most bytes of a lock file. */
export const MAX_LOCK: number = 1024 * 1024;

const VERSION = 1;

const FIELDS = z.object({
  version: z.number(),
  skills: z.record(
    z.string().max(256),
    z.object({
      source: z.string().max(2048),
      sourceType: z.string().max(64),
      computedHash: z.string().max(256).optional(),
    }),
  ),
});

/**
 * Reads a lock file.
 *
 * @param bytes The file
 * @returns Its skills, in the order they stand
 * @throws {KairosError} `invalid` for what is none, or of a version we do not know
 *
 * @example
 * ```ts
 * import { parseSkillsLock } from "./skills_lock.ts";
 *
 * const text = '{"version":1,"skills":{"a":{"source":"./a","sourceType":"local"}}}';
 * const [skill] = parseSkillsLock(new TextEncoder().encode(text));
 * if (skill?.name !== "a" || skill.hash !== null) throw new Error("misread");
 * ```
 */
export function parseSkillsLock(bytes: Uint8Array): LockedSkill[] {
  const raw = parseJsonObject(bytes, { bytes: MAX_LOCK, depth: 8 }, "Cannot read the lock file");
  const parsed = FIELDS.safeParse(raw);
  const broken = !parsed.success
    ? `${quote(parsed.error.issues[0]!.path.join("."))} is missing or of another type`
    : parsed.data.version !== VERSION
    ? `its version is ${parsed.data.version}, not ${VERSION}`
    : null;
  if (!parsed.success || broken !== null) {
    throw new KairosError("invalid", `Cannot read the lock file: ${broken}`, {
      hint: "Name the skills-lock.json of a project",
    });
  }
  return Object.entries(parsed.data.skills).map(([name, { source, sourceType, computedHash }]) => ({
    name,
    source,
    sourceType,
    hash: computedHash !== undefined && /^[0-9a-f]{64}$/.test(computedHash) ? computedHash : null,
  }));
}

/**
 * The hash such a file notes: SHA-256 over path and content of each file, one after the other, in the
 * order in which people sort the paths.
 *
 * @param files Every file of the skill, hidden ones too, none from `.git` and `node_modules`
 * @returns 64 hexadecimal digits
 */
export function skillFolderHash(files: readonly PackedFile[]): string {
  const { compare } = new Intl.Collator("en");
  const hash = createHash("sha256");
  for (const { path, bytes } of files.toSorted((a, b) => compare(a.path, b.path))) {
    hash.update(path).update(bytes);
  }
  return hash.digest("hex");
}
