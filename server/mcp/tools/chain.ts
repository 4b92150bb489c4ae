/**
 * Tools for the chain: state, notes, verification, history.
 *
 * @module
 */

import { z } from "zod";
import { checkFreeRecords } from "../../../core/record_guard.ts";
import type { Finding } from "../../../core/chain/verify.ts";
import type { LawAudit } from "../../../core/evolution/audit_law.ts";
import type { Instance } from "../../../core/instance.ts";
import type { FileMemoOptions } from "../../../core/layers/file_memo.ts";
import { readMarker } from "../../../core/ledger/marker.ts";
import { visible } from "../../../core/text.ts";
import { auditAndNote, auditLawPatiently } from "../../patient_audit.ts";
import { readVerifyStatus } from "../../verify_status.ts";
import { historyBlock, historyText, recordTypeOf } from "../block_text.ts";
import { defineTool, type Tool, type ToolOutput } from "../define_tool.ts";
import { cursorOf, positionOf, walkDown } from "../paging.ts";
import { ADDS, CURSOR, NEXT_CURSOR, READS } from "../schemas.ts";

const BLOCK = z.object({
  index: z.number(),
  timestamp: z.string(),
  data: z.array(z.string()),
  previous_hash: z.string(),
  merkle_root: z.string(),
  hash: z.string(),
});

const LAST_VERIFY = z.object({
  at: z.string(),
  height: z.number(),
  outcome: z.enum(["ok", "failed", "absent"]),
  compatible: z.boolean(),
  valid: z.boolean(),
  findings: z.number(),
});

/** Most blocks one page of history looks at. */
const MAX_WALK = 20_000;
const MAX_TOLD = 10;

const STATUS_FIELDS = z.object({
  valid: z.boolean().describe("Its end can be read, and no failed verification is on record"),
  state: z.string(),
  length: z.number(),
  storage: z.object({ backend: z.string() }),
  latest_block: BLOCK.nullable(),
  last_verify: LAST_VERIFY.nullable(),
  problem: z.string().nullable(),
});

const chainStatus = defineTool({
  name: "chain_status",
  title: "Chain status",
  description:
    "Tells state, length and last block of the chain at once, from its end. It does not " +
    "verify the chain; last_verify says when that was done, and chain_verify does it.",
  input: z.strictObject({}),
  output: STATUS_FIELDS,
  annotations: READS,
  example: {},
  run(_args, { instance }) {
    return instance.memos.of(STATUS).get(instance.view(), "", (files) => {
      // What is looked at here is what the status is made of.
      for (const path of STATUS_FILES) files.stat(path);
      return statusOf(instance);
    });
  },
});

/** Kept while the files it is made of stay the same; what cannot be read may be the next time. */
const STATUS: FileMemoOptions<ChainStatus> = {
  most: 2 ** 21,
  weigh: ({ structured: { problem }, text }) => problem === null ? 2 * text.length : Infinity,
};

/** The chain, and the folder, in which outcomes of verifications and markers of failed ones appear. */
const STATUS_FILES = ["storage", "storage/blockchain.json"];

type ChainStatus = ToolOutput<z.input<typeof STATUS_FIELDS>>;

function statusOf({ store, root }: Instance): ChainStatus {
  const { state, length, last, problem } = store.ledger.head();
  const marker = readMarker(store.disk, root);
  const structured = {
    valid: state === "readable" && marker === null,
    state,
    length,
    storage: { backend: "file" },
    latest_block: last === null ? null : historyBlock(last),
    last_verify: readVerifyStatus(store.disk, root),
    problem: marker === null ? problem : `A verification failed at ${marker.at}`,
  };
  return { structured, text: JSON.stringify(structured, null, 2) };
}

const chainRecord = defineTool({
  name: "chain_record",
  title: "Record on the chain",
  description: "Puts notes on the chain as one block, for good: decisions, releases, hashes of " +
    "things kept elsewhere. Nothing can take them off again, so put no secrets in. Records of " +
    "knowledge are made by knowledge_update, not here.",
  input: z.strictObject({
    logs: z.array(z.string()).min(1).max(10_000).describe("The notes, plain text or JSON"),
  }),
  output: z.object({ block: z.number(), hash: z.string(), items: z.number() }),
  annotations: ADDS,
  example: { logs: ["Released version 1.2"] },
  async run({ logs }, { instance: { store } }) {
    checkFreeRecords(logs);
    const { index, hash } = await store.exclusive(() => store.append(logs));
    return {
      structured: { block: index, hash, items: logs.length },
      text: `Block #${index} recorded successfully.\nHash: ${hash}`,
    };
  },
});

const LAW_AUDIT = z.object({
  seq: z.number().nullable().describe(
    "Number of the decision in force; null where there is no law",
  ),
  epoch: z.number().nullable(),
  finding_count: z.number(),
  findings: z.array(z.object({ block: z.number().nullable(), message: z.string() })),
  unproven_epochs: z.array(z.number()).describe("Approvers nobody before them has signed for"),
});

function lawFields({ law, findings, findingCount, unprovenEpochs }: LawAudit) {
  return {
    seq: law?.seq ?? null,
    epoch: law?.epoch ?? null,
    finding_count: findingCount,
    findings: findings.map((finding) => ({ ...finding })),
    unproven_epochs: [...unprovenEpochs],
  };
}

/** What a walk says about the law; nothing where there never was one and nothing is wrong. */
function lawLines({ law, findings, findingCount, unprovenEpochs }: LawAudit): string[] {
  const epochs = unprovenEpochs.length === 0
    ? []
    : [`Unproven for ever: epoch ${unprovenEpochs.join(", ")}, begun without the approvers before`];
  if (findingCount === 0) {
    return law === null
      ? epochs
      : [`Law: decision ${law.seq} is borne out by the chain`, ...epochs];
  }
  return [
    `Law: ${findingCount} findings; what the files say is not what was decided`,
    ...findings.slice(0, MAX_TOLD).map(({ block, message }) =>
      visible(`- ${block === null ? "the files" : `block #${block}`}: ${message}`)
    ),
    ...epochs,
    "Tell a person: `kairos chain verify` and `kairos doctor` show all of it.",
  ];
}

const chainVerify = defineTool({
  name: "chain_verify",
  title: "Verify the chain",
  description: "Recomputes every hash of the whole chain and tells what does not hold. There are " +
    "two verdicts: compatible (rules every implementation checks; appending depends on it) and " +
    "valid (all rules). A failure stops appends until a person repairs the chain. On a chain that is " +
    "whole every decision about the law and every approver set is held against it.",
  input: z.strictObject({}),
  output: z.object({
    state: z.string(),
    compatible: z.boolean(),
    valid: z.boolean(),
    length: z.number(),
    intact: z.number().describe("Blocks before the first damaged one"),
    last_hash: z.string().nullable(),
    finding_count: z.number(),
    findings: z.array(z.object({
      block: z.number().nullable(),
      rule: z.string(),
      expected: z.string(),
      found: z.string(),
    })),
    law: LAW_AUDIT.nullable().describe("null where the chain is damaged or absent"),
  }),
  annotations: { ...READS, readOnlyHint: false },
  example: {},
  async run(_args, { instance, signal, progress }) {
    const { store } = instance;
    const total = store.ledger.head().length;
    const { report } = await auditAndNote(store, {
      signal,
      onProgress: (blocks) => progress(blocks, Math.max(total, blocks)),
    });
    const { state, compatible, valid, length, intact, lastHash, findings, findingCount } = report;
    const audit = compatible && state !== "absent"
      ? await auditLawPatiently(instance, signal)
      : null;
    const structured = {
      state,
      compatible,
      valid,
      length,
      intact,
      last_hash: lastHash,
      finding_count: findingCount,
      findings: findings.map((finding) => ({ ...finding })),
      law: audit === null ? null : lawFields(audit),
    };
    if (state === "absent") {
      return {
        structured,
        text: "Blockchain not created yet (state: absent). Nothing to verify.",
      };
    }
    const law = audit === null ? [] : lawLines(audit);
    if (valid) {
      const head = `Blockchain Integrity Verified: OK (Length: ${length})`;
      return { structured, text: [head, ...law].join("\n") };
    }
    const text = [
      `Blockchain Integrity Check FAILED! (state: ${state})`,
      `Compatible: ${compatible ? "yes, appending goes on" : "no, appending has stopped"}`,
      `Valid: no, ${findingCount} findings in ${length} blocks, ${intact} intact before the first`,
      ...findings.slice(0, MAX_TOLD).map(findingText),
      ...(findingCount > MAX_TOLD ? [`- and ${findingCount - MAX_TOLD} more`] : []),
      "Tell a person: `kairos chain verify` shows all of it, `kairos chain repair` mends it.",
      ...law,
    ];
    return { structured, text: text.join("\n") };
  },
});

const chainHistory = defineTool({
  name: "chain_history",
  title: "Chain history",
  description: "Shows blocks from the newest down, all of them or those of one type. Pages with " +
    "cursor.",
  input: z.strictObject({
    limit: z.int().min(1).max(1000).describe("Most blocks to show; 50 unless given").optional(),
    format: z.enum(["formatted", "json"]).describe("Shape of the text").optional(),
    type: z.enum(["all", "state_commit", "skill_transition", "knowledge_update"])
      .describe("Only blocks of this type").optional(),
    cursor: CURSOR,
  }),
  output: z.object({
    state: z.string(),
    blocks: z.array(BLOCK.extend({ type: z.string() })),
    next_cursor: NEXT_CURSOR,
  }),
  annotations: READS,
  example: { limit: 10, type: "knowledge_update" },
  async run({ limit = 50, format, type = "all", cursor }, { instance, signal }) {
    const { state } = instance.store.ledger.head();
    const below = positionOf(cursor);
    const filter = { type: type === "all" ? undefined : type };
    const { found, next } = await walkDown(
      instance.records,
      { filter, below, limit, maxBlocks: MAX_WALK, signal },
      (block) => {
        const kind = recordTypeOf(block);
        return type === "all" || type === kind ? [{ ...historyBlock(block), type: kind }] : [];
      },
    );
    const nextCursor = next === null ? null : cursorOf(next);
    const structured = { state, blocks: [...found], next_cursor: nextCursor };
    const text = format === "json"
      ? JSON.stringify(structured, null, 2)
      : historyText(state, found, nextCursor);
    return { structured, text };
  },
});

function findingText({ block, rule, expected, found }: Finding): string {
  const where = block === null ? "the file" : `block #${block}`;
  return visible(`- ${where}: ${rule} must be ${cut(expected)}, found ${cut(found)}`);
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Tools of this family. */
export const CHAIN_TOOLS: readonly Tool[] = [chainStatus, chainRecord, chainVerify, chainHistory];
