/**
 * Messages between instances. See `kairos_formats/meeting.md#messages`.
 *
 * @module
 */

import { RequestFault } from "../request_fault.ts";
import { isWireMap, type Wire, type WireMap } from "../wire_json.ts";
import { PROTOCOL_VERSION } from "./compatibility.ts";

/** A message that came in. */
export interface Message {
  /** What it is about; empty when nothing is said. */
  readonly action: string;
  /** Who sent it: the id of the session, whatever the message says. */
  readonly from: string;
  /** What it says, or `null`. */
  readonly payload: WireMap | null;
}

/** What goes into a message that is sent. */
export interface Draft<P> {
  /** What it is about. */
  readonly action: string;
  /** Own id. */
  readonly from: string;
  /** Whom it is for. */
  readonly to?: string | undefined;
  /** What it says. */
  readonly payload: P;
  /** Id of the message it answers. */
  readonly inReplyTo?: string | undefined;
}

/** A message as it is sent, keys in the order others write them. */
export type SentMessage<P> = {
  readonly id: string;
  readonly action: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly timestamp: string;
  readonly payload: P;
  readonly in_reply_to: string | undefined;
  readonly protocol_version: string;
};

/**
 * Reads a message that came in.
 *
 * @param body What was sent
 * @param from The id of the session
 * @returns The message
 * @throws {RequestFault} When the action is no text or the payload no object
 */
export function readMessage(body: WireMap, from: string): Message {
  const action = body.get("action") ?? "";
  if (typeof action !== "string") throw wrong("action", "a text");
  return { action, from, payload: payloadOf(body) };
}

/**
 * The payload of a body.
 *
 * @param body What was sent
 * @returns The payload, or `null` when there is none
 * @throws {RequestFault} When it is no object
 */
export function payloadOf(body: WireMap): WireMap | null {
  const payload = body.get("payload") ?? null;
  if (payload === null || isWireMap(payload)) return payload;
  throw wrong("payload", "an object");
}

/**
 * A message to send.
 *
 * @param draft What goes into it
 * @param at When, and the id: `id` a UUID, `timestamp` as times are written between instances
 * @returns The message
 */
export function messageOf<P>(
  { action, from, to, payload, inReplyTo }: Draft<P>,
  { id, timestamp }: { readonly id: string; readonly timestamp: string },
): SentMessage<P> {
  return {
    id,
    action,
    from,
    to,
    timestamp,
    payload,
    in_reply_to: inReplyTo,
    protocol_version: PROTOCOL_VERSION,
  };
}

/**
 * A text in a body.
 *
 * @param body What was sent
 * @param key The field
 * @returns The text; `null` when it is missing or null
 * @throws {RequestFault} When it is something else
 */
export function textIn(body: WireMap, key: string): string | null {
  const value: Wire = body.get(key) ?? null;
  if (value === null || typeof value === "string") return value;
  throw wrong(key, "a text");
}

function wrong(key: string, expected: string): RequestFault {
  return RequestFault.invalid(`Cannot read the request: ${key} is not ${expected}`);
}
