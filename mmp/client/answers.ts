/**
 * What peers answer, as far as it is used: bounded, of the right kind, and every text for people without
 * power over their screens. See `kairos_formats/meeting.md#asking`.
 *
 * @module
 */

import { z } from "zod";
import { visible } from "../../core/text.ts";

/** Most rows of a list that are read. */
const MAX_ROWS = 10_000;

/** Text for people, one line. */
const text = (max: number) => z.string().transform((value) => visible(value.slice(0, max)));

/** Text a program sends back, so it stays as it is or is refused. */
const word = (max: number) =>
  z.string().min(1).max(max).refine((value) => visible(value) === value, "hidden characters");

const HASH = z.string().regex(/^[0-9a-f]{64}$/);

/** An entry a peer offers. */
export const SKILL_ROW = z.object({
  id: word(256),
  name: word(256),
  format: text(64).catch("markdown"),
  summary: text(500).catch(""),
  // Not everybody tells them of one entry; that is another thing than having none.
  tags: z.array(text(100)).max(100).nullable().catch(null),
  content_hash: HASH.nullable().catch(null),
});

/** An entry a peer offers. */
export type OfferedSkill = z.output<typeof SKILL_ROW>;

/** A SkillSet a peer offers. */
export const SKILLSET_ROW = z.object({
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/),
  version: text(100),
  layer: text(10).catch(""),
  description: text(500).catch(""),
  content_hash: HASH.nullable().catch(null),
  file_count: z.number().int().nonnegative().nullable().catch(null),
});

/** A SkillSet a peer offers. */
export type OfferedSkillSet = z.output<typeof SKILLSET_ROW>;

/** The content of an entry, as both parts of the answer tell it. */
export const CONTENT = z.object({
  message: z.object({
    from: text(128).optional(),
    payload: z.object({
      skill_id: z.string().optional(),
      skill_name: z.string().optional(),
      content: z.string().optional(),
      content_hash: z.string().nullable().optional(),
      format: z.string().optional(),
    }).optional(),
  }).optional(),
  packaged_skill: z.object({
    name: z.string(),
    format: z.string(),
    content: z.string(),
    content_hash: z.string().nullable().optional(),
  }),
  signature: z.string().max(4096).nullable().optional().catch(null),
});

/** The content of an entry. */
export type SkillContent = z.output<typeof CONTENT>;

/** What a peer says went wrong. */
export const PEER_ERROR = z.object({
  error: text(64).catch("error"),
  message: text(300).catch(""),
});

/** An introduction that was accepted. */
export const ACCEPTED = z.object({
  identity_verified: z.boolean(),
  session_token: z.string().regex(/^[\x21-\x7e]{16,256}$/).optional(),
  proof: z.enum(["proven", "none"]).catch("none"),
  problem: text(300).optional().catch(undefined),
});

/** Rows of a list, without those that are not what they should be. */
export interface Rows<Row> {
  /** What can be used. */
  readonly rows: readonly Row[];
  /** How many could not. */
  readonly skipped: number;
}

/**
 * Reads the rows of a list one by one, so that a single bad one does not take the others with it.
 *
 * @param schema What a row is
 * @param list What was sent
 * @returns The rows, or `null` when it is no list or longer than any honest one
 */
export function readRows<Schema extends z.ZodType>(
  schema: Schema,
  list: unknown,
): Rows<z.output<Schema>> | null {
  if (!Array.isArray(list) || list.length > MAX_ROWS) return null;
  const rows = list.flatMap((row) => {
    const read = schema.safeParse(row);
    return read.success ? [read.data] : [];
  });
  return { rows, skipped: list.length - rows.length };
}
