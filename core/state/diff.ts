/**
 * What differs between two states of an instance. See `kairos_formats/state.md#differences`.
 *
 * @module
 */

import type { FileItem, LawManifest, Layers, SessionItem } from "./manifest.ts";

/** Names of what differs in one layer. */
export interface LayerDiff {
  /** Whether anything differs. */
  readonly changed: boolean;
  /** What is new. */
  readonly added: readonly string[];
  /** What is there in both and is not the same. */
  readonly modified: readonly string[];
  /** What has gone. */
  readonly deleted: readonly string[];
}

/** Something that moved from one layer to another. */
export interface Move {
  /** Where it was. */
  readonly from: string;
  /** Where it is. */
  readonly to: string;
  /** Its name. */
  readonly item: string;
}

/** What differs between two states. */
export interface StateDiff {
  /**
   * The law: skills by id; `dsl_file_changed` where there was a state before, `md_file_changed` only
   * where the constitution is another.
   */
  readonly L0: LayerDiff & {
    readonly dsl_file_changed?: boolean;
    readonly md_file_changed?: true;
  };
  /** Knowledge, by name. */
  readonly L1: LayerDiff;
  /** Sessions, by id. */
  readonly L2: LayerDiff;
  /** Knowledge whose name tells that it was a session's. */
  readonly promotions: readonly Move[];
  /** Knowledge that went to the archive. */
  readonly demotions: readonly Move[];
  /** Whether anything differs. */
  readonly has_changes: boolean;
}

/** A difference in numbers, as records carry it. */
export interface DiffSummary {
  /** Whether the law or the constitution differs. */
  readonly L0_changed: boolean;
  /** New entries. */
  readonly L1_added: number;
  /** Changed entries. */
  readonly L1_modified: number;
  /** Entries that have gone. */
  readonly L1_deleted: number;
  /** New sessions. */
  readonly L2_sessions_added: number;
  /** Sessions that have gone. */
  readonly L2_sessions_deleted: number;
  /** Sessions to knowledge. */
  readonly promotions: number;
  /** Knowledge to archive. */
  readonly demotions: number;
  /** The sum. */
  readonly total_changes: number;
  /** Sessions whose contexts differ; only where there are any. */
  readonly L2_sessions_modified?: number;
}

/** Name to something that is another text when the thing is another. */
type Prints = ReadonlyMap<string, string>;

/**
 * Compares two states.
 *
 * @param before The manifests before; `null` where there was nothing, so that everything is new
 * @param after The manifests after
 * @returns What differs
 */
export function diffStates(before: Layers | null, after: Layers): StateDiff {
  const skills = compare(skillPrints(before, after), skillPrints(after, before));
  const L0 = before === null ? { ...skills, changed: true } : lawFiles(skills, before.L0, after.L0);
  const L1 = compare(entryPrints(before, after), entryPrints(after, before));
  const L2 = compare(sessionPrints(before, after), sessionPrints(after, before));
  const sessions = before?.L2.sessions.map(({ id }) => id) ?? [];
  const promotions = L1.added.filter((name) => sessions.some((id) => tellsOf(id, name)))
    .map((item) => ({ from: "L2", to: "L1", item }));
  const archived = new Set(after.L1.archived.map(({ name }) => name));
  const demotions = L1.deleted.filter((name) => archived.has(name))
    .map((item) => ({ from: "L1", to: "archived", item }));
  // What happens inside the archive has no place in the compatible lists, and is a change all the same.
  const has_changes = L0.changed || L1.changed || L2.changed ||
    before !== null && before.L1.manifest_hash !== after.L1.manifest_hash;
  return { L0, L1, L2, promotions, demotions, has_changes };
}

/**
 * A difference in numbers.
 *
 * @param diff The difference
 * @returns Its summary, keys in the order of the record
 */
export function summarizeDiff({ L0, L1, L2, promotions, demotions }: StateDiff): DiffSummary {
  const counts = [L1.added, L1.modified, L1.deleted, L2.added, L2.deleted, promotions, demotions];
  const modified = L2.modified.length;
  return {
    L0_changed: L0.changed,
    L1_added: L1.added.length,
    L1_modified: L1.modified.length,
    L1_deleted: L1.deleted.length,
    L2_sessions_added: L2.added.length,
    L2_sessions_deleted: L2.deleted.length,
    promotions: promotions.length,
    demotions: demotions.length,
    total_changes: counts.reduce((sum, { length }) => sum + length, Number(L0.changed) + modified),
    ...(modified === 0 ? {} : { L2_sessions_modified: modified }),
  };
}

/**
 * A difference in one line.
 *
 * @param summary Its numbers
 * @returns Such as `L0: changed; L1: +1, ~1; L2: -1 sessions`, or `No changes`
 *
 * @example
 * ```ts
 * import { describeDiff, diffStates, summarizeDiff } from "./diff.ts";
 * import { sealManifest } from "./manifest.ts";
 *
 * const L0 = sealManifest({ dsl_file_hash: null, md_file_hash: null, skill_count: 0, skills: [] });
 * const L1 = sealManifest({ knowledge_count: 0, archived_count: 0, knowledge: [], archived: [] });
 * const L2 = sealManifest({ session_count: 0, sessions: [] });
 * const layers = { L0, L1, L2 };
 * const text = describeDiff(summarizeDiff(diffStates(layers, layers)));
 * if (text !== "No changes") throw new Error(text);
 * ```
 */
export function describeDiff(summary: DiffSummary): string {
  const lines = diffLines(summary);
  return lines.length === 0 ? "No changes" : lines.join("; ");
}

/**
 * The parts of a difference that are not empty.
 *
 * @param summary Its numbers
 * @returns One line for each
 */
export function diffLines(summary: DiffSummary): string[] {
  const part = (count: number | undefined, sign: string, unit = "") =>
    count === undefined || count === 0 ? [] : [`${sign}${count}${unit}`];
  const L1 = [
    ...part(summary.L1_added, "+"),
    ...part(summary.L1_modified, "~"),
    ...part(summary.L1_deleted, "-"),
  ];
  const L2 = [
    ...part(summary.L2_sessions_added, "+", " sessions"),
    ...part(summary.L2_sessions_modified, "~", " sessions"),
    ...part(summary.L2_sessions_deleted, "-", " sessions"),
  ];
  return [
    ...(summary.L0_changed ? ["L0: changed"] : []),
    ...(L1.length === 0 ? [] : [`L1: ${L1.join(", ")}`]),
    ...(L2.length === 0 ? [] : [`L2: ${L2.join(", ")}`]),
    ...part(summary.promotions, "Promotions: "),
    ...part(summary.demotions, "Demotions: "),
  ];
}

function lawFiles(
  skills: LayerDiff,
  before: LawManifest,
  after: LawManifest,
): StateDiff["L0"] {
  const dsl = before.dsl_file_hash !== after.dsl_file_hash;
  const md = before.md_file_hash !== after.md_file_hash;
  return {
    ...skills,
    changed: skills.changed || dsl || md,
    dsl_file_changed: dsl,
    ...md ? { md_file_changed: true } : {},
  };
}

/** With the hash of the whole skill where both sides know it. */
function skillPrints(layers: Layers | null, other: Layers | null): Prints {
  const isWhole = [layers, other].every((one) =>
    one === null || one.L0.skills.every(({ ast_hash }) => ast_hash !== undefined)
  );
  return new Map(
    layers?.L0.skills.map(({ id, hash, ast_hash }) => [id, isWhole ? `${ast_hash}` : hash]),
  );
}

/** With the other files where both sides know them. */
function entryPrints(layers: Layers | null, other: Layers | null): Prints {
  const isWhole = [layers, other].every((one) =>
    one === null || one.L1.knowledge.every(({ files }) => files !== undefined)
  );
  return new Map(
    layers?.L1.knowledge.map((
      { name, hash, files },
    ) => [name, isWhole ? filesPrint(hash, files) : `${hash}`]),
  );
}

/**
 * A text that is another when an entry is.
 *
 * @param hash SHA-256 of its document
 * @param files Its other files
 * @returns The text
 */
export function filesPrint(hash: string | null, files: readonly FileItem[] | undefined): string {
  return JSON.stringify([
    hash,
    files?.map(({ path, hash, executable = false }) => [path, hash, executable]),
  ]);
}

/** With the contexts where both sides know them. */
function sessionPrints(layers: Layers | null, other: Layers | null): Prints {
  const known = (session: SessionItem) => session.contexts !== undefined;
  const isWhole = [layers, other].every((one) => one === null || one.L2.sessions.every(known));
  const filed = ({ contexts = [] }: SessionItem) =>
    contexts.every(({ files }) => files !== undefined);
  const isFiled = [layers, other].every((one) => one === null || one.L2.sessions.every(filed));
  const contextPrints = ({ contexts = [] }: SessionItem) =>
    contexts.map(({ name, hash, files }) => [name, filesPrint(hash, isFiled ? files : undefined)]);
  return new Map(
    layers?.L2.sessions.map((session) => [
      session.id,
      isWhole ? JSON.stringify([session.hash, contextPrints(session)]) : session.hash,
    ]),
  );
}

function compare(before: Prints, after: Prints): LayerDiff {
  const added = [...after.keys()].filter((name) => !before.has(name)).sort();
  const deleted = [...before.keys()].filter((name) => !after.has(name)).sort();
  const modified = [...after.keys()]
    .filter((name) => before.has(name) && before.get(name) !== after.get(name)).sort();
  return { changed: added.length + deleted.length + modified.length > 0, added, modified, deleted };
}

/** The rule of the existing implementation: a session's id and a name that hold one another. */
function tellsOf(session: string, name: string): boolean {
  const last = session.split("_").at(-1) ?? "";
  return session.includes(name) || last !== "" && name.includes(last);
}
