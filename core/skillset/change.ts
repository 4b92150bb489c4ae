/**
 * A change of a SkillSet: what was asked for and what was done.
 *
 * @module
 */

import type { Displaced } from "../disk/mod.ts";
import type { FileDifference } from "./compare.ts";
import type { Giver } from "./giver.ts";
import type { SkillSetLayer } from "./manifest.ts";
import type { KeptSignature } from "./signature.ts";

/** What can happen to a SkillSet. */
export type SkillSetAction =
  | "install"
  | "reinstall"
  | "install_from_archive"
  | "reinstall_from_archive"
  | "upgrade"
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
  /** Files that are not what they were, where another version took the place of an older one. */
  readonly differences: readonly FileDifference[];
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

/** How a package of somebody else is installed. */
export interface ReceiveOptions extends InstallOptions {
  /** The instance it was fetched from; nobody unless given. */
  readonly giver?: Giver | undefined;
}

/** Files that came from somebody else. */
export interface Origin {
  /** Who vouches for them, verified; `null` when nobody does. */
  readonly signature: KeptSignature | null;
  /** The instance they were fetched from; none where they came in another way. */
  readonly giver?: Giver | undefined;
}
