/**
 * What an instance says about itself, for the statements of its law: `law_in_force`, `chain_intact`
 * and the like. See `kairos_formats/definitions.md#bindings`.
 *
 * @module
 */

import type { JsonObject } from "../dsl/ast.ts";
import type { Config } from "../config/config.ts";
import { countEntries } from "../layers/count_entries.ts";
import type { View } from "../layers/view.ts";
import { readMarker } from "../ledger/marker.ts";
import type { Store } from "../store.ts";
import type { Evolution } from "./evolution.ts";
import type { LawInForce } from "./in_force.ts";
import { settingsFields } from "./law_settings.ts";

/** The parts of an instance its facts are taken from. */
export interface FactSource {
  /** The settings. */
  readonly config: Config;
  /** The chain. */
  readonly store: Store;
  /** The files. */
  readonly view: () => View;
  /** The law. */
  readonly evolution: () => Promise<Evolution>;
}

/**
 * Collects the facts. Nothing is verified for it: the ends of files, the names in folders and the outcome
 * of the last verification are looked at.
 *
 * @param instance The instance
 * @param law The law in force, when it is known already
 * @returns Values by where they come from: `law` as it is obeyed, `chain`, `layers`, `config`
 * @throws {KairosError} `io`
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { initInstance } from "../init.ts";
 * import { openInstance } from "../instance.ts";
 * import { lawFacts } from "./facts.ts";
 *
 * const root = `${await Deno.makeTempDir()}/.kairos`;
 * await initInstance(new Disk(), root, { version: "0.1.0", clock: Date.now });
 * const { law } = await lawFacts(await openInstance(root, { mode: "read" }));
 * if (law?.in_force !== true) throw new Error("the first law is in force");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export async function lawFacts(
  instance: FactSource,
  law?: LawInForce,
): Promise<Readonly<Record<string, JsonObject>>> {
  const { config, store } = instance;
  const evolution = await instance.evolution();
  const inForce = law ?? await evolution.inForce();
  const { state, length } = store.ledger.head();
  const isIntact = ["readable", "absent"].includes(state) &&
    readMarker(store.disk, store.root) === null;
  const { knowledge, sessions } = countEntries(instance.view());
  return {
    law: {
      ...settingsFields(inForce.settings),
      in_force: inForce.status === "decided",
      versions: evolution.versions().length,
    },
    chain: { intact: isIntact, length },
    layers: {
      L0: { skills: inForce.law.skills.length },
      L1: { entries: knowledge },
      L2: { sessions },
    },
    config: { ...config },
  };
}
