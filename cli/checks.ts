/**
 * What `kairos doctor` looks at, one function for each check.
 *
 * @module
 */

import { CONFIG_FILE, loadConfig, unknownSettings } from "../core/config/config.ts";
import { loadSafety } from "../core/config/safety.ts";
import { type Disk, IntentLog } from "../core/disk/mod.ts";
import type { ErrorPlaces } from "../core/error_places.ts";
import { asKairosError, KairosError } from "../core/errors.ts";
import { loadApprovers } from "../core/evolution/approvers.ts";
import type { Pin } from "../core/evolution/pin.ts";
import type { Instance } from "../core/instance.ts";
import type { EntrySummary } from "../core/layers/entry_folder.ts";
import { readMarker } from "../core/ledger/marker.ts";
import { quote } from "../core/text.ts";
import { driftedEntries } from "../server/mcp/correspondence.ts";
import { instructionsMode, modePath } from "../server/mcp/instructions.ts";
import { commitsLine, commitsView } from "./commits_view.ts";
import { driftLine, foreignLine, lawLine, type LawView, lawView } from "./law_view.ts";
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
  /** Where in a source it is, if it is in one. */
  readonly places?: ErrorPlaces;
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
    readable("settings", CONFIG_FILE, () => loadConfig(disk, root)),
    ...checkApprovalSettings(disk, root),
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
    ...await checkDrift(instance, knowledge.list()),
    ...checkEntries("context", contexts, "kairos context list SESSION"),
    ...await checkSkills(instance),
    checkInstructions(instance),
    await checkCommits(instance),
  ];
}

function checkInstructions(instance: Instance): CheckResult {
  const mode = instructionsMode(instance);
  const path = modePath(mode);
  if (path === null || instance.view().stat(path)?.kind === "file") {
    return ok("instructions", `agents get those of mode ${quote(mode)}`);
  }
  return warn(
    "instructions",
    `agents get none of mode ${quote(mode)}: ${path} is missing`,
    `Write ${path}, or choose another instructions_mode in skills/config.yml`,
  );
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
 * Checks the law in force, and holds it against the whole chain as `kairos verify` does.
 *
 * @param instance The instance, open for reading
 * @returns What was found
 */
export async function checkLaw(instance: Instance): Promise<CheckResult[]> {
  let view: LawView;
  let found: CheckResult[];
  try {
    const evolution = await instance.evolution();
    const law = await evolution.inForce();
    view = await lawView(instance, law);
    found = [
      ...await lawFindings(instance, view),
      ...fewApprovers(law.settings.required, evolution.approvers().set?.keys.length ?? null),
    ];
  } catch (thrown) {
    const { message, hint } = asKairosError(thrown, "Cannot look for the law");
    return [fail("law", message, hint ?? "kairos chain verify")];
  }
  const edited = driftLine(view);
  const foreign = foreignLine(view);
  const adopt = "`kairos skills adopt` proposes it; `kairos skills show` has what is in force";
  return [
    ...lawState(view),
    ...found,
    ...edited === null ? [] : [{ ...warn("law", edited, adopt), ...placesOf(view) }],
    ...foreign === null ? [] : [note("law", foreign)],
    ...view.allows_asserted
      ? [warn("law", "what an agent reports counts as a decision", "kairos approver init")]
      : [],
  ];
}

/** What the chain says else than what is served; nothing can be said of a chain that cannot be read. */
async function lawFindings(instance: Instance, { problems }: LawView): Promise<CheckResult[]> {
  if (instance.store.ledger.head().state !== "readable") return [];
  const { auditLawPatiently } = await import("../server/patient_audit.ts");
  const { findings, findingCount } = await auditLawPatiently(instance);
  const more = findingCount - findings.length;
  return [
    ...findings.filter(({ message }) => !problems.includes(message)).map(({ block, message }) =>
      block === null ? message : `block ${block}: ${message}`
    ),
    ...more > 0 ? [`${counted(more, "more finding")}`] : [],
  ].map((found) => fail("law", found, "kairos verify"));
}

/** A law that asks for more signatures than there are keys would keep everybody out. */
function fewApprovers(required: number, keys: number | null): CheckResult[] {
  if (keys === null || keys >= required) return [];
  const are = `there ${keys === 1 ? "is" : "are"} ${counted(keys, "approver")}: all have to sign`;
  return [
    warn("approvers", `${required} signatures are asked for and ${are}`, "kairos approver add"),
  ];
}

function placesOf({ drift }: LawView): Pick<CheckResult, "places"> {
  return drift?.places ? { places: drift.places } : {};
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

/** Other programs have keys of their own in the file; of this group a typing error must not go unseen. */
function checkApprovalSettings(disk: Disk, root: string): CheckResult[] {
  try {
    return unknownSettings(disk, root, "approval").map((key) =>
      warn("settings", `${CONFIG_FILE} says ${quote(key)}, which means nothing`, "Correct the key")
    );
  } catch (error) {
    // The check of the file itself tells why it cannot be read.
    if (error instanceof KairosError) return [];
    throw error;
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

/** Editing a file is fine; that no record has it is worth knowing. An archived one is out of use. */
async function checkDrift(
  { records }: Instance,
  entries: readonly EntrySummary[],
): Promise<CheckResult[]> {
  const readable = entries.filter(({ problem }) => problem === null);
  return (await driftedEntries(records, readable)).map(({ name }) =>
    note("knowledge", `${quote(name)} was edited since its last record; no record has it as it is`)
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

function note(name: string, found: string): CheckResult {
  return { name, status: "note", found, fix: null };
}

function warn(name: string, found: string, fix: string): CheckResult {
  return { name, status: "warn", found, fix };
}

function fail(name: string, found: string, fix: string): CheckResult {
  return { name, status: "fail", found, fix };
}
