/** One promise of kairos and the test that holds it to it. */

/** One promise and where it is tested. */
export interface Requirement {
  /** Unique name, `room-subject-number` or `room-subject`, lower case. */
  readonly id: string;
  /** The promise as one plain sentence. */
  readonly sentence: string;
  /**
   * Where the format says it: document and heading of `templates/knowledge/kairos_formats/`, such
   * as `chain.md#block-hash`; `null` for a promise about the repository, which no format states.
   */
  readonly format: `${string}.md#${string}` | null;
  /** Test file, a colon and a space, then the name of a test or step, or its beginning. */
  readonly test: `tests/${string}_test.ts: ${string}`;
  /** Where we are stricter than what the format lets others do, and why. */
  readonly deviation?: string;
}
