/**
 * The SkillSets of an instance: looked at, installed, brought into use, packed, removed. See
 * `kairos_formats/skillsets.md#installed`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { Config } from "../config/config.ts";
import { KairosError } from "../errors.ts";
import { SigningKey } from "../keys/signing_key.ts";
import type { View } from "../layers/view.ts";
import type { Store } from "../store.ts";
import { ByteBudget } from "./byte_budget.ts";
import type { InstallOptions, ReceiveOptions, SkillSetChange } from "./change.ts";
import type { Decoder } from "./decoder.ts";
import type { Package } from "./envelope_write.ts";
import type { UnpackedFile } from "./unpack.ts";
import { type PackageLimits, packageLimits } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { judgeTravel, openPackage, packFiles } from "./package.ts";
import { PackageRefusedError } from "./refusal.ts";
import { type Review, review } from "./review.ts";
import {
  judgeSigner,
  type KeptSignature,
  policyOf,
  reportSignature,
  type SignatureReport,
  signerOf,
} from "./signature.ts";
import { Shelf, type SkillSet } from "./shelf.ts";
import { bundledFiles } from "./bundled.ts";
import type { PackedFile } from "./tar_write.ts";
import { treeHash } from "./tree.ts";
import { Turns } from "./turns.ts";
import { type Upgrade, upgradeOf } from "./upgrade.ts";
import { SkillSetWriter } from "./writer.ts";

/** What the SkillSets need of the instance around them. */
export interface SkillSetHost {
  /** Disk, ledger, objects, journal. */
  readonly store: Store;
  /** The files as readers see them. */
  readonly view: () => View;
  /** The settings. */
  readonly config: Config;
  /** Reads what ships with kairos; its own templates unless given. */
  readonly bundled?: ((name: string) => Promise<readonly PackedFile[]>) | undefined;
}

/** A SkillSet with its files. */
export interface SkillSetDetails extends SkillSet {
  /** Its content hash, or `null` when its files cannot be read. */
  readonly contentHash: string | null;
  /** What to look at before it comes into use; `null` for a broken one. */
  readonly review: Review | null;
  /** Who vouched for it when it came, and for what; `null` for nobody. */
  readonly signature: SignatureReport | null;
}

/** A package that was installed. */
export interface InstalledPackage extends SkillSetChange {
  /** What to look at before it comes into use. */
  readonly review: Review;
  /** Who vouches for it; `null` when nobody does. */
  readonly signature: SignatureReport | null;
}

/** How a package is opened. */
export interface OpenOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Who sent it, where the budget of an hour counts; the bytes of the envelope and of every file that
   * comes out are taken from it, also for a package that is refused.
   */
  readonly payer?: string | undefined;
  /** A decoder that was begun before; it is used up. */
  readonly decoder?: Decoder | undefined;
}

/** A package that was opened and of which nothing was kept. */
export interface UnpackedPackage {
  /** Its files. */
  readonly files: readonly PackedFile[];
  /** Its manifest. */
  readonly manifest: Manifest;
  /** Who vouches for it, verified; `null` when nobody does. */
  readonly signature: KeptSignature | null;
}

/** Most packages that wait to be opened; each is in memory meanwhile. */
const MAX_WAITING = 8;

/** The SkillSets of one instance. */
export class SkillSets {
  /** How much a SkillSet may be, by the settings. */
  readonly limits: PackageLimits;
  readonly #host: SkillSetHost;
  readonly #turns = new Turns(MAX_WAITING);
  readonly #budget: ByteBudget;

  /** @param host Store, files, settings */
  constructor(host: SkillSetHost) {
    this.#host = host;
    this.limits = packageLimits(host.config);
    this.#budget = new ByteBudget(host.config["exchange.bytes_per_hour"], host.store.clock);
  }

  /**
   * All SkillSets, sorted by name; a broken one with its problem.
   *
   * @returns The SkillSets
   */
  list(): SkillSet[] {
    return this.#shelf().list();
  }

  /**
   * One SkillSet with its files, also a broken one.
   *
   * @param name Its name
   * @returns What is known of it
   * @throws {KairosError} `not_found`, `invalid` for a name that is none
   */
  info(name: string): SkillSetDetails {
    const shelf = this.#shelf();
    const found = shelf.get(name);
    const { manifest } = found;
    const signed = (contentHash: string | null) =>
      this.#report(shelf.state.of(name).signature ?? null, { name, contentHash });
    const none = { contentHash: null, review: null, signature: signed(null) };
    if (manifest === null) return { ...found, ...none };
    try {
      const files = shelf.files(name);
      const contentHash = treeHash(files);
      const signature = signed(contentHash);
      return { ...found, contentHash, review: review(files, manifest), signature };
    } catch (error) {
      const problem = found.problem ?? (error instanceof Error ? error.message : String(error));
      return { ...found, ...none, problem };
    }
  }

  /**
   * The files of a SkillSet.
   *
   * @param name Its name
   * @returns Its files that count, in byte order
   * @throws {KairosError} `not_found`
   * @throws {PackageRefusedError} For links and for more than the limits allow
   */
  files(name: string): readonly PackedFile[] {
    const shelf = this.#shelf();
    return shelf.files(shelf.get(name).name);
  }

  /**
   * Packs a SkillSet.
   *
   * @param name Its name
   * @param options `sign`: with the key of this instance; by the settings unless given
   * @returns The package, for `writeEnvelope`
   * @throws {KairosError} `not_found`, also without a key, `invalid` for a broken one
   * @throws {PackageRefusedError} For a file that may not travel
   */
  package(
    name: string,
    { sign = this.#host.config["exchange.sign"] }: { readonly sign?: boolean } = {},
  ): Package {
    const shelf = this.#shelf();
    const { layer } = shelf.whole(name);
    const { clock, disk, root } = this.#host.store;
    const options = { layer, clock, limits: this.limits, sign: sign ? signerOf(disk, root) : null };
    return packFiles(shelf.files(name), options);
  }

  /**
   * The public part of the key with which this instance signs; the key is made when there is none.
   *
   * @returns Fingerprint and public key
   * @throws {KairosError} `refused` where nothing may be written or others may use the file, `locked`
   */
  async signingKey(): Promise<{ readonly id: string; readonly public_key: string }> {
    const { store } = this.#host;
    const { disk, root } = store;
    if (!SigningKey.exists(disk, root)) {
      return await store.locked(() => {
        using key = SigningKey.exists(disk, root)
          ? SigningKey.open(disk, root)
          : SigningKey.make(disk, root);
        return key.toJSON();
      });
    }
    using key = SigningKey.open(disk, root);
    return key.toJSON();
  }

  /**
   * Installs a SkillSet of the user's own.
   *
   * @param files Its files that count
   * @param actor Who acts
   * @param options Layer, force
   * @returns What was done
   * @throws {KairosError} `exists`, `invalid`, `refused`, `locked`, `corrupt`, `io`
   */
  install(
    files: readonly PackedFile[],
    actor: Actor,
    options: InstallOptions = {},
  ): Promise<SkillSetChange> {
    return this.#change(actor, (writer) => writer.install(files, null, options));
  }

  /**
   * Installs a package from outside: unpacked where there is no permission, judged, not above L2 and not
   * in use unless that is said.
   *
   * @param bytes The envelope
   * @param actor Who acts
   * @param options Layer, force, enable, giver; signal, decoder
   * @returns What was done, and what to look at
   * @throws {PackageRefusedError} For the first thing that is wrong with it; nothing is left then
   * @throws {KairosError} `exists`, `refused`, `locked`, `corrupt`, `io`
   */
  async installPackage(
    bytes: Uint8Array,
    actor: Actor,
    options: ReceiveOptions & OpenOptions = {},
  ): Promise<InstalledPackage> {
    return await this.receive(await this.open(bytes, options), actor, options);
  }

  /**
   * Installs what came from somebody else and was judged: not above L2 and not in use unless that is said.
   *
   * @param opened Its files, its manifest, who vouches for it
   * @param actor Who acts
   * @param options Layer, force, enable, giver
   * @returns What was done, and what to look at
   * @throws {PackageRefusedError} When the settings ask for another signature
   * @throws {KairosError} `exists`, `refused`, `locked`, `corrupt`, `io`
   */
  async receive(
    { files, manifest, signature }: UnpackedPackage,
    actor: Actor,
    options: ReceiveOptions = {},
  ): Promise<InstalledPackage> {
    judgeSigner(signature, policyOf(this.#host.config));
    const origin = { signature, giver: options.giver };
    const change = await this.#change(actor, (writer) => writer.install(files, origin, options));
    return {
      ...change,
      review: review(files, manifest),
      signature: this.#report(signature, change),
    };
  }

  /**
   * Opens a package and keeps nothing of it. One is opened at a time, and a few may wait.
   *
   * @param bytes The envelope
   * @param options Who pays, what ends it, what decodes
   * @returns Its files, its manifest, who vouches for it
   * @throws {PackageRefusedError} For the first thing that is wrong with it
   * @throws {KairosError} `busy` when too many wait, or the payer's budget is used up
   */
  async open(
    bytes: Uint8Array,
    { signal, payer, decoder }: OpenOptions = {},
  ): Promise<UnpackedPackage> {
    const pay = (count: number) => {
      if (payer !== undefined) this.#budget.spend(payer, count);
    };
    pay(bytes.length);
    using _turn = await this.#turns.take(signal);
    const files: UnpackedFile[] = [];
    const onFile = (file: UnpackedFile) => {
      pay(file.bytes.length);
      files.push(file);
    };
    const options = { limits: this.limits, onFile, signal, decoder };
    const { manifest, signature } = await openPackage(bytes, options);
    return { files, manifest, signature };
  }

  /**
   * What the versions that ship with kairos would change. A version that is older than the installed
   * one changes nothing.
   *
   * @param name The only SkillSet to look at; all that can be read unless given
   * @returns Those that would change
   * @throws {KairosError} `not_found` for a name that is not installed or does not ship, `invalid` for
   *   a broken one
   */
  async upgrades(name?: string): Promise<Upgrade[]> {
    const shelf = this.#shelf();
    if (name !== undefined) {
      const { manifest } = shelf.whole(name);
      const files = await this.#bundled(name);
      if (files.length === 0) throw notBundled(name);
      return upgradeOf(manifest, shelf.files(name), files);
    }
    const found: Upgrade[] = [];
    for (const { name, manifest } of shelf.list()) {
      const files = manifest === null ? [] : await this.#bundled(name);
      if (manifest === null || files.length === 0) continue;
      try {
        found.push(...upgradeOf(manifest, shelf.files(name), files));
      } catch (error) {
        // One that is broken is in nobody's way; by its name its problem is told.
        if (!(error instanceof PackageRefusedError)) throw error;
      }
    }
    return found;
  }

  /**
   * Puts the version that ships with kairos over a SkillSet. What it does not hold stays, and so does
   * everything in `config/`.
   *
   * @param name Its name
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `not_found` when it is not installed or does not ship, `invalid`, `locked`,
   *   `corrupt`, `io`; `refused` when the installed version is newer
   */
  async upgrade(name: string, actor: Actor): Promise<SkillSetChange> {
    const files = await this.#bundled(this.#shelf().whole(name).name);
    if (files.length === 0) throw notBundled(name);
    return await this.#change(actor, (writer) => writer.upgrade(files));
  }

  /**
   * Brings a SkillSet into use.
   *
   * @param name Its name
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `not_found`, `refused` when something it needs is missing
   */
  enable(name: string, actor: Actor): Promise<SkillSetChange> {
    return this.#change(actor, (writer) => writer.switch(name, true));
  }

  /**
   * Takes a SkillSet out of use.
   *
   * @param name Its name
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `not_found`, `refused` for L0 and for what others need
   */
  disable(name: string, actor: Actor): Promise<SkillSetChange> {
    return this.#change(actor, (writer) => writer.switch(name, false));
  }

  /**
   * Offers a SkillSet to other instances.
   *
   * @param name Its name
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `not_found`; `refused` for one that may not travel
   */
  async share(name: string, actor: Actor): Promise<SkillSetChange> {
    judgeTravel(this.files(name), this.limits);
    return await this.#change(actor, (writer) => writer.share(name, true));
  }

  /**
   * Stops offering a SkillSet to other instances.
   *
   * @param name Its name
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `not_found`
   */
  unshare(name: string, actor: Actor): Promise<SkillSetChange> {
    return this.#change(actor, (writer) => writer.share(name, false));
  }

  /**
   * Removes a SkillSet; its files stay as objects.
   *
   * @param name Its name
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `not_found`, `refused` for L0 and for what others need
   */
  remove(name: string, actor: Actor): Promise<SkillSetChange> {
    return this.#change(actor, (writer) => writer.remove(name));
  }

  async #bundled(name: string): Promise<readonly PackedFile[]> {
    return await (this.#host.bundled ?? bundledFiles)(name);
  }

  #report(
    signature: KeptSignature | null,
    present: { readonly name: string; readonly contentHash: string | null },
  ): SignatureReport | null {
    if (signature === null) return null;
    return reportSignature(signature, present, this.#host.config["exchange.trusted_keys"]);
  }

  #shelf(): Shelf {
    return new Shelf(this.#host.view(), this.limits);
  }

  #change(
    actor: Actor,
    change: (writer: SkillSetWriter) => SkillSetChange,
  ): Promise<SkillSetChange> {
    const { store, view } = this.#host;
    return store.exclusive(() => change(new SkillSetWriter(store, view(), this.limits, actor)));
  }
}

function notBundled(name: string): KairosError {
  return new KairosError("not_found", `Cannot upgrade SkillSet '${name}': it does not ship`, {
    hint: `Install another version of it: kairos skillset install PATH --force`,
  });
}
