/**
 * What an audit looks for in texts, as data. Wide enough to be worth a look, no verdict.
 *
 * @module
 */

/** A pattern and what it may mean. */
export interface TextRule {
  /** Name of the finding. */
  readonly code: string;
  /** How urgent it is. */
  readonly severity: "info" | "warning" | "critical";
  /** What is looked for. */
  readonly pattern: RegExp;
  /** What it may mean. */
  readonly detail: string;
}

/** Skills of the law that say of themselves that their time is over. */
export const LAW_RULES: readonly TextRule[] = [{
  code: "DEPRECATED",
  severity: "warning",
  pattern: /\b(?:deprecated|legacy|obsolete)\b/i,
  detail: "It calls something deprecated, legacy or obsolete",
}];

/** Knowledge about versions nobody should use any more. */
export const VERSION_RULES: readonly TextRule[] = [{
  code: "VERSION",
  severity: "info",
  pattern: /\b(?:ruby 2\.[0-5]|node 1[0-4]\.|python 3\.[0-7])(?!\d)/i,
  detail: "It speaks of an old version of a language",
}];

/** Texts that ask to get around rules, or that hold secrets. */
export const DANGER_RULES: readonly TextRule[] = [
  {
    code: "AROUND_RULES",
    severity: "warning",
    pattern:
      /\b(?:bypass|skip|ignore)(?:es|ing|ping|s)?\b[^.\n]{0,60}\b(?:approvals?|safety|rules|checks?)\b/i,
    detail: "It may ask to get around a rule",
  },
  {
    code: "SECRET",
    severity: "critical",
    pattern: /\b(?:password|api[_-]?key)\s*[:=]\s*["'][^"'\n]+["']/i,
    detail: "It seems to hold a secret",
  },
];
