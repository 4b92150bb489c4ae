/**
 * Changes of SkillSets as proposals: what they are bound to, what is checked, what a person is shown, and
 * how a decided one is made. See `kairos_formats/skillsets.md#decisions`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import {
  boundFiles,
  type BoundSkillSet,
  boundSkillSet,
  encodeBound,
  parseBound,
} from "../skillset/bound.ts";
import { contentHash } from "../skillset/content_hash.ts";
import { packageLimits } from "../skillset/limits.ts";
import { PackageRefusedError } from "../skillset/refusal.ts";
import { Shelf } from "../skillset/shelf.ts";
import { SKILLSETS } from "../layers/entry_place.ts";
import type { PackedFile } from "../skillset/tar_write.ts";
import { hashesOf, treeManifest } from "../skillset/tree.ts";
import { type DecidedCommit, SkillSetWriter } from "../skillset/writer.ts";
import type { Origin } from "../skillset/change.ts";
import { judgeSigner, policyOf, reportSignature } from "../skillset/signature.ts";
import type { ChangeRequest, PreparedChange } from "./change.ts";
import { describeKeptSkillSet } from "./describe_skillset.ts";
import type { EvolutionHost } from "./host.ts";
import { KINDS, type SkillSetVerb } from "./kinds.ts";
import { type CheckResult, filesHash, type Proposal } from "./proposal.ts";

/** What somebody sent. */
interface SentSkillSet extends Origin {
  /** Its files. */
  readonly files: readonly PackedFile[];
}

/** What each kind makes of a SkillSet, and how. */
const VERBS: Readonly<
  Record<SkillSetVerb, {
    /** What it will be; `null`: gone. */
    readonly after: (before: BoundSkillSet | null, sent: SentSkillSet) => BoundSkillSet | null;
    /** Makes it so. */
    readonly make: (writer: SkillSetWriter, name: string, sent: SentSkillSet) => void;
  }>
> = {
  install: {
    after: (_, { files, signature }) => {
      const state = { layer: "L2", enabled: false, shared: false } as const;
      return { files: hashesOf(files), ...state, signature };
    },
    make: (writer, _, { files, signature }) =>
      void writer.install(files, { signature }, { layer: "L2" }),
  },
  enable: {
    after: (before) => before && { ...before, enabled: true },
    make: (writer, name) => void writer.switch(name, true),
  },
  disable: {
    after: (before) => before && { ...before, enabled: false },
    make: (writer, name) => void writer.switch(name, false),
  },
  remove: { after: () => null, make: (writer, name) => void writer.remove(name) },
};

/**
 * Works out what a request would make of a SkillSet.
 *
 * @param host The instance
 * @param request What is asked for; for `skillset_install` with the files of a package, judged already
 * @returns The SkillSet before and after
 * @throws {KairosError} `not_found`, `exists` for a name that is installed, `invalid` when it is so already
 */
export function prepareSkillSet(host: EvolutionHost, request: ChangeRequest): PreparedChange {
  const { kind, package: files, signature = null } = request;
  const verb = KINDS[kind].skillset;
  if (verb === null) throw new KairosError("internal", `${kind} is no change of a SkillSet`);
  const isInstall = verb === "install";
  if (isInstall !== (files !== undefined) || (!isInstall && request.subject === undefined)) {
    throw new KairosError("usage", `Cannot propose ${kind} without its SkillSet`);
  }
  const shelf = shelfOf(host);
  const name = files === undefined ? request.subject! : treeManifest(files).name;
  const path = `${SKILLSETS}/${name}`;
  const isThere = host.view().statLink(path) !== null;
  if (isInstall && isThere) {
    throw new KairosError("exists", `SkillSet '${name}' already installed at ${path}`, {
      hint: "A person can replace it: kairos install-archive FILE --force",
    });
  }
  const before = isInstall ? null : boundSkillSet(shelf, name);
  const shown = files ?? shelf.files(name);
  const after = VERBS[verb].after(before, { files: shown, signature });
  const contents = new Map(shown.map(({ bytes }) => [sha256(bytes), bytes]));
  const [base, next] = [before, after].map((bound) => {
    if (bound === null) return null;
    const bytes = encodeBound(bound);
    contents.set(sha256(bytes), bytes);
    return sha256(bytes);
  }) as [string | null, string | null];
  const changed = [{ path, base, new: next }];
  const [baseHash, newHash] = [filesHash(changed, "base"), filesHash(changed, "new")];
  if (baseHash === newHash) {
    throw new KairosError("invalid", `Cannot propose that: SkillSet '${name}' is so already`);
  }
  const diff = describeKeptSkillSet(verb, changed[0]!, (object) => contents.get(object) ?? null);
  if (typeof diff === "string") throw new KairosError("internal", `Cannot propose that: ${diff}`);
  return { subject: name, files: changed, contents, baseHash, newHash, after: null, diff };
}

/**
 * The hash of a SkillSet as it is now, as a proposal has it.
 *
 * @param host The instance
 * @param name Its name
 * @returns 64 hexadecimal digits, or `null` when it is not installed
 * @throws {KairosError} `invalid` for a broken one
 */
export function skillSetHash(host: EvolutionHost, name: string): string | null {
  if (host.view().statLink(`${SKILLSETS}/${name}`) === null) return null;
  return sha256(encodeBound(boundSkillSet(shelfOf(host), name)));
}

/**
 * Checks of a change of a SkillSet, against what is installed now.
 *
 * @param host The instance
 * @param verb What would be done
 * @param name The SkillSet
 * @param listed What it will be, as the decision has it; `null` when that is gone
 * @returns What was found
 */
export function skillSetChecks(
  host: EvolutionHost,
  verb: SkillSetVerb,
  name: string,
  listed: Uint8Array | null,
): CheckResult[] {
  const shelf = shelfOf(host);
  if (verb === "enable") {
    return [tried("What it needs is there", () => {
      shelf.checkDependencies(shelf.whole(name).manifest);
    })];
  }
  if (verb === "install") return [signerCheck(host, name, listed)];
  return [tried("Nothing in use needs it", () => shelf.checkDependents(name))];
}

/**
 * Makes a decided change of a SkillSet. Needs the write lock.
 *
 * @param host The instance
 * @param proposal What was decided
 * @param actor Who asks for it
 * @param commit Brings it about together with the decision's record
 * @throws {KairosError} `corrupt` when its files are not kept; those of the change
 */
export function changeSkillSet(
  host: EvolutionHost,
  { kind, subject, files: [file] }: Proposal,
  actor: Actor,
  commit: DecidedCommit,
): void {
  const { store, view, config } = host;
  const verb = KINDS[kind].skillset;
  if (verb === null || file === undefined) {
    throw new KairosError("internal", `${kind} is no change of a SkillSet`);
  }
  const sent = verb === "install" ? keptPackage(host, file.new) : { files: [], signature: null };
  const writer = new SkillSetWriter(store, view(), packageLimits(config), actor, commit);
  VERBS[verb].make(writer, subject, sent);
}

/** What a person decided about, from the objects. */
function keptPackage({ store }: EvolutionHost, hash: string | null): SentSkillSet {
  const listed = hash === null ? null : store.objects.get(hash);
  const bound = listed === null ? null : parseBound(listed);
  const missing = (what: string) =>
    new KairosError("corrupt", `Cannot apply the proposal: ${what} is not kept here`);
  if (bound === null) throw missing("the list of its files");
  const files = boundFiles(bound, (object) => store.objects.get(object));
  if (typeof files === "string") throw missing(JSON.stringify(files));
  return { files, signature: bound.signature };
}

/** The settings may have become stricter since it was proposed. */
function signerCheck(
  { config }: EvolutionHost,
  name: string,
  listed: Uint8Array | null,
): CheckResult {
  const bound = listed === null ? null : parseBound(listed);
  const { signature, files } = bound ?? { signature: null, files: [] };
  const report = signature === null
    ? null
    : reportSignature(signature, { name, contentHash: contentHash(files) }, []);
  const check = tried("Signed as the settings ask", () => {
    if (report !== null && report.verdict !== "valid") {
      throw new PackageRefusedError("bad_signature");
    }
    judgeSigner(signature, policyOf(config));
  });
  if (check.verdict === "failed") return check;
  return { ...check, detail: report === null ? "Not signed" : `Signed by ${report.id}` };
}

function shelfOf({ view, config }: EvolutionHost): Shelf {
  return new Shelf(view(), packageLimits(config));
}

function tried(name: string, check: () => void): CheckResult {
  try {
    check();
    return { name, verdict: "passed", detail: "" };
  } catch (error) {
    if (!(error instanceof KairosError) || error.code !== "refused") throw error;
    return { name, verdict: "failed", detail: error.message };
  }
}
