/**
 * How each command opens the data directory, and what the process may still do once the command runs:
 * the one table that decides both.
 *
 * The tasks of deno.json grant every kind that stands in it, and a test compares them. They grant it
 * whole, for all paths and hosts: where the data directory and the documents lie, on which address is
 * listened and who is called is known only when the arguments and the settings have been read.
 *
 * @module
 */

import type { CommandPath } from "./contents.ts";
import type { AccessRow } from "./context.ts";

/** Reading remains for every command: the program's own modules are read when they are imported. */
const ITSELF: AccessRow = { opens: "none", keeps: ["read"] };
const READS: AccessRow = { opens: "read", keeps: ["read"] };
const FINDS: AccessRow = { opens: "find", keeps: ["read", "write"] };
const CHANGES: AccessRow = { opens: "write", keeps: ["read", "write"] };
const CALLS_OTHERS: AccessRow = { opens: "write", keeps: ["read", "write", "net"] };
const LISTENS: AccessRow = { opens: "write", keeps: ["read", "write", "net"] };

/** Commands that are allowed more with an option. */
type OptionRow = "serve --http" | "package --sign" | "skillset package --sign";

/** Command to access; a row with an option counts where that option is given. */
export const ACCESS: Readonly<Record<CommandPath | OptionRow | "__complete", AccessRow>> = {
  start: LISTENS,
  init: { opens: "none", keeps: ["read", "write"] },
  serve: { ...CHANGES, meets: true },
  "serve --http": LISTENS,
  status: READS,
  "chain status": READS,
  "chain verify": CHANGES,
  "chain log": FINDS,
  "chain show": FINDS,
  "chain record": CHANGES,
  "chain repair": CHANGES,
  "knowledge list": READS,
  "knowledge search": FINDS,
  "knowledge show": READS,
  "knowledge set": CHANGES,
  "knowledge delete": CHANGES,
  "knowledge archive": CHANGES,
  "knowledge unarchive": CHANGES,
  "knowledge history": FINDS,
  "knowledge diff": READS,
  "knowledge restore": CHANGES,
  history: FINDS,
  blame: FINDS,
  "context list": READS,
  "context show": READS,
  "context save": CHANGES,
  "context delete": CHANGES,
  "skillset list": READS,
  "skillset info": READS,
  "skillset install": CHANGES,
  "skillset upgrade": CHANGES,
  "skillset enable": CHANGES,
  "skillset disable": CHANGES,
  "skillset share": CHANGES,
  "skillset unshare": CHANGES,
  "skillset remove": CHANGES,
  "skillset diff": READS,
  "skillset import": CHANGES,
  "skillset export": CHANGES,
  "skillset key": CHANGES,
  "skillset package": READS,
  "skillset package --sign": CHANGES,
  "skillset install-archive": CHANGES,
  package: READS,
  "package --sign": CHANGES,
  "install-archive": CHANGES,
  verify: CHANGES,
  "state status": READS,
  "state commit": CHANGES,
  "state history": READS,
  "state diff": READS,
  "state restore": CHANGES,
  "objects gc": CHANGES,
  "skills list": READS,
  "skills show": READS,
  "skills verify": READS,
  "skills propose": CHANGES,
  "skills adopt": CHANGES,
  "skills convert": CHANGES,
  "skills versions": READS,
  "skills diff": READS,
  "skills rollback": CHANGES,
  "skills snapshot": CHANGES,
  "proposals list": READS,
  "proposals show": READS,
  "proposals approve": CHANGES,
  "proposals reject": CHANGES,
  "proposals export": READS,
  "proposals apply": CHANGES,
  "approver init": CHANGES,
  "approver show": READS,
  "approver add": CHANGES,
  "approver remove": CHANGES,
  "approver reset": CHANGES,
  "approver passphrase": { opens: "none", keeps: ["read", "write"] },
  "approver recover": { opens: "none", keeps: ["read", "write"] },
  "approver sign": { opens: "none", keeps: ["read"] },
  "approver export-key": { opens: "none", keeps: ["read", "write"] },
  "identity show": CHANGES,
  "identity export": CHANGES,
  meet: CALLS_OTHERS,
  "peers list": READS,
  "peers show": READS,
  "peers trust": CHANGES,
  "peers forget": CHANGES,
  "peers block": CHANGES,
  "peers token": CALLS_OTHERS,
  "protocol list": READS,
  "protocol evaluate": READS,
  "protocol propose": READS,
  "protocol adopt": CHANGES,
  call: { opens: "tool", keeps: ["read", "write"], meets: true },
  doctor: READS,
  completions: ITSELF,
  __complete: ITSELF,
  version: ITSELF,
  help: ITSELF,
};

/**
 * The row that counts for a call.
 *
 * @param path The command
 * @param options Its options as they were understood
 * @returns What it is allowed
 *
 * @example
 * ```ts
 * import { accessOf } from "./access.ts";
 *
 * if (accessOf("serve", { http: false }).keeps.includes("net")) throw new Error("pipes need no net");
 * if (!accessOf("serve", { http: true }).keeps.includes("net")) throw new Error("HTTP does");
 * ```
 */
export function accessOf(
  path: CommandPath,
  options: Readonly<Record<string, unknown>>,
): AccessRow {
  const given = Object.keys(options).filter((name) => options[name] === true);
  const rows: Readonly<Record<string, AccessRow>> = ACCESS;
  const [row] = given.flatMap((name) => rows[`${path} --${name}`] ?? []);
  return row ?? ACCESS[path];
}
