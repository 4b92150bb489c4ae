/**
 * What a program can check of a proposed change before a person sees it, and again before it is made.
 *
 * Laws are compared as data, skill by skill and field by field, never as text. The order and the names
 * follow the existing implementation. See `kairos_formats/evolution.md#checks`.
 *
 * @module
 */

import { type Law, type Skill, SKILL_FIELDS } from "../dsl/ast.ts";
import { canonicalJson, skillAsJson } from "../dsl/canonical.ts";
import { quote } from "../text.ts";
import { type KindName, KINDS } from "./kinds.ts";
import { FALLBACK, GOVERNANCE, type LawSettings, lawSettings } from "./law_settings.ts";
import type { CheckResult } from "./proposal.ts";

/** What every change is judged by. */
export interface ChangeFacts {
  /** What kind of change it is. */
  readonly kind: KindName;
  /** What it is about. */
  readonly subject: string;
  /** Why. */
  readonly reason: string;
  /** Where the content comes from. */
  readonly origin: string;
  /** What the law in force and the configuration ask. */
  readonly settings: LawSettings;
  /** Changes of the same principal in the last 24 hours, without this one. */
  readonly recent: number;
  /** Whether what is there now is kept, so that one can go back. */
  readonly canGoBack: boolean;
}

/** A change of the law as data. */
export interface LawChange {
  /** The law in force. */
  readonly before: Law;
  /** The proposed law, or the message why it cannot be read. */
  readonly after: Law | string;
}

/** A skill that differs between two laws. */
export interface SkillChange {
  /** Its id. */
  readonly id: string;
  /** As it is, or `undefined` when it is new. */
  readonly before: Skill | undefined;
  /** As it would be, or `undefined` when it goes. */
  readonly after: Skill | undefined;
  /** Fields that differ. */
  readonly fields: readonly string[];
}

/** What no program can tell; see the existing implementation's check list. */
const FOR_PEOPLE = [
  ["Traceable to L0 rule", "Which rule of the law asks for this change"],
  ["No external dependencies", "Whether it works without anything outside this instance"],
  ["LLM-independent semantics", "Whether it means the same whoever reads it"],
] as const;

/**
 * The skills in which two laws differ, in the order of their ids.
 *
 * @param before One law
 * @param after The other
 * @returns Each skill that is new, gone or different
 */
export function skillChanges(before: Law, after: Law): SkillChange[] {
  const old = new Map(before.skills.map((skill) => [skill.id, skill]));
  const now = new Map(after.skills.map((skill) => [skill.id, skill]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((id) => {
    const change = { id, before: old.get(id), after: now.get(id) };
    const fields = SKILL_FIELDS.filter((field) =>
      fieldText(change.before, field) !== fieldText(change.after, field)
    );
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
}

/**
 * Checks a change of the law.
 *
 * @param facts What it is judged by
 * @param change The law before and after
 * @returns The outcome of every check, in order
 *
 * @example
 * ```ts
 * import { emptySkill } from "../dsl/ast.ts";
 * import { checkLawChange } from "./checks.ts";
 * import { FALLBACK } from "./law_settings.ts";
 *
 * const before = { skills: [emptySkill("core_safety")] };
 * const after = { skills: [{ ...emptySkill("core_safety"), title: "None" }] };
 * const facts = { kind: "skill", subject: "core_safety", reason: "r", origin: "local" } as const;
 * const context = { settings: FALLBACK, recent: 0, canGoBack: true };
 * const failed = checkLawChange({ ...facts, ...context }, { before, after })
 *   .filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
 * if (!failed.includes("Skill not immutable")) throw new Error("it let safety go");
 * ```
 */
export function checkLawChange(facts: ChangeFacts, change: LawChange): CheckResult[] {
  const { before, after } = change;
  const isSource = typeof after !== "string";
  const changes = isSource ? skillChanges(before, after) : [];
  const { settings, kind, subject } = facts;
  const outside = changes.filter(({ id, after }) =>
    after !== undefined && !settings.allowedSkills.includes(id)
  );
  const immutable = changes.filter(({ id, before }) =>
    before !== undefined && settings.immutableSkills.includes(id)
  );
  const denied = changes.flatMap((one) => deniedFields(one).map((field) => `${one.id}.${field}`));
  const others = changes.filter(({ id }) => id !== subject).map(({ id }) => id);
  const byHand = (name: string, found: readonly string[], what: string) =>
    check(name, found.length === 0, `${what}: ${shown(found)}`, KINDS[kind].byHand);
  return [
    byHand("Skill in allowed_skills", outside.map(({ id }) => id), "Not allowed in this layer"),
    // The way to change one leads over the list itself: a change of its own, decided before.
    check(
      "Skill not immutable",
      immutable.length === 0,
      `Immutable, until the law in force no longer says so: ${
        shown(immutable.map(({ id }) => id))
      }`,
    ),
    sourceCheck(change, changes),
    byHand("Evolve rules permit change", denied, "Not open to change"),
    ...(KINDS[kind].oneSkill
      ? [
        check(
          "Only the named skill changes",
          others.length === 0,
          `Beside ${quote(subject)} it touches ${shown(others)}`,
        ),
      ]
      : []),
    ...commonChecks(facts, change),
  ];
}

/**
 * Checks a change of other files.
 *
 * @param facts What it is judged by
 * @returns The outcome of every check, in order
 */
export function checkFileChange(facts: ChangeFacts): CheckResult[] {
  const own = ONLY_BY_HAND.includes(facts.kind)
    ? [{ name: "Decided by hand", verdict: "person", detail: "The constitution changes" } as const]
    : [];
  return [...commonChecks(facts, null), ...own];
}

/** Kinds no client is believed about, whatever the law says: a terminal or a key decides. */
const ONLY_BY_HAND: readonly KindName[] = ["constitution"];

/**
 * Checks a change of what is no part of the law, so that it may come from elsewhere.
 *
 * @param facts What it is judged by
 * @param found What was found about the thing itself
 * @returns The outcome of every check, in order
 */
export function checkForeignChange(
  { reason, canGoBack }: ChangeFacts,
  found: readonly CheckResult[],
): CheckResult[] {
  return [...keepingChecks(canGoBack, reason), ...found];
}

/**
 * Whether one of the rules was passed over by hand, so that a person at the terminal or an approver's
 * key has to stand for it.
 *
 * @param checks Outcomes
 * @returns `true` when a check that programs decide was left to a person
 */
export function needsStrongDecision(checks: readonly CheckResult[]): boolean {
  const open: readonly string[] = FOR_PEOPLE.map(([name]) => name);
  return checks.some(({ name, verdict }) => verdict === "person" && !open.includes(name));
}

function fieldText(skill: Skill | undefined, field: typeof SKILL_FIELDS[number]): string {
  return canonicalJson(skill === undefined ? null : skillAsJson(skill)[field] ?? null);
}

function commonChecks(facts: ChangeFacts, change: LawChange | null): CheckResult[] {
  const { kind, settings, recent, canGoBack, reason, origin } = facts;
  const { isEvolution, changesLaw } = KINDS[kind];
  const most = settings.evolutionsPerSession;
  return [
    check(
      "Evolution enabled",
      !isEvolution || settings.evolutionEnabled,
      "The law or the configuration switches evolution off",
    ),
    check(
      "Within session limit",
      !isEvolution || recent < most,
      `${recent} changes in the last 24 hours, at most ${most}`,
    ),
    ...keepingChecks(canGoBack, reason),
    check("Content from this instance", origin === "local", `It comes from ${quote(origin)}`),
    ...(changesLaw && change !== null && typeof change.after !== "string"
      ? [loosenedCheck(change.before, change.after)]
      : []),
    ...FOR_PEOPLE.map(([name, detail]): CheckResult => ({ name, verdict: "person", detail })),
  ];
}

/** What every change owes to whoever looks back at it. */
function keepingChecks(canGoBack: boolean, reason: string): CheckResult[] {
  return [
    check("Rollback possible", canGoBack, "What is there now is not kept anywhere"),
    check("Reason documented", reason.trim() !== "", "Say why"),
  ];
}

function sourceCheck({ before, after }: LawChange, changes: readonly SkillChange[]): CheckResult {
  const name = "Source valid";
  if (typeof after === "string") return { name, verdict: "failed", detail: after };
  if (changes.length === 0) return { name, verdict: "passed", detail: "The law stays the same" };
  const had = before.skills.some(({ id }) => id === GOVERNANCE);
  if (had && !after.skills.some(({ id }) => id === GOVERNANCE)) {
    return { name, verdict: "failed", detail: `The skill ${GOVERNANCE} is missing` };
  }
  try {
    lawSettings(after);
  } catch (error) {
    return { name, verdict: "failed", detail: error instanceof Error ? error.message : "" };
  }
  return { name, verdict: "passed", detail: `${after.skills.length} skills` };
}

/** Fields of a change that the skill's own rules keep closed. A skill that goes is all its fields. */
function deniedFields({ before, after, fields }: SkillChange): readonly string[] {
  const rules = before?.evolve ?? null;
  if (rules === null || before === undefined) return [];
  const { allow, deny } = rules;
  if (after === undefined) return allow.length + deny.length === 0 ? [] : ["all"];
  return fields.filter((field) =>
    deny.includes(field) || deny.includes("all") || (allow.length > 0 && !allow.includes(field))
  );
}

/** Whatever lets more happen than before is pointed out to whoever decides. */
function loosenedCheck(before: Law, after: Law): CheckResult {
  const name = "Limits not loosened";
  const old = lenient(before);
  const now = lenient(after);
  const found = [
    ...now.allowedSkills.filter((id) => !old.allowedSkills.includes(id)).map((id) =>
      `allows ${id}`
    ),
    ...old.immutableSkills.filter((id) => !now.immutableSkills.includes(id))
      .map((id) => `${id} is no longer immutable`),
    ...(now.evolutionEnabled && !old.evolutionEnabled ? ["switches evolution on"] : []),
    ...(now.evolutionsPerSession > old.evolutionsPerSession ? ["raises the session limit"] : []),
    ...(now.required < old.required ? ["asks for fewer signatures"] : []),
    ...(now.allowClient && !old.allowClient ? ["lets clients approve"] : []),
    ...(now.allowAsserted && !old.allowAsserted ? ["believes approvals agents report"] : []),
    ...now.acquireFrom.filter((id) => !old.acquireFrom.includes(id))
      .map((id) => `takes entries of ${id} without asking`),
    ...(now.expiresDays > old.expiresDays ? ["lets proposals wait longer"] : []),
    ...skillChanges(before, after).filter(({ before, fields }) =>
      before !== undefined && fields.includes("evolve")
    ).map(({ id }) => `changes what may change in ${id}`),
  ];
  return found.length === 0
    ? { name, verdict: "passed", detail: "" }
    : { name, verdict: "person", detail: `The change ${shown(found)}` };
}

function lenient(law: Law): LawSettings {
  try {
    return lawSettings(law);
  } catch {
    return FALLBACK;
  }
}

function check(name: string, isFine: boolean, detail: string, byHand = false): CheckResult {
  if (isFine) return { name, verdict: "passed", detail: "" };
  return { name, verdict: byHand ? "person" : "failed", detail };
}

function shown(words: readonly string[]): string {
  const some = words.slice(0, 12).map((word) => quote(word).slice(1, -1));
  return some.join(", ") + (words.length > some.length ? ` and ${words.length - 12} more` : "");
}
