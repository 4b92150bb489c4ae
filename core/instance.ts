/**
 * An opened data directory: the one place where the rooms are put together.
 *
 * @module
 */

import { loadConfig } from "./config/config.ts";
import type { Config } from "./config/config.ts";
import { loadSafety, type Safety } from "./config/safety.ts";
import { Disk } from "./disk/mod.ts";
import { KairosError } from "./errors.ts";
import type { Evolution } from "./evolution/evolution.ts";
import type { EvolutionHost, RubyReader } from "./evolution/host.ts";
import type { Pin } from "./evolution/pin.ts";
import type { Following, FollowOptions } from "./index/follow.ts";
import type {
  SearchAnswer,
  SearchIndex,
  SearchRequest,
  SearchSource,
} from "./index/search_index.ts";
import type { RecordIndex, RecordSource } from "./index/records.ts";
import { LawReader } from "./evolution/law_reader.ts";
import { Touched } from "./index/touched.ts";
import { ContextLayer } from "./layers/contexts.ts";
import type { Lender } from "./layers/entry_place.ts";
import { FileMemos } from "./layers/file_memo.ts";
import { KnowledgeLayer } from "./layers/knowledge.ts";
import type { RecordFinder } from "./layers/record_facts.ts";
import type { SkillCatalog } from "./layers/skill_catalog.ts";
import type { ResourceSource } from "./layers/resource_source.ts";
import { Shelf } from "./layers/shelf.ts";
import { textOrigin } from "./layers/text_origin.ts";
import { View } from "./layers/view.ts";
import { openStore } from "./open_store.ts";
import { lenderOf } from "./skillset/lent.ts";
import type { SkillSetHost, SkillSets } from "./skillset/manager.ts";
import type { StateCommits } from "./state/state.ts";
import type { StateHost } from "./state/host.ts";
import type { Store } from "./store.ts";
import { quote } from "./text.ts";

/** How an instance is opened. */
export interface OpenOptions {
  /**
   * Reading takes no lock and repairs nothing; writing first ends what a crash left halfway. `find` is
   * reading that keeps the index up to date, where something can be written.
   */
  readonly mode: "read" | "find" | "write";
  /** Milliseconds since the epoch; the system's time unless given. */
  readonly clock?: () => number;
  /** The disk; a plain one unless given. */
  readonly disk?: Disk;
  /** What those see who wait for our lock, such as `pid 12 (kairos serve)`. */
  readonly holder?: string;
  /**
   * Which approvers are expected, as said outside the instance. A function is asked when the law is first
   * looked at, so that what cannot be read stops only that.
   */
  readonly pins?: readonly Pin[] | (() => readonly Pin[]);
}

/** An opened data directory. */
export interface Instance {
  /** The data directory. */
  readonly root: string;
  /** The settings of `skills/config.yml`. */
  readonly config: Config;
  /** The limits of `config/safety.yml`. */
  readonly safety: Safety;
  /** Disk, ledger, objects, journal. */
  readonly store: Store;
  /** L1. */
  readonly knowledge: KnowledgeLayer;
  /** L2. */
  readonly context: ContextLayer;
  /** The files as readers see them. */
  readonly view: () => View;
  /** The entries as readers ask for them, over and over. */
  readonly shelf: Shelf;
  /** The entries of the SkillSets in use. */
  readonly lent: Lender;
  /** What else is made from files and kept as long as they stay the same. */
  readonly memos: FileMemos;
  /** What may have changed, as far as somebody follows the files and tells. */
  readonly touched: Pick<Touched, "era" | "count" | "stillness">;
  /** Full-text search over all layers. The database is loaded with the first search. */
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  /** Which entries have some words, as far as it is known without looking; see {@linkcode SearchIndex}. */
  readonly entriesWith: SearchIndex["entriesWith"];
  /** The blocks of the chain by their records. The database is loaded with the first question. */
  readonly records: RecordFinder;
  /** The entries of L1 as Agent Skills; loaded when it is first asked for. */
  readonly skills: () => Promise<SkillCatalog>;
  /** Follows changes of the files, whoever makes them; for servers. To be stopped by the caller. */
  readonly follow: (options: FollowOptions) => Promise<Following>;
  /** The law in force for those who only read or search it, found once for each state of its files. */
  readonly law: LawReader;
  /** The law, L0, and how it changes. What reads a law is loaded with the first call. */
  readonly evolution: () => Promise<Evolution>;
  /** The SkillSets; loaded when they are first asked for. */
  readonly skillsets: () => Promise<SkillSets>;
  /** Commits of the state of all layers; loaded with the first call. */
  readonly state: () => Promise<StateCommits>;
}

/**
 * Opens a data directory.
 *
 * @param root The data directory, an absolute path
 * @param options Mode, clock, disk
 * @returns The instance; nothing has to be closed
 * @throws {KairosError} `no_instance` when there is none, `invalid` for settings that cannot be read,
 *   `locked` when a change is to be ended and another process holds the lock
 */
export async function openInstance(root: string, options: OpenOptions): Promise<Instance> {
  const disk = options.disk ?? new Disk();
  if (disk.stat(root)?.kind !== "folder") {
    throw new KairosError("no_instance", `Cannot open ${quote(root)}: it is no data directory`, {
      hint: "Make one with `kairos init`",
    });
  }
  const config = loadConfig(disk, root);
  const store = openStore(root, {
    disk,
    clock: options.clock ?? Date.now,
    lockTimeout: config["storage.lock_timeout_ms"],
    holder: options.holder ?? `pid ${Deno.pid}`,
    writable: options.mode === "write",
    rotateAt: config["journal.rotate_bytes"],
  });
  if (options.mode === "write") await finishInterrupted(store);
  const view = options.mode === "write"
    ? () => new View(disk, root)
    : () => new View(disk, root, store.pendingSteps());
  const maxBytes = config["limits.entry_bytes"];
  const safety = loadSafety(disk, root);
  const { ledger, clock } = store;
  const indexed = { disk, ledger, clock, writable: options.mode !== "read" };
  const records = lazyRecords({ root, store: indexed });
  const touched = new Touched();
  const shelf = new Shelf({ maxBytes }, () => touched.stillness());
  const memos = new FileMemos();
  const lent = lenderOf(memos);
  const originOfText = (text: string) => textOrigin({ shelf, lent }, view(), text);
  const evolution = lazyEvolution(
    { store, view, config, originOfText, ruby: readRuby },
    options.pins,
  );
  const law = new LawReader(view, evolution);
  const source = { root, safety, store, maxBytes, view, shelf, lent, memos, touched, law };
  const enabled = config["layers.L1.enabled"];
  const knowledge = new KnowledgeLayer(store, view, { shelf, lent, records }, {
    maxBytes,
    enabled,
  });
  const context = new ContextLayer(store, view, shelf, { maxBytes });
  return {
    root,
    config,
    safety,
    store,
    knowledge,
    context,
    view,
    shelf,
    lent,
    memos,
    touched,
    ...lazySearch({ ...source, store: indexed }),
    records,
    skills: lazySkills(source),
    follow: async (options) => (await import("./index/follow.ts")).follow(source, options),
    law,
    evolution,
    skillsets: lazySkillSets({ store, view, config }),
    state: lazyState({ store, view, config, knowledge, context, shelf, evolution }),
  };
}

/** State commits, which are loaded when somebody asks for them. */
function lazyState(host: StateHost): Instance["state"] {
  let state: Promise<StateCommits> | undefined;
  return () =>
    state ??= import("./state/state.ts").then(({ StateCommits }) => new StateCommits(host));
}

/** The law, whose parser is loaded when it is first asked for anything. */
function lazyEvolution(
  host: Omit<EvolutionHost, "laws" | "walk">,
  pins: OpenOptions["pins"] = [],
): Instance["evolution"] {
  let evolution: Promise<Evolution> | undefined;
  return () => {
    evolution ??= import("./evolution/evolution.ts").then(({ Evolution }) =>
      new Evolution({ ...host, pins: typeof pins === "function" ? pins() : pins })
    );
    return evolution;
  };
}

/** Reads the law of the existing implementation; its parser is loaded where there is such a law. */
const readRuby: RubyReader = async (source, options) => {
  const { parseRubyLaw } = await import("./dsl/ruby/parse.ts");
  return await parseRubyLaw(source, options);
};

/** SkillSets, whose unpacking is loaded when they are first asked for. */
function lazySkillSets(host: SkillSetHost): Instance["skillsets"] {
  let sets: Promise<SkillSets> | undefined;
  return () =>
    sets ??= import("./skillset/manager.ts").then(({ SkillSets }) => new SkillSets(host));
}

/** A search whose index is made when it is first asked for anything. */
function lazySearch(source: SearchSource): Pick<Instance, "search" | "entriesWith"> {
  let index: Promise<SearchIndex> | undefined;
  const opened = () =>
    index ??= import("./index/search_index.ts").then(({ SearchIndex }) => new SearchIndex(source));
  return {
    search: async (request) => await (await opened()).search(request),
    entriesWith: async (words, signal) => {
      // Nobody tells of changes in a command that does one thing: it need not load a database.
      if (source.touched.era === null) return null;
      return await (await opened()).entriesWith(words, signal);
    },
  };
}

/** Records whose index is opened when it is first asked. */
function lazyRecords(source: RecordSource): RecordFinder {
  let index: Promise<RecordIndex> | undefined;
  return {
    async *blocks(filter, signal) {
      index ??= import("./index/records.ts").then(({ RecordIndex }) => new RecordIndex(source));
      yield* (await index).blocks(filter, signal);
    },
  };
}

/** A catalog that is made when somebody wants it. */
function lazySkills(source: ResourceSource): Instance["skills"] {
  let catalog: Promise<SkillCatalog> | undefined;
  return () =>
    catalog ??= import("./layers/skill_catalog.ts").then((module) =>
      new module.SkillCatalog(source)
    );
}

/** Ends what a crash left halfway; a damaged chain is no reason not to open. */
async function finishInterrupted(store: Store): Promise<void> {
  if (!store.isInterrupted()) return;
  try {
    await store.recover();
  } catch (error) {
    if (!(error instanceof KairosError) || error.code !== "corrupt") throw error;
  }
}
