/**
 * What another instance says of itself, and what of that is proven. See
 * `kairos_formats/meeting.md#introduction`.
 *
 * @module
 */

import { isRsaSignature, readRsaPublicKey, type RsaPublicKey } from "../core/keys/rsa.ts";
import { instanceIdOf } from "./identity.ts";
import { isWireMap, textAt, type WireMap, wireText } from "./wire_json.ts";

/** An introduction that was looked at. */
export interface Introduced {
  /** The id it goes by; empty when it says none. */
  readonly instanceId: string;
  /** What it calls itself; empty when it says nothing. */
  readonly name: string;
  /** Its key, or `null` when there is none that may be used. */
  readonly key: RsaPublicKey | null;
  /** Whether its identity is signed with that key. That alone proves nothing: it can be replayed. */
  readonly verified: boolean;
  /** Whether its id derives from its key, so that nobody else can have both. */
  readonly bound: boolean;
  /** Why it is not verified, or `null`. */
  readonly problem: string | null;
  /** The actions it says it supports. */
  readonly actions: readonly string[];
}

/** An introduction that is verified. */
export interface VerifiedPeer extends Introduced {
  /** The key its identity is signed with. */
  readonly key: RsaPublicKey;
  /** It is. */
  readonly verified: true;
}

const MAX_ID = 128;
const MAX_NAME = 500;
const MAX_ACTIONS = 100;
const ID = /^[A-Za-z0-9_.:@-]+$/;
const ACTION = /^[\w.:-]{1,64}$/;

/**
 * Looks at an introduction. Whatever is wrong with it, it is not an error: it is not verified.
 *
 * @param body What was sent: `identity`, `public_key`, `identity_signature`, `capabilities`
 * @returns What it says and whether it is signed
 *
 * @example
 * ```ts
 * import { readIntroduction } from "./introduction.ts";
 *
 * const { verified, problem } = readIntroduction(new Map());
 * if (verified || problem !== "there is no identity") throw new Error("anybody is verified");
 * ```
 */
export function readIntroduction(body: WireMap): Introduced {
  const identity = body.get("identity");
  const fields: WireMap = isWireMap(identity) ? identity : new Map();
  const instanceId = textAt(fields, "instance_id") ?? "";
  const key = readRsaPublicKey(body.get("public_key"));
  const problem = !isWireMap(identity)
    ? "there is no identity"
    : typeof key === "string"
    ? key
    : instanceId.length > MAX_ID || (instanceId !== "" && !ID.test(instanceId))
    ? "its instance_id is no id"
    : isRsaSignature(key, wireText(identity), body.get("identity_signature"))
    ? null
    : "the signature does not fit";
  const known = typeof key === "string" ? null : key;
  return {
    instanceId: problem === null ? instanceId : instanceId.slice(0, MAX_ID),
    name: (textAt(fields, "name") ?? "").slice(0, MAX_NAME),
    key: known,
    verified: problem === null,
    bound: known !== null && instanceIdOf(known.spki) === instanceId,
    problem,
    actions: actionsOf(body),
  };
}

/**
 * Whether an introduction is one of somebody: signed, and with an id.
 *
 * @param introduced What {@linkcode readIntroduction} found
 * @returns `false` for what cannot have a session
 */
export function isPeer(introduced: Introduced): introduced is VerifiedPeer {
  return introduced.verified && introduced.key !== null && introduced.instanceId !== "";
}

function actionsOf(body: WireMap): string[] {
  const capabilities = body.get("capabilities");
  const actions = isWireMap(capabilities) ? capabilities.get("supported_actions") : null;
  if (!Array.isArray(actions)) return [];
  const known = actions.filter((one) => typeof one === "string" && ACTION.test(one));
  return [...new Set<string>(known)].slice(0, MAX_ACTIONS);
}
