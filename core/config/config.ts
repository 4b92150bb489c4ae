/**
 * The settings of an instance, `skills/config.yml`.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { readSettings } from "./read_settings.ts";
import { type Config, SETTINGS } from "./settings.ts";
import { isMap, readYamlFile } from "./yaml_file.ts";

export type { Config } from "./settings.ts";

/** The settings file, relative to the data directory. */
export const CONFIG_FILE = "skills/config.yml";

/**
 * The settings of an instance that has no settings file.
 *
 * @returns Every key of `SETTINGS` with its default
 */
export function defaultConfig(): Config {
  return readSettings(SETTINGS, null, CONFIG_FILE);
}

/**
 * Reads the settings. A missing file, a missing key and a key without a value mean the default;
 * unknown keys are left alone; everything else has to be right, so that no typing error goes unseen.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns Every key of `SETTINGS` with its value
 * @throws {KairosError} `invalid`, naming file, key and place, what was found and what is expected;
 *   `too_large` for a file beyond 256 KiB
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { loadConfig } from "./config.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/skills`);
 * Deno.writeTextFileSync(`${root}/skills/config.yml`, "http:\n  port: 9000\n");
 * const config = loadConfig(new Disk(), root);
 * if (config["http.port"] !== 9000 || config["http.host"] !== "127.0.0.1") throw new Error();
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function loadConfig(disk: Disk, root: string): Config {
  const file = readYamlFile(disk, root, CONFIG_FILE, { prepare: withoutDoubled });
  return readSettings(SETTINGS, file, CONFIG_FILE);
}

/**
 * The keys of a group that mean nothing here, a typing error among them.
 *
 * @param disk The disk
 * @param root The data directory
 * @param group The group, such as `approval`
 * @returns Dotted keys, in the order they stand in
 * @throws {KairosError} As {@linkcode loadConfig} does
 */
export function unknownSettings(disk: Disk, root: string, group: string): string[] {
  const file = readYamlFile(disk, root, CONFIG_FILE, { prepare: withoutDoubled });
  const fields = file?.fields[group] ?? null;
  return isMap(fields)
    ? Object.keys(fields).map((key) => `${group}.${key}`).filter((key) =>
      !Object.hasOwn(SETTINGS, key)
    )
    : [];
}

/**
 * Blanks a list that the template of the existing implementation holds twice, and that is none of our
 * settings. Any other key that stands twice is refused.
 */
function withoutDoubled(text: string): string {
  return text.replace(
    /^kairos_meta_skills:.*\r?\n(?:(?:[ \t#-].*)?\r?\n)*/gm,
    (block) => block.replace(/[^\r\n]/g, " "),
  );
}
