/**
 * Bringing back what a state commit holds.
 *
 * What is there is committed first, so nothing is lost. Then each entry is changed as a person would
 * change it, with its own record, and the result is committed. Law and constitution come back as proposals
 * only.
 * A restore that was interrupted is finished by doing it again. See `kairos_formats/state.md#restoring`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { asKairosError, KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { KeptFile } from "../layers/kept_files.ts";
import { filesPrint } from "./diff.ts";
import type { ContextItem, FileItem, Layers } from "./manifest.ts";
import type { StateHost } from "./host.ts";
import type { StateCommit, StateCommits, StoredSnapshot } from "./state.ts";

/** One step of a restore. */
export interface RestoreStep {
  /** Where. */
  readonly layer: "L0" | "L1" | "L2";
  /** What is done: `propose` hands it to a person, `leave` does nothing. */
  readonly action: "set" | "delete" | "archive" | "unarchive" | "propose" | "leave";
  /** To what: an entry, `session/context`, a session or a file of L0. */
  readonly name: string;
  /** SHA-256 of the document it gets, or `null`. */
  readonly hash: string | null;
  /** The other files it gets, for `set`; as they are where the commit does not tell. */
  readonly files?: readonly FileItem[];
  /** When the entry counts as archived, for `archive`. */
  readonly archivedAt?: string | null;
  /** Why nothing is done, for `leave`. */
  readonly why?: string;
}

/** What a restore would do. */
export interface RestorePlan {
  /** The commit it goes back to. */
  readonly target: StoredSnapshot;
  /** The steps, in order. */
  readonly steps: readonly RestoreStep[];
}

/** What a restore did. */
export interface Restored {
  /** The commit of what was there before; `null` when it was committed already. */
  readonly before: StateCommit | null;
  /** The commit of the result; `null` when nothing changed. */
  readonly after: StateCommit | null;
  /** The steps that were made. */
  readonly done: readonly RestoreStep[];
  /** Those that were not, and why. */
  readonly failed: readonly { readonly step: RestoreStep; readonly problem: string }[];
  /** The proposals of the law and of the constitution that wait for a person. */
  readonly proposals: readonly string[];
}

/**
 * What a restore would do. Changes nothing.
 *
 * @param host The instance
 * @param state Its commits
 * @param reference As `StateCommits.show` takes it
 * @returns The plan
 * @throws {KairosError} `not_found`, `invalid`, `corrupt`, `refused` for a snapshot of another program
 */
export async function planRestore(
  host: StateHost,
  state: StateCommits,
  reference: string,
): Promise<RestorePlan> {
  const target = state.show(reference);
  if (target.snapshot.version !== 1) {
    throw new KairosError("refused", `Cannot restore ${quote(target.name)}`, {
      hint: "Another program made it; it does not tell what the contexts said",
    });
  }
  const { layers } = await state.present();
  const steps = [
    ...lawSteps(layers, target.snapshot.layers),
    ...knowledgeSteps(layers, target.snapshot.layers),
    ...contextSteps(layers, target.snapshot.layers),
  ];
  return { target, steps: steps.map((step) => checked(host, step)) };
}

/**
 * Brings back what a commit holds.
 *
 * @param host The instance, open for writing
 * @param state Its commits
 * @param reference As `StateCommits.show` takes it
 * @param actor Who asks
 * @returns What was done and what was not
 * @throws {KairosError} those of {@linkcode planRestore} and of a commit
 */
export async function restoreState(
  host: StateHost,
  state: StateCommits,
  reference: string,
  actor: Actor,
): Promise<Restored> {
  const { target } = await planRestore(host, state, reference);
  const short = target.snapshot.snapshot_hash.slice(0, 12);
  const before = await unlessSame(state.commit(`Before the restore of ${short}`, actor));
  // What is restored was decided on what is committed now; the name stays, whatever is pruned.
  const { steps } = await planRestore(host, state, target.name);
  const done: RestoreStep[] = [];
  const failed: { step: RestoreStep; problem: string }[] = [];
  const proposals: string[] = [];
  for (const step of steps) {
    if (step.action === "leave") {
      failed.push({ step, problem: step.why ?? "it is left as it is" });
      continue;
    }
    try {
      if (step.layer === "L0") proposals.push(await propose(host, step, short, actor));
      else await make(host, step, short, actor);
      done.push(step);
    } catch (error) {
      failed.push({ step, problem: asKairosError(error).message });
    }
  }
  const after = await unlessSame(state.commit(`Restore of ${short}`, actor));
  return { before, after, done, failed, proposals };
}

const CONSTITUTION = "skills/kairos.md";

function lawSteps(present: Layers, target: Layers): RestoreStep[] {
  const steps: RestoreStep[] = [];
  const { dsl_file_hash: law, md_file_hash: constitution } = target.L0;
  if (law !== null && law !== present.L0.dsl_file_hash) {
    steps.push({ layer: "L0", action: "propose", name: "skills/kairos.ts", hash: law });
  }
  if (constitution !== present.L0.md_file_hash) {
    steps.push({ layer: "L0", action: "propose", name: CONSTITUTION, hash: constitution });
  }
  return steps;
}

/** An entry as far as it can be brought back. */
interface Bare {
  readonly hash: string | null;
  readonly files?: readonly FileItem[] | undefined;
}

/** Where the commit does not tell of other files, they are no difference and stay. */
function isSameEntry(there: Bare | undefined, wanted: Bare | undefined): boolean {
  if (there === undefined || wanted === undefined) return there === wanted;
  const files = wanted.files === undefined ? undefined : there.files;
  return filesPrint(there.hash, files) === filesPrint(wanted.hash, wanted.files);
}

function withFiles({ files }: Bare): Pick<RestoreStep, "files"> {
  return files === undefined ? {} : { files };
}

/** An entry in use and an archived one may have the same name; only one of them can move at a time. */
function knowledgeSteps(present: Layers, target: Layers): RestoreStep[] {
  const side = ({ L1 }: Layers) => ({
    active: new Map(L1.knowledge.map((item): [string, Bare] => [item.name, item])),
    archived: new Map(L1.archived.map((item) => [item.name, item])),
  });
  const [from, to] = [side(present), side(target)];
  const names = new Set(
    [from, to].flatMap((one) => [...one.active.keys(), ...one.archived.keys()]),
  );
  return [...names].sort().flatMap((name) => {
    const steps: RestoreStep[] = [];
    const add = (
      action: RestoreStep["action"],
      hash: string | null,
      more: Partial<RestoreStep> = {},
    ) => void steps.push({ layer: "L1", action, name, hash, ...more });
    let active = from.active.get(name);
    const wanted = to.archived.get(name);
    const there = from.archived.get(name);
    const isSame = isSameEntry(there, wanted) && there?.archived_at === wanted?.archived_at;
    if (!isSame) {
      if (there !== undefined) {
        if (active !== undefined) add("delete", null);
        add("unarchive", there.hash);
        active = there;
      }
      if (wanted !== undefined) {
        if (!isSameEntry(active, wanted)) add("set", wanted.hash, withFiles(wanted));
        add("archive", wanted.hash, { archivedAt: wanted.archived_at });
        active = undefined;
      }
    }
    const last = to.active.get(name);
    if (last === undefined && active !== undefined) add("delete", null);
    if (last !== undefined && !isSameEntry(active, last)) add("set", last.hash, withFiles(last));
    return steps;
  });
}

function contextSteps(present: Layers, target: Layers): RestoreStep[] {
  const side = ({ L2 }: Layers) =>
    new Map(
      L2.sessions.flatMap(({ id, contexts = [] }) =>
        contexts.map((item): [string, ContextItem] => [`${id}/${item.name}`, item])
      ),
    );
  const [from, to] = [side(present), side(target)];
  const gone = [...from].filter(([name]) => !to.has(name)).map(([name, { files }]): RestoreStep => {
    const step = { layer: "L2", name, hash: null } as const;
    // What is there was committed, and so kept, but for what is too large.
    return files?.every(({ hash }) => hash !== null) === true
      ? { ...step, action: "delete" }
      : { ...step, action: "leave", why: "its other files are not kept anywhere" };
  });
  const set = [...to].filter(([name, item]) => !isSameEntry(from.get(name), item))
    .map(([name, item]): RestoreStep => ({
      layer: "L2",
      action: "set",
      name,
      hash: item.hash,
      ...withFiles(item),
    }));
  return [...gone, ...set];
}

/** A step that cannot be made, because something of it is not kept, is left out. */
function checked({ store: { objects } }: StateHost, step: RestoreStep): RestoreStep {
  const needs = step.action === "set" || step.action === "propose";
  // A constitution there was not goes by a proposal too, and needs no bytes.
  const isGone = step.name === CONSTITUTION && step.layer === "L0" && step.hash === null;
  const hashes = isGone ? [] : [step.hash, ...(step.files ?? []).map(({ hash }) => hash)];
  const isKept = (hash: string | null) => hash !== null && objects.get(hash) !== null;
  if (!needs || hashes.every(isKept)) return step;
  return { ...step, action: "leave", why: "its bytes are not kept here" };
}

/** The other files of a step, all of which are kept. */
function filesOf({ files }: RestoreStep): KeptFile[] | undefined {
  return files?.map(({ path, hash, executable = false }) => ({ path, hash: hash!, executable }));
}

/** The kept text of a step; only text that is what its bytes are can be written again. */
function textOf(host: StateHost, { hash }: RestoreStep): string {
  const bytes = hash === null ? null : host.store.objects.get(hash);
  if (bytes === null) throw new KairosError("not_found", "Its bytes are not kept here");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new KairosError("invalid", "It is no valid Unicode, and stays as it is");
  }
}

async function make(
  host: StateHost,
  step: RestoreStep,
  short: string,
  actor: Actor,
): Promise<void> {
  const { knowledge, context } = host;
  const { layer, action, name } = step;
  const reason = `Restore of ${short}: ${name}`;
  if (layer === "L2") {
    const [session = "", inner = ""] = name.split("/");
    if (action === "delete") return await context.delete(session, inner, actor);
    await context.save({ session, name: inner, content: textOf(host, step) }, actor);
    const files = filesOf(step);
    if (files !== undefined) await context.setFiles(session, inner, files, actor);
    return;
  }
  if (action === "delete") await knowledge.delete(name, actor, reason);
  else if (action === "unarchive") await knowledge.unarchive(name, actor, reason);
  else if (action === "archive") {
    const { archivedAt } = step;
    await knowledge.archive(name, actor, { reason, archivedAt: archivedAt ?? undefined });
  } else {
    await knowledge.set({ name, content: textOf(host, step), files: filesOf(step), reason }, actor);
  }
}

async function propose(
  host: StateHost,
  step: RestoreStep,
  short: string,
  actor: Actor,
): Promise<string> {
  const evolution = await host.evolution();
  const reason = `Restore of ${short}`;
  const { name, hash } = step;
  const text = hash === null ? null : textOf(host, step);
  const { proposal } = name === CONSTITUTION
    ? await evolution.propose(
      { kind: "constitution", subject: name, files: { [name]: text }, reason },
      actor,
    )
    : await evolution.adopt(reason, actor, text ?? "");
  return proposal.id;
}

/** A commit, or `null` when nothing changed. */
async function unlessSame(commit: Promise<StateCommit>): Promise<StateCommit | null> {
  try {
    return await commit;
  } catch (error) {
    const isSame = error instanceof KairosError && error.code === "refused" &&
      typeof error.data?.last_hash === "string";
    if (isSame) return null;
    throw error;
  }
}
