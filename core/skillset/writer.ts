/**
 * Changes of SkillSets, each one unit with its record and with its line in the state file. They run with
 * nobody else writing. See `kairos_formats/skillsets.md#records`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { Block } from "../chain/block.ts";
import { type IntentStep, transitName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { SKILLSETS } from "../layers/entry_place.ts";
import { Stage } from "../layers/stage.ts";
import type { View } from "../layers/view.ts";
import type { Committed, Store } from "../store.ts";
import { alreadyInstalled } from "./already_installed.ts";
import type { InstallOptions, Origin, SkillSetAction, SkillSetChange } from "./change.ts";
import { compareTrees, type FileDifference, replacedTree, upgradedTree } from "./compare.ts";
import { contentHash } from "./content_hash.ts";
import { checkCore } from "./core_version.ts";
import { giverFields } from "./giver.ts";
import type { PackageLimits } from "./limits.ts";
import type { Manifest, SkillSetLayer } from "./manifest.ts";
import { PackageRefusedError } from "./refusal.ts";
import { Shelf, type SkillSet } from "./shelf.ts";
import { type NextState, STATE_FILE } from "./state_file.ts";
import type { PackedFile } from "./tar_write.ts";
import { hashesOf, judgeTree, treeManifest } from "./tree.ts";
import { compareVersions, parseVersion } from "./versions.ts";

/** What is to be written down. */
interface StagedChange {
  readonly manifest: Manifest;
  readonly layer: SkillSetLayer;
  readonly action: SkillSetAction;
  readonly state: NextState | null;
  readonly files: readonly PackedFile[];
  readonly steps?: readonly IntentStep[];
  readonly discard?: readonly string[];
  /** Object that lists the files that were replaced or removed. */
  readonly previous?: string | undefined;
  /** What is not what it was. */
  readonly differences?: readonly FileDifference[];
}

/** What a change of a SkillSet is made up of. */
export interface SkillSetUnit {
  /** Its record, or `null` in L2. */
  readonly record: string | null;
  /** The renames that bring the staged files into place. */
  readonly steps: readonly IntentStep[];
  /** Stage and trash paths to remove in the end. */
  readonly discard: readonly string[];
}

/** Brings a change about that a person decided, together with what proves the decision. */
export type DecidedCommit = (unit: SkillSetUnit) => Committed;

/** Makes the changes of one actor. Every method needs the write lock. */
export class SkillSetWriter {
  readonly #store: Store;
  readonly #shelf: Shelf;
  readonly #limits: PackageLimits;
  readonly #actor: Actor;
  readonly #decided: DecidedCommit | undefined;

  /**
   * @param store Disk, ledger, objects
   * @param view The files
   * @param limits How much a SkillSet may be
   * @param actor Who acts
   * @param decided Brings the change about when a person decided it, which L0 asks for
   */
  constructor(
    store: Store,
    view: View,
    limits: PackageLimits,
    actor: Actor,
    decided?: DecidedCommit,
  ) {
    this.#store = store;
    this.#shelf = new Shelf(view, limits);
    this.#limits = limits;
    this.#actor = actor;
    this.#decided = decided;
  }

  /**
   * Installs files, or replaces a SkillSet by them.
   *
   * @param files The files that count, `skillset.json` among them
   * @param origin Where they came from when it was somebody else: not above L2 and not in use unless
   *   said; `null` for the user's own
   * @param options Layer, force, enable
   * @returns What was done
   * @throws {KairosError} `exists`, `invalid`, `refused`, and those of a commit
   */
  install(
    files: readonly PackedFile[],
    origin: Origin | null,
    { layer, force = false, enable = origin === null }: InstallOptions,
  ): SkillSetChange {
    const isPackage = origin !== null;
    const manifest = treeManifest(files);
    const { name } = manifest;
    const isThere = this.#isThere(name);
    if (isThere && !force) throw alreadyInstalled(name, this.#differences(name, files));
    const old = isThere ? this.#shelf.get(name) : null;
    const governed = this.#layerOf(manifest, isPackage, layer, old);
    if (enable) checkCore(manifest);
    if (isPackage && enable) this.#shelf.checkDependencies(manifest);
    const before = isThere ? this.#shelf.files(name) : [];
    const whole = replacedTree(before, files);
    judgeTree(whole, this.#limits);
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
        received: isPackage,
        signature: origin?.signature ?? null,
        giver: origin?.giver ?? null,
      },
      files: whole,
      ...(isThere ? { differences: compareTrees(before, whole) } : {}),
      ...this.#place(name, whole, isThere),
    });
  }

  /**
   * Puts a newer version over a SkillSet; what it does not hold stays, and everything in `config/`.
   *
   * @param files The newer version
   * @returns What was done
   * @throws {KairosError} `not_found`, `invalid`, `refused`, and those of a commit
   */
  upgrade(files: readonly PackedFile[]): SkillSetChange {
    const manifest = treeManifest(files);
    const { name } = manifest;
    const old = this.#shelf.whole(name);
    checkNewer(old.manifest, manifest);
    if (old.enabled) checkCore(manifest);
    const before = this.#shelf.files(name);
    const whole = upgradedTree(before, files);
    const differences = compareTrees(before, whole);
    if (differences.length === 0) return this.#unchanged(old, before);
    const layer = this.#layerOf(manifest, false, undefined, old);
    judgeTree(whole, this.#limits);
    // What does not count was never the newer version's to take away.
    const counted = new Set(before.map(({ path }) => path));
    const hidden = this.#shelf.files(name, { hidden: true }).filter(({ path }) =>
      !counted.has(path)
    );
    return this.#commit({
      manifest,
      layer,
      action: "upgrade",
      state: { enabled: old.enabled, layerOverride: old.layerOverride, shared: old.shared },
      files: whole,
      differences,
      ...this.#place(name, [...whole, ...hidden], true),
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
    if (found.enabled === enabled) return this.#unchanged(found, files);
    if (enabled) this.#shelf.checkDependencies(manifest);
    else {
      this.#checkDecision(name, layer, "disable");
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
    if (found.shared === shared) return this.#unchanged(found, files);
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
    this.#checkDecision(name, layer, "remove");
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
    const { differences = [] } = change;
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
    const done = { name, version, layer, action, enabled, shared, contentHash: hash, differences };
    if (layer === "L2") {
      const { block, displaced } = this.#decided?.({ record: null, steps, discard }) ??
        { block: null, displaced: this.#store.commitUnrecorded({ steps, discard }) };
      const { principal, agentId } = this.#actor;
      const details = {
        ...{ version, layer, content_hash: hash, enabled, principal, agentId, previous },
        ...(state?.giver ? { received_from: giverFields(state.giver) } : {}),
      };
      this.#store.journal.note({ action: `skillset_${action}`, skill_id: name, details });
      return { ...done, block: pointerOf(block), displaced };
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
    const commit = this.#decided ?? ((unit) => this.#store.commit({ ...unit, record }));
    const { block, displaced } = commit({ record, steps, discard });
    return { ...done, block: pointerOf(block), displaced };
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
      this.#checkDecision(manifest.name, "L0", "replace");
    }
    return wanted;
  }

  #isThere(name: string): boolean {
    return this.#store.disk.statLink(`${this.#store.root}/${SKILLSETS}/${name}`) !== null;
  }

  /** Stages a SkillSet's folder; one that is there makes room for it and is kept. */
  #place(
    name: string,
    files: readonly PackedFile[],
    isThere: boolean,
  ): Required<Pick<StagedChange, "steps" | "discard">> & Pick<StagedChange, "previous"> {
    const folder = `${SKILLSETS}/${name}`;
    const previous = isThere ? this.#keep(name) : undefined;
    this.#store.disk.makeFolder(`${this.#store.root}/${SKILLSETS}`);
    const stage = Stage.fill(this.#store, SKILLSETS, (stage) => {
      stage.folder();
      stage.files(files.map(({ path, bytes }) => [path, bytes]));
    });
    const trash = `${SKILLSETS}/${transitName("trash")}`;
    return {
      steps: [
        ...(isThere ? [{ from: folder, to: trash, base: null }] : []),
        { from: stage.path, to: folder, base: null },
      ],
      discard: [stage.path, ...(isThere ? [trash] : [])],
      previous,
    };
  }

  #unchanged(
    { name, manifest: { version }, layer, enabled, shared }: SkillSet & {
      readonly manifest: Manifest;
    },
    files: readonly PackedFile[],
  ): SkillSetChange {
    const hash = contentHash(hashesOf(files));
    const nothing = { action: "none", block: null, displaced: [], differences: [] } as const;
    return { name, version, layer, enabled, shared, contentHash: hash, ...nothing };
  }

  /** What files would change over a SkillSet, or `null` when that cannot be read. */
  #differences(name: string, files: readonly PackedFile[]): FileDifference[] | null {
    try {
      const before = this.#shelf.files(name);
      return compareTrees(before, replacedTree(before, files));
    } catch (error) {
      if (error instanceof PackageRefusedError) return null;
      throw error;
    }
  }

  /** What belongs to the constitution goes only when a person decides so. */
  #checkDecision(name: string, layer: SkillSetLayer, verb: string): void {
    if (layer !== "L0" || this.#decided !== undefined) return;
    throw new KairosError("refused", `L0 SkillSet '${name}' requires human approval to ${verb}`, {
      hint: "A person decides a proposal to disable or remove it",
      data: { requires_approval: true },
    });
  }

  /** Keeps every file of a SkillSet, those that do not count too; returns the object that lists them. */
  #keep(name: string): string {
    const files = this.#shelf.files(name, { hidden: true });
    const ids = this.#store.objects.putAll(files.map(({ bytes }) => bytes));
    const list = JSON.stringify({
      files: Object.fromEntries(files.map(({ path }, at) => [path, ids[at]])),
    });
    return this.#store.objects.put(new TextEncoder().encode(list));
  }
}

/** What is newer is not put back by what is called an upgrade. */
function checkNewer({ name, version: old }: Manifest, { version }: Manifest): void {
  if (compareVersions(parseVersion(old), parseVersion(version)) <= 0) return;
  throw new KairosError("refused", `Cannot upgrade SkillSet '${name}' v${old} to v${version}`, {
    hint: `To go back to it: kairos skillset install ${name} --force`,
  });
}

function pointerOf(block: Block | null): SkillSetChange["block"] {
  return block === null ? null : { index: block.index, hash: block.hash };
}
