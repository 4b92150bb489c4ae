/**
 * Finding the right tool: what is known of each, search, recommendation.
 *
 * @module
 */

import { readToolMetadata, type ToolMetadata } from "../../core/config/tool_metadata.ts";
import type { Instance } from "../../core/instance.ts";
import type { Tool } from "./define_tool.ts";
import { CATEGORIES, categoryOf, HINTS } from "./guide_data.ts";

/** What the guide knows of a tool. */
export interface GuideEntry {
  /** Its name. */
  name: string;
  /** Its name for people. */
  title: string;
  /** What it does. */
  description: string;
  /** Its category. */
  category: string;
  /** Words to find it by. */
  tags: string[];
  /** Names of its arguments; those that are needed end in `*`. */
  arguments: string[];
  /** Examples of calls. */
  examples: { title: string; code: string }[];
  /** Names of tools that go with it. */
  related: string[];
}

/** How many tools are recommended. */
const MAX_RECOMMENDED = 5;

/**
 * What the guide knows of all tools.
 *
 * @param instance Where people's metadata is
 * @param tools The tools
 * @returns Entries in the order of the tools, and what of the metadata could not be used
 */
export function guideEntries(
  instance: Instance,
  tools: readonly Tool[],
): { entries: GuideEntry[]; problems: readonly string[] } {
  const { tools: metadata, problems } = readToolMetadata(instance.store.disk, instance.root);
  const names = new Set(tools.map(({ name }) => name));
  const entries = tools.map((tool) => {
    const entry = entryOf(tool, metadata.get(tool.name));
    return { ...entry, related: entry.related.filter((name) => names.has(name)) };
  });
  return { entries, problems };
}

/**
 * Tools that have every word in name, description or tags.
 *
 * @param entries What is known of the tools
 * @param query The words
 * @returns Those tools
 */
export function searchTools(entries: readonly GuideEntry[], query: string): GuideEntry[] {
  const words = wordsOf(query);
  return entries.filter(({ name, description, tags }) => {
    const text = `${name} ${description} ${tags.join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * The tools that fit a goal best.
 *
 * @param entries What is known of the tools
 * @param goal What somebody wants to do
 * @returns At most five tools, the best first
 */
export function recommendTools(entries: readonly GuideEntry[], goal: string): GuideEntry[] {
  const words = wordsOf(goal).filter((word) => word.length > 2);
  const scored = entries.map((entry) => ({ entry, score: scoreOf(entry, words) }));
  return scored.filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_RECOMMENDED)
    .map(({ entry }) => entry);
}

/**
 * Metadata for a tool that has none yet.
 *
 * @param tool The tool
 * @param tools All tools
 * @returns Category, tags, an example and the other tools of its family
 */
export function suggestMetadata(tool: Tool, tools: readonly Tool[]): ToolMetadata {
  const category = categoryOf(tool.name);
  const family = tools.filter(({ name }) => name !== tool.name && categoryOf(name) === category);
  return {
    category,
    usecaseTags: [...new Set([...tool.name.split("_"), ...wordsOf(tool.title)])],
    examples: [{ title: tool.title, code: JSON.stringify(tool.example) }],
    relatedTools: family.map(({ name }) => name).slice(0, 5),
  };
}

/**
 * What is wrong with metadata beyond its shape.
 *
 * @param metadata The metadata
 * @param tools All tools
 * @returns Sentences without a trailing period
 */
export function metadataProblems(metadata: ToolMetadata, tools: readonly Tool[]): string[] {
  const problems: string[] = [];
  if (metadata.category !== null && !Object.hasOwn(CATEGORIES, metadata.category)) {
    problems.push(`category must be one of ${Object.keys(CATEGORIES).join(", ")}`);
  }
  for (const related of metadata.relatedTools) {
    if (!tools.some(({ name }) => name === related)) {
      problems.push(`related_tools names ${JSON.stringify(related)}, which is no tool`);
    }
  }
  return problems;
}

function entryOf(tool: Tool, metadata: ToolMetadata | undefined): GuideEntry {
  const { name, title, description, input } = tool;
  const category = metadata?.category ?? categoryOf(name);
  return {
    name,
    title,
    description,
    category: Object.hasOwn(CATEGORIES, category) ? category : "utility",
    tags: [...metadata?.usecaseTags ?? []],
    arguments: Object.entries(input.shape).map(([key, schema]) =>
      schema.safeParse(undefined).success ? key : `${key}*`
    ),
    examples: [
      { title: "A call", code: JSON.stringify(tool.example) },
      ...(metadata?.examples ?? []).map((example) => ({ ...example })),
    ],
    related: [...metadata?.relatedTools ?? []],
  };
}

function scoreOf(entry: GuideEntry, words: readonly string[]): number {
  const text = `${entry.description} ${entry.tags.join(" ")}`.toLowerCase();
  let score = 0;
  for (const word of words) {
    if (text.includes(word)) score += 2;
    if (entry.name.includes(word)) score += 1;
    for (const [hint, tools] of HINTS) {
      if (hint.test(word) && tools.includes(entry.name)) score += 3;
    }
  }
  return score;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}
