/**
 * How a protocol grows: a definition that came from somebody is judged, and what becomes of it is for
 * people to decide. Nothing here writes anything. See `kairos_formats/meeting.md#adopting`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { parseEntryText, splitFrontMatter } from "../layers/front_matter.ts";
import { sha256 } from "../objects/objects.ts";
import type { YamlMap } from "../yaml.ts";
import { isActionName, isDefinitionName, MAX_ACTIONS } from "./definition.ts";
import { CORE } from "./protocol.ts";

/** A definition as it is proposed to others, keys as they are sent. */
export interface ExtensionProposal {
  /** Its name, as written. */
  readonly extension_name: string;
  /** Its version. */
  readonly extension_version: string;
  /** Its actions. */
  readonly actions: readonly string[];
  /** What it needs. */
  readonly requires: readonly string[];
  /** What it is about, or `null`. */
  readonly description: string | null;
  /** `sha256:` and the digest of its document. */
  readonly content_hash: string;
  /** Where it would be kept. */
  readonly layer: "L2";
}

/** Why a definition is not good, or that it is. */
export type Evaluation =
  | {
    readonly status: "rejected";
    readonly reason: RejectReason;
    /** The actions it is about; `null` when it is about none. */
    readonly blocked_actions?: readonly string[] | null;
    /** What is missing. */
    readonly missing?: readonly string[];
  }
  | {
    readonly status: "passed";
    readonly extension_name: string;
    readonly actions: readonly string[];
    readonly can_adopt: true;
  };

/** Reasons to reject a definition. */
export type RejectReason =
  | "invalid_format"
  | "invalid_name"
  | "core_action_override"
  | "blocked_actions"
  | "too_many_actions"
  | "suspicious_actions"
  | "invalid_actions"
  | "incompatible";

/** Names that say that code is to be run. */
const BLOCKED = ["execute_code", "system_command", "file_write", "shell_exec", "eval"];
const SUSPICIOUS = /exec|eval|system|shell|command/i;
/** Largest document that is looked at, in UTF-16 units. */
export const MAX_DOCUMENT = 100_000;

/**
 * What is said of a definition when it is proposed to others.
 *
 * @param document The document
 * @returns The proposal
 * @throws {KairosError} `invalid` for a document that defines nothing
 */
export function proposeExtension(document: string): ExtensionProposal {
  const read = readExtension(document);
  if (read === null) throw new KairosError("invalid", "Invalid extension format");
  return read;
}

/**
 * Judges a definition. It may bring new words, not new powers: it must not take over the core, sound
 * like running something, or need what is not there.
 *
 * @param document The document
 * @param known Names of the definitions that count here; `null` where what it needs is not looked at
 * @returns What was found
 *
 * @example
 * ```ts
 * import { evaluateExtension } from "./evolution.ts";
 *
 * const debate = "---\nname: debate\ntype: protocol_extension\nactions: [argue]\n---\n\n# Debate\n";
 * if (evaluateExtension(debate, []).status !== "passed") throw new Error("harmless");
 * const bold = debate.replace("argue", "introduce");
 * if (evaluateExtension(bold, []).status !== "rejected") throw new Error("it takes over the core");
 * ```
 */
export function evaluateExtension(document: string, known: readonly string[] | null): Evaluation {
  const read = readExtension(document);
  const reject = (reason: RejectReason, blocked: readonly string[] | null) =>
    ({ status: "rejected", reason, blocked_actions: blocked }) as const;
  if (read === null) return { status: "rejected", reason: "invalid_format" };
  const { extension_name, actions, requires } = read;
  const core = actions.filter((action) => CORE.actions.includes(action));
  if (core.length > 0) return reject("core_action_override", core);
  const blocked = actions.filter((action) => BLOCKED.includes(action));
  if (blocked.length > 0) return reject("blocked_actions", blocked);
  if (actions.length > MAX_ACTIONS) return reject("too_many_actions", null);
  const suspicious = actions.filter((action) => SUSPICIOUS.test(action));
  if (suspicious.length > 0) return reject("suspicious_actions", suspicious);
  const odd = actions.filter((action) => !isActionName(action));
  if (odd.length > 0) return reject("invalid_actions", odd);
  if (!isDefinitionName(extension_name)) return { status: "rejected", reason: "invalid_name" };
  const missing = known === null
    ? []
    : requires.filter((name) => name !== CORE.name && !known.includes(name));
  if (missing.length > 0) return { status: "rejected", reason: "incompatible", missing };
  return { status: "passed", extension_name, actions, can_adopt: true };
}

function readExtension(document: string): ExtensionProposal | null {
  if (document.length > MAX_DOCUMENT || splitFrontMatter(document).yaml === null) return null;
  const bytes = new TextEncoder().encode(document);
  const { fields, version, description, problem } = parseEntryText(bytes, "");
  if (problem !== null) return null;
  const name = Object.hasOwn(fields, "name") ? fields["name"] : null;
  const actions = texts(fields, "actions");
  const requires = texts(fields, "requires");
  if (typeof name !== "string" || actions === null || requires === null) return null;
  return {
    extension_name: name,
    extension_version: version ?? "1.0.0",
    actions,
    requires,
    description,
    content_hash: `sha256:${sha256(bytes)}`,
    layer: "L2",
  };
}

function texts(fields: YamlMap, key: string): string[] | null {
  const value = Object.hasOwn(fields, key) ? fields[key] ?? [] : [];
  if (!Array.isArray(value)) return null;
  const found = value.filter((one) => typeof one === "string");
  return found.length === value.length ? found : null;
}
