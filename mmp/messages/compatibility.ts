/**
 * What two instances have in common. See `kairos_formats/meeting.md#messages`.
 *
 * @module
 */

import { isWireMap, textAt, type Wire, type WireMap } from "../wire_json.ts";

/** What an instance says it speaks. */
export interface Spoken {
  /** Version of the protocol; `null` when nothing is said. */
  readonly version: string | null;
  /** Names of its extensions. */
  readonly extensions: readonly string[];
  /** Its actions. */
  readonly actions: readonly string[];
}

/** What two have in common. */
export interface Compatibility {
  /** Whether they can talk at all. */
  readonly compatible: boolean;
  /** How much they can say. */
  readonly mode: "full" | "basic" | "minimal" | "incompatible";
  /** The version spoken here. */
  readonly local_version: string;
  /** The version spoken there, as it was said. */
  readonly peer_version: string;
  /** Whether the versions fit; the same as `compatible`. */
  readonly version_compatible: boolean;
  /** Extensions of both, in the order they have here. */
  readonly common_extensions: readonly string[];
  /** Actions of both, in the order they have here. */
  readonly common_actions: readonly string[];
}

/** The version of the protocol that is spoken here, and by everybody who says nothing. */
export const PROTOCOL_VERSION = "1.0.0";
/** Most extensions and actions of another instance that are looked at. */
const MAX_SPOKEN = 100;
/** The extension of whoever hands out entries, as every instance does. */
export const SKILL_EXCHANGE = "meeting_protocol_skill_exchange";

/**
 * Compares what two instances speak. Only another major version makes them strangers; what cannot be
 * read as a version counts as the first one.
 *
 * @param peer What the other one speaks
 * @param own What is spoken here
 * @returns What they have in common
 *
 * @example
 * ```ts
 * import { negotiate } from "./compatibility.ts";
 *
 * const own = { version: "1.0.0", extensions: [], actions: ["introduce"] };
 * const { mode } = negotiate({ version: "1.7.0", extensions: [], actions: ["introduce"] }, own);
 * if (mode !== "basic") throw new Error("a later minor version is no obstacle");
 * ```
 */
export function negotiate(peer: Spoken, own: Spoken): Compatibility {
  const local = own.version ?? PROTOCOL_VERSION;
  const theirs = peer.version ?? PROTOCOL_VERSION;
  const fits = majorOf(theirs) === majorOf(local);
  const extensions = own.extensions.filter((name) => peer.extensions.includes(name));
  const actions = own.actions.filter((action) => peer.actions.includes(action));
  const mode = !fits
    ? "incompatible"
    : extensions.includes(SKILL_EXCHANGE)
    ? "full"
    : actions.includes("introduce")
    ? "basic"
    : "minimal";
  return {
    compatible: fits,
    mode,
    local_version: local,
    peer_version: theirs.slice(0, 64),
    version_compatible: fits,
    common_extensions: extensions,
    common_actions: actions,
  };
}

/**
 * What another instance says that it speaks: in the form of introductions, or in the older one where
 * `capabilities` is a list of actions.
 *
 * @param body Its introduction
 * @returns What it speaks
 */
export function spokenBy(body: WireMap): Spoken {
  const capabilities = body.get("capabilities");
  if (!isWireMap(capabilities)) {
    return {
      version: textAt(body, "protocol_version"),
      extensions: texts(body.get("extensions")),
      actions: texts(capabilities),
    };
  }
  return {
    version: textAt(capabilities, "meeting_protocol_version"),
    extensions: texts(capabilities.get("extensions")),
    actions: texts(capabilities.get("supported_actions")),
  };
}

/** Texts of a list, and the names of what has one. */
function texts(value: Wire | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_SPOKEN)
    .map((one) => isWireMap(one) ? textAt(one, "name") : one)
    .filter((one) => typeof one === "string");
}

function majorOf(version: string): string {
  return /^(\d{1,9})(?:\.\d{1,9}){0,3}$/.exec(version)?.[1] ?? PROTOCOL_VERSION.split(".")[0]!;
}
