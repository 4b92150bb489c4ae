/**
 * The tool that carries what has proved true to the next layer.
 *
 * @module
 */

import { z } from "zod";
import { emptySkill } from "../../../core/dsl/ast.ts";
import { KairosError } from "../../../core/errors.ts";
import type { Entry } from "../../../core/layers/entry_folder.ts";
import { promotedDocument } from "../../../core/layers/promotion.ts";
import { originOf } from "../../../core/layers/provenance.ts";
import { quote, visible } from "../../../core/text.ts";
import { defineTool, type Tool, type ToolContext } from "../define_tool.ts";
import { cell, table } from "../markdown.ts";
import { PROPOSAL, proposalFields, proposalText, whatNext } from "../proposal_view.ts";
import { CHANGES, NAME, REASON } from "../schemas.ts";

const INPUT = z.strictObject({
  command: z.enum(["analyze", "promote", "status", "suggest"]),
  source_name: NAME.describe("The entry to carry up").optional(),
  from_layer: z.enum(["L2", "L1"]).describe("Where it is").optional(),
  to_layer: z.enum(["L1", "L0"]).describe("Where it goes; the next layer unless given").optional(),
  target_name: NAME.describe("Its name there; L0: the id of the skill. The same unless given")
    .optional(),
  reason: REASON,
  session_id: NAME.describe("L2: its session").optional(),
  personas: z.array(NAME).max(16).describe("analyze: views to look at it from").optional(),
  assembly_mode: z.enum(["oneshot", "discussion"]).describe("Without effect").optional(),
  facilitator: NAME.describe("Without effect").optional(),
  max_rounds: z.int().min(1).max(100).describe("Without effect").optional(),
  consensus_threshold: z.number().min(0).max(1).describe("Without effect").optional(),
});

type Input = z.output<typeof INPUT>;

const OUTPUT = z.object({
  command: z.string(),
  source: z.object({ layer: z.string(), name: z.string(), hash: z.string().nullable() }).nullable(),
  target: z.object({ layer: z.string(), name: z.string(), exists: z.boolean() }).nullable(),
  recorded: z.object({ block: z.number(), hash: z.string() }).nullable(),
  proposal: PROPOSAL.nullable(),
  candidates: z.array(
    z.object({ session_id: z.string(), name: z.string(), description: z.string() }),
  ),
});

const NOTHING = { source: null, target: null, recorded: null, proposal: null, candidates: [] };

/** Least length of a description that says enough to suggest a note. */
const TELLING = 50;
const MAX_SUGGESTED = 20;

const RULES = table(["From", "To", "What it needs"], [
  ["L2", "L1", "a note that proved true: source_name and session_id; it is recorded"],
  ["L1", "L0", "an id the law allows, and a reason; it becomes a proposal, a person decides"],
  ["L2", "L0", "not possible: go through L1"],
]);

const QUESTIONS = [
  "Has it proved true more than once, and where is that written down?",
  "Who will need it again, and would they find it by its name and description?",
  "Does an entry say it already, or the opposite?",
  "Does it hold anything private, or anything somebody else asked to put there?",
] as const;

/** Analyzes, suggests and promotes. */
export const skillsPromote: Tool = defineTool({
  name: "skills_promote",
  title: "Promote to the next layer",
  description:
    "Carries a note (L2) to knowledge (L1), with a relation to the note, or knowledge to the law (L0) " +
    "as a proposal that a person decides. status tells the rules, analyze what to ask first, suggest " +
    "notes that look ready.",
  input: INPUT,
  output: OUTPUT,
  annotations: CHANGES,
  example: { command: "status" },
  async run(args, context) {
    const { command } = args;
    if (command === "status") {
      return { structured: { command, ...NOTHING }, text: `## Promotion\n\n${RULES}` };
    }
    if (command === "suggest") return suggested(args, context);
    const step = stepOf(args, context);
    const { source, target } = step;
    const about = {
      source: { layer: step.from, name: source.name, hash: source.hash },
      target: { layer: step.to, name: target, exists: await isThere(step, context) },
    };
    if (command === "analyze") {
      const views = (args.personas ?? []).map((one) => `- ${visible(one)}`);
      const from = views.length === 0 ? "" : `\n\nLook at it as each of:\n${views.join("\n")}`;
      return {
        structured: { command, ...NOTHING, ...about },
        text: `## From ${step.from} to ${step.to}: ${visible(source.name)}\n\n` +
          `${RULES}\n\nTarget ${visible(target)} ${
            about.target.exists ? "exists" : "is new"
          }.\n\n` +
          `Ask first:\n${QUESTIONS.map((one) => `- ${one}`).join("\n")}${from}`,
      };
    }
    const done = step.to === "L1" ? await toKnowledge(step, context) : await toLaw(step, context);
    const { text, ...made } = done;
    return { structured: { command, ...NOTHING, ...about, ...made }, text };
  },
});

/** One promotion. */
interface Step {
  readonly from: "L2" | "L1";
  readonly to: "L1" | "L0";
  readonly source: Entry;
  readonly session: string;
  readonly target: string;
  readonly reason: string | undefined;
}

function stepOf(args: Input, { instance }: ToolContext): Step {
  const { source_name: name, from_layer: from, session_id: session = "", reason } = args;
  if (name === undefined || from === undefined || (from === "L2" && session === "")) {
    throw new KairosError("usage", "Cannot promote: source_name or from_layer is missing", {
      hint: "A note also needs its session_id",
    });
  }
  const to = args.to_layer ?? (from === "L2" ? "L1" : "L0");
  if ((from === "L2") !== (to === "L1")) {
    throw new KairosError("invalid", `Invalid transition: ${from} → ${to}`, {
      hint: "L2 goes to L1, L1 goes to L0",
    });
  }
  const source = from === "L2" ? instance.context.get(session, name) : instance.knowledge.get(name);
  if (source.problem !== null) {
    throw new KairosError("invalid", `Cannot promote ${quote(name)}: ${source.problem.message}`);
  }
  return { from, to, source, session, target: args.target_name ?? name, reason };
}

async function isThere({ to, target }: Step, { instance }: ToolContext): Promise<boolean> {
  if (to === "L1") return instance.knowledge.list().some(({ name }) => name === target);
  const { law } = await (await instance.evolution()).inForce();
  return law.skills.some(({ id }) => id === target);
}

async function toKnowledge(step: Step, { instance, actor }: ToolContext) {
  const { source, session, target, reason } = step;
  const { block, action } = await instance.knowledge.set({
    name: target,
    content: promotedDocument(source, session, target),
    reason: `Promotion: ${reason ?? "Promoted from L2 to L1"}`,
  }, actor);
  const recorded = block === null ? null : { block: block.index, hash: block.hash };
  const text = recorded === null
    ? `No changes detected: knowledge ${visible(target)} says so already`
    : `SUCCESS: ${action === "create" ? "Created" : "Updated"} knowledge ${visible(target)} from ` +
      `note ${visible(source.name)}, block #${recorded.block}`;
  return { recorded, text };
}

/** The skill that knowledge becomes: as it is, with the entry's text for its prose. */
async function toLaw(step: Step, { instance, actor }: ToolContext) {
  const { source, target, reason = "" } = step;
  const evolution = await instance.evolution();
  const { law } = await evolution.inForce();
  const { printSkill } = await import("../../../core/dsl/print.ts");
  const before = law.skills.find(({ id }) => id === target) ?? {
    ...emptySkill(target),
    title: source.declaredName ?? source.name,
    use_when: source.description,
  };
  const stored = await evolution.propose({
    kind: "promotion",
    subject: target,
    definition: printSkill({ ...before, content: `${source.body.trim()}\n` }),
    reason,
    // What says that it came from elsewhere is believed: such content never becomes law.
    origin: originOf(source.fields),
  }, actor);
  const text = `PENDING: ${whatNext(stored)}.\n\n${proposalText(stored)}`;
  return { proposal: proposalFields(stored), text };
}

/** Notes of one session that say what they are about. */
function suggested({ session_id }: Input, { instance }: ToolContext) {
  const session = session_id ?? instance.context.sessions()[0]?.id;
  const notes = session === undefined ? [] : instance.context.list(session);
  const candidates = notes.flatMap(({ name, description, problem }) =>
    problem === null && description !== null && description.length > TELLING
      ? [{ session_id: session!, name, description }]
      : []
  ).slice(0, MAX_SUGGESTED);
  const rows = candidates.map(({ name, description }) => [cell(name), cell(description)]);
  const text = rows.length === 0
    ? "No note of that session says enough about itself to be suggested"
    : `## Notes that look ready, of ${visible(session!)}\n\n${table(["Note", "About"], rows)}`;
  return { structured: { command: "suggest", ...NOTHING, candidates }, text };
}
