/**
 * Where an entry comes from that is not the project's own.
 *
 * @module
 */

/** The SkillSet an entry comes from. */
export interface Origin {
  /** Its name. */
  readonly skillset: string;
  /** Whether it came from somebody else, as a package. */
  readonly received: boolean;
}

/** An origin as results have it; no entry is without these fields. */
export interface OriginFields {
  /** The SkillSet, or `null` for the project's own. */
  readonly skillset: string | null;
  /** Whether it came from somebody else. */
  readonly received: boolean;
}

/**
 * An origin for programs.
 *
 * @param origin The origin, `null` for the project's own
 * @returns Plain data
 */
export function originFields(origin: Origin | null): OriginFields {
  return { skillset: origin?.skillset ?? null, received: origin?.received ?? false };
}

/**
 * An origin in words.
 *
 * @param origin The origin
 * @returns Such as `SkillSet 'mmp'` or `SkillSet 'notes', received`
 *
 * @example
 * ```ts
 * import { originText } from "./origin.ts";
 *
 * const text = originText({ skillset: "notes", received: true });
 * if (text !== "SkillSet 'notes', received") throw new Error(text);
 * ```
 */
export function originText({ skillset, received }: Origin): string {
  return `SkillSet '${skillset}'${received ? ", received" : ""}`;
}
