/**
 * Brings an index up to date with the files: looks at every document, reads those that changed.
 *
 * @module
 */

import type { LawReader } from "../evolution/law_reader.ts";
import type { View } from "../layers/view.ts";
import type { IndexDatabase, Known } from "./database.ts";
import {
  isAsStamped,
  listPlaces,
  type Place,
  type PlaceContent,
  type PlaceSource,
  readPlace,
  stampOf,
} from "./places.ts";
import { holdsSkills, isSkillPath, readLaw, skillPlaces, SKILLS } from "./skill_places.ts";

/** What sweeping needs of an instance. */
export interface SweepSource extends PlaceSource {
  /** The law in force. */
  readonly law: Pick<LawReader, "read" | "stamp">;
}

/** Documents read between two moments for others. */
const BATCH = 100;

/** What one document needs. */
interface Change {
  readonly path: string;
  /** What is there, or `null`. */
  readonly found: { readonly place: Place; readonly content: PlaceContent } | null;
  readonly known: Known;
  readonly before: Known | undefined;
}

/** How a sweep goes. */
export interface SweepOptions {
  /** Whether the index may be changed. */
  readonly mayWrite: boolean;
  /** Paths: only what lies at or below one of them is looked at. Everything unless given. */
  readonly scopes?: readonly string[];
  /** Ends it between two batches; what was read until then is in the index. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how many documents were looked at, after each batch that had to be read. */
  readonly onProgress?: ((documents: number) => void) | undefined;
}

/** Says that an index that may not be written is out of date. */
export class StaleIndex extends Error {
  override readonly name = "StaleIndex";
}

/**
 * Sweeps the files.
 *
 * @param database The index
 * @param view The files
 * @param source What is served
 * @param options Whether the index may be changed, what is looked at, progress and cancellation
 * @throws {StaleIndex} When it may not be changed and would have to be
 * @throws The reason of the signal
 */
export async function sweep(
  database: IndexDatabase,
  view: View,
  source: SweepSource,
  { mayWrite, scopes = [""], signal, onProgress }: SweepOptions,
): Promise<void> {
  let seen = 0;
  let due: Change[] = [];
  const flush = () => {
    tell(database, due, mayWrite);
    due = [];
  };
  if (scopes.some(holdsSkills)) {
    const known = database.known(SKILLS);
    if (!isUpToDate(known, source)) tell(database, await lookAtLaw(source, known), mayWrite);
  }
  for (const scope of scopes) {
    const known = database.known(scope);
    for (const place of listPlaces(view, source, scope)) {
      // What it is known by, if search found it before, is dropped with what has gone.
      if (!place.isSearched) continue;
      const before = known.get(place.path);
      known.delete(place.path);
      seen++;
      if (before?.settled === true && isAsStamped(view, place, before.stamp)) continue;
      due.push(look(view, place, source, before));
      if (due.length < BATCH) continue;
      flush();
      onProgress?.(seen);
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
    }
    for (const [path, before] of known) {
      if (isSkillPath(path)) continue;
      due.push({ path, found: null, known: { ...before, version: GONE }, before });
    }
  }
  flush();
}

/**
 * Reads one document again and tells the index.
 *
 * @param database The index
 * @param view The files
 * @param place Where it is
 * @param source What is served
 */
export function refresh(
  database: IndexDatabase,
  view: View,
  place: Place,
  source: PlaceSource,
): void {
  const change = look(view, place, source, undefined);
  database.transaction("write", () => apply(database, change));
}

/**
 * Reads the law in force again and tells the index.
 *
 * @param database The index
 * @param source What is served
 */
export async function refreshLaw(database: IndexDatabase, source: SweepSource): Promise<void> {
  const changes = await lookAtLaw(source, new Map());
  const gone = [...database.known(SKILLS).keys()]
    .filter((known) => !changes.some(({ path }) => path === known));
  database.transaction("write", () => {
    gone.forEach((path) => database.drop(path));
    changes.forEach((change) => apply(database, change));
  });
}

/** All of the law is told as one, so that how many skills there are tells whether any is missing. */
function isUpToDate(known: ReadonlyMap<string, Known>, { law }: SweepSource): boolean {
  if (known.size === 0) return false;
  const stamp = skillStamp(law.stamp().stamp, known.size);
  return known.values().every((one) => one.settled && one.stamp === stamp);
}

function skillStamp(stamp: string, skills: number): string {
  return `${skills} ${stamp}`;
}

async function lookAtLaw(
  { law }: SweepSource,
  known: ReadonlyMap<string, Known>,
): Promise<Change[]> {
  // Looked at before it is read: what changes in between is noticed the next time.
  const { stamp: now, settled } = law.stamp();
  const found = skillPlaces(await readLaw(law));
  const stamp = skillStamp(now, found.size);
  return [...new Set([...found.keys(), ...known.keys()])].map((path) => {
    const skill = found.get(path) ?? null;
    const version = skill?.content.version ?? GONE;
    return { path, found: skill, known: { stamp, settled, version }, before: known.get(path) };
  });
}

/** Tells the index as one. */
function tell(database: IndexDatabase, looked: readonly Change[], mayWrite: boolean): void {
  const changes = looked.filter((change) => !isSame(change));
  if (changes.length === 0) return;
  if (mayWrite) {
    database.transaction("write", () => changes.forEach((change) => apply(database, change)));
  } else if (changes.some(({ before, known }) => before?.version !== known.version)) {
    throw new StaleIndex();
  }
}

function look(
  view: View,
  place: Place,
  source: PlaceSource,
  before: Known | undefined,
): Change {
  // Looked at before it is read: what changes in between is noticed the next time.
  const { stamp, settled: isSettled } = stampOf(view, place);
  const content = readPlace(view, place, source);
  const version = content?.version ?? GONE;
  const settled = content !== null && content.problem === null && isSettled;
  const found = content === null ? null : { place, content };
  return { path: place.path, found, before, known: { stamp, settled, version } };
}

function apply(database: IndexDatabase, { path, found, known, before }: Change): void {
  if (found === null) return database.drop(path);
  const { place, content } = found;
  const isSame = before?.version === known.version;
  // Somebody else may have dropped it meanwhile.
  if (isSame && database.touch(path, known, content.modified)) return;
  database.put(place, content, known);
}

function isSame({ before, known }: Change): boolean {
  if (before === undefined) return known.version === GONE;
  return before.version === known.version && before.stamp === known.stamp &&
    before.settled === known.settled;
}

/** Stands for the content of a document that is not there; no content has this version. */
const GONE = "";
