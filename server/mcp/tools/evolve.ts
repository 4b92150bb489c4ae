/**
 * The tool that proposes changes of the law and brings decided ones about.
 *
 * @module
 */

import { z } from "zod";
import { KairosError } from "../../../core/errors.ts";
import type { Evolution } from "../../../core/evolution/evolution.ts";
import { quote } from "../../../core/text.ts";
import { defineTool, type Tool, type ToolContext } from "../define_tool.ts";
import { settle, type Settled } from "../law_door.ts";
import { PROPOSAL, proposalFields, proposalText, whatNext } from "../proposal_view.ts";
import { CHANGES, NAME, REASON } from "../schemas.ts";

const INPUT = z.strictObject({
  command: z.enum(["propose", "apply", "add", "reset"]).describe("propose unless given").optional(),
  skill_id: NAME.describe("propose, add: id of the skill; apply: of its newest proposal")
    .optional(),
  definition: z.string().max(1024 * 1024).describe(
    "propose, add: the whole skill as text of skills/kairos.ts, as skills_dsl_get shows it",
  ).optional(),
  reason: REASON,
  proposal: NAME.describe("apply: id of the proposal, of any kind").optional(),
  approved: z.boolean().describe("Changes nothing: a person decides, not the one who asks")
    .optional(),
});

type Input = z.output<typeof INPUT>;

const OUTPUT = z.object({
  command: z.string(),
  proposal: PROPOSAL,
  pending: z.boolean().describe("It waits for a person"),
  strength: z.string().nullable().describe("How it was decided in this call"),
  applied: z.object({
    block: z.number(),
    hash: z.string(),
    snapshot: z.string().nullable(),
    displaced: z.array(z.string()).describe(
      "Edits of others that were in the way, kept as objects",
    ),
  }).nullable(),
  next: z.string(),
});

/** How many of the newest proposals are looked at for one of a skill. */
const NEWEST = 100;

/** Proposes and applies. */
export const skillsEvolve: Tool = defineTool({
  name: "skills_evolve",
  title: "Change the law",
  description:
    "Changes the law (L0) by proposal: propose a changed skill, add a new one, reset asks for your " +
    "count of changes to begin anew. A person decides. apply brings a decided proposal about, and " +
    "asks for the decision where the client can ask; otherwise it says where a person decides.",
  input: INPUT,
  output: OUTPUT,
  annotations: CHANGES,
  example: { command: "apply", skill_id: "audit_rules" },
  async run(args, context) {
    const { command = "propose" } = args;
    const settled = command === "apply"
      ? await settle(context, await idOf(args, context), args.approved === true)
      : await proposed(args, context, command);
    return outputOf(command, settled, args.approved === true);
  },
});

async function proposed(
  { skill_id, definition, reason = "" }: Input,
  { instance, actor }: ToolContext,
  command: "propose" | "add" | "reset",
): Promise<Settled> {
  const evolution = await instance.evolution();
  const stored = command === "reset"
    ? await evolution.propose({
      kind: "limit_reset",
      subject: actor.principal,
      reason: reason === ""
        ? "More changes are wanted than the law lets one principal propose"
        : reason,
    }, actor)
    : await evolution.propose({
      kind: command === "add" ? "skill_add" : "skill",
      subject: required(skill_id, "skill_id"),
      definition: required(definition, "definition"),
      reason,
    }, actor);
  return { stored, applied: null, strength: null, ask: null, why: whatNext(stored) };
}

async function idOf({ proposal, skill_id }: Input, { instance }: ToolContext): Promise<string> {
  if (proposal !== undefined) return proposal;
  const subject = required(skill_id, "proposal");
  const found = newestOf(await instance.evolution(), subject);
  if (found !== null) return found;
  throw new KairosError("not_found", `No proposal about ${quote(subject)} waits`, {
    hint: "Make one with command propose, or name it as proposal",
  });
}

function newestOf(evolution: Evolution, subject: string): string | null {
  const open = ["pending", "approved"];
  const found = evolution.list({ most: NEWEST }).find(({ stored }) =>
    stored?.proposal.subject === subject && open.includes(stored.state)
  );
  return found?.id ?? null;
}

function required(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new KairosError("usage", `Cannot do that: ${name} is missing`, {
    hint: "propose and add need skill_id, definition and reason; apply needs proposal or skill_id",
  });
}

function outputOf(command: string, settled: Settled, approved: boolean) {
  const { stored, applied, strength, ask, why } = settled;
  const noted = approved && strength !== "asserted"
    ? "\n\napproved: true was noted and changes nothing: a person decides."
    : "";
  const done = applied === null
    ? `PENDING: ${why}.`
    : `SUCCESS: Applied and recorded in block #${applied.block.index}` +
      (applied.snapshot === null ? "" : ` Snapshot: ${applied.snapshot}`);
  const head = stored.state === "rejected" ? `REJECTED: ${why}.` : done;
  return {
    structured: {
      command,
      proposal: proposalFields(stored),
      pending: stored.state === "pending",
      strength,
      applied: applied === null ? null : {
        block: applied.block.index,
        hash: applied.block.hash,
        snapshot: applied.snapshot,
        displaced: applied.displaced.map(({ path }) => path),
      },
      next: why,
    },
    text: `${head}${noted}\n\n${proposalText(stored)}`,
    ...(ask === null ? {} : { ask }),
  };
}
