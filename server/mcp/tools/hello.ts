/**
 * The greeting: whether kairos answers, and what it holds.
 *
 * @module
 */

import { z } from "zod";
import { isListed } from "../../../core/layers/names.ts";
import { visible } from "../../../core/text.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { familiesOff, offText } from "../families.ts";
import { READS } from "../schemas.ts";

/** Greets and tells what there is. */
const helloWorld = defineTool({
  name: "hello_world",
  title: "Hello",
  description: "Says hello and tells in numbers what this instance holds. Use it to see whether " +
    "kairos answers.",
  input: z.strictObject({
    name: z.string().max(200).describe("Whom to greet; the world unless given").optional(),
  }),
  output: z.object({
    greeting: z.string(),
    knowledge: z.number().describe("Entries in L1"),
    sessions: z.number().describe("Sessions in L2"),
    chain: z.object({ state: z.string(), length: z.number() }),
    off: z.array(z.string()).describe("Families of tools that are switched off here"),
  }),
  annotations: READS,
  example: { name: "Alice" },
  run({ name }, { instance }) {
    const view = instance.view();
    const count = (folder: string) =>
      view.list(folder).filter((entry) => isListed(entry.name) && entry.kind !== "file").length;
    const { state, length } = instance.store.ledger.head();
    const whom = name === undefined || name.trim() === "" ? "World" : visible(name.trim());
    const greeting = `Hello, ${whom}! This is kairos.`;
    const knowledge = count("knowledge");
    const sessions = count("context");
    const { config } = instance;
    const off = familiesOff(config);
    return {
      structured: { greeting, knowledge, sessions, chain: { state, length }, off },
      text: `${greeting}\n\nKnowledge entries: ${knowledge}\nSessions: ${sessions}\n` +
        `Chain: ${state}, ${length} blocks${offText(config)}`,
    };
  },
});

/** Tools of this family. */
export const HELLO_TOOLS: readonly Tool[] = [helloWorld];
