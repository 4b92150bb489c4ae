/**
 * Tools for project knowledge, L1.
 *
 * @module
 */

import { z } from "zod";
import { entryWords, hasWords } from "../../../core/index/entry_words.ts";
import type { Instance } from "../../../core/instance.ts";
import type { Entry, EntryFile, EntrySummary } from "../../../core/layers/entry_folder.ts";
import {
  type KnownEntry,
  pageLibrary,
  readLibrary,
  type WithOrigin,
} from "../../../core/layers/library.ts";
import { originFields, originText } from "../../../core/layers/origin.ts";
import type { KnowledgeChange } from "../../../core/layers/knowledge_writer.ts";
import { recordsOf } from "../../../core/layers/records.ts";
import { KairosError } from "../../../core/errors.ts";
import { visible } from "../../../core/text.ts";
import {
  banner,
  type Compared,
  type Correspondence,
  keptCorrespondence,
  originBanner,
} from "../correspondence.ts";
import { defineTool, type Tool, type ToolOutput } from "../define_tool.ts";
import { cell, sizeText, table } from "../markdown.ts";
import { cursorOf, positionOf, walkDown } from "../paging.ts";
import {
  CURSOR,
  ENTRY,
  entryFields,
  HASH,
  NAME,
  NEXT_CURSOR,
  ORIGIN,
  READS,
  REASON,
  REPLACES,
} from "../schemas.ts";

/** An entry with its origin. */
const KNOWN = ENTRY.extend(ORIGIN);

const FILE = z.object({ path: z.string(), size: z.number(), executable: z.boolean() });

const CHANGE = z.object({
  name: z.string(),
  action: z.string().describe("What was done; none when nothing had to change"),
  hash: HASH,
  prev_hash: HASH,
  block: z.number().nullable().describe("Block of the record"),
  displaced: z.number().describe("Edits of others found in the way; they are kept"),
});

/** Most blocks one page of an entry's history looks at. */
const MAX_WALK = 20_000;

const knowledgeList = defineTool({
  name: "knowledge_list",
  title: "List knowledge",
  description:
    "Lists the entries of project knowledge (L1) and of the SkillSets in use, or those that have " +
    "all words of search in name, description or tags. Look here before you solve something anew.",
  input: z.strictObject({
    search: z.string().max(200).describe("Words to look for").optional(),
    limit: z.int().min(1).max(1000).describe("Most entries; 200 unless given").optional(),
    cursor: CURSOR,
  }),
  output: z.object({ entries: z.array(KNOWN), total: z.number(), next_cursor: NEXT_CURSOR }),
  annotations: READS,
  example: { search: "naming" },
  async run({ search = "", limit = 200, cursor }, { instance, signal }) {
    const words = entryWords(search);
    const from = positionOf(cursor) ?? 0;
    const filter = words.length === 0 ? {} : {
      accepts: (entry: KnownEntry) => hasWords(entry, words),
      known: await instance.entriesWith(words, signal),
    };
    const { entries: page, total } = pageLibrary(instance, { from, limit, ...filter });
    const next = from + limit < total ? cursorOf(from + limit) : null;
    const lines = ["## L1 Knowledge Skills", ""];
    if (words.length > 0) lines.push(`Search: ${visible(words.join(" "))}`, "");
    if (page.length === 0) lines.push("No entries found.");
    else lines.push(entryTable(page));
    if (next !== null) lines.push("", `More of ${total}: call again with cursor ${next}`);
    lines.push("", "Read one with knowledge_get and its name.");
    return {
      structured: { entries: page.map(knownFields), total, next_cursor: next },
      text: lines.join("\n"),
    };
  },
});

const knowledgeGet = defineTool({
  name: "knowledge_get",
  title: "Read knowledge",
  description: "Reads an entry of project knowledge (L1) and tells whether it is what the chain " +
    "says it is. Its hash is the base_hash of a safe knowledge_update.",
  input: z.strictObject({
    name: NAME.describe("Name of the entry"),
    include_scripts: z.boolean().describe("List the files in scripts/").optional(),
    include_assets: z.boolean().describe("List the files in assets/").optional(),
    include_references: z.boolean().describe("List the files in references/").optional(),
  }),
  output: z.object({
    entry: KNOWN,
    content: z.string().describe("The whole document, front matter included"),
    correspondence: z.object({
      status: z.enum(["agrees", "drift", "no_record", "unknown", "skillset"])
        .describe("skillset: the entry has no records of its own, its SkillSet has them"),
      recorded: HASH,
      block: z.number().nullable(),
    }),
    files: z.record(z.string(), z.array(FILE)).describe("Of the sub-folders asked for"),
  }),
  annotations: READS,
  example: { name: "naming_conventions" },
  async run(args, { instance, signal }) {
    const entry = readLibrary(instance, args.name);
    const { outcome: correspondence, text } = await saidOf(instance, entry, signal);
    const wanted = (["scripts", "assets", "references"] as const)
      .filter((subfolder) => args[`include_${subfolder}`] === true);
    const files = Object.fromEntries(wanted.map((subfolder) => [
      subfolder,
      entry.files.filter((file) => file.subfolder === subfolder).map(fileFields),
    ]));
    const more = wanted
      .map((subfolder) => filesText(entry.name, subfolder, files[subfolder] ?? []));
    return {
      structured: { entry: knownFields(entry), content: entry.text, correspondence, files },
      text: text + more.join(""),
    };
  },
});

const knowledgeUpdate = defineTool({
  name: "knowledge_update",
  title: "Change knowledge",
  description:
    "Creates, updates or deletes an entry of project knowledge (L1). Each change goes on " +
    "the chain with its reason, and every version stays readable. content is the whole document: " +
    "YAML front matter (name, description, version, tags) between --- lines, then Markdown.",
  input: z.strictObject({
    command: z.enum(["create", "update", "delete"]),
    name: NAME.describe("Name of the entry"),
    content: z.string().describe("The whole document; needed to create and update").optional(),
    reason: REASON,
    create_subdirs: z.boolean().describe("Make scripts/, assets/ and references/ as well")
      .optional(),
    base_hash: z.string().regex(/^[0-9a-f]{64}$/)
      .describe("Update only if the document still has this SHA-256").optional(),
  }),
  output: CHANGE,
  annotations: { ...REPLACES, idempotentHint: false },
  example: {
    command: "create",
    name: "naming_conventions",
    content: "---\nname: naming_conventions\ndescription: How we name things\n---\n\n# Naming\n",
    reason: "Agreed in review",
  },
  async run(args, { instance: { knowledge }, actor }) {
    const { command, name, reason, content } = args;
    if (command === "delete") return changeOutput(await knowledge.delete(name, actor, reason));
    if (content === undefined) {
      throw new KairosError("usage", `Cannot ${command} knowledge: content is missing`, {
        hint: "Send the whole document as content, front matter and body",
      });
    }
    const write = { name, content, reason };
    const change = command === "create"
      ? await knowledge.create({ ...write, subfolders: args.create_subdirs }, actor)
      : await knowledge.update({ ...write, baseHash: args.base_hash }, actor);
    return changeOutput(change);
  },
});

const knowledgeHistory = defineTool({
  name: "knowledge_history",
  title: "History of knowledge",
  description: "Shows what happened to an entry of project knowledge, newest first, also to one " +
    "that was deleted. Each version can be restored with knowledge_restore.",
  input: z.strictObject({
    name: NAME.describe("Name of the entry"),
    limit: z.int().min(1).max(1000).describe("Most records; 50 unless given").optional(),
    cursor: CURSOR,
  }),
  output: z.object({
    name: z.string(),
    records: z.array(z.object({
      block: z.number(),
      action: z.string(),
      hash: HASH,
      prev_hash: HASH,
      reason: z.string().nullable(),
      timestamp: z.string().nullable(),
      principal: z.string().nullable(),
      agent_id: z.string().nullable(),
    })),
    next_cursor: NEXT_CURSOR,
  }),
  annotations: READS,
  example: { name: "naming_conventions" },
  async run({ name, limit = 50, cursor }, { instance: { records: finder }, signal }) {
    const below = positionOf(cursor);
    const filter = { type: "knowledge_update", entries: [name] };
    const { found, next } = await walkDown(
      finder,
      { filter, below, limit, maxBlocks: MAX_WALK, signal },
      (block) => recordsOf(block).filter((record) => record.name === name),
    );
    const records = found.map((record) => ({
      block: record.block,
      action: record.action,
      hash: record.nextHash,
      prev_hash: record.previousHash,
      reason: record.reason,
      timestamp: record.timestamp,
      principal: record.principal,
      agent_id: record.agentId,
    }));
    const nextCursor = next === null ? null : cursorOf(next);
    const rows = records.map((record) => [
      `#${record.block}`,
      cell(record.timestamp ?? "-"),
      cell(record.action),
      record.hash === null ? "-" : cell(record.hash.slice(0, 12)),
      cell(record.principal ?? "-"),
      cell(record.reason ?? "-"),
    ]);
    const head = ["Block", "Time", "Action", "Hash", "By", "Reason"];
    const lines = [`## History of ${visible(name)}`, ""];
    lines.push(rows.length === 0 ? "No records found." : table(head, rows));
    if (nextCursor !== null) lines.push("", `Older: call again with cursor ${nextCursor}`);
    return { structured: { name, records, next_cursor: nextCursor }, text: lines.join("\n") };
  },
});

const knowledgeRestore = defineTool({
  name: "knowledge_restore",
  title: "Restore knowledge",
  description:
    "Makes a past version of an entry the present one, also of an entry that was deleted. " +
    "The change is recorded like any other; nothing is lost by it.",
  input: z.strictObject({
    name: NAME.describe("Name of the entry"),
    version: z.string().min(1).max(64)
      .describe("Number of a block, or at least 6 digits of a document's SHA-256"),
    reason: REASON,
  }),
  output: CHANGE,
  annotations: REPLACES,
  example: { name: "naming_conventions", version: "12", reason: "The update was a mistake" },
  async run({ name, version, reason }, { instance: { knowledge }, actor }) {
    return changeOutput(await knowledge.restore(name, version, actor, reason), "restored");
  },
});

const COLUMNS = ["Name", "Description", "Tags", "Scripts", "Assets", "Refs"];

function knownFields(entry: KnownEntry): z.output<typeof KNOWN> {
  return { ...entryFields(entry), ...originFields(entry.origin) };
}

/** Where entries come from is told as soon as one of them is not the project's own. */
function entryTable(entries: readonly KnownEntry[]): string {
  if (entries.every(({ origin }) => origin === null)) return table(COLUMNS, entries.map(rowOf));
  const rows = entries.map((entry) => [
    ...rowOf(entry),
    entry.origin === null ? "-" : cell(originText(entry.origin)),
  ]);
  return table([...COLUMNS, "From"], rows);
}

function rowOf({ name, description, tags, has, problem }: EntrySummary): string[] {
  const told = problem === null ? description ?? "-" : `⚠️ ${problem.message}`;
  const mark = (there: boolean) => there ? "✓" : "-";
  return [
    cell(name, 200),
    cell(told),
    cell(tags.join(", ")),
    mark(has.scripts),
    mark(has.assets),
    mark(has.references),
  ];
}

function fileFields({ path, size, executable }: EntryFile): z.output<typeof FILE> {
  return { path, size, executable };
}

/** What is said of an entry besides its files; one of a SkillSet has no record to be compared with. */
async function saidOf(
  instance: Instance,
  entry: Entry & WithOrigin,
  signal: AbortSignal,
): Promise<Compared> {
  const { origin } = entry;
  if (origin === null) {
    const textOf = (outcome: Correspondence) =>
      documentText(entry, banner(entry.name, entry.hash, outcome));
    return await keptCorrespondence(instance, entry, textOf, signal);
  }
  const outcome = { status: "skillset" as const, recorded: null, block: null };
  return { outcome, text: documentText(entry, originBanner(entry.name, origin)) };
}

/** An entry for a model, after what it should know before. */
function documentText(entry: Entry & WithOrigin, about: string): string {
  const { origin } = entry;
  return about +
    (entry.problem === null ? "" : `> ⚠️ ${visible(entry.problem.message)}\n\n`) +
    `## [${entry.name}] ${visible(entry.description ?? "No description")}\n\n` +
    `**Layer:** L1 (Knowledge)\n**Version:** ${visible(entry.version ?? "-")}\n` +
    `**Tags:** ${visible(entry.tags.join(", "))}\n` +
    (origin === null ? "" : `**From:** ${originText(origin)} (read only)\n`) +
    `\n---\n\n${entry.body}\n`;
}

function filesText(
  name: string,
  subfolder: string,
  files: readonly z.output<typeof FILE>[],
): string {
  const title = subfolder[0]!.toUpperCase() + subfolder.slice(1);
  const lines = files.map(({ path, size, executable }) =>
    `- \`${visible(path)}\` (${sizeText(size)}${executable ? ", executable" : ""})`
  );
  const hint = files.length === 0 ? "None." : `Read with resource_read, knowledge://${name}/<path>`;
  return `\n### ${title}\n\n${[...lines, hint].join("\n")}\n`;
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
};

function changeOutput(
  change: KnowledgeChange,
  done = DONE[change.action] ?? change.action,
): ToolOutput<z.input<typeof CHANGE>> {
  const { name, action, hash, previousHash, block, displaced } = change;
  const structured = {
    name,
    action,
    hash,
    prev_hash: previousHash,
    block: block?.index ?? null,
    displaced: displaced.length,
  };
  if (action === "none" || block === null) {
    return { structured, text: `No changes detected: knowledge '${name}' already says so.` };
  }
  const lines = [`SUCCESS: Knowledge ${done}`, "", `**Hash:** ${hash ?? "-"}`];
  if (previousHash !== null) lines.push(`**Prev Hash:** ${previousHash}`);
  lines.push("", "Change recorded to blockchain (hash reference only).", `Block: #${block.index}`);
  if (displaced.length > 0) {
    lines.push(
      `An edit of somebody else was in the way; it is kept (${displaced.length} objects).`,
    );
  }
  return { structured, text: lines.join("\n") };
}

/** Tools of this family. */
export const KNOWLEDGE_TOOLS: readonly Tool[] = [
  knowledgeList,
  knowledgeGet,
  knowledgeUpdate,
  knowledgeHistory,
  knowledgeRestore,
];
