/**
 * Yes and no as people write them in YAML.
 *
 * @module
 */

import type { YamlValue } from "./yaml.ts";

/**
 * Reads a field as a yes or no, as documents written for YAML 1.1 meant it.
 *
 * @param value The field as `parseYaml` gives it
 * @returns The boolean; also for the texts yes, no, on and off in any case. Null for everything
 * else, the quoted text `"true"` among it, which peers take for text too
 *
 * @example
 * ```ts
 * import { asBoolean } from "./yaml_boolean.ts";
 *
 * if (asBoolean("Off") !== false || asBoolean("true") !== null) throw new Error("misread");
 * ```
 */
export function asBoolean(value: YamlValue | undefined): boolean | null {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return null;
  if (/^(?:yes|on)$/i.test(value)) return true;
  return /^(?:no|off)$/i.test(value) ? false : null;
}
