/**
 * The layer a SkillSet is governed by, as options name it.
 *
 * @module
 */

import type { SkillSetLayer } from "../core/skillset/manifest.ts";
import type { Layer } from "./parameters.ts";

const GOVERNING: Readonly<Record<Layer, SkillSetLayer>> = { l0: "L0", l1: "L1", l2: "L2" };

/**
 * The layer as manifests write it.
 *
 * @param layer The option, or nothing
 * @returns `L0`, `L1`, `L2`, or nothing
 */
export function governing(layer: Layer | undefined): SkillSetLayer | undefined {
  return layer === undefined ? undefined : GOVERNING[layer];
}
