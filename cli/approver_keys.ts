/**
 * Opening the keys of approvers: the files at hand, a passphrase for each.
 *
 * @module
 */

import { resolve } from "node:path";
import { KairosError } from "../core/errors.ts";
import type { ApproverSet } from "../core/evolution/approver_set.ts";
import { listKeyFiles, readKeyFile } from "../core/keys/key_file.ts";
import { wipe } from "../core/keys/passphrase.ts";
import { OpenKey, openSealedKey, type SealedKey } from "../core/keys/sealed_key.ts";
import { quote } from "../core/text.ts";
import { keyFolder } from "./approver_home.ts";
import type { CliContext } from "./context.ts";
import { askPassphrase, requireTerminal } from "./secrets.ts";

/** Whose keys are wanted. */
export interface WantedKeys extends Pick<ApproverSet, "keys" | "required"> {
  /** How many are enough to go on, where the others sign elsewhere; `required` unless given. */
  readonly least?: number;
}

/**
 * Does something with as many open keys of a set as it requires; they are wiped afterwards.
 *
 * @param context Streams, environment, disk
 * @param set The keys that may sign, and how many of them are wanted
 * @param keyFiles Key files to use; those in the person's own folder unless given
 * @param use Signs; gets `required` keys, or fewer where fewer are enough
 * @returns What `use` returns
 * @throws {KairosError} `refused` when too few key files are at hand, without a terminal, or for a wrong
 *   passphrase
 */
export async function withApproverKeys<T>(
  context: CliContext,
  set: WantedKeys,
  keyFiles: readonly string[] | undefined,
  use: (keys: readonly OpenKey[]) => T | Promise<T>,
): Promise<T> {
  requireTerminal(context);
  const files = keysAtHand(context, set, keyFiles);
  const keys: OpenKey[] = [];
  try {
    for (const sealed of files) keys.push(await unlock(context, sealed));
    return await use(keys);
  } finally {
    for (const key of keys) key[Symbol.dispose]();
  }
}

/**
 * Opens a key with the passphrase, which is asked for.
 *
 * @param context Streams
 * @param sealed The key
 * @returns The key, to be closed by the caller
 * @throws {KairosError} `refused` for a wrong passphrase, or without a terminal
 */
export async function unlock(context: CliContext, sealed: SealedKey): Promise<OpenKey> {
  const passphrase = await askPassphrase(context, `Passphrase of ${sealed.name} (${sealed.id})`);
  try {
    return await openSealedKey(sealed, "passphrase", passphrase);
  } finally {
    wipe(passphrase);
  }
}

function keysAtHand(
  { disk, io }: CliContext,
  { keys, required, least = required }: WantedKeys,
  keyFiles: readonly string[] | undefined,
): SealedKey[] {
  const folder = keyFolder({ io });
  const found = keyFiles?.map((path) => readKeyFile(disk, resolve(io.cwd, path)));
  const listed = found === undefined && folder !== null ? listKeyFiles(disk, folder) : [];
  const candidates = found ?? listed.flatMap(({ key }) => key ?? []);
  const fitting = keys.flatMap(({ id }) => candidates.find((one) => one.id === id) ?? []);
  if (fitting.length >= least) return fitting.slice(0, required);
  const [problem] = listed.flatMap(({ path, problem }) =>
    problem === null ? [] : [`${quote(path)} cannot be used: ${problem}`]
  );
  throw new KairosError(
    "refused",
    `Cannot sign: ${fitting.length} of the ${required} keys that must sign are at hand`,
    { hint: problem ?? "Name the key files with --key-file, once for each" },
  );
}
