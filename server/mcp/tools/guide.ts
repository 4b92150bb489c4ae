/**
 * The tool that helps to find the others.
 *
 * @module
 */

import { z } from "zod";
import { type ToolMetadata, writeToolMetadata } from "../../../core/config/tool_metadata.ts";
import type { Config } from "../../../core/config/config.ts";
import { KairosError } from "../../../core/errors.ts";
import { quote, visible } from "../../../core/text.ts";
import { defineTool, type Tool, type ToolContext } from "../define_tool.ts";
import { familiesOff, offText } from "../families.ts";
import {
  guideEntries,
  type GuideEntry,
  metadataProblems,
  recommendTools,
  searchTools,
  suggestMetadata,
} from "../guide.ts";
import { CATEGORIES, type WorkflowName, WORKFLOWS } from "../guide_data.ts";
import { REPLACES } from "../schemas.ts";

const WORD = z.string().max(128);

const EXAMPLE = z.object({ title: z.string().max(4000), code: z.string().max(4000) });

const METADATA = z.object({
  category: WORD.optional(),
  usecase_tags: z.array(WORD).max(64).optional(),
  examples: z.array(EXAMPLE).max(64).optional(),
  related_tools: z.array(WORD).max(64).optional(),
});

const INPUT = z.strictObject({
  command: z.enum([
    "catalog",
    "search",
    "recommend",
    "detail",
    "workflow",
    "suggest",
    "validate",
    "apply_metadata",
  ]),
  query: z.string().max(500).describe("search: words a tool must have").optional(),
  goal: z.string().max(500).describe("recommend: what you want to do").optional(),
  tool_name: WORD.describe("detail, suggest, validate, apply_metadata: the tool").optional(),
  workflow_name: z.enum(Object.keys(WORKFLOWS) as [WorkflowName, ...WorkflowName[]])
    .describe("workflow: which one; all of them unless given").optional(),
  metadata: METADATA.describe("validate, apply_metadata: what to tell about the tool").optional(),
  approved: z.boolean().describe("apply_metadata: a person has agreed to it").optional(),
});

const OUTPUT = z.object({
  command: z.string(),
  tools: z.array(z.object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    category: z.string(),
    tags: z.array(z.string()),
    arguments: z.array(z.string()),
    examples: z.array(z.object({ title: z.string(), code: z.string() })),
    related: z.array(z.string()),
  })),
  workflows: z.array(z.object({
    name: z.string(),
    description: z.string(),
    steps: z.array(z.object({ tool: z.string(), purpose: z.string() })),
  })),
  metadata: z.object({
    category: z.string().nullable(),
    usecase_tags: z.array(z.string()),
    examples: z.array(z.object({ title: z.string(), code: z.string() })),
    related_tools: z.array(z.string()),
  }).nullable(),
  problems: z.array(z.string()),
  off: z.array(z.string()).describe("Families of tools that are switched off here"),
});

type Args = z.output<typeof INPUT>;

/** What a command answers; what is left out is empty. */
interface Answer {
  readonly tools?: readonly GuideEntry[];
  readonly workflows?: z.output<typeof OUTPUT>["workflows"];
  readonly metadata?: ToolMetadata;
  readonly problems?: readonly string[];
  readonly text: string;
}

type Command = (
  args: Args,
  context: ToolContext,
  tools: readonly Tool[],
) => Answer | Promise<Answer>;

const COMMANDS: Readonly<Record<Args["command"], Command>> = {
  catalog(_args, { instance }, tools) {
    const { entries, problems } = guideEntries(instance, tools);
    const parts = Object.entries(CATEGORIES).flatMap(([category, about]) => {
      const members = entries.filter((entry) => entry.category === category);
      return members.length === 0 ? [] : [`## ${category}\n${about}\n\n${list(members)}`];
    });
    return {
      tools: entries,
      problems,
      text: `# Tool Catalog\n\n${parts.join("\n\n")}${offText(instance.config)}`,
    };
  },
  search({ query }, { instance }, tools) {
    const found = searchTools(guideEntries(instance, tools).entries, needed("query", query));
    return { tools: found, text: `# Tools for ${quote(query)}\n\n${list(found)}` };
  },
  recommend({ goal }, { instance }, tools) {
    const found = recommendTools(guideEntries(instance, tools).entries, needed("goal", goal));
    return { tools: found, text: `# Recommended for ${quote(goal)}\n\n${list(found)}` };
  },
  detail({ tool_name }, { instance }, tools) {
    const { name } = toolNamed(tools, tool_name);
    const entry = guideEntries(instance, tools).entries.find((one) => one.name === name)!;
    return { tools: [entry], text: detailText(entry) };
  },
  workflow({ workflow_name }, _context, tools) {
    const names = workflow_name === undefined ? Object.keys(WORKFLOWS) : [workflow_name];
    const workflows = names.flatMap((name) => {
      const { description, steps } = WORKFLOWS[name as WorkflowName];
      const open = steps.filter(({ tool }) => tools.some((one) => one.name === tool));
      return open.length === 0
        ? []
        : [{ name, description, steps: open.map((step) => ({ ...step })) }];
    });
    const text = workflows.map(({ name, description, steps }) => {
      const lines = steps.map(({ tool, purpose }, at) => `${at + 1}. ${tool}: ${purpose}`);
      return `# Workflow ${name}\n\n${description}\n\n${lines.join("\n")}`;
    }).join("\n\n");
    return { workflows, text: text === "" ? "No workflow has a tool that is switched on." : text };
  },
  suggest({ tool_name }, _context, tools) {
    const metadata = suggestMetadata(toolNamed(tools, tool_name), tools);
    const wire = JSON.stringify(wireMetadata(metadata), null, 2);
    return { metadata, text: `# Suggested metadata for ${tool_name}\n\n${wire}` };
  },
  validate(args, _context, tools) {
    const { metadata, problems } = proposal(args, tools);
    const text = problems.length === 0
      ? "The metadata can be applied: apply_metadata with approved: true."
      : `The metadata cannot be applied:\n${problems.map((one) => `- ${one}`).join("\n")}`;
    return { metadata, problems, text };
  },
  async apply_metadata(args, { instance }, tools) {
    const { name } = toolNamed(tools, args.tool_name);
    const { metadata, problems } = proposal(args, tools);
    if (problems.length > 0) {
      throw new KairosError("invalid", `Cannot apply the metadata: ${problems.join("; ")}`);
    }
    if (args.approved !== true) {
      throw new KairosError("refused", `Cannot apply the metadata of ${name}: not approved`, {
        hint: "Show it to a person, then call again with approved: true",
      });
    }
    const { store, root } = instance;
    await store.locked(() => writeToolMetadata(store.disk, root, name, metadata));
    return { metadata, text: `# Metadata Applied Successfully\n\n**Tool**: ${name}` };
  },
};

/**
 * Makes the guide to a table of tools.
 *
 * @param tools Gives the tools of an instance, the guide itself included
 * @returns The tool
 */
export function guideTool(tools: (config: Config) => readonly Tool[]): Tool {
  return defineTool({
    name: "tool_guide",
    title: "Tool guide",
    description: "Helps to find the right tool: catalog of all tools, search by words, recommend " +
      "for a goal, detail of one tool, workflow as an order of calls; suggest, validate and " +
      "apply_metadata keep what people add about tools.",
    input: INPUT,
    output: OUTPUT,
    annotations: REPLACES,
    example: { command: "recommend", goal: "remember a decision" },
    async run(args, context) {
      const { config } = context.instance;
      const answer = await COMMANDS[args.command](args, context, tools(config));
      const structured = {
        command: args.command,
        tools: [...answer.tools ?? []],
        workflows: answer.workflows ?? [],
        metadata: answer.metadata === undefined ? null : wireMetadata(answer.metadata),
        problems: [...answer.problems ?? []],
        off: familiesOff(config),
      };
      return { structured, text: answer.text };
    },
  });
}

function needed(name: string, value: string | undefined): string {
  if (value !== undefined && value.trim() !== "") return value;
  throw new KairosError("usage", `Cannot use the guide: ${name} is missing`, {
    hint: `Send ${name} with this command`,
  });
}

function toolNamed(tools: readonly Tool[], name: string | undefined): Tool {
  const found = tools.find((tool) => tool.name === needed("tool_name", name));
  if (found !== undefined) return found;
  throw new KairosError("not_found", `Tool ${quote(name)} not found`, {
    hint: "The command catalog lists all tools",
  });
}

function proposal(
  args: Args,
  tools: readonly Tool[],
): { metadata: ToolMetadata; problems: string[] } {
  toolNamed(tools, args.tool_name);
  if (args.metadata === undefined) {
    throw new KairosError("usage", "Cannot use the guide: metadata is missing", {
      hint: "Send metadata with category, usecase_tags, examples or related_tools",
    });
  }
  const { category, usecase_tags, examples, related_tools } = args.metadata;
  const metadata: ToolMetadata = {
    category: category ?? null,
    usecaseTags: usecase_tags ?? [],
    examples: examples ?? [],
    relatedTools: related_tools ?? [],
  };
  return { metadata, problems: metadataProblems(metadata, tools) };
}

function wireMetadata(metadata: ToolMetadata): NonNullable<z.output<typeof OUTPUT>["metadata"]> {
  return {
    category: metadata.category,
    usecase_tags: [...metadata.usecaseTags],
    examples: metadata.examples.map((example) => ({ ...example })),
    related_tools: [...metadata.relatedTools],
  };
}

function list(entries: readonly GuideEntry[]): string {
  if (entries.length === 0) return "No tools found. The command catalog lists all of them.";
  return entries.map(({ name, description }) => `- **${name}**: ${description}`).join("\n");
}

function detailText(entry: GuideEntry): string {
  const lines = [
    `# ${entry.name}`,
    "",
    entry.description,
    "",
    `**Category**: ${entry.category}`,
    `**Arguments** (* needed): ${entry.arguments.join(", ") || "none"}`,
    `**Tags**: ${visible(entry.tags.join(", ")) || "none"}`,
    `**Related**: ${visible(entry.related.join(", ")) || "none"}`,
    "",
    ...entry.examples.map(({ title, code }) => `- ${visible(title)}: ${visible(code)}`),
  ];
  return lines.join("\n");
}
