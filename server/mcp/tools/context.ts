/**
 * Tools for session context, L2.
 *
 * @module
 */

import { z } from "zod";
import { SUBFOLDERS } from "../../../core/layers/entry_folder.ts";
import { visible } from "../../../core/text.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { cell, table } from "../markdown.ts";
import { ADDS, ENTRY, entryFields, NAME, READS, REPLACES } from "../schemas.ts";

const SESSION = NAME.describe("Id of the session");

const contextSave = defineTool({
  name: "context_save",
  title: "Save context",
  description:
    "Saves a note of the present session (L2), new or again. Notes are free: nothing goes " +
    "on the chain. Without session_id a new session is begun; pass the id you get back with the next " +
    "notes.",
  input: z.strictObject({
    session_id: SESSION.optional(),
    name: NAME.describe("Name of the note"),
    content: z.string().describe("The whole document, front matter and body"),
    create_subdirs: z.boolean().describe("Make scripts/, assets/ and references/ as well")
      .optional(),
  }),
  output: z.object({
    session_id: z.string(),
    name: z.string(),
    action: z.enum(["created", "updated", "none"]),
    hash: z.string(),
  }),
  annotations: { ...REPLACES, idempotentHint: false },
  example: { name: "findings", content: "# Findings\n\nThe cache is cold after each start.\n" },
  async run({ session_id: session, name, content, create_subdirs }, { instance, actor }) {
    const saved = await instance.context.save(
      { session, name, content, subfolders: create_subdirs },
      actor,
    );
    const title = saved.action === "none"
      ? "No changes detected"
      : `SUCCESS: Context ${saved.action}`;
    return {
      structured: {
        session_id: saved.session,
        name: saved.name,
        action: saved.action,
        hash: saved.hash,
      },
      text: `${title}\n\n**Session:** ${saved.session}\n**Name:** ${saved.name}\n\n` +
        "No blockchain recording (L2 is free modification).",
    };
  },
});

const contextCreateSubdir = defineTool({
  name: "context_create_subdir",
  title: "Add a folder to a context",
  description: "Makes scripts/, assets/ or references/ in a note of a session (L2).",
  input: z.strictObject({
    session_id: SESSION,
    name: NAME.describe("Name of the note"),
    subdir: z.enum(SUBFOLDERS).describe("Which folder"),
  }),
  output: z.object({ path: z.string(), created: z.boolean() }),
  annotations: { ...ADDS, idempotentHint: true },
  example: { session_id: "session_20260101_120000_0a1b2c3d", name: "findings", subdir: "scripts" },
  async run({ session_id, name, subdir }, { instance, actor }) {
    const created = await instance.context.createSubfolder(session_id, name, subdir, actor);
    const path = `context/${session_id}/${name}/${subdir}`;
    const title = created ? "SUCCESS: Created subdirectory" : "The subdirectory is there already";
    return { structured: { path, created }, text: `${title}\n\n**Path:** \`${path}\`` };
  },
});

const contextList = defineTool({
  name: "context_list",
  title: "List contexts",
  description: "Lists the sessions (L2), the last changed first, or the notes of one session.",
  input: z.strictObject({ session_id: SESSION.optional() }),
  output: z.object({
    sessions: z.array(z.object({ id: z.string(), contexts: z.number(), modified: z.string() })),
    contexts: z.array(ENTRY).describe("Notes of the session asked for"),
  }),
  annotations: READS,
  example: {},
  run({ session_id }, { instance: { context } }) {
    if (session_id === undefined) {
      const sessions = context.sessions().map(({ id, contexts, modified }) => ({
        id,
        contexts,
        modified: new Date(modified).toISOString(),
      }));
      const rows = sessions.map((
        { id, contexts, modified },
      ) => [cell(id, 200), String(contexts), modified]);
      return {
        structured: { sessions, contexts: [] },
        text: rows.length === 0
          ? "No sessions yet. context_save begins one."
          : `## L2 Sessions\n\n${table(["Session", "Contexts", "Changed"], rows)}`,
      };
    }
    const contexts = context.list(session_id);
    const rows = contexts.map((
      { name, description, problem },
    ) => [cell(name, 200), cell(problem === null ? description ?? "-" : `⚠️ ${problem.message}`)]);
    return {
      structured: { sessions: [], contexts: contexts.map(entryFields) },
      text: `## L2 Contexts of ${visible(session_id)}\n\n` +
        (rows.length === 0 ? "No contexts yet." : table(["Name", "Description"], rows)),
    };
  },
});

const contextGet = defineTool({
  name: "context_get",
  title: "Read a context",
  description: "Reads a note of a session (L2).",
  input: z.strictObject({ session_id: SESSION, name: NAME.describe("Name of the note") }),
  output: z.object({ session_id: z.string(), entry: ENTRY, content: z.string() }),
  annotations: READS,
  example: { session_id: "session_20260101_120000_0a1b2c3d", name: "findings" },
  run({ session_id, name }, { instance: { context } }) {
    const entry = context.get(session_id, name);
    const problem = entry.problem === null ? "" : `> ⚠️ ${visible(entry.problem.message)}\n\n`;
    return {
      structured: { session_id, entry: entryFields(entry), content: entry.text },
      text: `${problem}## [${name}] ${visible(entry.description ?? "No description")}\n\n` +
        `**Layer:** L2 (Context)\n**Session:** ${session_id}\n\n---\n\n${entry.body}\n`,
    };
  },
});

const contextDelete = defineTool({
  name: "context_delete",
  title: "Delete a context",
  description:
    "Deletes a note of a session (L2) with everything in its folder. It cannot be brought " +
    "back; move what is worth keeping to knowledge first.",
  input: z.strictObject({ session_id: SESSION, name: NAME.describe("Name of the note") }),
  output: z.object({ session_id: z.string(), name: z.string() }),
  annotations: REPLACES,
  example: { session_id: "session_20260101_120000_0a1b2c3d", name: "findings" },
  async run({ session_id, name }, { instance: { context }, actor }) {
    await context.delete(session_id, name, actor);
    return {
      structured: { session_id, name },
      text: `SUCCESS: Context deleted\n\n**Session:** ${session_id}\n**Name:** ${name}`,
    };
  },
});

/** Tools of this family. */
export const CONTEXT_TOOLS: readonly Tool[] = [
  contextSave,
  contextCreateSubdir,
  contextList,
  contextGet,
  contextDelete,
];
