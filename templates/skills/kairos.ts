/// <reference path="./kairos.d.ts" />

skill("l0_governance", {
  version: "1.1",
  title: "Governance of the law",
  use_when: "Before a skill of the law is proposed, added or changed",
  law: {
    allowed_skills: [
      "core_safety",
      "l0_governance",
      "evolution_rules",
      "layer_awareness",
      "approval_workflow",
      "self_inspection",
      "chain_awareness",
      "audit_rules",
    ],
    immutable_skills: ["core_safety"],
    evolution_enabled: true,
    limits: {
      evolutions_per_session: 3,
    },
    approval: {
      required: 1,
      allow_client: true,
      allow_asserted: false,
      expires_days: 7,
    },
  },
  content: `
    The law names which skills there may be, which of them stay as they are, and how often
    it may change. An agent proposes; a person decides.
    `,
});

skill("core_safety", {
  version: "1.1",
  title: "Safety",
  use_when: "Always",
  evolve: {
    deny: ["all"],
  },
  content: `
    No change of the law without a person's decision, and no decision without a record.
    `,
});
