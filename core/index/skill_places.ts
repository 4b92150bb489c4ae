/**
 * The skills of the law in force as documents to be searched: one for each.
 *
 * They come from the decided text and from nowhere else, so that no edit that waits for a person is
 * found as if it were law. The index knows them below the file that tells which law is in force.
 *
 * @module
 */

import type { Skill } from "../dsl/ast.ts";
import { KairosError } from "../errors.ts";
import { LAW_FILE, RUBY_SOURCE } from "../evolution/law_file.ts";
import type { LawReader, ReadLaw } from "../evolution/law_reader.ts";
import { SCHEMES } from "../layers/resource_uri.ts";
import { isWithin, LAW, type Place, type PlaceContent } from "./places.ts";

/** Where the index keeps the skills. */
export const SKILLS = LAW_FILE;

/** A skill to be searched. */
export interface SkillPlace {
  /** Where it is. */
  readonly place: Place;
  /** What it says. */
  readonly content: PlaceContent;
}

/**
 * Whether the skills have to be looked at together with a path.
 *
 * @param scope A path; everything when it is empty
 * @returns `true` for the files that tell which law is in force, and for what holds them
 */
export function holdsSkills(scope: string): boolean {
  return isWithin(SKILLS, scope) || scope === RUBY_SOURCE;
}

/**
 * Whether a path of the index is that of a skill.
 *
 * @param path The path
 * @returns Whether it is
 *
 * @example
 * ```ts
 * import { isSkillPath } from "./skill_places.ts";
 *
 * if (!isSkillPath("skills/law.json/core_safety")) throw new Error("a skill");
 * if (isSkillPath("skills/kairos.md")) throw new Error("a text beside the law");
 * ```
 */
export function isSkillPath(path: string): boolean {
  return isWithin(path, SKILLS);
}

/**
 * The skills of a law.
 *
 * @param law The law in force
 * @returns Each as a document, by its path
 */
export function skillPlaces(law: ReadLaw | null): Map<string, SkillPlace> {
  const places = new Map<string, SkillPlace>();
  if (law === null) return places;
  for (const skill of law.skills) {
    const place = skillPlace(law, skill.id);
    places.set(place.path, { place, content: contentOf(law, skill) });
  }
  return places;
}

/**
 * The law in force, for searching: whatever keeps it from being read keeps nothing else from being
 * found, and doctor tells what it is.
 *
 * @param reader What reads it
 * @returns The law, `null` when there is none
 */
export async function readLaw(reader: Pick<LawReader, "read">): Promise<ReadLaw | null> {
  try {
    return await reader.read();
  } catch (error) {
    if (error instanceof KairosError) return null;
    throw error;
  }
}

function skillPlace({ path }: ReadLaw, id: string): Place {
  return {
    path: `${SKILLS}/${id}`,
    uri: `${SCHEMES.l0}${path.slice(LAW.length + 1)}`,
    folder: path,
    store: LAW,
    origin: null,
    isSearched: true,
    layer: "l0",
    session: null,
    archived: false,
    name: id,
  };
}

function contentOf({ object, modified }: ReadLaw, skill: Skill): PlaceContent {
  const { id: _id, title, use_when, content: _content, ...rest } = skill;
  const about = [title, use_when].filter((text) => text !== null).join(": ");
  return {
    version: object,
    declaredName: null,
    description: about === "" ? null : about,
    tags: [],
    files: [],
    body: [skill.content ?? "", ...wordsOf({ ...rest })].join(" "),
    isPrivate: false,
    modified,
    problem: null,
  };
}

/** What stands in a field and below it: names and values, code as it is. */
function* wordsOf(value: unknown): Generator<string> {
  if (value === null) return;
  if (typeof value !== "object") yield String(value);
  else if (Array.isArray(value)) { for (const one of value) yield* wordsOf(one); }
  else {
    for (const [name, inner] of Object.entries(value)) {
      const words = [...wordsOf(inner)];
      if (words.length > 0) yield `${name}: ${words.join(" ")}`;
    }
  }
}
