/**
 * The tool for the instructions agents get when they connect.
 *
 * @module
 */

import { z } from "zod";
import { CONFIG_FILE } from "../../../core/config/config.ts";
import { KairosError } from "../../../core/errors.ts";
import type { Instance } from "../../../core/instance.ts";
import { quote } from "../../../core/text.ts";
import { stringifyYaml } from "../../../core/yaml.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { BUILT_IN, instructionsMode, modePath } from "../instructions.ts";
import { cell, table } from "../markdown.ts";
import { PROPOSAL, proposalFields, proposalText, whatNext } from "../proposal_view.ts";
import { ADDS, REASON } from "../schemas.ts";

const MAX_CONFIG = 256 * 1024;
const MODE = z.string().min(1).max(128).regex(/^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u);

const INPUT = z.strictObject({
  command: z.enum(["status", "create", "update", "delete", "set_mode"]),
  mode_name: MODE.describe("Name of a mode; its text is skills/<name>.md").optional(),
  content: z.string().max(1024 * 1024).describe("create, update: the whole text").optional(),
  reason: REASON,
  approved: z.boolean().describe("Changes nothing: a person decides, not the one who asks")
    .optional(),
});

type Input = z.output<typeof INPUT>;

const OUTPUT = z.object({
  command: z.string(),
  mode: z.string().describe("The mode this server began with"),
  modes: z.array(z.object({
    name: z.string(),
    file: z.string().nullable(),
    exists: z.boolean(),
    built_in: z.boolean(),
  })),
  proposal: PROPOSAL.nullable(),
});

/** Shows the modes and proposes changes of them. */
export const instructionsUpdate: Tool = defineTool({
  name: "instructions_update",
  title: "Instructions for agents",
  description:
    "Tells which instructions agents get when they connect (status) and proposes to create, update " +
    "or delete a text of them or to choose another (set_mode). A person decides; bring it about with " +
    "skills_evolve command apply. Who connects from then on gets the new text.",
  input: INPUT,
  output: OUTPUT,
  annotations: ADDS,
  example: { command: "status" },
  async run(args, { instance, actor }) {
    const mode = instructionsMode(instance);
    if (args.command === "status") {
      const modes = modesOf(instance);
      const rows = modes.map((one) => [
        cell(one.name),
        cell(one.file ?? "-"),
        one.exists ? "yes" : "no",
        one.built_in ? "yes" : "no",
      ]);
      const list = table(["Mode", "File", "There", "Built in"], rows);
      return {
        structured: { command: args.command, mode, modes, proposal: null },
        text: `## Instructions\n\n**Mode:** ${cell(mode)}\n\n${list}`,
      };
    }
    const subject = args.mode_name;
    if (subject === undefined) {
      throw new KairosError("usage", "Cannot do that: mode_name is missing", {
        hint: "Call command status for the modes there are",
      });
    }
    const files = filesOf(instance, { ...args, mode_name: subject });
    const request = { kind: "instructions", subject, files, reason: args.reason ?? "" } as const;
    const stored = await (await instance.evolution()).propose(request, actor);
    const noted = args.approved === true
      ? "\n\napproved: true was noted and changes nothing: a person decides."
      : "";
    return {
      structured: { command: args.command, mode, modes: [], proposal: proposalFields(stored) },
      text: `PENDING: ${whatNext(stored)}.${noted}\n\n${proposalText(stored)}`,
    };
  },
});

/** What a command would change. */
function filesOf(
  instance: Instance,
  { command, mode_name: mode, content }: Input & { readonly mode_name: string },
): Readonly<Record<string, string | null>> {
  const path = modePath(mode);
  const isBuiltIn = Object.hasOwn(BUILT_IN, mode);
  const exists = path === null || instance.view().stat(path)?.kind === "file";
  if (command === "set_mode") {
    if (!exists) throw missing(mode);
    return { [CONFIG_FILE]: configWith(instance, mode) };
  }
  if (path === null || mode === "developer") {
    throw new KairosError("refused", `Cannot ${command} ${quote(mode)}: no tool writes it`, {
      hint: "developer shows the constitution, which people edit, and none shows nothing",
    });
  }
  if (command === "delete") {
    if (isBuiltIn || mode === instructionsMode(instance)) {
      const why = isBuiltIn ? "it is built in" : "it is the mode agents get";
      throw new KairosError("refused", `Cannot delete ${quote(mode)}: ${why}`);
    }
    if (!exists) throw missing(mode);
    return { [path]: null };
  }
  if (content === undefined) {
    throw new KairosError("usage", `Cannot ${command} ${quote(mode)}: content is missing`);
  }
  if (command === "create" && exists) {
    throw new KairosError("exists", `Mode ${quote(mode)} already exists`, {
      hint: "Use command update",
    });
  }
  if (command === "update" && !exists) throw missing(mode);
  return { [path]: content };
}

function missing(mode: string): KairosError {
  return new KairosError("not_found", `Mode ${quote(mode)} not found`, {
    hint: "Use command create, or command status for the modes there are",
  });
}

/** The settings with another mode and nothing else different. */
function configWith(instance: Instance, mode: string): string {
  const bytes = instance.view().read(CONFIG_FILE, MAX_CONFIG) ?? new Uint8Array(0);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const line = stringifyYaml({ instructions_mode: mode }).trimEnd();
  const old = /^instructions_mode:[^\r\n]*/m;
  if (old.test(text)) return text.replace(old, () => line);
  const head = /^(?:\uFEFF)?(?:---[^\r\n]*\r?\n)?/.exec(text)![0];
  return `${head}${line}\n${text.slice(head.length)}`;
}

/** Modes that are built in, and those somebody made: files in skills/ that are none of ours. */
function modesOf(instance: Instance): z.input<typeof OUTPUT>["modes"] {
  const view = instance.view();
  const own = view.list("skills").filter(({ name, kind }) =>
    kind === "file" && name.endsWith(".md") && !Object.values(BUILT_IN).includes(name)
  ).map(({ name }) => name.slice(0, -".md".length));
  return [...Object.keys(BUILT_IN), ...own].map((name) => {
    const path = modePath(name);
    return {
      name,
      file: path,
      exists: path === null || view.stat(path)?.kind === "file",
      built_in: Object.hasOwn(BUILT_IN, name),
    };
  });
}
