/**
 * What kairos promises, and the test that holds it to each promise.
 *
 * One row is one sentence of a format or of the architecture. `tests/gate/requirements_test.ts`
 * fails when a row names a test or a heading that does not exist.
 *
 * @module
 */

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

/** Every promise that has a test. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "gate-architecture",
    sentence: "Imports point one way between rooms, and no file or room imports itself in a circle",
    format: null,
    test: "tests/gate/architecture_test.ts: architecture holds for every source of the repository",
  },
  {
    id: "gate-effects",
    sentence: "Files are touched in core/disk only, sockets in mmp and server, programs nowhere",
    format: null,
    test: "tests/gate/architecture_test.ts: checkSources() reports every effect outside its places",
  },
  {
    id: "gate-state",
    sentence: "No module keeps state, so two instances can live in one process",
    format: null,
    test: "tests/gate/architecture_test.ts: checkSources() reports state kept outside an instance",
  },
  {
    id: "gate-docs",
    sentence: "Every exported symbol of the product has a doc comment",
    format: null,
    test: "tests/gate/docs_test.ts: documentation covers every exported symbol of the product",
  },
  {
    id: "gate-portable",
    sentence: "No file of the repository names a path of somebody's machine",
    format: null,
    test: "tests/gate/docs_test.ts: no file of the repository names a path of somebody's machine",
  },
];
