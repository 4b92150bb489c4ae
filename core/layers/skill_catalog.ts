/**
 * The entries of L1 as a catalog of Agent Skills, with those of SkillSets that search finds.
 *
 * Nothing is kept but names and digests, each under the stamp of what it was made from; everything
 * else is read when it is asked for. What may be served is decided where resources are: a private
 * entry is in the catalog, because it does not leave the instance by being read from it.
 *
 * @module
 */

import { isSettled, stampOfFacts } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import { quote } from "../text.ts";
import { SKILL_FILE, type SkillFields, skillName } from "./agent_skill.ts";
import { type Lent, listEntries, placeOf } from "./entry_place.ts";
import { KNOWLEDGE } from "./knowledge_home.ts";
import type { ResourceSource } from "./resource_source.ts";
import type { View } from "./view.ts";
import { draftSkill, readEntryFile, type SkillContent, type SkillDraft } from "./skill_draft.ts";

/** A skill, with all its files. */
export interface AgentSkill {
  /** Its name. */
  readonly name: string;
  /** Its front matter. */
  readonly fields: SkillFields;
  /** Its files by path, `SKILL.md` among them. */
  readonly files: readonly SkillFile[];
}

/** A file of a skill. */
export interface SkillFile {
  /** Path in the skill. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** A page of skills. */
export interface SkillPage {
  /** The skills, by name. */
  readonly skills: readonly AgentSkill[];
  /** Name to go on after, or `null` at the end. */
  readonly next: string | null;
}

/** What lies in a folder of a skill. */
export interface SkillChild {
  /** Path in the skill. */
  readonly path: string;
  /** Size in bytes; `null` for a folder. */
  readonly size: number | null;
}

/** An entry that is no skill. */
export interface SkippedEntry {
  /** Name of the entry. */
  readonly entry: string;
  /** Why, as the rest of a sentence. */
  readonly reason: string;
}

/** Most skills of one page, and most bytes of files that are read for it. */
const PAGE = 50;
const PAGE_BYTES = 16 * 1024 * 1024;
/** Entries between two moments for others. */
const TURN = 10;
/** Digests that are remembered; then they are made anew. */
const MAX_DIGESTS = 20_000;

/** Names of skills and entries. */
interface Names {
  readonly stamp: string;
  /** What SkillSets brought along then: another object when anything of it is another. */
  readonly lent: Lent;
  /** Entry by skill, in the order of the skills. */
  readonly served: ReadonlyMap<string, string>;
  readonly skipped: readonly SkippedEntry[];
}

/** The skills of one instance. */
export class SkillCatalog {
  readonly #source: ResourceSource;
  readonly #digests = new Map<string, { readonly stamp: string; readonly digest: string }>();
  #names: Names | null = null;

  /** @param source The instance */
  constructor(source: ResourceSource) {
    this.#source = source;
  }

  /**
   * Names of all entries that could be skills by their names.
   *
   * @returns Names of skills, sorted
   */
  names(): string[] {
    return [...this.#readNames().served.keys()];
  }

  /**
   * Some skills.
   *
   * @param after Only those whose name comes after this one; from the first unless given
   * @param signal Ends it
   * @returns A page
   * @throws The reason of the signal
   */
  async page(after: string | null, signal: AbortSignal): Promise<SkillPage> {
    const skills: AgentSkill[] = [];
    let bytes = 0;
    let looked = 0;
    let last: string | null = null;
    const source = this.#atOnce();
    for (const [name, entry] of this.#readNames().served) {
      if (after !== null && name <= after) continue;
      if (skills.length >= PAGE || looked >= 4 * PAGE || bytes > PAGE_BYTES) {
        return { skills, next: last };
      }
      const draft = draftSkill(source, name, entry);
      if (typeof draft !== "string") {
        const files = this.#digested(draft, (size) => bytes += size);
        // A file may change or go between being listed and being read.
        if (files !== null) skills.push({ name, fields: draft.fields, files });
      }
      last = name;
      if (++looked % TURN !== 0) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
    }
    return { skills, next: null };
  }

  /**
   * One skill.
   *
   * @param name Its name
   * @returns The skill
   * @throws {KairosError} `not_found` when there is none of this name, with the reason
   */
  get(name: string): AgentSkill {
    const draft = this.#find(name);
    const files = this.#digested(draft, () => {});
    if (files === null) throw missing(name, "its files change at this moment");
    return { name, fields: draft.fields, files };
  }

  /**
   * Reads a file of a skill.
   *
   * @param name Name of the skill
   * @param path Path in the skill
   * @returns What the file holds
   * @throws {KairosError} `not_found`, and what reading resources throws
   */
  read(name: string, path: string): SkillContent {
    const draft = this.#find(name);
    if (path === SKILL_FILE) {
      const bytes = draft.document;
      return { mime: "text/markdown", text: new TextDecoder().decode(bytes), bytes };
    }
    if (!draft.files.some((file) => file.path === path)) {
      throw missing(`${name}/${path}`, "the skill has no such file");
    }
    return readEntryFile(this.#source, draft.entry, path);
  }

  /**
   * What lies in a folder of a skill.
   *
   * @param name Name of the skill
   * @param folder Path in the skill; empty for all of it
   * @returns Its direct children by path
   * @throws {KairosError} `not_found` when there is no such folder
   */
  children(name: string, folder: string): SkillChild[] {
    const { files, document } = this.#find(name);
    const prefix = folder === "" ? "" : `${folder}/`;
    const found = new Map<string, SkillChild>();
    for (const { path, size } of [{ path: SKILL_FILE, size: document.length }, ...files]) {
      if (!path.startsWith(prefix)) continue;
      const end = path.indexOf("/", prefix.length);
      const child = end === -1 ? path : path.slice(0, end);
      found.set(child, { path: child, size: end === -1 ? size : null });
    }
    if (found.size === 0) throw missing(`${name}/${folder}`, "the skill has no such folder");
    return [...found.values()].sort((a, b) => a.path < b.path ? -1 : 1);
  }

  /**
   * The entries that are no skills. Looks at every entry, so it is for people who ask.
   *
   * @returns The entries by name, with the reason
   */
  skipped(): SkippedEntry[] {
    const { served, skipped } = this.#readNames();
    const source = this.#atOnce();
    const unfit = [...served].flatMap(([name, entry]) => {
      const draft = draftSkill(source, name, entry);
      return typeof draft === "string" ? [{ entry, reason: draft }] : [];
    });
    return [...skipped, ...unfit].sort((a, b) => a.entry < b.entry ? -1 : 1);
  }

  /** The instance for one answer about many entries: what SkillSets lend is looked up once. */
  #atOnce(): ResourceSource {
    const view = this.#source.view();
    return { ...this.#source, view: () => view };
  }

  #find(name: string): SkillDraft {
    const entry = this.#readNames().served.get(name);
    const draft = entry === undefined
      ? "no entry has this name"
      : draftSkill(this.#source, name, entry);
    if (typeof draft === "string") throw missing(name, draft);
    return draft;
  }

  /** All files with their digests; `null` when one of them cannot be read as it was listed. */
  #digested(draft: SkillDraft, onRead: (bytes: number) => void): SkillFile[] | null {
    const own = { path: SKILL_FILE, size: draft.document.length, digest: sha256(draft.document) };
    const files = [own];
    for (const { path, size } of draft.files) {
      const digest = this.#digest(draft, path, size, onRead);
      if (digest === null) return null;
      files.push({ path, size, digest });
    }
    return files.sort((a, b) => a.path < b.path ? -1 : 1);
  }

  #digest(
    { entry, folder }: SkillDraft,
    path: string,
    size: number,
    onRead: (bytes: number) => void,
  ): string | null {
    const at = `${folder}/${path}`;
    const { stamp, settled } = this.#stamp(at);
    const known = this.#digests.get(at);
    if (known !== undefined && known.stamp === stamp) return known.digest;
    try {
      const { bytes } = readEntryFile(this.#source, entry, path);
      onRead(bytes.length);
      if (bytes.length !== size) return null;
      const digest = sha256(bytes);
      if (this.#digests.size >= MAX_DIGESTS) this.#digests.clear();
      if (settled) this.#digests.set(at, { stamp, digest });
      return digest;
    } catch (error) {
      if (error instanceof KairosError) return null;
      throw error;
    }
  }

  #readNames(): Names {
    const { stamp, settled } = this.#stamp(KNOWLEDGE);
    const view = this.#source.view();
    const lent = this.#source.lent(view);
    if (this.#names?.stamp === stamp && this.#names.lent === lent) return this.#names;
    const served = new Map<string, string>();
    const skipped: SkippedEntry[] = [];
    for (const entry of this.#entries(view)) {
      const name = skillName(entry);
      const other = name === null ? undefined : served.get(name);
      if (name === null) skipped.push({ entry, reason: NAME_RULE });
      else if (other === undefined) served.set(name, entry);
      else skipped.push({ entry, reason: `${quote(other)} is served as ${quote(name)} already` });
    }
    const sorted = new Map([...served].sort(([a], [b]) => a < b ? -1 : 1));
    const names = { stamp, lent, served: sorted, skipped };
    this.#names = settled ? names : null;
    return names;
  }

  /** Names of entries that may be offered, L1's own first: a skill of theirs is not taken away. */
  #entries(view: View): string[] {
    const offered = listEntries(this.#source, view).map(placeOf)
      .filter(({ name, isOffered }) => isOffered && !this.#source.safety.isBlocked(name));
    const [own, lent] = [true, false].map((isOwn) =>
      offered.filter(({ origin }) => (origin === null) === isOwn).map(({ name }) => name)
    );
    return [...own!, ...lent!];
  }

  /** What tells, without reading it, whether a file or folder is the one that was read. */
  #stamp(path: string): { readonly stamp: string; readonly settled: boolean } {
    const now = Date.now();
    const facts = this.#source.view().stat(path);
    return { stamp: stampOfFacts(facts), settled: facts !== null && isSettled(facts, now) };
  }
}

const NAME_RULE = "its name does not come to small letters a to z and digits with single - between";

function missing(what: string, why: string): KairosError {
  return new KairosError("not_found", `Skill ${quote(what)} not found: ${why}`, {
    hint: "skills/list gives all skills; `kairos doctor` says which entries are none",
  });
}
