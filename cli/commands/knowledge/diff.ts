/**
 * `kairos knowledge diff`
 *
 * @module
 */

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { KairosError } from "../../../core/errors.ts";
import type { KnowledgeLayer } from "../../../core/layers/knowledge.ts";
import { quote, visible } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, optionalArgument } from "../../parameters.ts";
import type { Style } from "../../render/style.ts";

/** One side of a comparison. */
interface Side {
  readonly label: string;
  readonly block: number | null;
  readonly hash: string | null;
  readonly text: string;
}

/** Most lines that may differ; beyond, a comparison takes too long and helps nobody. */
const MAX_EDITS = 20_000;

/** Compares versions of an entry. */
export default defineCommand({
  about:
    "Compares two versions of an entry, as a unified diff. One VERSION: with the present document. " +
    "None: the newest published version that differs from the present document with it.",
  examples: [
    { call: "knowledge diff notes", does: "What the last change did" },
    { call: "knowledge diff notes 12", does: "Block 12 against the present" },
    { call: "knowledge diff notes 12 15", does: "Block 12 against block 15" },
  ],
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        argument("NAME", "The entry"),
        optionalArgument("FROM", "A block number, or at least 6 digits of a SHA-256"),
        optionalArgument("TO", "Likewise; the present document unless given"),
      ],
    },
  },
  async run(
    context: CliContext,
    _flags: NonNullable<unknown>,
    name: string,
    from: string | undefined,
    to: string | undefined,
  ) {
    const { knowledge } = await context.open();
    const right = to === undefined ? present(knowledge, name) : past(knowledge, name, to);
    const left = from === undefined
      ? lastOther(knowledge, name, right.hash)
      : past(knowledge, name, from);
    const diff = left.text === right.text ? "" : compare(left, right);
    context.print(
      { name, from: sideJson(left), to: sideJson(right), diff },
      () => diff === "" ? "" : shown(diff, context),
    );
    if (diff === "") context.say(`No difference between ${left.label} and ${right.label}`);
  },
});

function present(knowledge: KnowledgeLayer, name: string): Side {
  const { text, hash } = knowledge.get(name);
  return { label: `${name} (present)`, block: null, hash, text };
}

function past(knowledge: KnowledgeLayer, name: string, version: string): Side {
  const { record: { block, nextHash }, text } = knowledge.version(name, version);
  return { label: `${name} (block ${block})`, block, hash: nextHash, text };
}

/** The newest version that is another one; an empty side when there is none. */
function lastOther(knowledge: KnowledgeLayer, name: string, hash: string | null): Side {
  for (const { nextHash, block } of knowledge.history(name)) {
    if (nextHash === null || nextHash === hash) continue;
    return past(knowledge, name, String(block));
  }
  return { label: `${name} (before it was published)`, block: null, hash: null, text: "" };
}

function compare(left: Side, right: Side): string {
  const diff = createTwoFilesPatch(
    visible(left.label),
    visible(right.label),
    left.text,
    right.text,
    undefined,
    undefined,
    { context: 3, maxEditLength: MAX_EDITS, headerOptions: FILE_HEADERS_ONLY },
  );
  if (diff !== undefined) return diff;
  throw new KairosError(
    "too_large",
    `Cannot compare ${quote(left.label)} with ${quote(right.label)}: they differ too much`,
    { hint: "Print both with `kairos knowledge show --version`" },
  );
}

function sideJson({ block, hash }: Side): { block: number | null; hash: string | null } {
  return { block, hash };
}

function shown(diff: string, context: CliContext): string {
  return context.body(diff).split("\n").map((line) => coloured(line, context.style)).join("\n");
}

function coloured(line: string, style: Style): string {
  if (line.startsWith("---") || line.startsWith("+++")) return style.strong(line);
  if (line.startsWith("+")) return style.good(line);
  if (line.startsWith("-")) return style.bad(line);
  return line.startsWith("@@") ? style.faint(line) : line;
}
