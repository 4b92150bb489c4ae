/**
 * Tools for resources: the files of all layers under addresses.
 *
 * @module
 */

import { z } from "zod";
import { originFields, originText } from "../../../core/layers/origin.ts";
import { listResources, type ResourceSummary } from "../../../core/layers/list_resources.ts";
import { readResource, type Resource } from "../../../core/layers/read_resource.ts";
import { parseResourceUri, type ResourceLayer } from "../../../core/layers/resource_uri.ts";
import { visible } from "../../../core/text.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { cell, fence, sizeText, table } from "../markdown.ts";
import { withLaw, withLawIfReadable } from "../law_text.ts";
import { addressOf, cursorBehind, MAX_CURSOR } from "../resource_cursor.ts";
import { NEXT_CURSOR, ORIGIN, READS } from "../schemas.ts";

const RESOURCE = z.object({
  uri: z.string(),
  name: z.string(),
  layer: z.string(),
  type: z.string(),
  mime: z.string(),
  size: z.number(),
  ...ORIGIN,
});

const TITLES: Readonly<Record<ResourceLayer, string>> = {
  l0: "L0 (Skills)",
  l1: "L1 (Knowledge)",
  l2: "L2 (Context)",
};

const resourceList = defineTool({
  name: "resource_list",
  title: "List resources",
  description:
    "Lists the files of all layers with the addresses resource_read takes: documents, and " +
    "what lies in scripts/, assets/ and references/ beside them.",
  input: z.strictObject({
    filter: z.string().max(200).describe("Only addresses with this text in them").optional(),
    type: z.enum(["all", "md", "scripts", "assets", "references"]).describe("Only this type")
      .optional(),
    layer: z.enum(["all", "l0", "l1", "l2"]).describe("Only this layer").optional(),
    limit: z.int().min(1).max(1000).describe("Most resources; 200 unless given").optional(),
    cursor: z.string().max(MAX_CURSOR).describe("next_cursor of the page before").optional(),
  }),
  output: z.object({ resources: z.array(RESOURCE), next_cursor: NEXT_CURSOR }),
  annotations: READS,
  example: { layer: "l1", type: "scripts" },
  async run({ filter, type = "all", layer = "all", limit = 200, cursor }, { instance }) {
    const found = listResources(await withLawIfReadable(instance, layer), {
      after: addressOf(cursor),
      filter,
      type: type === "all" ? undefined : type,
      layer: layer === "all" ? undefined : layer,
    });
    const upTo = [...found.take(limit + 1)];
    const page = upTo.slice(0, limit);
    const next = upTo.length > limit ? cursorBehind(page.at(-1)!) : null;
    const hasOrigins = page.some(({ origin }) => origin !== null);
    const columns = ["URI", "Name", "Type", "Size", ...(hasOrigins ? ["From"] : [])];
    const lines = ["## Resources", ""];
    for (const [key, title] of Object.entries(TITLES)) {
      const rows = page.filter((one) => one.layer === key).map((one) => [
        cell(one.uri, 1000),
        cell(one.name),
        cell(one.type),
        sizeText(one.size),
        ...(hasOrigins ? [one.origin === null ? "-" : originText(one.origin)] : []),
      ]);
      if (rows.length > 0) lines.push(`### ${title}`, "", table(columns, rows), "");
    }
    const asked = `filter=${visible(filter ?? "none")}, type=${type}, layer=${layer}`;
    lines.push("---", "", `**Total:** ${page.length} resources (${asked})`);
    if (next !== null) lines.push(`More: call again with cursor ${next}`);
    lines.push("Read one with resource_read and its URI.");
    return {
      structured: { resources: page.map(resourceFields), next_cursor: next },
      text: lines.join("\n"),
    };
  },
});

const resourceRead = defineTool({
  name: "resource_read",
  title: "Read a resource",
  description:
    "Reads one file by its address: l0://kairos.md, l0://kairos.ts (the law in force), " +
    "knowledge://name, " +
    "knowledge://name/scripts/file, context://session/name, or context://name for the newest " +
    "session that has it. Scripts are shown, never run.",
  input: z.strictObject({
    uri: z.string().min(1).max(4096).describe("The address, as resource_list gives it"),
  }),
  output: RESOURCE.extend({
    path: z.string(),
    modified: z.string(),
    executable: z.boolean(),
    binary: z.boolean(),
    text: z.string().nullable().describe("The content; null when it is binary"),
  }),
  annotations: READS,
  example: { uri: "knowledge://naming_conventions" },
  async run({ uri }, { instance }) {
    const { layer } = parseResourceUri(uri);
    const resource = readResource(await withLaw(instance, layer), uri);
    const { bytes: _bytes, language: _language, modified, origin, ...fields } = resource;
    const structured = {
      ...fields,
      ...originFields(origin),
      modified: new Date(modified).toISOString(),
      binary: resource.text === null,
    };
    return { structured, text: resourceText(resource, structured.modified) };
  },
});

function resourceFields({ origin, ...fields }: ResourceSummary): z.output<typeof RESOURCE> {
  return { ...fields, ...originFields(origin) };
}

function resourceText(resource: Resource, modified: string): string {
  const { uri, layer, mime, size, path, executable, text, language, origin } = resource;
  const yes = (is: boolean) => is ? "Yes" : "No";
  const facts = table(["Property", "Value"], [
    ["Layer", TITLES[layer]],
    ["MIME Type", mime],
    ["Size", sizeText(size)],
    ["Modified", modified],
    ["Path", cell(path, 1000)],
    ...(origin === null ? [] : [["From", originText(origin)]]),
    ["Executable", yes(executable)],
    ["Binary", yes(text === null)],
  ]);
  const content = text === null ? `[Binary file - ${size} bytes]` : fence(text, language);
  const hint = executable
    ? "\n\nThis file is executable. kairos does not run it; read it before you do."
    : "";
  return `## Resource: ${visible(uri)}\n\n${facts}\n\n### Content\n\n${content}${hint}`;
}

/** Tools of this family. */
export const RESOURCE_TOOLS: readonly Tool[] = [resourceList, resourceRead];
