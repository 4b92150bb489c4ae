/**
 * Kinds of options and arguments that commands share.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";

/**
 * An option that is there or not.
 *
 * @param brief What it does
 * @returns Its description for the scanner
 */
export function flag(
  brief: string,
): { kind: "boolean"; brief: string; default: false; withNegated: false } {
  return { kind: "boolean", brief, default: false, withNegated: false };
}

/** An option with a value that may be left out. */
export interface OptionalFlag<T> {
  /** Kind for the scanner. */
  kind: "parsed";
  /** What it does. */
  brief: string;
  /** What stands for the value in help. */
  placeholder: string;
  /** May be left out. */
  optional: true;
  /** Makes the value. */
  parse: (input: string) => T;
}

/**
 * An option with a text.
 *
 * @param placeholder What stands for the value in help
 * @param brief What it does
 * @returns Its description for the scanner
 */
export function textOption(placeholder: string, brief: string): OptionalFlag<string> {
  return { kind: "parsed", brief, placeholder, optional: true, parse: String };
}

/**
 * An option with a whole number.
 *
 * @param placeholder What stands for the value in help
 * @param brief What it does
 * @param range Smallest and largest value
 * @returns Its description for the scanner
 */
export function numberOption(
  placeholder: string,
  brief: string,
  range: { readonly min: number; readonly max: number },
): OptionalFlag<number> {
  return {
    kind: "parsed",
    brief,
    placeholder,
    optional: true,
    parse: (input) => wholeNumber(input, range),
  };
}

/** The layers, as options name them. */
export const LAYERS = ["l0", "l1", "l2"] as const;

/** A layer. */
export type Layer = typeof LAYERS[number];

/** What `kairos verify` can verify, as its option names it. */
export const VERIFY_KIND_NAMES = ["instance", "package", "skillset"] as const;

/** The format of Agent Skills, as options name it. */
export const AGENT_SKILLS = "agent-skills";

/**
 * An option with a layer.
 *
 * @param brief What it does
 * @param layers The layers it can name
 * @returns Its description for the scanner
 */
export function layerOption<L extends Layer = Layer>(
  brief: string,
  layers: readonly L[] = LAYERS as readonly Layer[] as readonly L[],
): OptionalFlag<L> {
  const names = `${layers.slice(0, -1).join(", ")} or ${layers.at(-1)}`;
  return {
    kind: "parsed",
    brief: `${brief}: ${names}`,
    placeholder: "LAYER",
    optional: true,
    parse: (input) => {
      const layer = layers.find((one) => one === input.toLowerCase());
      if (layer !== undefined) return layer;
      throw new KairosError("usage", `expected ${names}`);
    },
  };
}

/** An argument that must be there. */
export interface RequiredArgument {
  /** What it is. */
  brief: string;
  /** What stands for it in help. */
  placeholder: string;
  /** Makes the value. */
  parse: (input: string) => string;
}

/**
 * An argument that must be there.
 *
 * @param placeholder What stands for it in help
 * @param brief What it is
 * @returns Its description for the scanner
 */
export function argument(placeholder: string, brief: string): RequiredArgument {
  return { brief, placeholder, parse: String };
}

/**
 * An argument that may be left out.
 *
 * @param placeholder What stands for it in help
 * @param brief What it is
 * @returns Its description for the scanner
 */
export function optionalArgument(
  placeholder: string,
  brief: string,
): RequiredArgument & { optional: true } {
  return { brief, placeholder, parse: String, optional: true };
}

/**
 * A whole number in decimal digits.
 *
 * @param input What was typed
 * @param range Smallest and largest value
 * @returns The number
 * @throws {KairosError} `usage`
 */
export function wholeNumber(
  input: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,15}$/.test(input) ? Number(input) : NaN;
  if (value >= min && value <= max) return value;
  throw new KairosError("usage", `expected a whole number from ${min} to ${max}`);
}

/**
 * An option with a text that may be given more than once.
 *
 * @param placeholder What stands for the value in help
 * @param brief What it does
 * @returns Its description for the scanner
 */
export function textsOption(
  placeholder: string,
  brief: string,
): OptionalFlag<string> & { variadic: true } {
  return { ...textOption(placeholder, brief), variadic: true };
}
