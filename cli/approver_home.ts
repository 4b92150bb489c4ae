/**
 * What a person keeps outside every instance: approver keys and the pin, in the folder of their
 * settings. See `kairos_formats/approvers.md#where-it-is-kept`.
 *
 * @module
 */

import { resolve } from "node:path";
import { readYamlFile } from "../core/config/yaml_file.ts";
import type { Disk } from "../core/disk/mod.ts";
import { KairosError } from "../core/errors.ts";
import { parsePin, type Pin } from "../core/evolution/pin.ts";
import { quote } from "../core/text.ts";
import type { Io } from "./io.ts";

/** What a person's settings are looked up with. */
export interface Surroundings {
  /** Environment and place. */
  readonly io: Io;
  /** The file system. */
  readonly disk: Disk;
}

/** Which key file is meant. */
export interface KeyChoice {
  /** Name of the key; that of the system's user unless given. */
  readonly name: string | undefined;
  /** Path of the key file, instead of the usual one. */
  readonly keyFile: string | undefined;
}

const FILE_NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_. -]{0,62}[\p{L}\p{N}_])?$/u;

/**
 * The folder of this person's approver keys.
 *
 * @param context Environment
 * @returns Its path, or `null` when the environment names no home
 */
export function keyFolder(context: Pick<Surroundings, "io">): string | null {
  const home = configHome(context);
  return home === null ? null : `${home}/approvers`;
}

/**
 * The key file a call means.
 *
 * @param context Environment and place
 * @param choice What the call names
 * @returns Name of the key and path of its file
 * @throws {KairosError} `usage` for a name that cannot be one of a file, `not_found` without a home
 */
export async function chosenKeyFile(
  context: Pick<Surroundings, "io">,
  { name: named, keyFile }: KeyChoice,
): Promise<{ readonly name: string; readonly path: string }> {
  const name = named ?? await context.io.user();
  if (!FILE_NAME.test(name)) {
    throw new KairosError("usage", `Cannot name a key ${quote(name)}`, {
      hint: "Name it with --name: letters, digits, dots, dashes and blanks",
    });
  }
  if (keyFile !== undefined) return { name, path: resolve(context.io.cwd, keyFile) };
  const folder = keyFolder(context);
  if (folder !== null) return { name, path: `${folder}/${name}.json` };
  throw new KairosError("not_found", "Cannot tell where keys are kept: HOME is not set", {
    hint: "Name the key file with --key-file",
  });
}

/**
 * What was said outside the instance about its approvers.
 *
 * @param context Environment and disk
 * @returns A pin for each place that says something
 * @throws {KairosError} `invalid` for a pin that cannot be read, which must not be passed over
 */
export function readPins({ io, disk }: Surroundings): Pin[] {
  const pins: Pin[] = [];
  const said = io.env("KAIROS_APPROVER");
  if (said !== undefined && said !== "") pins.push(parsePin("KAIROS_APPROVER", said));
  const home = configHome({ io });
  const value = home === null ? undefined : readYamlFile(disk, home, "config.yml")?.fields.approver;
  if (value !== undefined) pins.push(parsePin(`${home}/config.yml`, value));
  return pins;
}

/** The folder of this person's settings for kairos; a relative one does not count. */
function configHome({ io }: Pick<Surroundings, "io">): string | null {
  const absolute = (path: string | undefined) => path?.startsWith("/") ? path : undefined;
  const home = absolute(io.env("HOME"));
  const config = absolute(io.env("XDG_CONFIG_HOME")) ?? (home && `${home}/.config`);
  return config === undefined ? null : `${config}/kairos`;
}
