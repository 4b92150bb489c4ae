/**
 * The tool that looks over all layers, and puts knowledge into the archive and back.
 *
 * @module
 */

import { z } from "zod";
import { listEntries } from "../../../core/layers/entry_place.ts";
import { KairosError } from "../../../core/errors.ts";
import { type AuditFinding, type AuditLayer, lookOver } from "../../../core/layers/audit.ts";
import { quote, visible } from "../../../core/text.ts";
import { defineTool, type Tool, type ToolContext } from "../define_tool.ts";
import { modePath } from "../instructions.ts";
import { cell, table } from "../markdown.ts";
import { CHANGES, NAME, REASON } from "../schemas.ts";

const INPUT = z.strictObject({
  command: z.enum([
    "check",
    "conflicts",
    "stale",
    "dangerous",
    "recommend",
    "gaps",
    "export_needs",
    "archive",
    "unarchive",
  ]),
  layer: z.enum(["L0", "L1", "L2", "all"]).describe("Only this layer").optional(),
  target: NAME.describe("archive, unarchive: the entry").optional(),
  reason: REASON,
  mode_name: NAME.describe("gaps: the mode whose text lists what should be known").optional(),
  session_id: NAME.describe("Without effect").optional(),
  with_assembly: z.boolean().describe("Without effect").optional(),
  assembly_mode: z.enum(["oneshot", "discussion"]).describe("Without effect").optional(),
  personas: z.array(NAME).max(16).describe("Without effect").optional(),
  facilitator: NAME.describe("Without effect").optional(),
  max_rounds: z.int().min(1).max(100).describe("Without effect").optional(),
  consensus_threshold: z.number().min(0).max(1).describe("Without effect").optional(),
  approved: z.boolean().describe("Without effect: the archive keeps everything").optional(),
  include_archived: z.boolean().describe("Without effect: what is archived is at rest").optional(),
});

const OUTPUT = z.object({
  command: z.string(),
  findings: z.array(z.object({
    code: z.string(),
    severity: z.enum(["info", "warning", "critical"]),
    layer: z.string(),
    name: z.string(),
    detail: z.string(),
  })),
  total: z.number().describe("How many there are; at most 200 are listed"),
  recorded: z.object({ block: z.number(), hash: z.string() }).nullable(),
});

const LISTED = 200;
const MAX_MODE = 1024 * 1024;

/** Looks over, archives and brings back. */
export const skillsAudit: Tool = defineTool({
  name: "skills_audit",
  title: "Look over the layers",
  description:
    "Looks over law, knowledge and sessions: check and stale for age, conflicts for entries that may " +
    "be about the same, dangerous for secrets and ways around rules, recommend, gaps for knowledge " +
    "the instructions ask for. Findings change nothing. archive and unarchive move an entry of L1.",
  input: INPUT,
  output: OUTPUT,
  annotations: CHANGES,
  example: { command: "check", layer: "L1" },
  async run(args, context) {
    const { command } = args;
    if (command === "archive" || command === "unarchive") {
      return await moved(command, args, context);
    }
    const found = command === "gaps" || command === "export_needs"
      ? gaps(args.mode_name, context)
      : await lookOver(await sourceOf(context), command, {
        layers: args.layer === undefined || args.layer === "all" ? undefined : [args.layer],
        now: context.now(),
        signal: context.signal,
        onProgress: context.progress,
      });
    const findings = found.slice(0, LISTED).map((one) => ({ ...one }));
    const rows = findings.map(({ severity, code, layer, name, detail }) => [
      severity,
      code,
      layer,
      cell(name),
      cell(detail),
    ]);
    const list = rows.length === 0
      ? "Nothing found."
      : table(["Severity", "Finding", "Layer", "Name", "Detail"], rows);
    return {
      structured: { command, findings, total: found.length, recorded: null },
      text: `## Audit: ${command}\n\n${list}\n\n**Total:** ${found.length}`,
    };
  },
});

async function sourceOf({ instance }: ToolContext) {
  const { law } = await (await instance.evolution()).inForce();
  const { knowledge, context } = instance;
  return { skills: law.skills, knowledge, context };
}

async function moved(
  command: "archive" | "unarchive",
  { target, reason }: z.output<typeof INPUT>,
  { instance: { knowledge }, actor }: ToolContext,
) {
  if (target === undefined) {
    throw new KairosError("usage", `Cannot ${command}: target is missing`);
  }
  const { block } = command === "archive"
    ? await knowledge.archive(target, actor, { reason })
    : await knowledge.unarchive(target, actor, reason);
  const recorded = block === null ? null : { block: block.index, hash: block.hash };
  return {
    structured: { command, findings: [], total: 0, recorded },
    text: `SUCCESS: ${command === "archive" ? "Archived" : "Brought back"} ${visible(target)}` +
      (recorded === null ? "" : `, block #${recorded.block}`),
  };
}

/** Lines like "- `name` — why" below the heading "Baseline Knowledge". */
const NEED = /^\s*[-*]\s+`([^`\n]{1,200})`(?:\s+[—–-]+\s+(.*))?$/;

/** What the text of a mode asks agents to know, and neither L1 nor a SkillSet in use holds. */
function gaps(mode: string | undefined, { instance }: ToolContext): AuditFinding[] {
  const path = modePath(mode ?? instance.config.instructions_mode);
  const view = instance.view();
  if (path === null || view.stat(path)?.kind !== "file" || !view.isInside(path, "skills")) {
    if (mode === undefined) return [];
    throw new KairosError("not_found", `Mode ${quote(mode)} not found`);
  }
  const text = new TextDecoder().decode(view.read(path, MAX_MODE) ?? new Uint8Array(0));
  const known = new Set(listEntries(instance, view).map(({ name }) => name));
  const layer: AuditLayer = "L1";
  let isList = false;
  return text.split(/\r?\n/).flatMap((line): AuditFinding[] => {
    if (/^#{1,6}\s/.test(line)) isList = /^###\s+Baseline Knowledge\s*$/.test(line);
    const [, name, why = ""] = (isList ? NEED.exec(line) : null) ?? [];
    if (name === undefined || known.has(name)) return [];
    return [{ code: "GAP", severity: "warning", layer, name, detail: why || "It is asked for" }];
  });
}
