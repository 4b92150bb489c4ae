/**
 * What kairos promises, and the test that holds it to each promise: one file of rows for each folder
 * of tests.
 *
 * One row is one sentence of a format or of the architecture. `tests/gate/requirements_test.ts`
 * fails when a row names a test or a heading that does not exist.
 *
 * @module
 */

import type { Requirement } from "./requirements/requirement.ts";
import { ROWS as calls } from "./requirements/calls.ts";
import { ROWS as chain } from "./requirements/chain.ts";
import { ROWS as cli } from "./requirements/cli.ts";
import { ROWS as conformance } from "./requirements/conformance.ts";
import { ROWS as core } from "./requirements/core.ts";
import { ROWS as crash } from "./requirements/crash.ts";
import { ROWS as disk } from "./requirements/disk.ts";
import { ROWS as dsl } from "./requirements/dsl.ts";
import { ROWS as e2e } from "./requirements/e2e.ts";
import { ROWS as evolution } from "./requirements/evolution.ts";
import { ROWS as law } from "./requirements/law.ts";
import { ROWS as gate } from "./requirements/gate.ts";
import { ROWS as index } from "./requirements/index.ts";
import { ROWS as journal } from "./requirements/journal.ts";
import { ROWS as keys } from "./requirements/keys.ts";
import { ROWS as layers } from "./requirements/layers.ts";
import { ROWS as ledger } from "./requirements/ledger.ts";
import { ROWS as mmp } from "./requirements/mmp.ts";
import { ROWS as objects } from "./requirements/objects.ts";
import { ROWS as protocol } from "./requirements/protocol.ts";
import { ROWS as server } from "./requirements/server.ts";
import { ROWS as skillset } from "./requirements/skillset.ts";
import { ROWS as state } from "./requirements/state.ts";

export type { Requirement } from "./requirements/requirement.ts";

/** Every promise that has a test. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...calls,
  ...chain,
  ...cli,
  ...conformance,
  ...core,
  ...crash,
  ...disk,
  ...dsl,
  ...e2e,
  ...evolution,
  ...law,
  ...gate,
  ...index,
  ...journal,
  ...keys,
  ...layers,
  ...ledger,
  ...mmp,
  ...protocol,
  ...objects,
  ...server,
  ...skillset,
  ...state,
];
