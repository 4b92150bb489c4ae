/**
 * What the law itself asks of a change: read from the field `law` of the skill `l0_governance`.
 *
 * ```
 * law: {allowed_skills: ["…"], immutable_skills: ["…"], evolution_enabled: true,
 *   limits: {evolutions_per_session: 3},
 *   approval: {required: 1, allow_client: true, allow_asserted: false, expires_days: 7},
 *   exchange: {acquire_from: ["…"]}}
 * ```
 *
 * What is left out has the value of {@linkcode FALLBACK}. `skills/config.yml` makes it tighter and
 * never looser. See `kairos_formats/evolution.md#what-the-law-asks`.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import type { Json, JsonObject, Law } from "../dsl/ast.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

/** What a change of the law is held to. */
export interface LawSettings {
  /** Ids a skill may have. */
  readonly allowedSkills: readonly string[];
  /** Skills that stay as they are. */
  readonly immutableSkills: readonly string[];
  /** Whether agents may propose changes at all. */
  readonly evolutionEnabled: boolean;
  /** Most changes one principal proposes in 24 hours. */
  readonly evolutionsPerSession: number;
  /** How many approvers must sign, when there are any. */
  readonly required: number;
  /** Whether a yes given inside the agent's client counts. */
  readonly allowClient: boolean;
  /** Whether a yes the agent itself reports counts. */
  readonly allowAsserted: boolean;
  /** Days a proposal waits. */
  readonly expiresDays: number;
  /** Ids of the instances whose entries an agent may take without asking. */
  readonly acquireFrom: readonly string[];
}

/**
 * The settings in the words of the law itself.
 *
 * @param settings The settings
 * @returns The field `law` that asks the same
 */
export function settingsFields(settings: LawSettings): JsonObject {
  return {
    allowed_skills: settings.allowedSkills,
    immutable_skills: settings.immutableSkills,
    evolution_enabled: settings.evolutionEnabled,
    limits: { evolutions_per_session: settings.evolutionsPerSession },
    approval: {
      required: settings.required,
      allow_client: settings.allowClient,
      allow_asserted: settings.allowAsserted,
      expires_days: settings.expiresDays,
    },
    exchange: { acquire_from: settings.acquireFrom },
  };
}

/** The skill that holds them. */
export const GOVERNANCE = "l0_governance";

/** What holds where the law says nothing. */
export const FALLBACK: LawSettings = {
  allowedSkills: [
    "core_safety",
    "l0_governance",
    "evolution_rules",
    "layer_awareness",
    "approval_workflow",
    "self_inspection",
    "chain_awareness",
    "audit_rules",
  ],
  immutableSkills: ["core_safety"],
  evolutionEnabled: false,
  evolutionsPerSession: 3,
  required: 1,
  allowClient: true,
  allowAsserted: false,
  expiresDays: 7,
  acquireFrom: [],
};

/**
 * What a law asks of its changes.
 *
 * @param law The law
 * @returns Its settings
 * @throws {KairosError} `invalid` at a value of another kind, so that a typing error loosens nothing
 *
 * @example
 * ```ts
 * import { emptySkill } from "../dsl/ast.ts";
 * import { lawSettings } from "./law_settings.ts";
 *
 * const skill = { ...emptySkill("l0_governance"), law: { evolution_enabled: true } };
 * const { evolutionEnabled, allowAsserted } = lawSettings({ skills: [skill] });
 * if (!evolutionEnabled || allowAsserted) throw new Error("misread");
 * ```
 */
export function lawSettings(law: Law): LawSettings {
  const fields = law.skills.find(({ id }) => id === GOVERNANCE)?.law ?? {};
  const limits = group(fields, "limits");
  const approval = group(fields, "approval");
  return {
    allowedSkills: names(fields, "allowed_skills", FALLBACK.allowedSkills),
    immutableSkills: names(fields, "immutable_skills", FALLBACK.immutableSkills),
    evolutionEnabled: flag(fields, "evolution_enabled", FALLBACK.evolutionEnabled),
    evolutionsPerSession: whole(limits, "evolutions_per_session", 0, 1000, 3),
    required: whole(approval, "required", 1, 16, FALLBACK.required),
    allowClient: flag(approval, "allow_client", FALLBACK.allowClient),
    allowAsserted: flag(approval, "allow_asserted", FALLBACK.allowAsserted),
    expiresDays: whole(approval, "expires_days", 1, 365, FALLBACK.expiresDays),
    acquireFrom: names(group(fields, "exchange"), "acquire_from", FALLBACK.acquireFrom),
  };
}

/** The settings that can tighten the law. */
export type TighteningConfig = Pick<
  Config,
  | "evolution_enabled"
  | "immutable_skills"
  | "max_evolutions_per_session"
  | "approval.required"
  | "approval.allow_client"
  | "approval.allow_asserted"
  | "approval.expires_days"
>;

/**
 * The law's settings with what the instance's configuration adds to them.
 *
 * @param settings What the law asks
 * @param config The configuration
 * @returns Settings at least as tight as both
 */
export function effectiveSettings(settings: LawSettings, config: TighteningConfig): LawSettings {
  return {
    ...settings,
    immutableSkills: [...new Set([...settings.immutableSkills, ...config.immutable_skills])],
    evolutionEnabled: settings.evolutionEnabled && config.evolution_enabled,
    evolutionsPerSession: Math.min(
      settings.evolutionsPerSession,
      config.max_evolutions_per_session,
    ),
    required: Math.max(settings.required, config["approval.required"]),
    allowClient: settings.allowClient && config["approval.allow_client"],
    allowAsserted: settings.allowAsserted && config["approval.allow_asserted"],
    expiresDays: Math.min(settings.expiresDays, config["approval.expires_days"]),
  };
}

function group(fields: JsonObject, key: string): JsonObject {
  const value = own(fields, key);
  if (value === undefined) return {};
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw wrong(key, value, "a group of fields");
}

function flag(fields: JsonObject, key: string, fallback: boolean): boolean {
  const value = own(fields, key);
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw wrong(key, value, "true or false");
}

function whole(fields: JsonObject, key: string, min: number, max: number, fallback: number) {
  const value = own(fields, key);
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) {
    return Number(value);
  }
  throw wrong(key, value, `a whole number from ${min} to ${max}`);
}

function names(fields: JsonObject, key: string, fallback: readonly string[]): readonly string[] {
  const value = own(fields, key);
  if (value === undefined) return fallback;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw wrong(key, value, "a list of names");
}

function own(fields: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function wrong(key: string, found: Json | undefined, expected: string): KairosError {
  return new KairosError(
    "invalid",
    `Cannot use ${key} of the law: found ${quote(found)}, expected ${expected}`,
    { hint: `Correct the field law of the skill ${GOVERNANCE}` },
  );
}
