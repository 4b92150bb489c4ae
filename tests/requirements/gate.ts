/** Promises tested in tests/gate. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
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
