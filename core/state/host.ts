/**
 * What state commits work with.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import type { Evolution } from "../evolution/evolution.ts";
import type { ContextLayer } from "../layers/contexts.ts";
import type { KnowledgeLayer } from "../layers/knowledge.ts";
import type { Shelf } from "../layers/shelf.ts";
import type { View } from "../layers/view.ts";
import type { Store } from "../store.ts";

/** The instance, as state commits see it. */
export interface StateHost {
  /** Disk, ledger, objects, journal. */
  readonly store: Store;
  /** The files as readers see them. */
  readonly view: () => View;
  /** The settings. */
  readonly config: Config;
  /** L1. */
  readonly knowledge: KnowledgeLayer;
  /** L2. */
  readonly context: ContextLayer;
  /** The entries as they are kept for readers. */
  readonly shelf: Shelf;
  /** The law. */
  readonly evolution: () => Promise<Evolution>;
}
