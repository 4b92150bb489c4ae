/**
 * The law in force beside what else can be read of an instance.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import type { ResourceLayer } from "../../core/layers/resource_uri.ts";
import type { ResourceSource } from "../../core/layers/resource_source.ts";

/**
 * Adds the text of the law in force to what resources are made of. It is read where L0 is asked for
 * alone, since the first look at a law loads what reads it.
 *
 * @param instance The instance
 * @param layer The layer that is asked for, or `all`
 * @returns The instance, as resources want it
 * @throws {KairosError} `io`, or what keeps the expected approvers from being read
 */
export async function withLaw(
  instance: Instance,
  layer: ResourceLayer | "all",
): Promise<Instance & ResourceSource> {
  if (layer !== "l0" && layer !== "all") return instance;
  return { ...instance, lawText: await instance.law.read() };
}

/**
 * The same for lists, which show everything else where the law cannot be read.
 *
 * @param instance The instance
 * @param layer The layer that is asked for; `all` unless given
 * @returns The instance, as resources want it
 */
export async function withLawIfReadable(
  instance: Instance,
  layer: ResourceLayer | "all" = "all",
): Promise<Instance & ResourceSource> {
  try {
    return await withLaw(instance, layer);
  } catch (error) {
    if (error instanceof KairosError) return instance;
    throw error;
  }
}
