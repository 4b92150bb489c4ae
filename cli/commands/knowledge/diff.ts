/**
 * `kairos knowledge diff`
 *
 * @module
 */

import type { KnowledgeLayer } from "../../../core/layers/knowledge.ts";
import { unifiedDiff } from "../../../core/text_diff.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, optionalArgument } from "../../parameters.ts";
import { colouredDiff } from "../../render/diff.ts";

/** One side of a comparison. */
interface Side {
  readonly label: string;
  readonly block: number | null;
  readonly hash: string | null;
  readonly text: string;
}

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
  isLong: true,
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
    const right = to === undefined ? present(knowledge, name) : await past(knowledge, name, to);
    const left = from === undefined
      ? await lastOther(knowledge, name, right.hash)
      : await past(knowledge, name, from);
    const diff = unifiedDiff(left, right);
    context.print(
      { name, from: sideJson(left), to: sideJson(right), diff },
      () => colouredDiff(context.body(diff), context.style),
    );
    if (diff === "") context.say(`No difference between ${left.label} and ${right.label}`);
  },
});

function present(knowledge: KnowledgeLayer, name: string): Side {
  const { text, hash } = knowledge.get(name);
  return { label: `${name} (present)`, block: null, hash, text };
}

async function past(knowledge: KnowledgeLayer, name: string, version: string): Promise<Side> {
  const { record: { block, nextHash }, text } = await knowledge.version(name, version);
  return { label: `${name} (block ${block})`, block, hash: nextHash, text };
}

/** The newest version that is another one; an empty side when there is none. */
async function lastOther(
  knowledge: KnowledgeLayer,
  name: string,
  hash: string | null,
): Promise<Side> {
  for await (const { nextHash, block } of knowledge.history(name)) {
    if (nextHash === null || nextHash === hash) continue;
    return await past(knowledge, name, String(block));
  }
  return { label: `${name} (before it was published)`, block: null, hash: null, text: "" };
}

function sideJson({ block, hash }: Side): { block: number | null; hash: string | null } {
  return { block, hash };
}
