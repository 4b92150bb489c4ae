/**
 * `kairos blame`
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { blame, type BlamedLine, type Version } from "../../core/layers/blame.ts";
import { withoutRecords } from "../../core/layers/library.ts";
import type { KnowledgeRecord } from "../../core/layers/records.ts";
import { quote, visible } from "../../core/text.ts";
import { unifiedDiff } from "../../core/text_diff.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { argument, flag, optionalArgument } from "../parameters.ts";
import { colouredDiff } from "../render/diff.ts";
import { recordJson } from "../render/records.ts";
import { shortTime } from "../render/text.ts";
import { cutTo, padTo, widthOf } from "../../core/text_width.ts";

/** Digits of a version's hash, as many as a version can be named by. */
const DIGITS = 8;

/** Widest margin column. */
const MAX_COLUMN = 24;

/** Shows who brought each line of an entry. */
export default defineCommand({
  about:
    "Shows each line of an entry with the version that brought it: block, hash, time, who, agent. A " +
    "line marked ? may also come from a version whose bytes are not kept. With --diff what a " +
    "version changed, as a unified diff. A version is a block number, or at least 6 digits of the " +
    "document's SHA-256.",
  examples: [
    { call: "blame notes", does: "Who brought which line" },
    { call: "blame notes 12", does: "The same for what block 12 published" },
    { call: "blame notes 12 --diff", does: "What block 12 changed" },
  ],
  isLong: true,
  parameters: {
    flags: { diff: flag("Show what the version changed; the last one unless given") },
    positional: {
      kind: "tuple",
      parameters: [
        argument("NAME", "The entry"),
        optionalArgument("VERSION", "A block number, or digits of a SHA-256"),
      ],
    },
  },
  async run(
    context: CliContext,
    { diff }: { readonly diff: boolean },
    name: string,
    version: string | undefined,
  ) {
    const instance = await context.open();
    await (diff
      ? showDiff(context, instance, name, version)
      : showLines(context, instance, name, version));
  },
});

async function showLines(
  context: CliContext,
  instance: Instance,
  name: string,
  version: string | undefined,
): Promise<void> {
  const at = version === undefined
    ? undefined
    : (await instance.knowledge.version(name, version)).record;
  const { version: shown, lines, missing } = await blame(instance, name, at);
  context.print(
    {
      name,
      version: versionJson(shown),
      lines: lines.map(({ text, version, isUncertain }, at) => ({
        line: at + 1,
        text,
        uncertain: isUncertain,
        ...versionJson(version),
      })),
      missing: missing.map(versionJson),
    },
    () => lineText(context, lines),
  );
  if (missing.length > 0) {
    const names = missing.map(({ hash, record }) =>
      `${hash.slice(0, DIGITS)}${record === null ? "" : ` of block ${record.block}`}`
    );
    context.say(
      `Not kept: ${names.join(", ")}. Lines marked ? came with one of them or with the one named`,
    );
  }
}

/** What the version changed that is named, or the last one. */
async function showDiff(
  context: CliContext,
  instance: Instance,
  name: string,
  version: string | undefined,
): Promise<void> {
  const { knowledge, store } = instance;
  const { record, text } = await knowledge.version(name, version ?? await lastOf(instance, name));
  const { previousHash, nextHash, block } = record;
  const bytes = previousHash === null ? new Uint8Array(0) : store.objects.get(previousHash);
  if (bytes === null) {
    throw new KairosError(
      "not_found",
      `Cannot tell what block ${block} changed: the bytes before it are not kept`,
      { hint: `Print what it published with \`kairos knowledge show ${name} --version ${block}\`` },
    );
  }
  const side = (hash: string | null) => hash === null ? "nothing" : hash.slice(0, DIGITS);
  const diff = unifiedDiff(
    {
      label: `${name} (before block ${block}: ${side(previousHash)})`,
      text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
    },
    { label: `${name} (block ${block}: ${side(nextHash)})`, text },
  );
  context.print(
    { name, record: recordJson(record), diff },
    () => colouredDiff(context.body(diff), context.style),
  );
  if (diff === "") context.say(`Block ${block} left the text of ${quote(name)} as it was`);
}

async function lastOf(instance: Instance, name: string): Promise<string> {
  for await (const { nextHash, block } of instance.knowledge.history(name)) {
    if (nextHash !== null) return String(block);
  }
  throw withoutRecords(instance, name);
}

function versionJson({ hash, record }: Version): Record<string, unknown> {
  return {
    block: record?.block ?? null,
    hash,
    timestamp: record?.timestamp ?? null,
    principal: record?.principal ?? null,
    agent_id: record?.agentId ?? null,
  };
}

/** The lines with their margins, the margins in columns. */
function lineText(context: CliContext, lines: readonly BlamedLine[]): string {
  const margins = lines.map(marginOf);
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...margins.map((margin) => widthOf(margin[column]!)))
  );
  const digits = String(lines.length).length;
  return lines.map(({ text, isUncertain }, at) => {
    const margin = margins[at]!.map((cell, column) => padTo(cell, widths[column]!)).join("  ");
    const look = isUncertain ? context.style.warn : context.style.faint;
    return `${look(margin)}  ${String(at + 1).padStart(digits)}  ${context.body(text)}`.trimEnd();
  }).map((line) => `${line}\n`).join("");
}

function marginOf({ version: { record, hash }, isUncertain }: BlamedLine): string[] {
  const mark = isUncertain ? "?" : "";
  const short = hash.slice(0, DIGITS);
  if (record === null) return [`-${mark}`, short, "-", "past kairos", "-"];
  const { block, timestamp, principal, agentId }: KnowledgeRecord = record;
  return [`${block}${mark}`, short, shortTime(timestamp), principal ?? "-", agentId ?? "-"]
    .map((cell) => cutTo(visible(cell), MAX_COLUMN));
}
