/** Promises tested in tests/evolution. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "approvers-signed",
    sentence: "An approver set counts when the set before it has signed it",
    format: "approvers.md#approver-set",
    test:
      "tests/evolution/approver_set_test.ts: verifySet() refuses every set that does not follow",
  },
  {
    id: "approvers-history",
    sentence: "An approver set counts only behind the history it was signed for",
    format: "approvers.md#approver-set",
    test:
      "tests/evolution/history_test.ts: approvers vouch for the history before them: their record does not fit behind another",
  },
  {
    id: "law-facts",
    sentence: "The statements of the law of the templates hold in a new instance",
    format: "definitions.md#bindings",
    test:
      "tests/evolution/facts_test.ts: lawFacts() bear out every statement of the law of the templates",
  },
  {
    id: "approvers-unproven",
    sentence: "An epoch that was opened without the approvers before shows as unproven for ever",
    format: "approvers.md#approver-set",
    test:
      "tests/evolution/approvers_test.ts: resetApprovers() opens an epoch that is unproven for ever",
  },
  {
    id: "approvers-bounded",
    sentence: "Who may decide is found without reading the chain",
    format: "approvers.md#approvers-json",
    test: "tests/evolution/approvers_test.ts: loadApprovers() reads a bounded part of a long chain",
  },
  {
    id: "approvers-forged",
    sentence: "A forged set gives no power, and a walk over the chain names it",
    format: "approvers.md#approvers-json",
    test:
      "tests/evolution/approvers_test.ts: a forged set on the chain gives no power, and a walk over the chain names it",
  },
  {
    id: "approvers-unit",
    sentence: "An approver set and its pointer are one unit",
    format: "approvers.md#approvers-json",
    test: "tests/evolution/approvers_test.ts: changeApprovers() is one unit",
  },
  {
    id: "decision-signature",
    sentence: "A signature holds for exactly one decision of one instance",
    format: "approvers.md#decision-text",
    test:
      "tests/evolution/decision_test.ts: verifyDecision() takes a signature for exactly one decision",
  },
  {
    id: "decision-threshold",
    sentence: "A decision counts distinct keys of the set and no others",
    format: "approvers.md#decision-text",
    test:
      "tests/evolution/decision_test.ts: verifyDecision() counts distinct keys of the set and notes the others",
  },
  {
    id: "approvers-pin",
    sentence: "With a pin no other approvers are accepted, nor none at all",
    format: "approvers.md#pin",
    test: "tests/evolution/pin_test.ts: comparePins() lets only the expected approvers pass",
  },
  {
    id: "law-read-once",
    sentence: "Each source of a law is read once, and none is served whose bytes have changed",
    format: "evolution.md#law-in-force",
    test: "tests/evolution/parsed_laws_test.ts: Evolution.inForce() reads each source once",
  },
  {
    id: "evolution-skillset-l0",
    sentence: "An L0 SkillSet is disabled or removed by a decision, as one unit with both records",
    format: "skillsets.md#decisions",
    test: "tests/evolution/skillset_test.ts: an L0 SkillSet is disabled and removed by a decision",
  },
  {
    id: "evolution-skillset-install",
    sentence: "A package that was proposed is installed as it was judged, not in use and in L2",
    format: "skillsets.md#decisions",
    test: "tests/evolution/skillset_test.ts: a package is installed by a decision",
  },
  {
    id: "evolution-skillset-bound",
    sentence: "A yes to one content of a SkillSet is never a yes to another",
    format: "skillsets.md#decisions",
    test: "tests/evolution/skillset_test.ts: a decision about a SkillSet holds for what was shown",
  },
  {
    id: "evolution-skillset-signer",
    sentence:
      "A decision about a package is about who signed it, and the signature is kept with it",
    format: "skillsets.md#decisions",
    test: "tests/evolution/signed_package_test.ts: who signed a package is shown, decided about",
  },
  {
    id: "evolution-skillset-spent",
    sentence:
      "The files of a package stay until its proposal is rejected or has expired, not longer",
    format: "evolution.md#proposals",
    test: "tests/evolution/spent_test.ts: spentDocuments() frees the files of a package",
  },
  {
    id: "evolution-skillset-beside",
    sentence: "Nothing but the record of a SkillSet stands beside the transition of its decision",
    format: "evolution.md#records",
    test: "tests/evolution/skillset_test.ts: the audit lets nothing but the record of the SkillSet",
  },
  {
    id: "evolution-skillset-enable",
    sentence: "What a SkillSet needs is looked at when it is proposed and when it is applied",
    format: "skillsets.md#decisions",
    test: "tests/evolution/skillset_test.ts: a SkillSet comes into use by a decision",
  },
  {
    id: "signatures-collected",
    sentence: "Signatures of several machines decide together, with the last one and not before",
    format: "approvers.md#signing-elsewhere",
    test: "tests/evolution/signing_test.ts: Evolution.addSignatures() decides with the last",
  },
  {
    id: "signatures-bound",
    sentence: "No signature counts but for exactly the decision that would be made",
    format: "approvers.md#signing-elsewhere",
    test: "tests/evolution/signing_test.ts: Evolution.addSignatures() takes no signature but for",
  },
  {
    id: "signing-shown",
    sentence: "Who signs elsewhere sees what would be signed and changed, or nothing",
    format: "approvers.md#signing-elsewhere",
    test: "tests/evolution/signing_test.ts: readRequest() shows nothing but what would be signed",
  },
  {
    id: "approvers-at-start",
    sentence: "A server says at its start whose signatures count, over every transport",
    format: "approvers.md#pin",
    test: "tests/e2e/mcp_pipe_test.ts: kairos serve says on standard error whose signatures count",
  },
];
