/**
 * The instance a package was fetched from, as `skillsets/config.yml` keeps it:
 *
 * ```yaml
 * received_from: { peer: 0123456789abcdef, key: SHA-256, proof: proven }
 * ```
 *
 * See `kairos_formats/skillsets.md#installed`.
 *
 * @module
 */

import { isMap } from "../config/yaml_file.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";

/** Who gave a package. It vouches for nothing in it: that is what a signature is for. */
export interface Giver {
  /** The id it goes by. */
  readonly peer: string;
  /** SHA-256 of its public key as DER, hexadecimal. */
  readonly key: string;
  /** Whether it proved that the key is its own when it was met. */
  readonly proof: "proven" | "none";
}

/**
 * A giver as it is kept.
 *
 * @param giver The giver, or `null`
 * @returns Its fields; nothing for nobody
 */
export function giverFields(giver: Giver | null): YamlMap | undefined {
  return giver === null ? undefined : { peer: giver.peer, key: giver.key, proof: giver.proof };
}

/**
 * Reads a giver. People may have changed it, so that nothing is decided by it.
 *
 * @param value What is kept
 * @returns The giver, or `null` when nothing of the kind is there
 *
 * @example
 * ```ts
 * import { giverFields, readGiver } from "./giver.ts";
 *
 * const ada = { peer: "ada", key: "0".repeat(64), proof: "proven" } as const;
 * if (readGiver(giverFields(ada))?.peer !== "ada" || readGiver("ada") !== null) throw new Error();
 * ```
 */
export function readGiver(value: YamlValue | undefined): Giver | null {
  if (value === undefined || !isMap(value)) return null;
  const text = (name: string) => {
    const field = Object.hasOwn(value, name) ? value[name] : "";
    return typeof field === "string" ? field : "";
  };
  const proof = text("proof") === "proven" ? "proven" : "none";
  return { peer: text("peer"), key: text("key"), proof };
}
