/**
 * How much a law may hold. See `kairos_formats/law.md#bounds`.
 *
 * @module
 */

/** The bounds of a law, asked before or while it is read. */
export const LAW_LIMITS = {
  /** UTF-16 units of a source, or of the canonical JSON. */
  source: 1024 * 1024,
  /**
   * Marks of a source that begin something: commas, semicolons, dots, opening brackets, backticks and
   * line breaks, in text too. They bound what the parser builds before it is called: a source of
   * nothing but commas would take ten times the memory of prose.
   */
  marks: 80_000,
  /** Times `/*` may stand in a source: the parser looks for a line break far behind each. */
  comments: 2000,
  /** Skills of a law. */
  skills: 1000,
  /** Lists and objects inside each other, counted from the fields of a skill. */
  depth: 32,
  /**
   * Levels of a function's syntax tree. Far below what the parser's stack can hold, so that what is
   * refused does not depend on how large the stack happens to be.
   */
  codeDepth: 128,
  /** Problems told at once. */
  problems: 20,
} as const;
