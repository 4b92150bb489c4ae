/**
 * Tools that change SkillSets. What comes in or into use is proposed, and a person decides; what is taken
 * away is taken away, except in L0. What a package says is shown to that person, not to the agent.
 *
 * @module
 */

import { z } from "zod";
import type { ChangeRequest } from "../../../core/evolution/change.ts";
import { changeOrPropose } from "../../../core/evolution/change_or_propose.ts";
import type { StoredProposal } from "../../../core/evolution/proposal_store.ts";
import { OBJECT_SCHEME, readObject } from "../../../core/layers/resource_object.ts";
import type { SkillSetChange } from "../../../core/skillset/change.ts";
import { judgeSigner, policyOf } from "../../../core/skillset/signature.ts";
import { defineTool, type Tool, type ToolContext } from "../define_tool.ts";
import { PROPOSAL, proposalFields, proposalText, whatNext } from "../proposal_view.ts";
import { ADDS, CHANGES, REASON, REPLACES, SKILLSET_NAME } from "../schemas.ts";

/** Longest package in an argument, in UTF-16 units; the settings may allow less. */
const MAX_PACKAGE = 16 * 1024 * 1024;
const OBJECT = /^object:\/\/[0-9a-f]{64}$/;

const WHY = z.string().trim().min(1).max(4000).describe("Why; the person who decides reads it");

const WAITING = z.object({
  name: z.string(),
  proposal: PROPOSAL,
  next: z.string(),
});

const skillsetInstallArchive = defineTool({
  name: "skillset_install_archive",
  title: "Propose to install a package",
  description:
    "Judges a package somebody sent and proposes to install it. A person decides; it is installed in L2 " +
    "and not in use, and what it says is shown to that person, not to you.",
  input: z.strictObject({
    package: z.string().min(1).max(MAX_PACKAGE).describe(
      "The package: the text of its JSON envelope, or object:// with the SHA-256 of a version " +
        "that holds it",
    ),
    reason: WHY,
  }),
  output: WAITING.extend({
    files: z.array(z.object({ path: z.string(), size: z.number() })),
  }),
  annotations: ADDS,
  example: { package: '{"name":"my_pack","content_hash":"…"}', reason: "It explains our formats" },
  async run({ package: text, reason }, context) {
    const { instance, actor, signal } = context;
    const bytes = await packageBytes(text, context);
    const sets = await instance.skillsets();
    const { files, signature } = await sets.open(bytes, { signal, payer: actor.principal });
    judgeSigner(signature, policyOf(instance.config));
    const request = {
      kind: "skillset_install",
      package: files,
      signature,
      reason,
      origin: "package",
    } as const;
    const { structured, text: told } = await proposed(request, context);
    const listed = files.map(({ path, bytes }) => ({ path, size: bytes.length }));
    return { structured: { ...structured, files: listed }, text: told };
  },
});

const skillsetEnable = defineTool({
  name: "skillset_enable",
  title: "Propose to enable a SkillSet",
  description:
    "Proposes to bring an installed SkillSet into use, exactly as it is now. A person decides; what " +
    "it depends on must be there and enabled.",
  input: z.strictObject({ name: SKILLSET_NAME, reason: WHY }),
  output: WAITING,
  annotations: ADDS,
  example: { name: "my_pack", reason: "Its guides are needed here" },
  run: ({ name, reason }, context) =>
    proposed({ kind: "skillset_enable", subject: name, reason }, context),
});

const DONE = z.object({
  name: z.string(),
  action: z.string().describe("What was done: disable, remove, none, or propose"),
  version: z.string().nullable(),
  layer: z.string().nullable(),
  content_hash: z.string().nullable(),
  block: z.number().nullable().describe("Block of its record, where its layer has one"),
  proposal: PROPOSAL.nullable(),
  next: z.string(),
});

const TAKEN = z.strictObject({ name: SKILLSET_NAME, reason: REASON });

const skillsetDisable = defineTool({
  name: "skillset_disable",
  title: "Disable a SkillSet",
  description:
    "Takes a SkillSet out of use. One that others depend on is not; for one of L0 it is " +
    "proposed, and a person decides. To enable it again needs a person.",
  input: TAKEN,
  output: DONE,
  annotations: REPLACES,
  example: { name: "my_pack" },
  run: (args, context) => takenAway("disable", args, context),
});

const skillsetRemove = defineTool({
  name: "skillset_remove",
  title: "Remove a SkillSet",
  description:
    "Removes a SkillSet; its files stay as objects. One that others depend on is not; for " +
    "one of L0 it is proposed, and a person decides.",
  input: TAKEN,
  output: DONE,
  annotations: CHANGES,
  example: { name: "my_pack" },
  run: (args, context) => takenAway("remove", args, context),
});

/** Tools that change SkillSets. */
export const SKILLSET_CHANGE_TOOLS: readonly Tool[] = [
  skillsetInstallArchive,
  skillsetEnable,
  skillsetDisable,
  skillsetRemove,
];

/** The envelope an argument stands for. */
async function packageBytes(
  text: string,
  { instance, signal }: ToolContext,
): Promise<Uint8Array> {
  if (!OBJECT.test(text)) return new TextEncoder().encode(text);
  return (await readObject(instance, text.slice(OBJECT_SCHEME.length), signal)).bytes;
}

async function proposed(request: ChangeRequest, { instance, actor }: ToolContext) {
  const stored = await (await instance.evolution()).propose(request, actor);
  const next = whatNext(stored);
  return {
    structured: { name: stored.proposal.subject, proposal: proposalFields(stored), next },
    text: `PENDING: ${next}.\n\n${proposalText(stored)}`,
  };
}

async function takenAway(
  verb: "disable" | "remove",
  { name, reason = "" }: z.output<typeof TAKEN>,
  { instance, actor }: ToolContext,
) {
  const why = reason.trim() === "" ? `Asked for by an agent: ${verb}` : reason;
  const { change, stored, why: told } = await changeOrPropose(instance, verb, name, why, actor);
  return change === null ? waiting(stored, told) : done(change);
}

function waiting(stored: StoredProposal, told: string) {
  const next = whatNext(stored);
  const { subject: name } = stored.proposal;
  const nothing = { version: null, layer: null, content_hash: null, block: null };
  return {
    structured: { name, action: "propose", ...nothing, proposal: proposalFields(stored), next },
    text: `PENDING: ${told}. ${next}.\n\n${proposalText(stored)}`,
  };
}

function done({ name, action, version, layer, contentHash, block }: SkillSetChange) {
  const where = block === null ? "" : `, recorded in block #${block.index}`;
  const text = action === "none"
    ? `No changes: SkillSet ${name} is not in use`
    : `SUCCESS: ${action === "remove" ? "Removed" : "Disabled"} SkillSet ${name} ${version} ` +
      `[${layer}]${where}`;
  const { index = null } = block ?? {};
  const facts = { name, action, version, layer, content_hash: contentHash, block: index };
  return { structured: { ...facts, proposal: null, next: "" }, text };
}
