/**
 * `kairos call`
 *
 * @module
 */

import { type Config, defaultConfig, loadConfig } from "../../core/config/config.ts";
import { KairosError } from "../../core/errors.ts";
import { callTool, toolNamed, toolsOf } from "../../server/mcp/tools/mod.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { readDocument } from "../document.ts";
import { argument } from "../parameters.ts";
import { renderTable } from "../render/table.ts";
import { jsonObject, toolArguments } from "../tool_arguments.ts";

/** Largest JSON that is read from standard input, in bytes. */
const MAX_INPUT = 16 * 1024 * 1024;

/** Calls a tool. */
export default defineCommand({
  about:
    "Calls a tool as an agent would, with the same checks and the same result. Arguments are " +
    "key=text, key:=JSON, one JSON object, or - for a JSON object on standard input. Without TOOL, " +
    "lists the tools.",
  examples: [
    { call: "call", does: "The tools" },
    { call: "call knowledge_get name=notes", does: "With a text" },
    { call: "call chain_history limit:=3 --json", does: "With a number, structured result" },
    { call: "call chain_record - < arguments.json", does: "Arguments from a file" },
  ],
  parameters: {
    positional: {
      kind: "array",
      parameter: argument("TOOL ARGUMENT", "The tool, then its arguments"),
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, ...words: string[]) {
    const [name, ...given] = words;
    if (name === undefined) return listTools(context);
    const tool = toolNamed(settings(context), name);
    const args = given.length === 1 && given[0] === "-"
      ? jsonObject(await readDocument(context, "-", MAX_INPUT))
      : toolArguments(given);
    const instance = await context.open(tool.annotations.readOnlyHint ? "find" : "write");
    const { signal } = context.io;
    const result = await callTool(instance, await context.actor(), name, args, { signal });
    if (!result.isError) {
      context.print(result.structured, () => context.body(`${result.text}\n`));
      return 0;
    }
    throw new KairosError(result.code ?? "invalid", result.text);
  },
});

/** Without an instance the tools are there to be looked at all the same. */
function settings(context: CliContext): Config {
  try {
    return loadConfig(context.disk, context.dataDir());
  } catch (error) {
    if (error instanceof KairosError && error.code === "no_instance") return defaultConfig();
    throw error;
  }
}

function listTools(context: CliContext): number {
  const rows = toolsOf(settings(context)).map((
    { name, title, description, annotations, example },
  ) => ({
    name,
    title,
    description,
    read_only: annotations.readOnlyHint,
    example,
  }));
  context.print(rows, () =>
    renderTable(
      [
        { title: "TOOL", cell: ({ name }) => name },
        { title: "CHANGES", cell: (row) => row.read_only ? "no" : "yes" },
        { title: "TITLE", cell: ({ title }) => title, shrinksTo: 16 },
      ],
      rows,
      { width: context.io.stdout.columns, heading: context.style.strong },
    ));
  return 0;
}
