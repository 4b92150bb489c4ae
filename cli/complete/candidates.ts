/**
 * Names that can follow on a command line, found by looking at folders: nothing is opened or read.
 *
 * @module
 */

import { findDataDir } from "../../core/config/data_dir.ts";
import { Disk } from "../../core/disk/mod.ts";
import { isListed } from "../../core/layers/names.ts";
import type { Io } from "../io.ts";

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
   * The tools an agent can call.
   *
   * @returns Name and title
   */
  async tools(): Promise<{ readonly name: string; readonly title: string }[]> {
    const { TOOLS } = await import("../../server/mcp/tools/mod.ts");
    return TOOLS.map(({ name, title }) => ({ name, title }));
  }

  #folders(path: string): string[] {
    const root = findDataDir(this.#disk, {
      explicit: this.#dataDir,
      env: this.#io.env("KAIROS_DATA_DIR"),
      cwd: this.#io.cwd,
    });
    return this.#disk.list(`${root}/${path}`)
      .filter(({ name, kind }) => isListed(name) && (kind === "folder" || kind === "link"))
      .map(({ name }) => name);
  }
}
