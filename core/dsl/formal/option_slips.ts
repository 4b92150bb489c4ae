/**
 * Options of statements that look like slips of the hand: `conditon` is an option nobody reads, so the
 * statement says less than its author meant. See `kairos_formats/definitions.md#verification`.
 *
 * @module
 */

import type { Skill } from "../ast.ts";
import { nearest } from "../../nearest.ts";
import { NODE_OPTIONS, OTHER_OPTIONS } from "../schema.ts";

/** An option that looks like another one. */
export interface OptionSlip {
  /** The statement. */
  readonly node: string;
  /** The option as it is written. */
  readonly option: string;
  /** The option that may be meant. */
  readonly meant: string;
}

/** Options that are read whatever the type of the statement. */
const COMMON: readonly string[] = ["required", "timing", "scope", "target"];

/**
 * Looks for options that are not read and look like ones that are. Other names are the author's own.
 *
 * @param skill The skill
 * @returns The slips, in order; none for a statement that also has the option that may be meant
 *
 * @example
 * ```ts
 * import { emptySkill } from "../ast.ts";
 * import { optionSlips } from "./option_slips.ts";
 *
 * const options = { conditon: "a == 1", note: "mine" };
 * const definition = [{ type: "Check", name: "one", options, source_span: null }];
 * const [slip, ...more] = optionSlips({ ...emptySkill("s"), definition });
 * if (slip?.meant !== "condition" || more.length > 0) throw new Error("one slip");
 * ```
 */
export function optionSlips({ definition }: Skill): OptionSlip[] {
  return (definition ?? []).flatMap(({ type, name, options }) => {
    const rules = Object.hasOwn(NODE_OPTIONS, type) ? NODE_OPTIONS[type]! : OTHER_OPTIONS;
    const known = [...Object.keys(rules), ...COMMON];
    return Object.keys(options).filter((option) => !known.includes(option)).flatMap((option) => {
      const meant = nearest(option, known);
      return meant === undefined || Object.hasOwn(options, meant)
        ? []
        : [{ node: name, option, meant }];
    });
  });
}
