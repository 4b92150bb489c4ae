/**
 * Colour where a person looks at it, and nowhere else.
 *
 * @module
 */

import type { Variable } from "../io.ts";

/** Marks texts for the eye. */
export interface Style {
  /** Headings. */
  readonly strong: (text: string) => string;
  /** What matters less. */
  readonly faint: (text: string) => string;
  /** All is well. */
  readonly good: (text: string) => string;
  /** Worth a look. */
  readonly warn: (text: string) => string;
  /** Broken. */
  readonly bad: (text: string) => string;
}

/**
 * The style of an output. There is no colour unless it is a terminal, `NO_COLOR` is empty and `TERM`
 * is not `dumb`.
 *
 * @param isTerminal Whether a terminal shows it
 * @param env Looks up a variable of the environment
 * @returns The style
 */
export function styleFor(isTerminal: boolean, env: (name: Variable) => string | undefined): Style {
  const plain = !isTerminal || (env("NO_COLOR") ?? "") !== "" || env("TERM") === "dumb";
  const code = (on: number, off: number) => (text: string) =>
    plain || text === "" ? text : `\x1b[${on}m${text}\x1b[${off}m`;
  return {
    strong: code(1, 22),
    faint: code(2, 22),
    good: code(32, 39),
    warn: code(33, 39),
    bad: code(31, 39),
  };
}
