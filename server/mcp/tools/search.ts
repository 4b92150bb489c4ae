/**
 * The tool that searches all layers.
 *
 * @module
 */

import { z } from "zod";
import type { SearchHit } from "../../../core/index/search_index.ts";
import { originFields, originText } from "../../../core/layers/origin.ts";
import { markPlain, markSnippet, type Matches } from "../../../core/index/snippet.ts";
import { visible } from "../../../core/text.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { cell } from "../markdown.ts";
import { ORIGIN, READS } from "../schemas.ts";

const MATCHES = z.array(z.array(z.number()));

const HIT = z.object({
  uri: z.string().nullable().describe("For resource_read; null for an archived entry"),
  name: z.string(),
  layer: z.string(),
  session: z.string().nullable(),
  archived: z.boolean(),
  ...ORIGIN,
  description: z.string().nullable(),
  tags: z.array(z.string()),
  private: z.boolean(),
  modified: z.string(),
  score: z.number().describe("More is better; comparable within this answer only"),
  name_matches: MATCHES.describe("Start and end of each match in name"),
  description_matches: MATCHES.describe("The same for description"),
  snippet: z.object({
    text: z.string(),
    matches: MATCHES.describe("Start and end of each match in text"),
  }).nullable().describe("Where the words stand in body, files or tags; null when in none of them"),
  file: z.string().nullable()
    .describe("The file the snippet is from, to be read as uri/file; null for the document itself"),
  problem: z.string().nullable(),
});

const knowledgeSearch = defineTool({
  name: "knowledge_search",
  title: "Search everything",
  description: "Searches the full text of all layers, best first: knowledge (L1), contexts of " +
    "sessions (L2), both with the text files in references/ and scripts/, and the law (L0). Finds words and parts of words in any script. Look here " +
    "before you solve something anew; read a hit with knowledge_get, context_get or resource_read.",
  input: z.strictObject({
    query: z.string().min(1).max(500)
      .describe('Words that must all occur, or else some of them; a "phrase" in double quotes'),
    layer: z.enum(["all", "l0", "l1", "l2"]).describe("Only this layer").optional(),
    session_id: z.string().min(1).max(200).describe("Only contexts of this session").optional(),
    tag: z.string().min(1).max(200).describe("Only documents with this tag").optional(),
    days: z.int().min(1).max(100_000).describe("Only what changed in the last so many days")
      .optional(),
    archived: z.boolean().describe("Archived entries too").optional(),
    limit: z.int().min(1).max(100).describe("Most hits; 10 unless given").optional(),
  }),
  output: z.object({
    hits: z.array(HIT),
    total: z.number(),
    partial: z.boolean().describe("Nothing holds all words; these hold some of them"),
  }),
  annotations: READS,
  example: { query: "naming conventions" },
  async run({ query, layer, session_id, ...filter }, { instance, signal, progress }) {
    const { hits, total, isPartial } = await instance.search({
      query,
      layer: layer === "all" ? undefined : layer,
      session: session_id,
      ...filter,
      signal,
      onProgress: progress,
    });
    const lines = [`## Search: ${cell(query)}`, ""];
    if (hits.length === 0) lines.push("Nothing found.");
    else if (isPartial) lines.push("Nothing holds all words. These hold some of them:", "");
    for (const [at, hit] of hits.entries()) lines.push(...hitLines(at + 1, hit));
    if (hits.length > 0) lines.push("", "---", "", `**Total:** ${hits.length} of ${total}`);
    return {
      structured: { hits: hits.map(hitFields), total, partial: isPartial },
      text: lines.join("\n"),
    };
  },
});

function hitFields(hit: SearchHit): z.input<typeof HIT> {
  const { isPrivate, modified, snippet, tags, origin, nameMatches, descriptionMatches, ...fields } =
    hit;
  const ranges = (matches: Matches) => matches.map((range) => [...range]);
  return {
    ...fields,
    ...originFields(origin),
    tags: [...tags],
    private: isPrivate,
    modified: new Date(modified).toISOString(),
    snippet: snippet === null ? null : { text: snippet.text, matches: ranges(snippet.matches) },
    name_matches: ranges(nameMatches),
    description_matches: ranges(descriptionMatches),
  };
}

function hitLines(number: number, hit: SearchHit): string[] {
  const { name, layer, uri, archived, origin, description, snippet, file, problem } = hit;
  const at = uri === null ? "archived" : visible(uri);
  const where = origin === null ? at : `${at}, ${originText(origin)}`;
  const about = description === null ? "" : `: ${cell(description)}`;
  const lines = [`${number}. **${cell(name)}** (${layer.toUpperCase()}, ${where})${about}`];
  if (snippet !== null) {
    const from = file === null ? "" : `${visible(file)}: `;
    lines.push(
      `   > ${from}${markSnippet(snippet, (match) => markPlain(visible(match)), visible)}`,
    );
  }
  if (problem !== null) lines.push(`   Problem: ${cell(problem)}`);
  if (archived) lines.push("   Out of use; `kairos knowledge unarchive` brings it back");
  return lines;
}

/** Tools of this family. */
export const SEARCH_TOOLS: readonly Tool[] = [knowledgeSearch];
