/**
 * What the parts of evolution work with.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import type { Law } from "../dsl/ast.ts";
import { KairosError } from "../errors.ts";
import type { View } from "../layers/view.ts";
import { firstBlock } from "../ledger/block_at.ts";
import type { ExchangeConfig } from "../skillset/limits.ts";
import type { SigningConfig } from "../skillset/signature.ts";
import type { Store } from "../store.ts";
import type { LawWalk } from "./law_walk.ts";
import type { ParsedLaws } from "./parsed_laws.ts";
import type { Pin } from "./pin.ts";
import type { TighteningConfig } from "./law_settings.ts";

/** Reads a law of the existing implementation, without running anything of it. */
export type RubyReader = (
  source: string,
  options: { readonly file: string },
) => Promise<{ readonly law: Law }>;

/** The instance, as evolution sees it. */
export interface EvolutionHost {
  /** Disk, ledger, objects and the one way to change something. */
  readonly store: Store;
  /** The files as readers see them. */
  readonly view: () => View;
  /** The laws that were read before. */
  readonly laws: ParsedLaws;
  /** What the whole chain says about the law. */
  readonly walk: LawWalk;
  /** What tightens the law, what limits packages, whether knowledge may change. */
  readonly config:
    & TighteningConfig
    & ExchangeConfig
    & SigningConfig
    & Pick<Config, "layers.L1.enabled">;
  /** Which approvers are expected, said outside the instance. */
  readonly pins?: readonly Pin[];
  /** Where a text comes from that an entry holds: `local` unless somebody else gave it. */
  readonly originOfText?: (text: string) => string;
  /** Reads `skills/kairos.rb`, where that is built in. */
  readonly ruby?: RubyReader;
}

/**
 * What tells this instance from all others in a signature: the hash of the first block behind the
 * genesis block, which is the same everywhere. See `kairos_formats/evolution.md#decisions`.
 *
 * @param store The store
 * @returns 64 hexadecimal digits
 * @throws {KairosError} `not_found` while the chain has no such block
 */
export function instanceId(store: Store): string {
  const block = firstBlock(store);
  if (block !== null) return block.hash;
  throw new KairosError("not_found", "Cannot tell this instance from others: its chain is empty", {
    hint: "Make its law with `kairos init`",
  });
}
