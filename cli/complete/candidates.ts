/**
 * Names that can follow on a command line, found by looking at folders; of files, only settings, law,
 * the manifests of SkillSets and the address book are read.
 *
 * @module
 */

import { findDataDir } from "../../core/config/data_dir.ts";
import { Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { isListed } from "../../core/layers/names.ts";
import type { Io } from "../io.ts";

/** Longest law that is looked through. */
const MAX_LAW = 1024 * 1024;

/** Where names come from. */
export class Candidates {
  readonly #disk = new Disk();
  readonly #io: Pick<Io, "cwd" | "env">;
  readonly #dataDir: string | undefined;

  /**
   * @param io Folder and environment
   * @param dataDir The folder `--data-dir` names, as given
   */
  constructor(io: Pick<Io, "cwd" | "env">, dataDir: string | undefined) {
    this.#io = io;
    this.#dataDir = dataDir;
  }

  /**
   * The entries of L1.
   *
   * @param archived Whether to find the archived ones instead
   * @returns Their names
   * @throws {KairosError} `no_instance`, `io`
   */
  entries(archived: boolean): string[] {
    return this.#folders(archived ? "knowledge/.archived" : "knowledge");
  }

  /**
   * The entries that can be read: those of L1, and what the SkillSets in use lend.
   *
   * @returns Their names
   * @throws {KairosError} `no_instance`, `io`
   */
  async readable(): Promise<string[]> {
    const [{ lenderOf }, { FileMemos }, { View }] = await Promise.all([
      import("../../core/skillset/lent.ts"),
      import("../../core/layers/file_memo.ts"),
      import("../../core/layers/view.ts"),
    ]);
    const { entries } = lenderOf(new FileMemos())(new View(this.#disk, this.#root()));
    return [...new Set([...this.entries(false), ...entries.keys()])].sort();
  }

  /**
   * The SkillSets.
   *
   * @returns Their names
   * @throws {KairosError} `no_instance`, `io`
   */
  skillSets(): string[] {
    return this.#folders("skillsets");
  }

  /**
   * The sessions of L2.
   *
   * @returns Their ids
   * @throws {KairosError} `no_instance`, `io`
   */
  sessions(): string[] {
    return this.#folders("context");
  }

  /**
   * The contexts of a session.
   *
   * @param session Its id
   * @returns Their names; none when the id is none
   * @throws {KairosError} `no_instance`, `io`
   */
  contexts(session: string): string[] {
    const isSegment = session !== "" && isListed(session) && !/[/\\\0]/.test(session);
    return isSegment ? this.#folders(`context/${session}`) : [];
  }

  /**
   * The proposals, newest first.
   *
   * @returns Their ids
   * @throws {KairosError} `no_instance`, `io`
   */
  proposals(): string[] {
    return this.#files("skills/proposals", /^(\d{8}-\d{6}-[0-9a-f]{8})\.json$/).reverse();
  }

  /**
   * The kept versions of the law, newest first.
   *
   * @returns Their names
   * @throws {KairosError} `no_instance`, `io`
   */
  snapshots(): string[] {
    return this.#files("skills/versions", /^(kairos_\d{8}_\d{6}[0-9A-Za-z_-]*\.(?:ts|rb))$/)
      .reverse();
  }

  /**
   * The skills as the working copy names them; a proposal of the shell's proves nothing.
   *
   * @returns Their ids
   * @throws {KairosError} `no_instance`, `io`
   */
  skills(): string[] {
    const bytes = this.#known(() => this.#disk.read(`${this.#root()}/skills/kairos.ts`, MAX_LAW));
    const text = new TextDecoder().decode(bytes ?? new Uint8Array(0));
    return [...text.matchAll(/^skill\("([\p{L}\p{N}_]{1,100})"/gmu)].map(([, id]) => id!);
  }

  /**
   * The state commits whose snapshots are kept.
   *
   * @returns The first digits of their hashes, as the names of the snapshots have them
   * @throws {KairosError} `no_instance`, `io`
   */
  commits(): string[] {
    return this.#disk.list(`${this.#root()}/storage/snapshots`)
      .flatMap(({ name }) => /^snapshot_\d{8}_\d{6}_([0-9a-f]{8})\.json$/.exec(name)?.[1] ?? []);
  }

  /**
   * The known peers, each by its name and by its id.
   *
   * @returns A word, and the other one
   * @throws {KairosError} `no_instance`, `io`, `invalid`
   */
  async peers(): Promise<{ readonly word: string; readonly about: string }[]> {
    const [{ readContacts }, { readTrust }] = await Promise.all([
      import("../../mmp/peer_book.ts"),
      import("../../mmp/peer_trust.ts"),
    ]);
    const book = { disk: this.#disk, root: this.#root() };
    const names = new Map(readTrust(book).map(({ id }) => [id, ""]));
    for (const { id, name } of readContacts(book)) names.set(id, name);
    const known = [...names].sort();
    return [
      ...known.flatMap(([id, name]) => name === "" ? [] : [{ word: name, about: id }]),
      ...known.map(([id, name]) => ({ word: id, about: name })),
    ];
  }

  /**
   * The tools an agent can call, all of them where the settings do not say.
   *
   * @returns Name and title
   */
  async tools(): Promise<{ readonly name: string; readonly title: string }[]> {
    const [{ toolsOf }, { defaultConfig, loadConfig }] = await Promise.all([
      import("../../server/mcp/tools/mod.ts"),
      import("../../core/config/config.ts"),
    ]);
    const config = this.#known(() => loadConfig(this.#disk, this.#root())) ?? defaultConfig();
    return toolsOf(config).map(({ name, title }) => ({ name, title }));
  }

  #root(): string {
    return findDataDir(this.#disk, {
      explicit: this.#dataDir,
      env: this.#io.env("KAIROS_DATA_DIR"),
      cwd: this.#io.cwd,
    });
  }

  /** What can be found out; a name is worth having without an instance and with bad settings. */
  #known<T>(find: () => T): T | null {
    try {
      return find();
    } catch (error) {
      if (error instanceof KairosError) return null;
      throw error;
    }
  }

  /** What stands in the group of a pattern, for every file that fits. */
  #files(path: string, pattern: RegExp): string[] {
    return this.#disk.list(`${this.#root()}/${path}`)
      .flatMap(({ name, kind }) => kind === "file" ? pattern.exec(name)?.[1] ?? [] : []);
  }

  #folders(path: string): string[] {
    return this.#disk.list(`${this.#root()}/${path}`)
      .filter(({ name, kind }) => isListed(name) && (kind === "folder" || kind === "link"))
      .map(({ name }) => name);
  }
}
