/**
 * The law in force for those who only read and search: found once for each state of the files that
 * tell which one it is.
 *
 * An undecided edit of the working copy is never part of it. See `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import { isSettled, stampOfFacts } from "../disk/mod.ts";
import type { Skill } from "../dsl/ast.ts";
import type { View } from "../layers/view.ts";
import { sha256 } from "../objects/objects.ts";
import type { Evolution } from "./evolution.ts";
import { LAW_FILE, LAW_SOURCE, RUBY_SOURCE } from "./law_file.ts";

/** The law in force, as readers get it. */
export interface ReadLaw {
  /** The file it is the text of, whatever stands there now. */
  readonly path: string;
  /** Its source text. */
  readonly source: string;
  /** SHA-256 of that. */
  readonly object: string;
  /** When it came into force, milliseconds since the epoch, as the files tell. */
  readonly modified: number;
  /** Its skills. */
  readonly skills: readonly Skill[];
}

/** What tells that another law may be in force. */
export interface LawStamp {
  /** A text without meaning. */
  readonly stamp: string;
  /** Whether the next change will show in it. */
  readonly settled: boolean;
}

/**
 * Reads the law in force.
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { initInstance } from "../init.ts";
 * import { openInstance } from "../instance.ts";
 *
 * const root = `${await Deno.makeTempDir()}/.kairos`;
 * await initInstance(new Disk(), root, { version: "0.1.0", clock: Date.now });
 * await Deno.writeTextFile(`${root}/skills/kairos.ts`, "undecided_edit();");
 * const law = await (await openInstance(root, { mode: "read" })).law.read();
 * if (law === null || law.source.includes("undecided_edit")) throw new Error("an edit");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class LawReader {
  readonly #view: () => View;
  readonly #evolution: () => Promise<Pick<Evolution, "inForce">>;
  #kept: { readonly stamp: string; readonly law: ReadLaw | null } | null = null;

  /**
   * @param view The files
   * @param evolution What finds the law; loaded when it is first needed
   */
  constructor(view: () => View, evolution: () => Promise<Pick<Evolution, "inForce">>) {
    this.#view = view;
    this.#evolution = evolution;
  }

  /**
   * Looks at the files that tell which law is in force, without reading them.
   *
   * @returns Another stamp once another law may be in force
   */
  stamp(): LawStamp {
    const view = this.#view();
    const now = Date.now();
    const facts = [LAW_FILE, RUBY_SOURCE].map((path) => view.stat(path));
    return {
      stamp: facts.map(stampOfFacts).join(" "),
      settled: facts.every((one) => isSettled(one, now)),
    };
  }

  /**
   * Reads the law in force.
   *
   * @returns The law, `null` when there is none
   * @throws {KairosError} `io`, or what keeps the expected approvers from being read
   */
  async read(): Promise<ReadLaw | null> {
    // Looked at first: what changes while it is read is noticed the next time.
    const { stamp, settled } = this.stamp();
    if (this.#kept?.stamp === stamp) return this.#kept.law;
    const { status, law: { skills }, source } = await (await this.#evolution()).inForce();
    const path = status === "ruby" ? RUBY_SOURCE : LAW_SOURCE;
    const facts = this.#view().stat(status === "ruby" ? RUBY_SOURCE : LAW_FILE);
    const object = sha256(new TextEncoder().encode(source));
    const modified = facts?.modified ?? 0;
    const law = status === "none" ? null : { path, source, object, modified, skills };
    this.#kept = settled ? { stamp, law } : null;
    return law;
  }
}
