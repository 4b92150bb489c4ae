/**
 * What the names in a definition stand for.
 *
 * @module
 */

import { KairosError } from "../../errors.ts";
import { quote } from "../../text.ts";
import type { Json, JsonObject, Skill } from "../ast.ts";

/** What the names in a definition stand for. */
export interface Bindings {
  /** Values by name. */
  readonly variables: Readonly<Record<string, Json>>;
  /** Skills by name, for `can_evolve?` and `has_tool?`. */
  readonly skills: Readonly<Record<string, Skill>>;
  /** Names of the tools there are. */
  readonly tools: ReadonlySet<string>;
}

/** What an instance says about itself. */
export interface InstanceFacts {
  /**
   * Values by where they come from, such as `config`, `chain`, `layers`, `law`; objects inside are
   * opened, other values are taken as they are.
   */
  readonly facts: Readonly<Record<string, JsonObject>>;
  /** The law's skills. */
  readonly skills: readonly Skill[];
  /** Names of the tools there are. */
  readonly tools: Iterable<string>;
}

/** Who is verified and what the caller adds. */
export interface BindingOptions {
  /** The skill that is verified, bound as `skill`. */
  readonly subject?: Skill;
  /** Values of the caller. They can add names, never replace one of the instance. */
  readonly context?: Readonly<Record<string, Json>>;
}

/** Most names a caller may add. */
const MAX_CONTEXT = 200;

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]{0,99}$/u;

/** Words the language of conditions keeps for itself. */
const KEPT: readonly string[] = ["true", "false", "null", "nil", "not", "in"];

/**
 * Makes the bindings of an instance. A fact is named by its source and its path, joined by `_`:
 * `config` with `{"layers.L1.enabled": true}` gives `config_layers_L1_enabled`. See
 * `kairos_formats/definitions.md#bindings`.
 *
 * @param instance What the instance says about itself
 * @param options The verified skill, the caller's values
 * @returns The bindings
 * @throws {KairosError} `invalid` for a name of the caller that is taken or is no name, `too_large`
 *
 * @example
 * ```ts
 * import { bindingsOf } from "./bindings.ts";
 *
 * const { variables } = bindingsOf({
 *   facts: { chain: { length: 3 } },
 *   skills: [],
 *   tools: ["chain_verify"],
 * });
 * if (variables["chain_length"] !== 3) throw new Error("the fact is not bound");
 * ```
 */
export function bindingsOf(instance: InstanceFacts, options: BindingOptions = {}): Bindings {
  const skills = new Map(instance.skills.toReversed().map((skill) => [skill.id, skill]));
  if (options.subject !== undefined) skills.set("skill", options.subject);
  const variables = new Map(
    Object.entries(instance.facts).flatMap(([source, facts]) => [...opened(source, facts)]),
  );
  const added = Object.entries(options.context ?? {});
  if (added.length > MAX_CONTEXT) {
    throw new KairosError(
      "too_large",
      `Cannot bind ${added.length} names: at most ${MAX_CONTEXT} are allowed`,
    );
  }
  for (const [name, value] of added) {
    if (!NAME.test(name) || KEPT.includes(name)) {
      throw new KairosError("invalid", `Cannot bind ${quote(name)}: it is no name`, {
        hint: "Use letters, digits and _, and begin with a letter",
      });
    }
    if (variables.has(name) || skills.has(name)) {
      throw new KairosError("invalid", `Cannot bind ${quote(name)}: the instance binds it itself`, {
        hint: "Choose another name",
      });
    }
    variables.set(name, value);
  }
  return {
    variables: Object.fromEntries(variables),
    skills: Object.fromEntries(skills),
    tools: new Set(instance.tools),
  };
}

function* opened(name: string, value: Json): Generator<[string, Json]> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    yield [name, value];
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    yield* opened(`${name}_${key.replaceAll(/[^\p{L}\p{M}\p{N}_]/gu, "_")}`, inner);
  }
}
