/**
 * Bringing back what a state commit holds.
 *
 * What is there is committed first, so nothing is lost. Then each entry is changed as a person would
 * change it, with its own record, and the result is committed. The law comes back as a proposal only.
 * A restore that was interrupted is finished by doing it again. See `kairos_formats/state.md#restoring`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { asKairosError, KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { ContextItem, Layers } from "./manifest.ts";
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
  /** The proposal of the law, or `null`. */
  readonly proposal: string | null;
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
    ...contextSteps(host, layers, target.snapshot.layers),
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
  let proposal: string | null = null;
  for (const step of steps) {
    if (step.action === "leave") {
      failed.push({ step, problem: step.why ?? "it is left as it is" });
      continue;
    }
    try {
      if (step.layer === "L0") proposal = await propose(host, step, short, actor);
      else await make(host, step, short, actor);
      done.push(step);
    } catch (error) {
      failed.push({ step, problem: asKairosError(error).message });
    }
  }
  const after = await unlessSame(state.commit(`Restore of ${short}`, actor));
  return { before, after, done, failed, proposal };
}

function lawSteps(present: Layers, target: Layers): RestoreStep[] {
  const steps: RestoreStep[] = [];
  const { dsl_file_hash: law, md_file_hash: constitution } = target.L0;
  if (law !== null && law !== present.L0.dsl_file_hash) {
    steps.push({ layer: "L0", action: "propose", name: "skills/kairos.ts", hash: law });
  }
  if (constitution !== present.L0.md_file_hash) {
    const name = "skills/kairos.md";
    const why = "the constitution is changed by hand only";
    steps.push({ layer: "L0", action: "leave", name, hash: constitution, why });
  }
  return steps;
}

/** An entry in use and an archived one may have the same name; only one of them can move at a time. */
function knowledgeSteps(present: Layers, target: Layers): RestoreStep[] {
  const side = ({ L1 }: Layers) => ({
    active: new Map(L1.knowledge.map(({ name, hash }) => [name, hash])),
    archived: new Map(L1.archived.map((item) => [item.name, item])),
  });
  const [from, to] = [side(present), side(target)];
  const names = new Set(
    [from, to].flatMap((one) => [...one.active.keys(), ...one.archived.keys()]),
  );
  return [...names].sort().flatMap((name) => {
    const steps: RestoreStep[] = [];
    const add = (action: RestoreStep["action"], hash: string | null, at?: string | null) => {
      const more = at === undefined ? {} : { archivedAt: at };
      steps.push({ layer: "L1", action, name, hash, ...more });
    };
    let active = from.active.get(name);
    const wanted = to.archived.get(name);
    const there = from.archived.get(name);
    const isSame = there?.hash === wanted?.hash && there?.archived_at === wanted?.archived_at;
    if (!isSame) {
      if (there !== undefined) {
        if (active !== undefined) add("delete", null);
        add("unarchive", there.hash);
        active = there.hash;
      }
      if (wanted !== undefined) {
        if (active !== wanted.hash) add("set", wanted.hash);
        add("archive", wanted.hash, wanted.archived_at);
        active = undefined;
      }
    }
    const last = to.active.get(name);
    if (last === undefined && active !== undefined) add("delete", null);
    if (last !== undefined && last !== active) add("set", last);
    return steps;
  });
}

function contextSteps(host: StateHost, present: Layers, target: Layers): RestoreStep[] {
  const side = ({ L2 }: Layers) =>
    new Map(
      L2.sessions.flatMap(({ id, contexts = [] }) =>
        contexts.map((item): [string, ContextItem] => [`${id}/${item.name}`, item])
      ),
    );
  const [from, to] = [side(present), side(target)];
  const gone = [...from].filter(([name]) => !to.has(name)).map(([name]): RestoreStep => {
    const [session = "", context = ""] = name.split("/");
    const { files } = host.context.get(session, context);
    const step = { layer: "L2", name, hash: null } as const;
    return files.length === 0
      ? { ...step, action: "delete" }
      : { ...step, action: "leave", why: "its other files are not kept anywhere" };
  });
  const set = [...to].filter(([name, { hash }]) => from.get(name)?.hash !== hash)
    .map(([name, { hash }]): RestoreStep => ({ layer: "L2", action: "set", name, hash }));
  return [...gone, ...set];
}

/** A step that cannot be made, because the document is not kept, is left out. */
function checked(host: StateHost, step: RestoreStep): RestoreStep {
  const needs = step.action === "set" || step.action === "propose";
  if (!needs || step.hash !== null && host.store.objects.get(step.hash) !== null) return step;
  return { ...step, action: "leave", why: "its bytes are not kept here" };
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
    if (action === "delete") await context.delete(session, inner, actor);
    else await context.save({ session, name: inner, content: textOf(host, step) }, actor);
    return;
  }
  if (action === "delete") await knowledge.delete(name, actor, reason);
  else if (action === "unarchive") await knowledge.unarchive(name, actor, reason);
  else if (action === "archive") {
    const { archivedAt } = step;
    await knowledge.archive(name, actor, { reason, archivedAt: archivedAt ?? undefined });
  } else await knowledge.set({ name, content: textOf(host, step), reason }, actor);
}

async function propose(
  host: StateHost,
  step: RestoreStep,
  short: string,
  actor: Actor,
): Promise<string> {
  const evolution = await host.evolution();
  const source = textOf(host, step);
  return (await evolution.adopt(`Restore of ${short}`, actor, source)).proposal.id;
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
