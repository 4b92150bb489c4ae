/**
 * What `kairos doctor` looks at, one function for each check.
 *
 * @module
 */

import { loadConfig } from "../core/config/config.ts";
import { loadSafety } from "../core/config/safety.ts";
import { type Disk, IntentLog } from "../core/disk/mod.ts";
import { asKairosError } from "../core/errors.ts";
import { loadApprovers } from "../core/evolution/approvers.ts";
import type { Pin } from "../core/evolution/pin.ts";
import type { Instance } from "../core/instance.ts";
import type { EntrySummary } from "../core/layers/entry_folder.ts";
import { readMarker } from "../core/ledger/marker.ts";
import { quote } from "../core/text.ts";
import { commitsLine, commitsView } from "./commits_view.ts";
import { driftLine, lawLine, type LawView, lawView } from "./law_view.ts";
import { counted } from "./render/text.ts";

/** What a check found. */
export interface CheckResult {
  /** What was looked at. */
  readonly name: string;
  /** `note` is worth knowing, `warn` worth a look, `fail` keeps something from working. */
  readonly status: "ok" | "note" | "warn" | "fail";
  /** What was found, one sentence without a trailing period. */
  readonly found: string;
  /** What to do about it, or `null`. */
  readonly fix: string | null;
}

/** Oldest version of Deno that is tested. */
const DENO = [2, 9] as const;

/** Folders of bytes that are for the owner only. */
const OWNED = ["storage/objects", "storage/intents", "storage/keys", "keys"] as const;

/**
 * Checks what does not need an opened instance.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns What was found
 */
export function checkFiles(disk: Disk, root: string): CheckResult[] {
  return [
    checkDeno(),
    readable("settings", "skills/config.yml", () => loadConfig(disk, root)),
    readable("safety rules", "config/safety.yml", () => loadSafety(disk, root)),
    ...OWNED.flatMap((folder) => checkOwned(disk, root, folder)),
    disk.stat(`${root}/.gitignore`) === null
      ? warn("git", "there is no .gitignore: keys and locks could be committed", "kairos init")
      : ok("git", "a .gitignore keeps keys and locks out"),
  ];
}

/**
 * Checks what is in an instance.
 *
 * @param instance The instance, open for reading
 * @returns What was found
 */
export async function checkInstance(instance: Instance): Promise<CheckResult[]> {
  const { knowledge, context } = instance;
  const entries = [...knowledge.list(), ...knowledge.list({ archived: true })];
  const contexts = context.sessions().flatMap(({ id }) => context.list(id));
  return [
    checkChain(instance),
    checkMarker(instance),
    checkPending(instance),
    ...checkEntries("knowledge", entries, "kairos knowledge show NAME"),
    ...checkEntries("context", contexts, "kairos context list SESSION"),
    ...await checkSkills(instance),
    await checkCommits(instance),
  ];
}

async function checkCommits(instance: Instance): Promise<CheckResult> {
  const view = await commitsView(instance);
  const found = commitsLine(view);
  return view.enabled && view.problem !== null
    ? warn("state commits", found, "kairos state commit REASON")
    : ok("state commits", found);
}

/**
 * Checks who decides about the law.
 *
 * @param instance The instance, open for reading
 * @param pins Reads what was said outside about the approvers
 * @returns What was found
 */
export function checkApprovers({ store }: Instance, pins: () => readonly Pin[]): CheckResult {
  const look = "kairos approver show";
  try {
    const { fingerprint, unproven, pin, problem } = loadApprovers(store, pins());
    if (problem !== null) return fail("approvers", problem, look);
    if (fingerprint === null) return ok("approvers", "none: decisions are not signed");
    const found = `${fingerprint}${pin === "matches" ? ", as pinned" : ""}`;
    if (unproven.length === 0) return ok("approvers", found);
    const epochs = `${unproven.length === 1 ? "epoch" : "epochs"} ${unproven.join(", ")}`;
    return warn("approvers", `${found}; ${epochs} began without the approvers before`, look);
  } catch (thrown) {
    const { message, hint } = asKairosError(thrown, "Cannot look for the approvers");
    return fail("approvers", message, hint ?? look);
  }
}

/**
 * Checks the law in force.
 *
 * @param instance The instance, open for reading
 * @returns What was found
 */
export async function checkLaw(instance: Instance): Promise<CheckResult[]> {
  let view: LawView;
  try {
    view = await lawView(instance);
  } catch (thrown) {
    const { message, hint } = asKairosError(thrown, "Cannot look for the law");
    return [fail("law", message, hint ?? "kairos chain verify")];
  }
  const edited = driftLine(view);
  const adopt = "`kairos skills adopt` proposes it; `kairos skills show` has what is in force";
  return [
    ...lawState(view),
    ...edited === null ? [] : [warn("law", edited, adopt)],
    ...view.allows_asserted
      ? [warn("law", "what an agent reports counts as a decision", "kairos approver init")]
      : [],
  ];
}

function lawState(view: LawView): CheckResult[] {
  const { status, problems } = view;
  if (status === "decided") return [ok("law", lawLine(view))];
  if (status === "last_proven") {
    return problems.map((problem) => fail("law", problem, "kairos chain verify"));
  }
  if (status === "ruby") return [warn("law", lawLine(view), "kairos skills convert")];
  return [warn("law", problems.join("; "), "kairos init")];
}

function checkDeno(): CheckResult {
  const found = Deno.version.deno;
  const [major = 0, minor = 0] = found.split(".").map(Number);
  return major > DENO[0] || (major === DENO[0] && minor >= DENO[1])
    ? ok("Deno", `version ${found}`)
    : warn("Deno", `version ${found} is older than ${DENO.join(".")}`, "deno upgrade");
}

function readable(name: string, file: string, load: () => unknown): CheckResult {
  try {
    load();
    return ok(name, `${file} is in order`);
  } catch (thrown) {
    const { message, hint } = asKairosError(thrown, `Cannot read ${file}`);
    return fail(name, message, hint ?? `Correct ${file}`);
  }
}

function checkOwned(disk: Disk, root: string, folder: string): CheckResult[] {
  const facts = disk.stat(`${root}/${folder}`);
  if (facts?.kind !== "folder" || Deno.build.os === "windows") return [];
  return [
    (facts.mode & 0o077) === 0
      ? ok(folder, "for its owner only")
      : warn(folder, "others may read it", `chmod 700 ${quote(`${root}/${folder}`)}`),
  ];
}

function checkChain({ store }: Instance): CheckResult {
  const { state, length, problem } = store.ledger.head();
  if (state === "absent") return ok("chain", "none yet: it begins with the first record");
  if (state !== "readable") {
    return fail("chain", `${state}: ${problem}`, "kairos chain repair --dry-run");
  }
  return store.ledger.isTorn()
    ? warn("chain", "an append was interrupted", "Nothing: the next change undoes it")
    : ok("chain", `${counted(length, "block")}; the end is in order`);
}

function checkMarker({ store }: Instance): CheckResult {
  const marker = readMarker(store.disk, store.root);
  return marker === null
    ? ok("verification", "none has failed; a whole one is `kairos chain verify`")
    : fail("verification", `one failed at ${marker.at}`, "kairos chain repair --dry-run");
}

function checkPending({ store }: Instance): CheckResult {
  const { length } = new IntentLog(store.disk, store.root).pending();
  return length === 0 ? ok("changes", "none was left halfway") : warn(
    "changes",
    `${counted(length, "change")} left halfway`,
    "Nothing: the next change ends it",
  );
}

function checkEntries(
  name: string,
  entries: readonly EntrySummary[],
  look: string,
): CheckResult[] {
  const broken = entries.filter(({ problem }) => problem !== null);
  if (broken.length === 0) return [ok(name, `${counted(entries.length, "entry", "entries")}`)];
  return broken.map((entry) =>
    warn(name, `${quote(entry.name)}: ${entry.problem?.message}`, `Correct it; see ${look}`)
  );
}

/** An entry that clients cannot use as a skill can still be read in every other way. */
async function checkSkills(instance: Instance): Promise<CheckResult[]> {
  const catalog = await instance.skills();
  const skipped = catalog.skipped();
  if (skipped.length === 0) {
    return [ok("skills", "every knowledge entry is served as one to clients that ask for skills")];
  }
  // Nothing is wrong with them: skills of other programs have narrower names than entries.
  return skipped.map(({ entry, reason }) => ({
    name: "skills",
    status: "note",
    found: `${quote(entry)} is not served as one: ${reason}`,
    fix: null,
  }));
}

function ok(name: string, found: string): CheckResult {
  return { name, status: "ok", found, fix: null };
}

function warn(name: string, found: string, fix: string): CheckResult {
  return { name, status: "warn", found, fix };
}

function fail(name: string, found: string, fix: string): CheckResult {
  return { name, status: "fail", found, fix };
}
