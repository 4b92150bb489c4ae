/**
 * The SkillSets of an instance as a reader sees them. One that is broken is shown with its problem and
 * is in nobody's way.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { SKILLSETS } from "../layers/entry_place.ts";
import type { View } from "../layers/view.ts";
import { nearFirst } from "../nearest.ts";
import { visible } from "../text.ts";
import type { PackageLimits } from "./limits.ts";
import { checkCore, lackingCore } from "./core_version.ts";
import { type Manifest, parseManifest, type SkillSetLayer } from "./manifest.ts";
import type { Giver } from "./giver.ts";
import { checkSkillSetName } from "./names.ts";
import { StateFile } from "./state_file.ts";
import type { PackedFile } from "./tar_write.ts";
import { readTree } from "./tree.ts";
import { parseConstraint, parseVersion, satisfies } from "./versions.ts";

/** A SkillSet that is installed. */
export interface SkillSet {
  /** Name of its folder. */
  readonly name: string;
  /** Its manifest, or `null` when it cannot be read. */
  readonly manifest: Manifest | null;
  /** The layer that governs it. */
  readonly layer: SkillSetLayer;
  /** The layer said here instead of the manifest's, or `null`. */
  readonly layerOverride: SkillSetLayer | null;
  /** Whether it came from somebody else, as a package. */
  readonly received: boolean;
  /** The instance it was fetched from, or `null`. */
  readonly giver: Giver | null;
  /** Whether it is in use; one that is broken, or needs a later core, is not. */
  readonly enabled: boolean;
  /** Whether its user shares it with other instances. */
  readonly shared: boolean;
  /** What is wrong with it, or `null`. */
  readonly problem: string | null;
}

const MANIFEST = "skillset.json";
const MAX_MANIFEST = 256 * 1024;

/** Reads the SkillSets of one instance, as they are at one moment. */
export class Shelf {
  /** What the state file says. */
  readonly state: StateFile;
  readonly #view: View;
  readonly #limits: PackageLimits;

  /**
   * @param view The files
   * @param limits How much a SkillSet may be
   */
  constructor(view: View, limits: PackageLimits) {
    this.#view = view;
    this.#limits = limits;
    this.state = new StateFile(view);
  }

  /**
   * All SkillSets, sorted by name: folders with a manifest.
   *
   * @returns The SkillSets
   */
  list(): SkillSet[] {
    return this.#view.list(SKILLSETS)
      .filter(({ name, kind }) => !name.startsWith(".") && (kind === "folder" || kind === "link"))
      .filter(({ name }) => this.#view.stat(`${SKILLSETS}/${name}/${MANIFEST}`) !== null)
      .map(({ name }) => this.#read(name));
  }

  /**
   * One SkillSet.
   *
   * @param name Its name
   * @returns The SkillSet
   * @throws {KairosError} `not_found`, `invalid` for a name that is none
   */
  get(name: string): SkillSet {
    checkSkillSetName(name);
    if (this.#view.stat(`${SKILLSETS}/${name}`)?.kind === "folder") return this.#read(name);
    const names = this.list().map((one) => one.name);
    throw new KairosError("not_found", `SkillSet '${name}' not found`, {
      hint: names.length === 0
        ? "None is installed yet"
        : `Installed: ${nearFirst(name, names).slice(0, 20).map((one) => visible(one)).join(", ")}`,
    });
  }

  /**
   * One SkillSet whose manifest can be read.
   *
   * @param name Its name
   * @returns The SkillSet
   * @throws {KairosError} `not_found`; `invalid` with its problem when it is broken
   */
  whole(name: string): SkillSet & { readonly manifest: Manifest } {
    const found = this.get(name);
    const { manifest, problem } = found;
    if (manifest !== null) return { ...found, manifest };
    throw new KairosError("invalid", `Cannot use SkillSet '${name}': ${problem}`, {
      hint: "Mend its skillset.json, or install it again with --force",
    });
  }

  /**
   * The files of a SkillSet.
   *
   * @param name Its name
   * @param options `hidden`: also those that do not count
   * @returns Its files in byte order
   * @throws {PackageRefusedError} for links and for more than the limits allow
   */
  files(name: string, options: { readonly hidden?: boolean } = {}): PackedFile[] {
    return readTree(this.#view, `${SKILLSETS}/${name}`, this.#limits, options);
  }

  /**
   * Refuses to go on when something a SkillSet needs is missing.
   *
   * @param manifest Its manifest
   * @throws {KairosError} `refused`, naming the first
   */
  checkDependencies({ dependsOn, minCoreVersion }: Manifest): void {
    checkCore({ minCoreVersion });
    const installed = new Map(this.list().map((one) => [one.name, one]));
    for (const { name, version } of dependsOn) {
      const found = installed.get(name);
      const missing = (what: string, hint: string) => new KairosError("refused", what, { hint });
      if (found === undefined || found.manifest === null) {
        throw missing(`Missing dependency: ${name}`, `Install ${name} first`);
      }
      if (!found.enabled) {
        throw missing(`Dependency not enabled: ${name}`, `kairos skillset enable ${name}`);
      }
      const has = found.manifest.version;
      if (!satisfies(parseVersion(has), parseConstraint(version))) {
        throw missing(
          `Dependency version mismatch: ${name} ${has} does not satisfy "${version}"`,
          `Install another version of ${name}`,
        );
      }
    }
  }

  /**
   * Refuses to take away what an enabled SkillSet needs.
   *
   * @param name What is to be taken away
   * @throws {KairosError} `refused`, naming those that need it
   */
  checkDependents(name: string): void {
    const needing = this.list()
      .filter((one) => one.enabled && one.name !== name)
      .filter(({ manifest }) => manifest?.dependsOn.some((one) => one.name === name) === true)
      .map((one) => one.name);
    if (needing.length === 0) return;
    throw new KairosError(
      "refused",
      `Cannot disable/remove '${name}': required by ${needing.join(", ")}`,
      { hint: "Disable those first" },
    );
  }

  #read(name: string): SkillSet {
    const { enabled, layerOverride, shared, received, giver = null } = this.state.of(name);
    const folder = `${SKILLSETS}/${name}`;
    let manifest: Manifest | null = null;
    let problem: string | null = null;
    try {
      checkSkillSetName(name);
      if (!this.#view.isInside(`${folder}/${MANIFEST}`, SKILLSETS)) {
        problem = "its folder is a link that leads elsewhere";
      } else {
        const bytes = this.#view.read(`${folder}/${MANIFEST}`, MAX_MANIFEST);
        if (bytes === null) problem = "it has no skillset.json";
        else manifest = parseManifest(bytes, `${folder}/${MANIFEST}`);
      }
      if (manifest !== null && manifest.name !== name) {
        problem = `its skillset.json names '${manifest.name}'`;
        manifest = null;
      }
    } catch (error) {
      if (!(error instanceof KairosError)) throw error;
      problem = error.message;
    }
    return {
      name,
      manifest,
      layer: layerOverride ?? manifest?.layer ?? "L1",
      layerOverride,
      received,
      giver,
      enabled: enabled && manifest !== null && lackingCore(manifest) === null,
      shared,
      problem: problem ?? this.state.problem,
    };
  }
}
