/**
 * Full-text search over all layers.
 *
 * The index is derived: a search first looks whether files changed, at all of them or, while changes
 * are told, at those that were; and it reads every document again before it is named in an answer.
 * Whatever happens to `storage/index.db`, the answer is that of a fresh one; at worst it is made in
 * memory for one search.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import type { Disk } from "../disk/mod.ts";
import type { Origin } from "../layers/origin.ts";
import type { ResourceLayer } from "../layers/resource_uri.ts";
import type { View } from "../layers/view.ts";
import { IndexDatabase, isDamage } from "./database.ts";
import { discardIndex, indexFile } from "./index_file.ts";
import type { Ranker } from "./fusion.ts";
import { located, type Place, placeAt, type PlaceContent, readPlace } from "./places.ts";
import { fileSnippet } from "./place_files.ts";
import { parseQuery } from "./query.ts";
import { rank, type Ranking } from "./rank.ts";
import { type Matches, matchesIn, type Snippet, snippetOf } from "./snippet.ts";
import { isSkillPath, readLaw, skillPlaces } from "./skill_places.ts";
import { refresh, refreshLaw, sweep, type SweepOptions, type SweepSource } from "./sweep.ts";
import type { Touched } from "./touched.ts";

/** What searching needs of an instance. */
export interface SearchSource extends SweepSource {
  /** The data directory. */
  readonly root: string;
  /** What is not served. */
  readonly safety: Safety;
  /** Where the index is kept, and whether it may be written. */
  readonly store: {
    readonly disk: Disk;
    readonly writable: boolean;
    readonly clock: () => number;
  };
  /** Other ways to find documents; none unless given. */
  readonly rankers?: readonly Ranker[];
  /** Which files may have changed, as far as somebody tells. */
  readonly touched: Touched;
  /** The files as readers see them. */
  view(): View;
}

/** What to search for. */
export interface SearchRequest {
  /** Words, parts of words, phrases in double quotes. */
  readonly query: string;
  /** Only this layer. */
  readonly layer?: ResourceLayer | undefined;
  /** Only contexts of this session. */
  readonly session?: string | undefined;
  /** Only documents with this tag, letter case ignored. */
  readonly tag?: string | undefined;
  /** Only documents changed in the last so many days. */
  readonly days?: number | undefined;
  /** Archived entries too. */
  readonly archived?: boolean | undefined;
  /** Most documents; 10 unless given, never more than 100. */
  readonly limit?: number | undefined;
  /** Ends the search; what was read until then stays in the index. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how many documents were looked at, while changed ones are read. */
  readonly onProgress?: ((documents: number) => void) | undefined;
}

/** A document that was found. */
export interface SearchHit {
  /** Its address; `null` for an archived entry, which has none. */
  readonly uri: string | null;
  /** Name of the entry or file. */
  readonly name: string;
  /** Its layer. */
  readonly layer: ResourceLayer;
  /** Its session, in L2. */
  readonly session: string | null;
  /** Whether it was taken out of use. */
  readonly archived: boolean;
  /** The SkillSet it comes from, `null` for the instance's own. */
  readonly origin: Origin | null;
  /** What it is about. */
  readonly description: string | null;
  /** Its tags. */
  readonly tags: readonly string[];
  /** Whether it must stay in this instance. */
  readonly isPrivate: boolean;
  /** Last change, milliseconds since the epoch. */
  readonly modified: number;
  /** Where the words stand in the name. */
  readonly nameMatches: Matches;
  /** Where the words stand in the description. */
  readonly descriptionMatches: Matches;
  /** How well it fits; comparable within one answer only. */
  readonly score: number;
  /**
   * Where the words stand in the body, or else in a file beside it, or else in the tags; `null` when they
   * stand in none of them.
   */
  readonly snippet: Snippet | null;
  /** The file the snippet is from, a path below the entry; `null` for the document itself. */
  readonly file: string | null;
  /** What is wrong with the document, or `null`. */
  readonly problem: string | null;
}

/** What a search found. */
export interface SearchAnswer {
  /** The documents, best first. */
  readonly hits: readonly SearchHit[];
  /** How many there are in all. */
  readonly total: number;
  /** Whether nothing holds all words, so that documents with some of them are named. */
  readonly isPartial: boolean;
}

const LIMIT = 10;
const MAX_LIMIT = 100;
const DAY = 86_400_000;

/** A request, its terms, and what other rankers found. */
interface PreparedRequest extends SearchRequest {
  readonly terms: readonly string[];
  readonly others: readonly (readonly string[])[];
}

/** Times a search begins anew because documents change under its hands. */
const MAX_ROUNDS = 3;

/** The search of one instance. */
export class SearchIndex {
  readonly #source: SearchSource;
  /** Kept while no file can be used, so that the next search need not read everything. */
  #memory: IndexDatabase | null = null;
  /** Index and era of the last sweep of everything; what changed since then is told. */
  #swept = "";

  /** @param source The instance */
  constructor(source: SearchSource) {
    this.#source = source;
  }

  /**
   * Searches.
   *
   * @param request What for
   * @returns What was found; nothing in it is older than the call. While changes are told, what others
   *   wrote just before may still be missing
   * @throws {KairosError} `invalid` for a query without a word, `io` when the files cannot be read
   * @throws The reason of the signal
   */
  async search(request: SearchRequest): Promise<SearchAnswer> {
    const terms = parseQuery(request.query);
    const others = await Promise.all(
      (this.#source.rankers ?? []).map((ranker) =>
        ranker.search(request.query, MAX_LIMIT, request.signal)
      ),
    );
    for (const isFirst of [true, false]) {
      try {
        const database = this.#openFile();
        if (database === null) break;
        using _closed = database;
        const answer = await this.#answer(
          database,
          { ...request, terms, others },
          this.#source.store.writable,
        );
        this.#memory = null;
        return answer;
      } catch (error) {
        request.signal?.throwIfAborted();
        if (!isFirst || !isDamage(error) || !discardIndex(this.#source)) break;
      }
    }
    this.#memory ??= new IndexDatabase({ instance: "" });
    return await this.#answer(this.#memory, { ...request, terms, others }, true);
  }

  /**
   * What the index knows of the entries of L1 in use, while changes are told: without a look at them,
   * so that what others wrote just before may be missing.
   *
   * @param words Folded words
   * @param signal Ends it
   * @returns Name of each entry it knows to whether it has all words in name, description or tags;
   *   `null` when nobody tells of changes, or the index cannot be used
   * @throws The reason of the signal
   */
  async entriesWith(
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, boolean> | null> {
    if (this.#source.touched.era === null || !this.#source.store.writable) return null;
    try {
      const database = this.#openFile();
      if (database === null) return null;
      using _closed = database;
      await this.#update(database, this.#source.view(), { mayWrite: true, signal });
      return database.transaction("read", () => database.entriesWith(words));
    } catch {
      // Whatever is wrong with it, the files are there; the next search mends it.
      signal.throwIfAborted();
      return null;
    }
  }

  async #answer(
    database: IndexDatabase,
    request: PreparedRequest,
    mayWrite: boolean,
  ): Promise<SearchAnswer> {
    const source = this.#source;
    const view = source.view();
    await this.#update(database, view, { ...request, mayWrite });
    const { terms, others, layer, session, tag, days, archived } = request;
    const since = days === undefined ? undefined : source.store.clock() - days * DAY;
    const limit = Math.min(request.limit ?? LIMIT, MAX_LIMIT);
    for (let round = 1;; round++) {
      const filter = { layer, session, tag, since, archived };
      const ranking = database.transaction("read", () => rank(database, terms, filter, others));
      const ranked = ranking.ranked.slice(0, limit);
      const hits: SearchHit[] = [];
      const changed: Place[] = [];
      let isLawChanged = false;
      const asksLaw = ranked.some(({ path }) => isSkillPath(path));
      const skills = skillPlaces(asksLaw ? await readLaw(source.law) : null);
      for (const { path, score, version } of ranked) {
        const found = skills.get(path) ?? documentAt(view, source, path);
        if (found?.content?.version === version) {
          hits.push(hitOf(found.place, found.content, score, ranking));
        } else if (isSkillPath(path)) isLawChanged = true;
        else if (found !== null) changed.push(found.place);
      }
      if (changed.length === 0 && !isLawChanged || round === MAX_ROUNDS) {
        return { hits, total: ranking.ranked.length, isPartial: ranking.isPartial };
      }
      if (isLawChanged) await refreshLaw(database, source);
      for (const place of changed) refresh(database, view, place, source);
    }
  }

  /** Brings an index up to date. */
  async #update(
    database: IndexDatabase,
    view: View,
    { mayWrite, signal, onProgress }: SweepOptions,
  ): Promise<void> {
    const { touched } = this.#source;
    const { era } = touched;
    // Only the file is known to the next search, and only a writer's view stays as it is.
    const mark = era === null || !mayWrite || database === this.#memory
      ? ""
      : `${era} ${database.mark}`;
    const looked = touched.entries();
    if (mark !== "" && mark === this.#swept) {
      if (looked.length === 0) return;
      const scopes = looked.map(([unit]) => unit);
      await sweep(database, view, this.#source, { mayWrite, signal, onProgress, scopes });
    } else {
      await sweep(database, view, this.#source, { mayWrite, signal, onProgress });
      if (mark !== "") this.#swept = mark;
    }
    if (mark !== "") touched.settle(looked);
  }

  /** The index file, opened; `null` when there is none that could be used. */
  #openFile(): IndexDatabase | null {
    const file = indexFile(this.#source);
    return file === null ? null : new IndexDatabase(file);
  }
}

/** What is at a path now; `null` when search must not name it any more. */
function documentAt(
  view: View,
  source: SearchSource,
  path: string,
): { readonly place: Place; readonly content: PlaceContent | null } | null {
  const at = placeAt(path, source);
  const place = at === null ? null : located(view, source, at);
  return place?.isSearched === true ? { place, content: readPlace(view, place, source) } : null;
}

function hitOf(
  { uri, layer, session, archived, name, origin }: Place,
  content: PlaceContent,
  score: number,
  { terms }: Ranking,
): SearchHit {
  const { description, tags, body, files, isPrivate, modified, problem } = content;
  const inBody = snippetOf(body, terms);
  const inFile = inBody === null ? fileSnippet(files, terms) : null;
  return {
    uri,
    name,
    layer,
    session,
    archived,
    origin,
    description,
    tags,
    isPrivate,
    modified,
    score: Math.round(score * 1e6) / 1e6,
    nameMatches: matchesIn(name, terms),
    descriptionMatches: matchesIn(description ?? "", terms),
    snippet: inBody ?? inFile?.snippet ?? snippetOf(tags.join(", "), terms),
    file: inFile?.path ?? null,
    problem,
  };
}
