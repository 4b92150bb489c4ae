/**
 * The recorded skills of the existing implementation, as skills of ours.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { type DefinitionNode, emptySkill, type Skill, type Words } from "../../core/dsl/ast.ts";

/** Where the recorded results are. */
export const VECTORS = new URL("../../../shared/vectors/", import.meta.url);

/** Whether the recorded results are missing here. */
export const ignore = !existsSync(VECTORS);

/** A skill as the existing implementation dumps it. */
export interface Dump {
  readonly id: string;
  readonly version: string | null;
  readonly title: string | null;
  readonly use_when: string | null;
  readonly inputs: string[] | null;
  readonly requires: Words;
  readonly guarantees: Words;
  readonly depends_on: Words;
  readonly content: string | null;
  readonly has_behavior: boolean;
  readonly effects:
    | Readonly<Record<string, { name: string; requirements: string[]; recordings: string[] }>>
    | null;
  readonly evolution_rules: { allowed: string[]; denied: string[]; conditions: string[] } | null;
  readonly tool_config: {
    readonly name: string;
    readonly description: string;
    readonly input_schema: {
      readonly properties: Readonly<Record<string, { type: string; description: string }>>;
      readonly required: string[];
    };
  } | null;
  readonly definition: { readonly nodes: DefinitionNode[] } | null;
  readonly formalization_notes: string | null;
}

/** One recorded skill and what the existing implementation says of it. */
export interface Recorded {
  readonly dump: Dump;
  readonly skill_hash_input: string;
  readonly skill_hash: string;
  readonly can_evolve: Readonly<Record<string, boolean>>;
  readonly verify?: {
    readonly summary: unknown;
    readonly all_deterministic_passed: boolean;
    readonly results: readonly Readonly<Record<string, unknown>>[];
  };
  readonly decompile?: string;
  readonly drift?: unknown;
}

/** Reads a file of recorded results. */
export function recorded<T>(path: string): T {
  return JSON.parse(Deno.readTextFileSync(new URL(path, VECTORS)));
}

/** What a recorded skill says that a definition is judged by; its code is left out. */
export function skillOf(dump: Dump): Skill {
  return {
    ...emptySkill(dump.id),
    content: dump.content,
    definition: dump.definition?.nodes ?? null,
    evolve: dump.evolution_rules === null ? null : {
      allow: dump.evolution_rules.allowed,
      deny: dump.evolution_rules.denied,
      conditions: dump.evolution_rules.conditions.map((name) => ({ name, test: null })),
    },
  };
}
