/**
 * Applies the rules to sources: a map of path to text in, findings out. Knows no disk.
 *
 * @module
 */

import { type Arrow, findCycles, importArrows, loadedWith } from "./import_graph.ts";
import {
  ARROWS,
  DOOR,
  EFFECTS,
  FREE,
  LAYERED,
  PACKAGES,
  START_UP,
  STATELESS,
  UNASKED,
  WITHOUT_PACKAGES,
} from "./rules.ts";
import { readSource, type SourceFacts } from "./source_facts.ts";

/** One broken rule at one place. */
export interface Finding {
  /** Short name of the rule. */
  readonly rule: string;
  /** File from the root. */
  readonly file: string;
  /** Line, from 1; 0 when the finding is about several files. */
  readonly line: number;
  /** What was found, and what the rule says. */
  readonly text: string;
}

type Check = (files: ReadonlyMap<string, SourceFacts>, arrows: readonly Arrow[]) => Finding[];

/** Every check of the gate by its name. */
export const CHECKS: Readonly<Record<string, Check>> = {
  arrow: checkArrows,
  cycle: checkCycles,
  package: checkPackages,
  start: checkStart,
  effect: checkEffects,
  state: checkState,
  barrel: checkBarrels,
  sight: checkSight,
};

/**
 * Checks sources against all rules. Works under `deno test` only.
 *
 * @param sources Text of each file by its path from the root, with `/`
 * @returns Findings, by file and line; none when all rules hold
 */
export function checkSources(sources: ReadonlyMap<string, string>): Finding[] {
  const files = new Map<string, SourceFacts>();
  for (const [path, source] of sources) files.set(path, readSource(path, source));
  const arrows = importArrows(files);
  return Object.values(CHECKS).flatMap((check) => check(files, arrows))
    .sort((a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line);
}

const within = (path: string, places: readonly string[]): boolean =>
  places.some((place) => place.endsWith("/") ? path.startsWith(place) : path === place);

const matches = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((one) => one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one);

function checkArrows(files: ReadonlyMap<string, SourceFacts>, arrows: readonly Arrow[]): Finding[] {
  const rule = "arrow";
  const findings: Finding[] = [];
  for (const file of files.keys()) {
    if (rowOf(file) === undefined) {
      findings.push({ rule, file, line: 1, text: "lies in no room of the table" });
    }
  }
  for (const { from, to, local, line } of arrows) {
    const row = rowOf(from);
    if (!local || row === undefined) continue;
    if (/\.tsx?$/.test(to) && !files.has(to) && within(to, Object.keys(ARROWS))) {
      findings.push({ rule, file: from, line, text: `imports ${to}, which does not exist` });
    }
    if (!within(to, ARROWS[row]!)) {
      findings.push({ rule, file: from, line, text: `imports ${to}; ${row} may not` });
    }
    if (within(from, UNASKED.places) && within(to, UNASKED.never)) {
      const text = `imports ${to}; what verifies or decides asks nothing derived`;
      findings.push({ rule, file: from, line, text });
    }
  }
  return findings;
}

/** The most specific row of the arrow table for a file. */
function rowOf(file: string): string | undefined {
  return Object.keys(ARROWS).filter((place) => within(file, [place]))
    .sort((a, b) => b.length - a.length)[0];
}

function checkCycles(_: ReadonlyMap<string, SourceFacts>, arrows: readonly Arrow[]): Finding[] {
  const rule = "cycle";
  const local = arrows.filter((arrow) => arrow.local);
  const found = findCycles(local.map(({ from, to }) => [from, to] as const))
    .map((way) => ({ rule, file: way[0]!, line: 0, text: `imports itself: ${way.join(" -> ")}` }));
  const between = local.filter(({ from, to }) => from.startsWith(LAYERED) && to.startsWith(LAYERED))
    .map(({ from, to }) => [roomOf(from), roomOf(to)] as const)
    .filter(([from, to]) => from !== to);
  for (const way of findCycles(between)) {
    const steps = way.slice(1).map((to, at) =>
      local.find((arrow) => roomOf(arrow.from) === way[at] && roomOf(arrow.to) === to)!
    );
    const text = `rooms in a circle: ${way.join(" -> ")} (${
      steps.map(({ from, to }) => `${from} imports ${to}`).join(", ")
    })`;
    found.push({ rule, file: way[0]!, line: 0, text });
  }
  return found;
}

/** A subfolder of the layered room with all below it, or a loose file. */
function roomOf(file: string): string {
  const [first, ...rest] = file.slice(LAYERED.length).split("/");
  return rest.length === 0 ? file : `${LAYERED}${first}/`;
}

function checkPackages(_: ReadonlyMap<string, SourceFacts>, arrows: readonly Arrow[]): Finding[] {
  const rule = "package";
  const findings: Finding[] = [];
  for (const { from, to, local, line } of arrows) {
    if (local || to.startsWith("node:")) continue;
    if (/^[a-z]+:/.test(to)) {
      const text = `imports ${to}; packages go by their name in the import map`;
      findings.push({ rule, file: from, line, text });
      continue;
    }
    const row = PACKAGES.find(({ names }) => matches(to, names));
    if (row !== undefined && !within(from, row.at)) {
      const text = `imports ${to}; only ${row.at.join(", ") || "tests"} may`;
      findings.push({ rule, file: from, line, text });
    }
    if (within(from, WITHOUT_PACKAGES)) {
      const text = `imports ${to}; this place uses built-ins only`;
      findings.push({ rule, file: from, line, text });
    }
  }
  return findings;
}

function checkStart(_: ReadonlyMap<string, SourceFacts>, arrows: readonly Arrow[]): Finding[] {
  return START_UP.flatMap(({ file, without }) =>
    [...loadedWith(file, arrows)]
      .filter(([name]) => matches(name, without))
      .map(([name, from]) => ({
        rule: "start",
        file: from,
        line: arrows.find((arrow) => arrow.from === from && arrow.to === name)?.line ?? 0,
        text: `imports ${name}, so every start of ${file} loads it; import it lazily`,
      }))
  );
}

function checkEffects(files: ReadonlyMap<string, SourceFacts>): Finding[] {
  const rule = "effect";
  const findings: Finding[] = [];
  for (const [file, { imports, uses }] of files) {
    const touched = [
      ...uses.map((use) => ({ ...use, effect: effectOf(use.name) })),
      ...imports.map(({ specifier, line }) => ({
        name: specifier ?? "",
        line,
        effect: EFFECTS.find(({ modules }) => matches(specifier ?? "", modules)),
      })),
    ];
    for (const { name, line, effect } of touched) {
      if (effect === "unknown") {
        findings.push({ rule, file, line, text: `uses ${name}, which no row of the table knows` });
      } else if (effect !== undefined && !within(file, effect.at)) {
        const where = effect.at.length === 0 ? "nowhere" : `only in ${effect.at.join(", ")}`;
        findings.push({
          rule,
          file,
          line,
          text: `uses ${name} (${effect.kind}); ${where} allowed`,
        });
      }
    }
  }
  return findings;
}

/** The effect of a name; types of `Deno` begin with a capital and may be unlisted. */
function effectOf(name: string): (typeof EFFECTS)[number] | "unknown" | undefined {
  if (!name.startsWith("Deno.")) return EFFECTS.find(({ globals }) => globals.includes(name));
  const member = name.slice("Deno.".length);
  const plain = member.replace(/Sync$/, "");
  const effect = EFFECTS.find(({ deno }) => deno.includes(plain));
  if (effect !== undefined || FREE.includes(member)) return effect;
  return /^[A-Z]/.test(member) ? undefined : "unknown";
}

function checkState(files: ReadonlyMap<string, SourceFacts>): Finding[] {
  return [...files].filter(([file]) => within(file, STATELESS)).flatMap(([file, { state }]) =>
    state.map(({ name, line }) => ({
      rule: "state",
      file,
      line,
      text: `keeps state: ${name}; keep it on the object that is passed in`,
    }))
  );
}

function checkBarrels(files: ReadonlyMap<string, SourceFacts>): Finding[] {
  const rule = "barrel";
  const findings: Finding[] = [];
  for (const [file, { barrel, stars }] of files) {
    if (file.split("/").at(-1) === DOOR) continue;
    if (barrel) {
      const text = `only re-exports; a room's one door is its ${DOOR}`;
      findings.push({ rule, file, line: 1, text });
    }
    for (const line of stars) {
      findings.push({ rule, file, line, text: `re-exports everything outside a ${DOOR}` });
    }
  }
  return findings;
}

function checkSight(files: ReadonlyMap<string, SourceFacts>): Finding[] {
  const rule = "sight";
  const findings: Finding[] = [];
  for (const [file, { unseen, imports }] of files) {
    if (unseen[0] !== undefined) {
      const text = `"${unseen[0].name}" cannot be checked; remove the empty statement before it`;
      findings.push({ rule, file, line: unseen[0].line, text });
    }
    for (const { specifier, line } of imports) {
      if (specifier !== null) continue;
      findings.push({ rule, file, line, text: "computes what it imports; name it in the source" });
    }
  }
  return findings;
}
