/**
 * The tool for the versions of the law.
 *
 * @module
 */

import { z } from "zod";
import { KairosError } from "../../../core/errors.ts";
import type { Version } from "../../../core/evolution/versions.ts";
import { visible } from "../../../core/text.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { cell, fence, table } from "../markdown.ts";
import { PROPOSAL, proposalFields, proposalText, whatNext } from "../proposal_view.ts";
import { ADDS, NAME, REASON } from "../schemas.ts";

/** Longest text or diff in a result, in UTF-16 units. */
const MAX_SHOWN = 20_000;
/** Most versions a list shows, the newest. */
const MAX_LISTED = 200;

const VERSION = z.object({
  name: z.string(),
  timestamp: z.string().nullable(),
  reason: z.string().nullable(),
  seq: z.number().nullable().describe("Number of the decision that made it law"),
  law: z.string().nullable().describe("Hash of the law as data"),
});

const INPUT = z.strictObject({
  command: z.enum(["list", "snapshot", "rollback", "view", "diff"]).describe("list unless given")
    .optional(),
  version: NAME.describe("rollback, view, diff: its name, as list gives it").optional(),
  reason: REASON,
});

const OUTPUT = z.object({
  command: z.string(),
  versions: z.array(VERSION).describe("Newest first; what their notes say, nothing of it proven"),
  total: z.number().nullable(),
  source: z.string().nullable().describe("view: the text, cut when it is long"),
  diff: z.string().nullable().describe("diff: from the version to the law in force"),
  proposal: PROPOSAL.nullable(),
});

const NOTHING = { versions: [], total: null, source: null, diff: null, proposal: null };

/** Lists, shows and compares versions, and proposes to go back to one. */
export const skillsRollback: Tool = defineTool({
  name: "skills_rollback",
  title: "Versions of the law",
  description:
    "Lists the versions of the law (L0), shows one, compares it with the law in force, makes a " +
    "snapshot. rollback proposes to go back to a version; a person decides, as for any change.",
  input: INPUT,
  output: OUTPUT,
  annotations: ADDS,
  example: { command: "list" },
  async run({ command = "list", version, reason }, { instance, actor }) {
    const evolution = await instance.evolution();
    const answer = (structured: Partial<z.input<typeof OUTPUT>>, text: string) => ({
      structured: { command, ...NOTHING, ...structured },
      text,
    });
    switch (command) {
      case "list": {
        const all = evolution.versions();
        const found = all.slice(0, MAX_LISTED);
        return answer(
          { versions: found.map(versionFields), total: all.length },
          `## Versions of the law\n\n${versionTable(found)}\n\n**Total:** ${all.length}`,
        );
      }
      case "snapshot": {
        const name = await evolution.snapshot(reason ?? "manual snapshot", actor);
        const made = evolution.version(name).version;
        return answer({ versions: [versionFields(made)] }, `SUCCESS: Snapshot ${name}`);
      }
      case "view": {
        const found = evolution.version(required(version));
        const source = cut(found.source);
        return answer(
          { versions: [versionFields(found.version)], source },
          `## ${visible(found.version.name)}\n\n${
            fence(visible(source, "\n\t"), "typescript")
          }\n\nSHA-256: ${found.hash}`,
        );
      }
      case "diff": {
        const diff = cut((await evolution.compare(required(version))).prose);
        return answer({ diff }, fence(visible(diff, "\n\t"), "diff"));
      }
      case "rollback": {
        const stored = await evolution.rollback(required(version), reason ?? "", actor);
        return answer(
          { proposal: proposalFields(stored) },
          `PENDING: ${whatNext(stored)}.\n\n${proposalText(stored)}`,
        );
      }
    }
  },
});

function versionFields({ name, timestamp, reason, law }: Version): z.input<typeof VERSION> {
  return { name, timestamp, reason, seq: law?.seq ?? null, law: law?.ast ?? null };
}

function versionTable(versions: readonly Version[]): string {
  const rows = versions.map(({ name, timestamp, reason, law }) => [
    cell(name),
    cell(timestamp ?? "-"),
    law === null ? "-" : `${law.seq}`,
    cell(reason ?? "-"),
  ]);
  return table(["Version", "Made", "Decision", "Reason"], rows);
}

function required(version: string | undefined): string {
  if (version !== undefined) return version;
  throw new KairosError("usage", "Cannot do that: version is missing", {
    hint: "Take the name of one from command list",
  });
}

function cut(text: string): string {
  if (text.length <= MAX_SHOWN) return text;
  return `${text.slice(0, MAX_SHOWN).toWellFormed()}\n… cut here, ${text.length} characters in all`;
}
