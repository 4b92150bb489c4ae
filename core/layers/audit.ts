/**
 * Looking over all layers for what deserves a look: age, contradictions, danger. Findings are data and
 * change nothing.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { Pace, type PaceOptions } from "../pace.ts";
import { DANGER_RULES, LAW_RULES, type TextRule, VERSION_RULES } from "./audit_rules.ts";
import type { ContextLayer } from "./contexts.ts";
import type { EntrySummary } from "./entry_folder.ts";
import type { KnowledgeLayer } from "./knowledge.ts";

/** One finding. */
export interface AuditFinding {
  /** What kind it is, in capitals. */
  readonly code: string;
  /** How urgent it is. */
  readonly severity: TextRule["severity"];
  /** `L0`, `L1` or `L2`. */
  readonly layer: AuditLayer;
  /** The skill, entry or session. */
  readonly name: string;
  /** What was found, without the text it was found in. */
  readonly detail: string;
}

/** A layer an audit looks at. */
export type AuditLayer = "L0" | "L1" | "L2";

/** What an audit looks for. */
export type AuditKind = "check" | "stale" | "conflicts" | "dangerous" | "recommend";

/** What is looked over. */
export interface AuditSource {
  /** The skills of the law. */
  readonly skills: readonly { readonly id: string; readonly content: string | null }[];
  /** L1. */
  readonly knowledge: Pick<KnowledgeLayer, "list" | "get">;
  /** L2. */
  readonly context: Pick<ContextLayer, "sessions" | "list">;
}

/** How it is looked over. */
export interface LookOptions extends PaceOptions {
  /** Which layers; all unless given. */
  readonly layers?: readonly AuditLayer[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** Days after which something is worth a look, and after which it may go. */
const AGES = { L1: { look: 180, go: 270 }, L2: { look: 14, go: 28 } } as const;
/** Most of each kind that are recommended. */
const RECOMMENDED = 5;
/** Sessions whose notes are looked at, the newest. */
const SESSIONS = 20;
/** Entries with one tag that are compared with each other. */
const COMPARED = 200;
/** Length of a description that says enough to recommend a note. */
const TELLING = 50;

/**
 * Looks over the layers.
 *
 * @param source What is looked over
 * @param kind What is looked for
 * @param options Layers, time, progress in entries that were read, cancellation
 * @returns The findings, layer by layer
 * @throws {KairosError} `io`; the signal's reason when it is stopped
 *
 * @example
 * ```ts
 * import { lookOver } from "./audit.ts";
 *
 * const skills = [{ id: "old", content: "This is obsolete.\n" }];
 * const nothing = { list: () => [], sessions: () => [], get: () => { throw new Error(); } };
 * const source = { skills, knowledge: nothing, context: nothing };
 * const [found] = await lookOver(source, "check", { now: Date.now() });
 * if (found?.code !== "DEPRECATED") throw new Error("missed");
 * ```
 */
export async function lookOver(
  source: AuditSource,
  kind: AuditKind,
  options: LookOptions,
): Promise<AuditFinding[]> {
  const { layers = ["L0", "L1", "L2"], now } = options;
  const has = (layer: AuditLayer) => layers.includes(layer);
  const entries = has("L1") ? source.knowledge.list() : [];
  const aged = [
    ...entries.map(({ name, modified }) => ({ layer: "L1" as const, name, modified })),
    ...(has("L2") ? source.context.sessions() : [])
      .map(({ id, modified }) => ({ layer: "L2" as const, name: id, modified })),
  ];
  const older = (which: "look" | "go") =>
    aged.filter(({ layer, modified }) => now - modified > AGES[layer][which] * DAY);
  const stale = () => older("look").map((one) => aging("STALE", one, now));
  switch (kind) {
    case "stale":
      return stale();
    case "conflicts":
      return conflicts(entries);
    case "check":
      return [
        ...(has("L0") ? inSkills(source, LAW_RULES) : []),
        ...stale(),
        ...await inEntries(source, entries, VERSION_RULES, options),
      ];
    case "dangerous":
      return [
        ...(has("L0") ? inSkills(source, DANGER_RULES) : []),
        ...await inEntries(source, entries, DANGER_RULES, options),
      ];
    case "recommend": {
      const oldest = older("go").sort((a, b) => a.modified - b.modified);
      const some = (layer: "L1" | "L2") =>
        oldest.filter((one) => one.layer === layer).slice(0, RECOMMENDED);
      return [
        ...(has("L2") ? worthPromoting(source) : []),
        ...some("L1").map((one) => aging("ARCHIVE", one, now)),
        ...some("L2").map((one) => aging("CLEAR", one, now)),
      ];
    }
  }
}

function aging(
  code: string,
  { layer, name, modified }: { layer: "L1" | "L2"; name: string; modified: number },
  now: number,
): AuditFinding {
  const days = Math.floor((now - modified) / DAY);
  return { code, severity: "info", layer, name, detail: `Unchanged for ${days} days` };
}

function inSkills({ skills }: AuditSource, rules: readonly TextRule[]): AuditFinding[] {
  return skills.flatMap(({ id, content }) => inText("L0", id, content ?? "", rules));
}

async function inEntries(
  { knowledge }: AuditSource,
  entries: readonly EntrySummary[],
  rules: readonly TextRule[],
  options: LookOptions,
): Promise<AuditFinding[]> {
  const found: AuditFinding[] = [];
  const pace = new Pace(options);
  for (const { name, problem } of entries) {
    await pace.step();
    if (problem !== null) continue;
    found.push(...inText("L1", name, textOf(knowledge, name), rules));
  }
  return found;
}

/** The text of an entry; one that has gone meanwhile says nothing. */
function textOf(knowledge: AuditSource["knowledge"], name: string): string {
  try {
    return knowledge.get(name).text;
  } catch (error) {
    if (error instanceof KairosError && error.code === "not_found") return "";
    throw error;
  }
}

function inText(
  layer: AuditLayer,
  name: string,
  text: string,
  rules: readonly TextRule[],
): AuditFinding[] {
  return rules.flatMap(({ code, severity, pattern, detail }) => {
    const at = text.search(pattern);
    if (at === -1) return [];
    const line = text.slice(0, at).split("\n").length;
    return [{ code, severity, layer, name, detail: `${detail} (line ${line})` }];
  });
}

/** Entries that share a tag and so much of their names that they may be about the same. */
function conflicts(entries: readonly EntrySummary[]): AuditFinding[] {
  const byTag = new Map<string, EntrySummary[]>();
  for (const entry of entries) {
    for (const tag of new Set(entry.tags)) {
      const group = byTag.get(tag);
      if (group === undefined) byTag.set(tag, [entry]);
      else group.push(entry);
    }
  }
  const pairs = new Map<string, AuditFinding>();
  for (const [tag, group] of byTag) {
    const some = group.slice(0, COMPARED).map(({ name }) => ({ name, words: wordsOf(name) }));
    some.forEach((one, at) => {
      for (const other of some.slice(at + 1)) {
        const shared = [...one.words].filter((word) => other.words.has(word));
        if (shared.length < 2 && !(shared.length === 1 && shared[0]!.length > 5)) continue;
        const key = JSON.stringify([one.name, other.name]);
        const detail = `It shares the tag ${tag} and ${shared.join(", ")} with ${other.name}`;
        const finding = { code: "SIMILAR", severity: "info", layer: "L1", name: one.name, detail };
        if (!pairs.has(key)) pairs.set(key, finding as AuditFinding);
      }
    });
  }
  return [...pairs.values()];
}

function wordsOf(name: string): Set<string> {
  return new Set(name.toLowerCase().split(/[-_ ]+/).filter((word) => word !== ""));
}

function worthPromoting({ context }: AuditSource): AuditFinding[] {
  return context.sessions().slice(0, SESSIONS).flatMap(({ id }) =>
    context.list(id).filter(({ description, problem }) =>
      problem === null && (description ?? "").length > TELLING
    ).map(({ name }): AuditFinding => ({
      code: "PROMOTE",
      severity: "info",
      layer: "L2",
      name: `${id}/${name}`,
      detail: "It says enough about itself to be looked at for L1",
    }))
  ).slice(0, RECOMMENDED);
}
