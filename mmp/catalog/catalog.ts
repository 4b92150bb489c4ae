/**
 * What this instance offers to others: public entries, shared SkillSets, definitions of the protocol.
 * See `kairos_formats/meeting.md#offers`.
 *
 * Lists are made from what is kept, not from the files: the files are looked at when the chain has grown,
 * when the folders or the state of the SkillSets are others, when a change is told, and once a second while
 * nobody tells of changes, which is when an edit by hand shows in a list. What is handed out is read from
 * the files as they are.
 *
 * @module
 */

import { areSameFacts, type FileFacts } from "../../core/disk/mod.ts";
import type { Instance } from "../../core/instance.ts";
import { KNOWLEDGE } from "../../core/layers/knowledge_home.ts";
import type { View } from "../../core/layers/view.ts";
import type { SkillSet } from "../../core/skillset/shelf.ts";
import { SKILLSETS } from "../../core/layers/entry_place.ts";
import { STATE_FILE } from "../../core/skillset/state_file.ts";
import type { SkillSets } from "../../core/skillset/manager.ts";
import type { YamlMap } from "../../core/yaml.ts";
import { KairosError } from "../../core/errors.ts";
import { decidedDefinitions } from "../../core/evolution/decided_definitions.ts";
import type { Definition } from "../../core/protocol/definition.ts";
import { assembleProtocol, type Protocol } from "../../core/protocol/protocol.ts";
import { quote } from "../../core/text.ts";
import {
  ENTRY_FACTS,
  type EntryFacts,
  entryFacts,
  isOffered,
  type Offer,
  offerOf,
  saysPublic,
} from "./offer.ts";
import {
  PACKAGES,
  packageText,
  SKILLSET_FACTS,
  skillSetFacts,
  type SkillSetOffer,
} from "./skillset_offer.ts";

/** What is offered at one moment. The same object as long as nothing of it is another. */
export interface Offers {
  /** Entries, by the name of their folder. */
  readonly skills: readonly Offer[];
  /** SkillSets that may travel, by name. */
  readonly skillsets: readonly SkillSetOffer[];
  /** The protocol with what definitions add to it. */
  readonly protocol: Protocol;
}

/** An entry that is handed out. */
export interface SkillContent {
  /** What is told of it. */
  readonly offer: Offer;
  /** The document. */
  readonly text: string;
  /** Its front matter, or `null` when it has none. */
  readonly fields: YamlMap | null;
}

/** How a catalog is made. */
export interface CatalogOptions {
  /** Milliseconds since any moment; never runs backwards. */
  readonly elapsed?: () => number;
  /** How long a look at files counts, in milliseconds; {@linkcode GLANCE} unless given. */
  readonly glance?: number;
}

/**
 * How long a look at files counts, in milliseconds: nobody can tell who was first, a request or a change
 * in the same moment, and many requests come in one.
 */
export const GLANCE = 20;

/** Where the SkillSet of meetings describes the protocol. */
const PROTOCOL = `${SKILLSETS}/mmp/knowledge`;
/** Longest time until an edit by hand shows in a list, in milliseconds. */
const PATIENCE = 1000;
/** Most contents that are kept for a glance. */
const MAX_GIVEN = 20;
/** Most definitions that cannot be used and are told of. */
const MAX_PROBLEMS = 50;

/** Everything that was found, of which {@linkcode Offers} are made. */
interface Found {
  readonly facts: readonly EntryFacts[];
  readonly shipped: readonly EntryFacts[];
  readonly skillsets: readonly SkillSetOffer[];
  readonly height: number;
  readonly folders: readonly (FileFacts | null)[];
  /** What was told of changes until then; `null` while nobody tells of all of them. */
  readonly told: string | null;
  readonly at: number;
}

/** What people decided about the definitions of some entries. */
interface Decided {
  readonly facts: readonly EntryFacts[];
  readonly height: number;
  readonly definitions: ReadonlyMap<string, Definition>;
}

/** What one instance offers. */
export class Catalog {
  readonly #instance: Instance;
  readonly #sets: SkillSets;
  readonly #elapsed: () => number;
  readonly #glance: number;
  #found: Found | null = null;
  #lookedAt = -Infinity;
  /** The definitions people decided, at a length of the chain; only those of entries that are there. */
  #decided: Decided | null = null;
  /** Offers by whether what says nothing is public. */
  readonly #offers = new Map<boolean, Offers>();
  /** Contents that were handed out within a glance. */
  readonly #given = new Map<
    string,
    { readonly at: number; readonly byDefault: boolean; readonly content: SkillContent }
  >();
  /**
   * Folder of an entry by id and by name, for each of those offers. What is not offered is not in there:
   * it takes as long to look for as what does not exist, and stands in nobody's way.
   */
  readonly #folders = new Map<boolean, ReadonlyMap<string, string>>();

  private constructor(instance: Instance, sets: SkillSets, options: CatalogOptions) {
    this.#instance = instance;
    this.#sets = sets;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#glance = options.glance ?? GLANCE;
  }

  /**
   * Opens the catalog of an instance.
   *
   * @param instance The instance
   * @param options The time
   * @returns The catalog; nothing has been looked at yet
   */
  static async open(instance: Instance, options: CatalogOptions = {}): Promise<Catalog> {
    return new Catalog(instance, await instance.skillsets(), options);
  }

  /**
   * Finds out which definitions people decided, where that is not known. Until then none of those counts
   * that an entry holds.
   *
   * @returns When it is known
   */
  async settle(): Promise<void> {
    this.#look();
    const { facts, height } = this.#found!;
    const old = this.#decided;
    if (old !== null && old.facts === facts && old.height === height) return;
    // What was adopted says so; what says so need not be adopted.
    const names = facts.filter(({ definition }) => isAdopted(definition)).map(({ entry }) => entry);
    const definitions = await this.#decisions(names);
    const isSame = JSON.stringify([...old?.definitions ?? []]) === JSON.stringify([...definitions]);
    this.#decided = { facts, height, definitions };
    if (!isSame) this.#offers.clear();
  }

  async #decisions(names: readonly string[]): Promise<ReadonlyMap<string, Definition>> {
    if (names.length === 0) return new Map();
    const { records, store: { objects } } = this.#instance;
    try {
      return await decidedDefinitions({ records, objects }, names);
    } catch (error) {
      // A damaged chain says nothing for sure; without it all else goes on.
      if (error instanceof KairosError) return new Map();
      throw error;
    }
  }

  /** What an entry defines here: what a person decided, or why that is nothing. */
  #definitionOf({ entry, definition }: EntryFacts): Definition | string | null {
    if (definition === null || typeof definition === "string") return definition;
    const decided = this.#decided?.definitions.get(entry);
    if (JSON.stringify(decided) === JSON.stringify(definition)) return definition;
    return `Cannot use the protocol definition ${quote(definition.name)} of the entry ` +
      `${quote(entry)}: nobody decided that, see \`kairos protocol adopt\``;
  }

  /**
   * What is offered now.
   *
   * @param publicByDefault Whether entries that say nothing about it are public
   * @returns The offers
   */
  offers(publicByDefault: boolean): Offers {
    this.#look();
    const known = this.#offers.get(publicByDefault);
    if (known !== undefined) return known;
    const { facts, shipped, skillsets } = this.#found!;
    const offered = facts.filter((one) => isOffered(one, publicByDefault));
    const definitions = [
      ...shipped.map(({ definition }) => definition),
      ...facts.map((one) => this.#definitionOf(one)),
    ].filter((one) => one !== null);
    const offers = {
      skills: offered.map(({ offer }) => offer!),
      skillsets: skillsets.filter(({ hash }) => hash !== null),
      protocol: protocolOf(definitions),
    };
    this.#offers.set(publicByDefault, offers);
    this.#folders.set(publicByDefault, foldersOf(offered));
    return offers;
  }

  /**
   * An entry, read from the files as they are.
   *
   * @param key Its id or its name
   * @param publicByDefault Whether entries that say nothing about it are public
   * @returns The entry; `null` for what is not offered, be it there or not
   */
  content(key: string, publicByDefault: boolean): SkillContent | null {
    this.offers(publicByDefault);
    const now = this.#elapsed();
    const known = this.#given.get(key);
    if (known?.byDefault === publicByDefault && now - known.at < this.#glance) return known.content;
    const content = this.#read(key, publicByDefault);
    if (this.#given.size >= MAX_GIVEN) this.#given.clear();
    if (content !== null) this.#given.set(key, { at: now, byDefault: publicByDefault, content });
    else this.#given.delete(key);
    return content;
  }

  #read(key: string, publicByDefault: boolean): SkillContent | null {
    const folder = this.#folders.get(publicByDefault)?.get(key);
    if (folder === undefined) return null;
    const { shelf, view, safety } = this.#instance;
    const entry = shelf.entry(view(), KNOWLEDGE, `${KNOWLEDGE}/${folder}`, folder);
    const offer = offerOf(entry, safety);
    if (offer === null || !isOffered({ offer, saysPublic: saysPublic(entry) }, publicByDefault)) {
      return null;
    }
    const { text, fields } = entry;
    return { offer, text, fields: text.startsWith("---") ? fields : null };
  }

  /**
   * A SkillSet that is shared and in use.
   *
   * @param name Its name
   * @returns The SkillSet, without a hash when it may not travel; `null` for any other
   */
  skillset(name: string): SkillSetOffer | null {
    this.#look();
    return this.#found!.skillsets.find(({ set }) => set.name === name) ?? null;
  }

  /**
   * A SkillSet as a package, from the files as they are.
   *
   * @param set The SkillSet
   * @returns The envelope as JSON
   * @throws {PackageRefusedError} For a file that may not travel
   */
  package(set: SkillSet): string {
    const { memos, store: { clock } } = this.#instance;
    const options = { limits: this.#sets.limits, clock };
    return memos.of(PACKAGES).get(
      this.#instance.view(),
      `${set.name}/${set.layer}`,
      (files) => packageText(files, set, options),
    );
  }

  /** Looks at the files if something may be another. */
  #look(): void {
    const now = this.#elapsed();
    if (now - this.#lookedAt < this.#glance) return;
    this.#lookedAt = now;
    const { touched } = this.#instance;
    const told = touched.era === null ? null : `${touched.era} ${touched.count}`;
    const view = this.#instance.view();
    const { length: height } = this.#instance.store.ledger.head();
    const folders = [KNOWLEDGE, SKILLSETS, STATE_FILE].map((path) => view.stat(path));
    const old = this.#found;
    const isTold = told !== null && told === old?.told;
    const isFresh = old !== null && old.height === height &&
      (isTold || now - old.at < PATIENCE) &&
      folders.every((facts, at) => areSameFacts(facts, old.folders[at]!));
    if (isFresh) return;
    const facts = this.#facts(view, KNOWLEDGE);
    const shipped = this.#facts(view, PROTOCOL);
    const skillsets = this.#skillsets(view, old?.skillsets ?? []);
    const isSame = old !== null && areSame(old.facts, facts) && areSame(old.shipped, shipped) &&
      areSame(old.skillsets, skillsets);
    this.#found = isSame
      ? { ...old, height, folders, told, at: now }
      : { facts, shipped, skillsets, height, folders, told, at: now };
    if (isSame) return;
    this.#offers.clear();
  }

  #facts(view: View, home: string): EntryFacts[] {
    const { shelf, memos, safety, config } = this.#instance;
    const rules = { maxBytes: config["limits.entry_bytes"], safety };
    const memo = memos.of(ENTRY_FACTS);
    return shelf.list(view, home)
      .filter(({ name }) => !safety.isBlocked(name))
      .map(({ name }) =>
        memo.get(view, `${home}/${name}`, (files) => entryFacts(files, home, name, rules))
      );
  }

  #skillsets(view: View, old: readonly SkillSetOffer[]): SkillSetOffer[] {
    const memo = this.#instance.memos.of(SKILLSET_FACTS);
    return this.#sets.list()
      .filter(({ enabled, shared, problem }) => enabled && shared && problem === null)
      .map((set) => {
        const facts = memo.get(
          view,
          set.name,
          (files) => skillSetFacts(files, set.name, this.#sets.limits),
        );
        const before = old.find((one) => one.set.name === set.name);
        const isSame = before !== undefined && before.hash === facts.hash &&
          JSON.stringify(before.set) === JSON.stringify(set);
        return isSame ? before : { ...facts, set };
      });
  }
}

/** Whether two lists hold the same things: what is kept is handed out again as it was. */
function areSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

/** Folder by id, and by name where two have the same the first one. */
function foldersOf(offered: readonly EntryFacts[]): Map<string, string> {
  const folders = new Map<string, string>();
  for (const { entry, offer } of offered) folders.set(offer!.id, entry);
  for (const { entry, offer } of offered) {
    if (!folders.has(offer!.name)) folders.set(offer!.name, entry);
  }
  return folders;
}

function isAdopted(definition: EntryFacts["definition"]): boolean {
  return definition !== null && typeof definition === "object" && definition.adopted !== null;
}

function protocolOf(definitions: readonly (Definition | string)[]): Protocol {
  const protocol = assembleProtocol(definitions.filter((one) => typeof one !== "string"));
  const problems = definitions.filter((one) => typeof one === "string").slice(0, MAX_PROBLEMS);
  return { ...protocol, warnings: [...problems, ...protocol.warnings] };
}
