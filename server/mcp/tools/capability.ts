/**
 * The tool with which an instance says what it is: layers, law, doors to decisions, client, tools.
 *
 * @module
 */

import { z } from "zod";
import { TOOL_FAMILIES } from "../../../core/config/settings.ts";
import { canEvolve } from "../../../core/dsl/formal/can_evolve.ts";
import { type Skill, SKILL_FIELDS } from "../../../core/dsl/ast.ts";
import type { Approvers } from "../../../core/evolution/approvers.ts";
import type { LawInForce } from "../../../core/evolution/in_force.ts";
import { LAW_SOURCE, RUBY_SOURCE } from "../../../core/evolution/law_file.ts";
import { countEntries } from "../../../core/layers/count_entries.ts";
import { visible } from "../../../core/text.ts";
import type { ClientAbilities } from "../client.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { familiesOff } from "../families.ts";
import { cell, table } from "../markdown.ts";
import { READS } from "../schemas.ts";
import type { LawSource } from "./law_source.ts";

const COUNT = z.number();
const TEXT = z.string();

const OUTPUT = z.object({
  layers: z.array(z.object({
    layer: TEXT,
    holds: TEXT,
    path: TEXT,
    changed_by: TEXT,
    recorded: TEXT,
    count: COUNT.nullable(),
  })),
  law: z.object({
    status: TEXT.describe("decided, last_proven, ruby or none"),
    epoch: COUNT.nullable(),
    seq: COUNT.nullable(),
    evolution_enabled: z.boolean(),
    evolutions_per_session: COUNT,
    drift: z.boolean().describe("The working copy holds an edit nobody decided"),
    problems: z.array(TEXT),
    skills: z.array(z.object({
      id: TEXT,
      version: TEXT.nullable(),
      can_evolve: z.boolean().describe("Agents may propose to change it"),
      fields: z.array(TEXT).describe("Fields they may change; all of them when empty"),
    })),
  }),
  approvers: z.object({
    keys: COUNT,
    required: COUNT.describe("How many have to sign; 0 without approvers"),
    fingerprint: TEXT.nullable(),
    pin: TEXT,
    problem: TEXT.nullable(),
  }),
  doors: z.array(z.object({ door: TEXT, open: z.boolean(), why: TEXT })),
  client: z.object({ elicitation: z.boolean(), sampling: z.boolean(), roots: z.boolean() }),
  tools: z.array(z.object({
    family: TEXT,
    on: z.boolean(),
  })),
  tool_names: z.array(TEXT),
});

/** Parts that need more than kairos: there are none here. */
const TIERS = ["core", "harness_assisted", "harness_specific"] as const;

/**
 * The tool.
 *
 * @param source Where it gets the names of the tools
 * @returns The tool
 */
export function capabilityStatus(source: Pick<LawSource, "tools">): Tool {
  return defineTool({
    name: "capability_status",
    title: "What this instance is and may",
    description:
      "Tells what this instance is: its layers, the law in force and what of it may be changed, who " +
      "decides and through which doors, what the connected client can do, which tools there are.",
    input: z.strictObject({
      include_observed: z.boolean().describe("Without effect: what is told is observed").optional(),
      probe_externals: z.boolean().describe("Without effect: nothing outside is needed").optional(),
      probe_versions: z.boolean().describe("Without effect: nothing outside is needed").optional(),
      filter_tier: z.enum(TIERS).describe("Only tools of this tier; all are core").optional(),
    }),
    output: OUTPUT,
    annotations: READS,
    example: {},
    async run({ filter_tier = "core" }, context) {
      const { instance, client: { can } } = context;
      const evolution = await instance.evolution();
      const inForce = await evolution.inForce();
      const approvers = evolution.approvers();
      const { law, settings, file, status, problems, drift } = inForce;
      const { knowledge, sessions } = countEntries(instance.view());
      const off = familiesOff(instance.config);
      const keys = approvers.set?.keys.length ?? 0;
      const required = approvers.set === null
        ? 0
        : Math.min(Math.max(approvers.set.required, settings.required), keys);
      const lawPath = status === "ruby" ? RUBY_SOURCE : LAW_SOURCE;
      const structured: z.input<typeof OUTPUT> = {
        layers: [
          row("L0", "constitution", "skills/kairos.md", "people", "no", null),
          row(
            "L0",
            "law",
            lawPath,
            "decided proposals",
            "every step",
            law.skills.length,
          ),
          row("L1", "knowledge", "knowledge/", "agents and people", "every change", knowledge),
          row("L2", "sessions", "context/", "agents and people", "no", sessions),
        ],
        law: {
          status,
          epoch: file?.epoch ?? null,
          seq: file?.seq ?? null,
          evolution_enabled: settings.evolutionEnabled,
          evolutions_per_session: settings.evolutionsPerSession,
          drift: drift !== null,
          problems: [...problems],
          skills: law.skills.map((skill) => ({
            id: skill.id,
            version: skill.version,
            can_evolve: mayEvolve(skill, inForce),
            fields: [...skill.evolve?.allow ?? []],
          })),
        },
        approvers: {
          keys,
          required,
          fingerprint: approvers.fingerprint,
          pin: approvers.pin,
          problem: approvers.problem,
        },
        doors: doorsOf(inForce, approvers, can),
        client: { ...can },
        tools: TOOL_FAMILIES.map((family) => ({ family, on: !off.includes(family) })),
        tool_names: filter_tier === "core" ? [...source.tools(context)] : [],
      };
      return { structured, text: statusText(structured) };
    },
  });
}

function row(
  layer: string,
  holds: string,
  path: string,
  changed_by: string,
  recorded: string,
  count: number | null,
) {
  return { layer, holds, path, changed_by, recorded, count };
}

function mayEvolve(skill: Skill, { settings, status }: LawInForce): boolean {
  return status === "decided" && settings.evolutionEnabled &&
    settings.allowedSkills.includes(skill.id) && !settings.immutableSkills.includes(skill.id) &&
    SKILL_FIELDS.some((field) => field !== "id" && canEvolve(skill, field));
}

/** The ways to a decision, and why each is open or not. */
function doorsOf(law: LawInForce, { set, ...approvers }: Approvers, can: ClientAbilities) {
  const { settings, status } = law;
  const unsettled = status === "decided" ? null : "the law cannot be changed while it does not fit";
  const problem = approvers.problem ?? unsettled;
  const door = (name: string, shut: string | null, open: string) => ({
    door: name,
    open: shut === null,
    why: shut ?? open,
  });
  const signed = set === null ? null : "the approvers have to sign";
  return [
    door("terminal", problem, set === null ? "a person at the terminal" : "with a passphrase"),
    door(
      "client",
      problem ?? signed ?? (settings.allowClient ? null : "the law does not count it") ??
        (can.elicitation ? null : "this client cannot ask anybody"),
      "a person before this client",
    ),
    door(
      "agent",
      problem ?? signed ?? (settings.allowAsserted ? null : "what an agent reports is no decision"),
      "the law believes what agents report",
    ),
  ];
}

function statusText({ layers, law, approvers, doors, client, tools }: z.input<typeof OUTPUT>) {
  const yes = (is: boolean) => is ? "yes" : "no";
  const able = Object.entries(client).filter(([, can]) => can).map(([name]) => name);
  const on = tools.filter((one) => one.on).map(({ family }) => family);
  return [
    "## What this instance is",
    table(
      ["Layer", "Holds", "Path", "Changed by", "Recorded", "Count"],
      layers.map((one) => [
        one.layer,
        one.holds,
        one.path,
        one.changed_by,
        one.recorded,
        `${one.count ?? "-"}`,
      ]),
    ),
    `### Law: ${law.status}`,
    table(
      ["Skill", "Version", "May be proposed", "Fields"],
      law.skills.map((skill) => [
        cell(skill.id),
        cell(skill.version ?? "-"),
        yes(skill.can_evolve),
        cell(skill.fields.join(", ") || "-"),
      ]),
    ),
    ...(law.drift ? ["skills/kairos.ts holds an edit nobody decided; it is not obeyed."] : []),
    ...law.problems.slice(0, 10).map((problem) => `- ${visible(problem)}`),
    "### Who decides",
    `Approvers: ${approvers.keys}` +
    (approvers.fingerprint === null ? "" : `, fingerprint ${approvers.fingerprint}`),
    doors.map(({ door, open, why }) => `- ${door}: ${open ? "open" : "shut"}, ${why}`).join("\n"),
    `Client can: ${able.join(", ") || "nothing that was asked about"}`,
    `Families of tools: ${on.join(", ")}`,
  ].join("\n\n");
}
