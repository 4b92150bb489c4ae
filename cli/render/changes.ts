/**
 * What a change of knowledge did, for programs and for people.
 *
 * @module
 */

import type { KnowledgeChange } from "../../core/layers/knowledge_writer.ts";
import { quote, visible } from "../../core/text.ts";
import type { CliContext } from "../context.ts";

const DONE: Readonly<Record<string, string>> = {
  create: "Created",
  update: "Updated",
  delete: "Deleted",
  archive: "Archived",
  unarchive: "Brought back",
};

/**
 * Prints a change and what to run next.
 *
 * @param context Streams
 * @param change The change
 * @param next The command that goes on from here
 */
export function printChange(context: CliContext, change: KnowledgeChange, next: string): void {
  const { name, action, hash, previousHash, block, displaced } = change;
  context.print(
    { name, action, hash, previous_hash: previousHash, block, displaced },
    () =>
      action === "none" || block === null
        ? `Knowledge ${quote(name)} already says so: nothing changed\n`
        : `${DONE[action]} knowledge ${quote(name)} in block ${block.index}\n`,
  );
  for (const { path, object } of displaced) {
    context.say(`Somebody else's edit of ${quote(path)} was in the way; it is kept as ${object}`);
  }
  context.say(`Next: ${next}`);
}

/**
 * A word as a shell takes it back: quoted only where it must be.
 *
 * @param word A name
 * @returns The word for a command line people copy
 */
export function shellWord(word: string): string {
  return /^[\p{L}\p{N}_.\/-]+$/u.test(word) && !word.startsWith("-")
    ? word
    : `'${visible(word).replaceAll("'", `'\\''`)}'`;
}
