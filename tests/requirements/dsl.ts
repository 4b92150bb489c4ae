/** Promises tested in tests/dsl. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "formal-conditions-vectors",
    sentence:
      "Every condition of the existing implementation gives its recorded result, or a pinned one",
    format: "definitions.md#conditions",
    test: "tests/dsl/formal_vectors_test.ts: evaluateCondition() agrees with every recorded result",
    deviation:
      "Literals, blanks and joined conditions are understood, methods can be asked without " +
      "an argument, numbers in arguments are numbers, and a number is no truth value; each " +
      "is pinned in the test with its reason",
  },
  {
    id: "formal-conditions-logic",
    sentence: "Conditions follow three-valued logic: what is unknown never decides",
    format: "definitions.md#conditions",
    test: "tests/dsl/conditions_test.ts: evaluateCondition() follows three-valued logic for any",
  },
  {
    id: "formal-conditions-total",
    sentence: "No text makes the evaluation of a condition fail, run or leave its bounds",
    format: "definitions.md#conditions",
    test: "tests/dsl/conditions_test.ts: evaluateCondition() never throws, whatever the text",
  },
  {
    id: "formal-verify-vectors",
    sentence: "A definition gets the verdicts the existing implementation recorded",
    format: "definitions.md#verification",
    test: "tests/dsl/formal_vectors_test.ts: verifyDefinition() agrees with every recorded report",
    deviation: "A tool that does not exist is unsatisfied",
  },
  {
    id: "formal-verify-nothing",
    sentence: "It is never said that all is satisfied when nothing was evaluated",
    format: "definitions.md#verification",
    test: "tests/dsl/definition_test.ts: verifyDefinition() never says that all is satisfied when",
    deviation: "The existing implementation says so",
  },
  {
    id: "formal-bindings",
    sentence: "A caller adds names to the bindings and replaces none of the instance",
    format: "definitions.md#bindings",
    test: "tests/dsl/definition_test.ts: bindingsOf() lets a caller add names and replace none",
  },
  {
    id: "formal-decompile",
    sentence: "Definitions are told in the recorded words and compared with the prose by the " +
      "recorded rules",
    format: "definitions.md#decompiling",
    test:
      "tests/dsl/formal_vectors_test.ts: decompile() and drift() agree with every recorded result",
  },
  {
    id: "formal-drift-words",
    sentence: "Prose and definition are compared by whole words too, in every script",
    format: "definitions.md#drift",
    test:
      "tests/dsl/definition_test.ts: drift() matches parts of words, and whole words beside them",
  },
  {
    id: "formal-reports",
    sentence: "Reports on definitions read as the recorded ones",
    format: "definitions.md#verification",
    test: "tests/dsl/formal_vectors_test.ts: reports on definitions read as the recorded ones",
    deviation: "The drift report goes on with the figures by whole words",
  },
  {
    id: "formal-records",
    sentence: "Reading formalization records passes over every item that is something else",
    format: "definitions.md#formalization-records",
    test: "tests/dsl/formalization_test.ts: formalizationsOf() passes over every item that is no",
    deviation: "The existing implementation fails",
  },
];
