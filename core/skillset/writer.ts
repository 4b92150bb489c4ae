/**
 * Changes of SkillSets, each one unit with its record and with its line in the state file. They run with
 * nobody else writing. See `kairos_formats/skillsets.md#records`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { type Displaced, type IntentStep, transitName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { Stage } from "../layers/stage.ts";
import type { View } from "../layers/view.ts";
import type { Store } from "../store.ts";
import { contentHash } from "./content_hash.ts";
import type { PackageLimits } from "./limits.ts";
import { type Manifest, parseManifest, type SkillSetLayer } from "./manifest.ts";
import { PackageRefusedError } from "./refusal.ts";
import { Shelf, type SkillSet } from "./shelf.ts";
import { SKILLSETS, type SkillSetState, STATE_FILE } from "./state_file.ts";
import type { PackedFile } from "./tar_write.ts";
import { hashesOf, judgeTree } from "./tree.ts";

/** What can happen to a SkillSet. */
export type SkillSetAction =
  | "install"
  | "reinstall"
  | "install_from_archive"
  | "reinstall_from_archive"
  | "enable"
  | "disable"
  | "share"
  | "unshare"
  | "remove";

/** A change of a SkillSet, as it was made. */
export interface SkillSetChange {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** The layer that governs it. */
  readonly layer: SkillSetLayer;
  /** What was done; `none` when it was so already. */
  readonly action: SkillSetAction | "none";
  /** Whether it is in use now. */
  readonly enabled: boolean;
  /** Whether it is shared with other instances now. */
  readonly shared: boolean;
  /** Its content hash; what was removed is named by the one it had. */
  readonly contentHash: string;
  /** The block of the record; `null` for L2, which has a line in the journal, and for no change. */
  readonly block: { readonly index: number; readonly hash: string } | null;
  /** Edits of others found in the way; they are kept as objects. */
  readonly displaced: readonly Displaced[];
}

/** How a SkillSet is installed. */
export interface InstallOptions {
  /** The layer that governs it here. */
  readonly layer?: SkillSetLayer | undefined;
  /** Replace one of that name; the files directly in its `config/` are kept. */
  readonly force?: boolean | undefined;
  /** Bring it into use at once. */
  readonly enable?: boolean | undefined;
}

/** What is to be written down. */
interface StagedChange {
  readonly manifest: Manifest;
  readonly layer: SkillSetLayer;
  readonly action: SkillSetAction;
  readonly state: SkillSetState | null;
  readonly files: readonly PackedFile[];
  readonly steps?: readonly IntentStep[];
  readonly discard?: readonly string[];
  /** Object that lists the files that were replaced or removed. */
  readonly previous?: string | undefined;
}

const MANIFEST = "skillset.json";

/** Makes the changes of one actor. Every method needs the write lock. */
export class SkillSetWriter {
  readonly #store: Store;
  readonly #shelf: Shelf;
  readonly #limits: PackageLimits;
  readonly #actor: Actor;

  /**
   * @param store Disk, ledger, objects
   * @param view The files
   * @param limits How much a SkillSet may be
   * @param actor Who acts
   */
  constructor(store: Store, view: View, limits: PackageLimits, actor: Actor) {
    this.#store = store;
    this.#shelf = new Shelf(view, limits);
    this.#limits = limits;
    this.#actor = actor;
  }

  /**
   * Installs files, or replaces a SkillSet by them.
   *
   * @param files The files that count, `skillset.json` among them
   * @param isPackage Whether they came from somebody else: not above L2 and not in use unless said
   * @param options Layer, force, enable
   * @returns What was done
   * @throws {KairosError} `exists`, `invalid`, `refused`, and those of a commit
   */
  install(
    files: readonly PackedFile[],
    isPackage: boolean,
    { layer, force = false, enable = !isPackage }: InstallOptions,
  ): SkillSetChange {
    const manifest = manifestOf(files);
    const { name } = manifest;
    const folder = `${SKILLSETS}/${name}`;
    const isThere = this.#store.disk.statLink(`${this.#store.root}/${folder}`) !== null;
    if (isThere && !force) {
      throw new KairosError("exists", `SkillSet '${name}' already installed at ${folder}`, {
        hint: "Use --force to reinstall",
      });
    }
    const old = isThere ? this.#shelf.get(name) : null;
    const governed = this.#layerOf(manifest, isPackage, layer, old);
    if (isPackage && enable) this.#shelf.checkDependencies(manifest);
    const whole = isThere ? this.#withUserConfig(name, files) : files;
    judgeTree(whole, this.#limits);
    const previous = isThere ? this.#keep(name) : undefined;
    this.#store.disk.makeFolder(`${this.#store.root}/${SKILLSETS}`);
    const stage = Stage.fill(this.#store, SKILLSETS, (stage) => {
      stage.folder();
      stage.files(whole.map(({ path, bytes }) => [path, bytes]));
    });
    const trash = `${SKILLSETS}/${transitName("trash")}`;
    const verb = isThere ? "reinstall" as const : "install" as const;
    return this.#commit({
      manifest,
      layer: governed,
      action: isPackage ? `${verb}_from_archive` : verb,
      state: {
        enabled: enable,
        layerOverride: governed === manifest.layer ? null : governed,
        // What others sent is passed on only when that is said again.
        shared: !isPackage && old?.shared === true,
      },
      files: whole,
      steps: [
        ...(isThere ? [{ from: folder, to: trash, base: null }] : []),
        { from: stage.path, to: folder, base: null },
      ],
      discard: [stage.path, ...(isThere ? [trash] : [])],
      previous,
    });
  }

  /**
   * Brings a SkillSet into use or takes it out of use.
   *
   * @param name Its name
   * @param enabled What it shall be
   * @returns What was done
   * @throws {KairosError} `not_found`, `invalid`, `refused`, and those of a commit
   */
  switch(name: string, enabled: boolean): SkillSetChange {
    const found = this.#shelf.whole(name);
    const { manifest, layer, layerOverride, shared } = found;
    const files = this.#shelf.files(name);
    if (found.enabled === enabled) return unchanged(found, files);
    if (enabled) this.#shelf.checkDependencies(manifest);
    else {
      checkDecision(name, layer, "disable");
      this.#shelf.checkDependents(name);
    }
    const action = enabled ? "enable" : "disable";
    const state = { enabled, layerOverride, shared };
    return this.#commit({ manifest, layer, action, state, files });
  }

  /**
   * Offers a SkillSet to other instances, or stops offering it.
   *
   * @param name Its name
   * @param shared What it shall be
   * @returns What was done
   * @throws {KairosError} `not_found`, `invalid`, and those of a commit
   */
  share(name: string, shared: boolean): SkillSetChange {
    const found = this.#shelf.whole(name);
    const { manifest, layer, layerOverride, enabled } = found;
    const files = this.#shelf.files(name);
    if (found.shared === shared) return unchanged(found, files);
    const state = { enabled, layerOverride, shared };
    const action = shared ? "share" : "unshare";
    return this.#commit({ manifest, layer, action, state, files });
  }

  /**
   * Removes a SkillSet; everything in its folder is kept as objects.
   *
   * @param name Its name
   * @returns What was done
   * @throws {KairosError} `not_found`, `invalid`, `refused`, and those of a commit
   */
  remove(name: string): SkillSetChange {
    const { manifest, layer } = this.#shelf.whole(name);
    checkDecision(name, layer, "remove");
    this.#shelf.checkDependents(name);
    const files = this.#shelf.files(name);
    const previous = this.#keep(name);
    const trash = `${SKILLSETS}/${transitName("trash")}`;
    return this.#commit({
      manifest,
      layer,
      action: "remove",
      state: null,
      files,
      steps: [{ from: `${SKILLSETS}/${name}`, to: trash, base: null }],
      discard: [trash],
      previous,
    });
  }

  #commit(change: StagedChange): SkillSetChange {
    const { manifest: { name, version }, layer, action, state, files, previous } = change;
    const hashes = hashesOf(files);
    const hash = contentHash(hashes);
    const next = this.#shelf.state.with(name, state);
    const stage = Stage.fill(this.#store, SKILLSETS, (stage) => stage.file(next));
    const said = { from: stage.path, to: STATE_FILE, base: this.#shelf.state.hash };
    // Other programs look at any moment, and take what is not named there for enabled.
    const steps = state === null ? [...change.steps ?? [], said] : [said, ...change.steps ?? []];
    const discard = [...change.discard ?? [], stage.path];
    const enabled = state?.enabled ?? false;
    const shared = state?.shared ?? false;
    const done = { name, version, layer, action, enabled, shared, contentHash: hash };
    if (layer === "L2") {
      const displaced = this.#store.commitUnrecorded({ steps, discard });
      const { principal, agentId } = this.#actor;
      const details = { version, layer, content_hash: hash, enabled, principal, agentId, previous };
      this.#store.journal.note({ action: `skillset_${action}`, skill_id: name, details });
      return { ...done, block: null, displaced };
    }
    const record = this.#store.record(
      {
        type: "skillset_event",
        layer,
        skillset_name: name,
        skillset_version: version,
        action,
        content_hash: hash,
        reason: null,
      },
      this.#actor,
      {
        ...(layer === "L0" ? { file_hashes: Object.fromEntries(hashes) } : {}),
        ...(previous === undefined ? {} : { previous }),
      },
    );
    const { block, displaced } = this.#store.commit({ record, steps, discard });
    return { ...done, block: { index: block.index, hash: block.hash }, displaced };
  }

  /** The layer that will govern it: what was said, else not above L2 for what others sent. */
  #layerOf(
    manifest: Manifest,
    isPackage: boolean,
    layer: SkillSetLayer | undefined,
    old: SkillSet | null,
  ): SkillSetLayer {
    const wanted = layer ?? (isPackage ? "L2" : old?.layerOverride ?? manifest.layer);
    // Otherwise replacing it would be a way around the decision that removing it needs.
    if (old?.layer === "L0" && (isPackage || wanted !== "L0")) {
      checkDecision(manifest.name, "L0", "replace");
    }
    return wanted;
  }

  /** The files of a new version, with what the user keeps directly in `config/` of the old one. */
  #withUserConfig(name: string, files: readonly PackedFile[]): PackedFile[] {
    const kept = this.#shelf.files(name).filter(({ path }) => /^config\/[^/]+$/.test(path));
    const paths = new Set(kept.map(({ path }) => path));
    return [...files.filter(({ path }) => !paths.has(path)), ...kept];
  }

  /** Keeps every file of a SkillSet, those that do not count too; returns the object that lists them. */
  #keep(name: string): string {
    const files = this.#shelf.files(name, { hidden: true })
      .map(({ path, bytes }) => [path, this.#store.objects.put(bytes)] as const);
    const list = JSON.stringify({ files: Object.fromEntries(files) });
    return this.#store.objects.put(new TextEncoder().encode(list));
  }
}

/** What was asked for is so already. */
function unchanged(
  { name, manifest, layer, enabled, shared }: SkillSet & { readonly manifest: Manifest },
  files: readonly PackedFile[],
): SkillSetChange {
  const { version } = manifest;
  const hash = contentHash(hashesOf(files));
  const action = "none";
  const done = { name, version, layer, action, enabled, shared, contentHash: hash } as const;
  return { ...done, block: null, displaced: [] };
}

function manifestOf(files: readonly PackedFile[]): Manifest {
  const manifest = files.find(({ path }) => path === MANIFEST);
  if (manifest !== undefined) return parseManifest(manifest.bytes, MANIFEST);
  throw new PackageRefusedError("bad_manifest", undefined, "it is missing");
}

/** What belongs to the constitution goes only when a person decides so. */
function checkDecision(name: string, layer: SkillSetLayer, verb: string): void {
  if (layer !== "L0") return;
  throw new KairosError("refused", `L0 SkillSet '${name}' requires human approval to ${verb}`, {
    hint: "It needs a decision of an approver; proposals of this kind are not there yet",
    data: { requires_approval: true },
  });
}
