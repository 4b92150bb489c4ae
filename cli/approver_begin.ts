/**
 * Beginning with an approver's own key: for the first set, and for one after a reset.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { setFingerprint } from "../core/evolution/approver_set.ts";
import { comparePins, type Pin } from "../core/evolution/pin.ts";
import { createKeyFile, readKeyFile } from "../core/keys/key_file.ts";
import { OpenKey } from "../core/keys/sealed_key.ts";
import { chosenKeyFile, type KeyChoice } from "./approver_home.ts";
import { unlock } from "./approver_keys.ts";
import type { CliContext } from "./context.ts";
import { textOption } from "./parameters.ts";
import { requireTerminal, sealAnew, showRecoveryCode } from "./secrets.ts";

/** The options that choose a key file. */
export const KEY_OPTIONS = {
  name: textOption("NAME", "Name of the key; the system's user unless given"),
  keyFile: textOption("PATH", "The key file, instead of the one in your settings"),
};

/**
 * Opens the key file a call means, or makes it.
 *
 * @param context Streams, environment, disk
 * @param choice Which key
 * @returns The key, to be closed by the caller
 * @throws {KairosError} `refused` without a terminal or for a wrong passphrase, `invalid`, `io`
 */
export async function ownKey(context: CliContext, choice: KeyChoice): Promise<OpenKey> {
  requireTerminal(context);
  const { disk, io } = context;
  const { name, path } = await chosenKeyFile(context, choice);
  if (disk.statLink(path) !== null) return await unlock(context, readKeyFile(disk, path));
  return await newKey(context, { name, path, say: io.stderr.write.bind(io.stderr) });
}

/**
 * Makes a key file.
 *
 * @param context Streams and disk
 * @param made Name of the key, path of its file, and where its place is told
 * @returns The key, to be closed by the caller
 * @throws {KairosError} `exists`, `refused`, `invalid`, `io`
 */
async function newKey(
  context: CliContext,
  { name, path, say }: {
    readonly name: string;
    readonly path: string;
    readonly say: (text: string) => void;
  },
): Promise<OpenKey> {
  const key = OpenKey.generate(name);
  try {
    say(`A new approver key, kept in ${path}\n`);
    const { sealed, code } = await sealAnew(context, key);
    createKeyFile(context.disk, path, sealed);
    showRecoveryCode(context, code);
    return key;
  } catch (error) {
    key[Symbol.dispose]();
    throw error;
  }
}

/**
 * Refuses approvers that somebody said outside are not to be.
 *
 * @param pins What was said
 * @param key The only key of the set that is about to be
 * @throws {KairosError} `refused`
 */
export function checkPinned(pins: readonly Pin[], key: OpenKey): void {
  const fingerprint = setFingerprint({ keys: [key], required: 1 });
  if (comparePins(pins, fingerprint) !== "differs") return;
  const sources = pins.map(({ source }) => source).join(" and ");
  throw new KairosError("refused", `Cannot begin: ${sources} asks for other approvers`, {
    hint: `Set it to ${fingerprint} first, if that is what you want`,
  });
}
