/**
 * What differs between two laws, for people who review a change.
 *
 * @module
 */

import { type DefinitionNode, type Json, type Law, type Skill, SKILL_FIELDS } from "./ast.ts";
import { canonicalJson, skillAsJson } from "./canonical.ts";

/** One difference. */
export interface LawChange {
  /** The skill; `null` for the order of the skills. */
  readonly skill: string | null;
  /** The field; `null` for the skill as a whole. */
  readonly field: keyof Skill | null;
  /** The statement of the definition, or `null`. */
  readonly node: string | null;
  /** What became of it; `reordered`: the same parts in another order. */
  readonly change: "added" | "removed" | "changed" | "reordered";
  /** What it was; `null` when it was added. Of an order, the names. */
  readonly before: Json;
  /** What it is; `null` when it was removed. Of an order, the names. */
  readonly after: Json;
}

/**
 * Compares two laws.
 *
 * @param before One law
 * @param after Another
 * @returns What differs, skills in the order of `before` and then what was added; empty exactly when
 *   the laws have the same hash
 * @example
 * ```ts
 * import { emptySkill } from "./ast.ts";
 * import { diffLaw } from "./diff.ts";
 *
 * const skill = emptySkill("core_safety");
 * const changes = diffLaw({ skills: [skill] }, { skills: [{ ...skill, title: "Safety" }] });
 * if (changes.length !== 1 || changes[0]?.field !== "title") throw new Error("one field differs");
 * ```
 */
export function diffLaw(before: Law, after: Law): LawChange[] {
  const ids = (law: Law) => new Map(law.skills.map((skill) => [skill.id, skill]));
  return diffParts(ids(before), ids(after), { skill: null, field: null, node: null }, (id) => ({
    place: { skill: id, field: null, node: null },
    json: skillAsJson,
    inside: diffSkill,
  }));
}

type Place = Pick<LawChange, "skill" | "field" | "node">;

/** How the parts of one kind are named, shown and, where that helps, taken apart. */
interface Part<T> {
  readonly place: Place;
  readonly json: (part: T) => Json;
  readonly inside?: (before: T, after: T) => LawChange[];
}

function diffParts<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  whole: Place,
  part: (key: string) => Part<T>,
): LawChange[] {
  const changes: LawChange[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    const { place, json, inside } = part(key);
    if (was === undefined || is === undefined) {
      const change = was === undefined ? "added" : "removed";
      const show = (one: T | undefined) => one === undefined ? null : json(one);
      changes.push({ ...place, change, before: show(was), after: show(is) });
    } else if (canonicalJson(json(was)) !== canonicalJson(json(is))) {
      changes.push(
        ...inside?.(was, is) ??
          [{ ...place, change: "changed" as const, before: json(was), after: json(is) }],
      );
    }
  }
  // Parts that stayed may stand in another order, which the hash covers too.
  const stayed = (one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>) =>
    [...one.keys()].filter((key) => other.has(key));
  const [were, are] = [stayed(before, after), stayed(after, before)];
  const moved = were.some((key, at) => key !== are[at]);
  // So does a part put in elsewhere, but that already shows as added.
  if (moved) changes.push({ ...whole, change: "reordered", before: were, after: are });
  return changes;
}

function diffSkill(before: Skill, after: Skill): LawChange[] {
  const [was, is] = [skillAsJson(before), skillAsJson(after)];
  return SKILL_FIELDS.flatMap((field): LawChange[] => {
    const [held, holds] = [was[field]!, is[field]!];
    if (canonicalJson(held) === canonicalJson(holds)) return [];
    if (field === "definition" && before.definition !== null && after.definition !== null) {
      return diffDefinition(before.id, before.definition, after.definition);
    }
    return [{ skill: before.id, field, node: null, change: "changed", before: held, after: holds }];
  });
}

function diffDefinition(
  skill: string,
  before: readonly DefinitionNode[],
  after: readonly DefinitionNode[],
): LawChange[] {
  const place: Place = { skill, field: "definition", node: null };
  return diffParts(byName(before), byName(after), place, (key) => ({
    place: { ...place, node: key },
    json: ({ type, name, options, source_span }) => ({ type, name, options, source_span }),
  }));
}

/** Statements by name; a name's second one is told from its first by a number. */
function byName(nodes: readonly DefinitionNode[]): Map<string, DefinitionNode> {
  const named = new Map<string, DefinitionNode>();
  for (const node of nodes) {
    let key = node.name;
    for (let many = 2; named.has(key); many++) key = `${node.name} (${many})`;
    named.set(key, node);
  }
  return named;
}
