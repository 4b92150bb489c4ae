/**
 * What kairos promises to clients of MCP beyond what is in `tests/requirements.ts`.
 *
 * @module
 */

/** Rows of `REQUIREMENTS`. */
export const MCP_REQUIREMENTS = [
  {
    id: "mcp-skills",
    sentence:
      "The official client lists, reads and verifies knowledge entries as skills, through both doors",
    format: null,
    test:
      "tests/e2e/mcp_skills_test.ts: kairos serve lets the official client use entries as skills",
  },
  {
    id: "layers-skills-written",
    sentence: "A skill says of itself what its entry says, to every reader of front matter",
    format: null,
    test:
      "tests/layers/skill_catalog_test.ts: skillDocument() writes front matter that every reader reads alike",
  },
  {
    id: "layers-skills-skipped",
    sentence: "An entry that breaks a limit of skills is left out, and the reason can be told",
    format: null,
    test: "tests/layers/skill_catalog_test.ts: SkillCatalog skips what breaks a limit and says why",
  },
  {
    id: "mcp-families",
    sentence:
      "A family of tools that a person switches off is neither listed nor callable nor recommended",
    format: null,
    test:
      "tests/server/families_test.ts: a family that is switched off is neither listed nor callable nor recommended",
  },
  {
    id: "mcp-cancel",
    sentence: "A call that a client takes back ends its work, and the server goes on",
    format: null,
    test: "tests/server/cancel_test.ts: a call that is taken back ends, and the server goes on",
  },
  {
    id: "mcp-progress",
    sentence: "Progress is told at most ten times a second, and each time more than before",
    format: null,
    test:
      "tests/server/progress_test.ts: progressOf() tells at most ten times a second, and never less than before",
  },
] as const;
