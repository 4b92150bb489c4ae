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
  {
    id: "dsl-source",
    sentence:
      "The law is read from plain data and functions kept as text; whatever else stands there is refused with its place",
    format: "law.md#the-source",
    test: "tests/dsl/parse_test.ts: parseLaw() refuses what is no law, and says where and why",
    deviation:
      "The existing implementation runs its law to read it; ours runs nothing and shares no L0 with it",
  },
  {
    id: "dsl-statements",
    sentence: "The source holds skills and nothing else, and no character that nobody sees",
    format: "law.md#the-source",
    test: "tests/dsl/parse_test.ts: parseLaw() refuses a source that is more than skills",
    deviation: "An id that stands twice is refused; others keep both and find the first",
  },
  {
    id: "dsl-text",
    sentence: "Text is read as written, blocks without their indentation",
    format: "law.md#text",
    test: "tests/dsl/parse_test.ts: parseLaw() reads text as law.md tells",
  },
  {
    id: "dsl-bounds",
    sentence: "Hostile sources end in a clean error, within bounded memory",
    format: "law.md#bounds",
    test: "tests/dsl/hostile_test.ts: parseLaw() ends hostile sources in a clean error",
  },
  {
    id: "dsl-memory",
    sentence: "A hostile source takes less than 200 MB and two seconds of the processor",
    format: "law.md#bounds",
    test: "tests/dsl/hostile_test.ts: parseLaw() takes less than 200 MB and 2 s of the processor",
  },
  {
    id: "dsl-printing",
    sentence: "Every law has one printed form, which is read back to the same law",
    format: "law.md#printing",
    test: "tests/dsl/print_test.ts: printLaw() and parseLaw() give back every law",
  },
  {
    id: "dsl-tree",
    sentence: "Every field of the source has its place in the tree",
    format: "law.md#the-tree",
    test: "tests/dsl/parse_test.ts: parseLaw() reads every field to the tree",
  },
  {
    id: "dsl-canonical",
    sentence: "A law travels as its canonical JSON and in no other form",
    format: "law.md#canonical-json",
    test: "tests/dsl/law_json_test.ts: lawFromJson() refuses every text but the canonical one",
  },
  {
    id: "dsl-hash",
    sentence: "The hash of a law is that of its canonical JSON",
    format: "law.md#canonical-json",
    test: "tests/dsl/declaration_test.ts: law.md shows a law as it is printed, with its hashes",
  },
  {
    id: "ruby-vectors",
    sentence: "The recorded Ruby source gives the recorded skills, nodes and hashes",
    format: "ruby_law.md#verbs",
    test: "tests/dsl/ruby_test.ts: parseRubyLaw() reads the recorded source as recorded",
  },
  {
    id: "ruby-verbs",
    sentence: "Every verb of a skill is read, in each form of its values",
    format: "ruby_law.md#verbs",
    test: "tests/dsl/ruby_test.ts: parseRubyLaw() reads every verb of a skill",
  },
  {
    id: "ruby-definitions",
    sentence: "Every verb of a definition is read, with its options in their order",
    format: "ruby_law.md#definitions",
    test: "tests/dsl/ruby_test.ts: parseRubyLaw() reads every verb of a definition",
  },
  {
    id: "ruby-text",
    sentence: "Text is read as Ruby reads it, indentation and escapes included",
    format: "ruby_law.md#values",
    test: "tests/dsl/ruby_test.ts: parseRubyLaw() reads text as Ruby does",
  },
  {
    id: "ruby-twin",
    sentence: "What is read from Ruby is the law its TypeScript is read to, whatever the verb",
    format: "ruby_law.md#values",
    test: "tests/dsl/ruby_test.ts: parseRubyLaw() reads every verb of a definition",
  },
  {
    id: "ruby-losses",
    sentence:
      "What is not carried over from Ruby is named with its place, and nothing of it is run",
    format: "ruby_law.md#what-is-lost",
    test:
      "tests/dsl/ruby_test.ts: parseRubyLaw() names what it does not carry over, with its place",
    deviation: "The existing implementation runs the source",
  },
  {
    id: "ruby-bounds",
    sentence:
      "A hostile Ruby source ends in a clean error within its bounds, without any permission",
    format: "ruby_law.md#bounds",
    test:
      "tests/dsl/ruby_bounds_test.ts: parseRubyLaw() ends for any hostile source, without permissions",
  },
  {
    id: "ruby-memory",
    sentence: "A hostile Ruby source takes less than 200 MB and two seconds of the processor",
    format: "ruby_law.md#bounds",
    test: "tests/dsl/ruby_bounds_test.ts: parseRubyLaw() takes less than 200 MB and 2 s",
  },
  {
    id: "ruby-report",
    sentence: "The report of a conversion tells what is lost and which code is kept as text only",
    format: "ruby_law.md#what-is-lost",
    test:
      "tests/dsl/ruby_report_test.ts: conversionReport() tells what is lost and which code is never run",
  },
  {
    id: "formal-option-slips",
    sentence: "An option nobody reads that looks like one that is read is told",
    format: "definitions.md#verification",
    test: "tests/dsl/definition_test.ts: optionSlips() names options nobody reads",
  },
  {
    id: "law-places",
    sentence:
      "Whoever writes a law is shown each place that is none: line, column, the line itself " +
      "with a caret under the place, what to do",
    format: "law.md#the-source",
    test: "tests/cli/law_errors_test.ts: a law that cannot be read is shown place by place",
  },
];
