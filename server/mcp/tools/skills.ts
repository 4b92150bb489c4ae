/**
 * Tools that read L0: the sections of the constitution, the skills of the law in force.
 *
 * @module
 */

import { z } from "zod";
import type { Skill } from "../../../core/dsl/ast.ts";
import { lawHash, skillAsJson, skillHash } from "../../../core/dsl/canonical.ts";
import { bindingsOf } from "../../../core/dsl/formal/bindings.ts";
import { verifyDefinition } from "../../../core/dsl/formal/verify_definition.ts";
import { KairosError } from "../../../core/errors.ts";
import { readConstitution } from "../../../core/layers/constitution.ts";
import { nearFirst } from "../../../core/nearest.ts";
import { quote, visible } from "../../../core/text.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { cell, table } from "../markdown.ts";
import { NAME, READS } from "../schemas.ts";
import { skillText } from "../skill_text.ts";
import type { LawSource } from "./law_source.ts";

const NULLABLE = z.string().nullable();
/** Most names an error lists. */
const LISTED = 50;

const skillsList = defineTool({
  name: "skills_list",
  title: "List the constitution's sections",
  description: "Lists the sections of the constitution (L0) and when to read each. Read one with " +
    "skills_get.",
  input: z.strictObject({}),
  output: z.object({
    sections: z.array(z.object({ id: z.string(), title: z.string(), use_when: NULLABLE })),
  }),
  annotations: READS,
  example: {},
  run(_args, { instance }) {
    const found = readConstitution(instance.view());
    const rows = found.map(({ id, title, useWhen }) => [id, cell(title), cell(useWhen ?? "-")]);
    return {
      structured: {
        sections: found.map(({ id, title, useWhen }) => ({ id, title, use_when: useWhen })),
      },
      text: `Available sections of the constitution:\n\n${
        table(["ID", "Title", "Use When"], rows)
      }\n\nRead one with skills_get and its ID.`,
    };
  },
});

const skillsGet = defineTool({
  name: "skills_get",
  title: "Read a section of the constitution",
  description: "Reads one section of the constitution (L0) by its id, such as CORE-1.",
  input: z.strictObject({ section_id: NAME.describe("Id of the section, in any case") }),
  output: z.object({
    id: z.string(),
    title: z.string(),
    use_when: NULLABLE,
    content: z.string(),
  }),
  annotations: READS,
  example: { section_id: "CORE-1" },
  run({ section_id }, { instance }) {
    const all = readConstitution(instance.view());
    const found = all.find(({ id }) => id === section_id.toUpperCase());
    if (found === undefined) {
      const ids = all.slice(0, LISTED).map(({ id }) => id).join(", ");
      throw new KairosError("not_found", `Section ${quote(section_id)} not found`, {
        hint: `Available sections: ${ids === "" ? "none" : ids}`,
      });
    }
    const { id, title, useWhen, content } = found;
    return {
      structured: { id, title, use_when: useWhen, content },
      text: `## [${id}] ${visible(title)}\n\n${visible(content, "\n\t")}`,
    };
  },
});

const skillsDslList = defineTool({
  name: "skills_dsl_list",
  title: "List the law's skills",
  description: "Lists the skills of the law in force (L0), with those words in them if you search.",
  input: z.strictObject({
    search: z.string().max(200).describe("Only skills with all these words").optional(),
  }),
  output: z.object({
    status: z.string().describe("decided, last_proven, ruby or none"),
    law: NULLABLE.describe("Hash of the law as data"),
    skills: z.array(z.object({
      id: z.string(),
      title: NULLABLE,
      version: NULLABLE,
      use_when: NULLABLE,
      hash: z.string(),
    })),
    problems: z.array(z.string()),
  }),
  annotations: READS,
  example: { search: "approval" },
  async run({ search }, { instance }) {
    const { law, status, problems } = await (await instance.evolution()).inForce();
    const wanted = (search ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "");
    const found = law.skills.filter((skill) => holdsAll(skill, wanted));
    const asked = wanted.length === 0 ? "" : `_Search: ${quote(search)} | Method: keyword_\n\n`;
    const rows = found.map((
      { id, title, use_when },
    ) => [cell(id), cell(title ?? "-"), cell(use_when ?? "-")]);
    const list = found.length === 0
      ? `No skills of the law found.${wanted.length === 0 ? "" : ` (search: ${visible(search!)})`}`
      : `${table(["ID", "Title", "Use When"], rows)}\n\nRead one with skills_dsl_get and its ID.`;
    return {
      structured: {
        status,
        law: law.skills.length === 0 ? null : lawHash(law),
        skills: found.map((skill) => {
          const { id, title, version, use_when } = skill;
          return { id, title, version, use_when, hash: skillHash(skill) };
        }),
        problems: [...problems],
      },
      text: `Skills of the law in force:\n\n${asked}${list}${problemsText(problems)}`,
    };
  },
});

/**
 * The tool that reads one skill.
 *
 * @param facts Where it gets the facts definitions are judged by
 * @returns The tool
 */
export function skillsDslGet(facts: LawSource): Tool {
  return defineTool({
    name: "skills_dsl_get",
    title: "Read a skill of the law",
    description: "Reads one skill of the law in force (L0): prose, definition, source text as " +
      "skills_evolve takes it, and the same as data. Nothing in it is run.",
    input: z.strictObject({ skill_id: NAME.describe("Id of the skill") }),
    output: z.object({
      id: z.string(),
      hash: z.string().describe("SHA-256 of the skill as canonical JSON"),
      status: z.string().describe("What stands behind the law: decided, last_proven or ruby"),
      ast: z.record(z.string(), z.unknown()).describe("The skill as data"),
      source: z.string().describe("The skill as text of skills/kairos.ts"),
      immutable: z.boolean().describe("Agents cannot propose to change it"),
      verified: z.boolean().nullable().describe("Whether its definition holds; null without one"),
    }),
    annotations: READS,
    example: { skill_id: "core_safety" },
    async run({ skill_id }, context) {
      const inForce = await (await context.instance.evolution()).inForce();
      const skill = skillOf(inForce.law.skills, skill_id);
      const { printSkill } = await import("../../../core/dsl/print.ts");
      const names = {
        facts: await facts.facts(context),
        skills: inForce.law.skills,
        tools: facts.tools(context),
      };
      const report = skill.definition === null
        ? null
        : verifyDefinition(skill, bindingsOf(names, { subject: skill }));
      const source = printSkill(skill);
      return {
        structured: {
          id: skill.id,
          hash: skillHash(skill),
          status: inForce.status,
          ast: { ...skillAsJson(skill) },
          source,
          immutable: inForce.settings.immutableSkills.includes(skill.id),
          verified: report?.all_deterministic_passed ?? null,
        },
        text: skillText(skill, source, report) + problemsText(inForce.problems),
      };
    },
  });
}

/**
 * The skill of an id.
 *
 * @param skills The law
 * @param id The id
 * @returns The first of that id
 * @throws {KairosError} `not_found`, naming those there are
 */
export function skillOf(skills: readonly Skill[], id: string): Skill {
  const skill = skills.find((one) => one.id === id);
  if (skill !== undefined) return skill;
  const known = nearFirst(id, skills.map((one) => one.id));
  const names = known.slice(0, LISTED).join(", ");
  throw new KairosError("not_found", `Skill ${quote(id)} not found. Available: ${names || "none"}`);
}

function holdsAll({ id, title, use_when, content }: Skill, words: readonly string[]): boolean {
  const text = `${id} ${title ?? ""} ${use_when ?? ""} ${content ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function problemsText(problems: readonly string[]): string {
  const told = problems.slice(0, 10).map((one) => `- ${visible(one)}`);
  return told.length === 0 ? "" : `\n\nWhat does not fit:\n${told.join("\n")}`;
}

/** The tools that need nothing else to be known. */
export const SKILLS_TOOLS: readonly Tool[] = [skillsList, skillsGet, skillsDslList];
