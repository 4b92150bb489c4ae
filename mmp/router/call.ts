/**
 * A request of another instance, as those who answer it see it.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { type BodyLimits, readBody } from "../../core/read_body.ts";
import type { Offers } from "../catalog/catalog.ts";
import type { Meeting } from "../meeting.ts";
import { RequestFault } from "../request_fault.ts";
import type { Session, SessionPeer } from "../sessions.ts";
import type { MeetingSettings } from "../settings.ts";
import { isWireMap, parseWire, type Wire, type WireMap } from "../wire_json.ts";
import type { Reply } from "./reply.ts";

/** A request that anybody may make. */
export interface OpenCall {
  /** Who is asked. */
  readonly meeting: Meeting;
  /** Where it comes from: an IPv4 address, or a network of IPv6. */
  readonly address: string;
  /** The settings in force. */
  readonly settings: MeetingSettings;
  /** A parameter behind the question mark of its address, or `null`. */
  readonly query: (name: string) => string | null;
  /** What is offered now. */
  readonly offers: () => Offers;
  /** Its body; an empty object when there is none. */
  readonly body: () => Promise<WireMap>;
  /** What it says in `Authorization`; `null` when that is no bearer token. */
  readonly token: string | null;
}

/** A request of somebody with a session. */
export interface Call extends OpenCall {
  /** The token of the session. */
  readonly token: string;
  /** The session. */
  readonly session: Session;
}

/** Answers requests of one kind. */
export type Endpoint<C extends OpenCall> = (call: C) => Reply | Promise<Reply>;

const BEARER = "Bearer ";
/**
 * Most values of a body. What a body costs to read hangs on how many there are, not on its size; the
 * introduction of somebody with as many entries as fit into a body has fewer.
 */
const MAX_VALUES = 50_000;
/** Refuses what is no UTF-8, and leaves a byte order mark to be refused by who reads the text. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The token of a request.
 *
 * @param request The request
 * @returns What stands behind `Bearer `, or `null`
 */
export function bearerOf(request: Request): string | null {
  const value = request.headers.get("authorization") ?? "";
  if (!value.startsWith(BEARER)) return null;
  return value.slice(BEARER.length).trim() || null;
}

/**
 * Reads the body of a request as an object, within bounds.
 *
 * @param request The request
 * @param limits Size and time
 * @returns The object; an empty one when nothing was sent
 * @throws {RequestFault} When it is too large, too slow, or no JSON object
 */
export async function bodyOf(
  request: Request,
  limits: BodyLimits,
): Promise<WireMap> {
  const bytes = await bytesOf(request, limits);
  if (bytes.length === 0) return new Map();
  const value = valueOf(bytes);
  if (isWireMap(value)) return value;
  throw RequestFault.invalid("Cannot read the request: its body is no object");
}

async function bytesOf(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  let bytes: Uint8Array | "timeout";
  try {
    bytes = await readBody(request, limits);
  } catch (error) {
    if (!(error instanceof KairosError)) throw RequestFault.invalid("The request was broken off");
    const message = `The request is larger than ${limits.maxBytes} bytes`;
    throw new RequestFault(413, "too_large", message);
  }
  if (bytes !== "timeout") return bytes;
  throw new RequestFault(408, "request_timeout", "The request did not arrive in time");
}

function valueOf(bytes: Uint8Array): Wire {
  try {
    return parseWire(UTF8.decode(bytes), { values: MAX_VALUES });
  } catch (error) {
    const what = error instanceof KairosError ? error.message : "Cannot read JSON: it is no UTF-8";
    throw RequestFault.invalid(what);
  }
}

/**
 * Notes in the journal what somebody with a session did.
 *
 * @param call The request
 * @param action What happened
 * @param more `subject`: what it happened to; `details`: more facts
 */
export function noteContact(
  { meeting, session: { peerId, proof, spki } }: {
    readonly meeting: Meeting;
    readonly session: SessionPeer;
  },
  action: string,
  more: { readonly subject?: string; readonly details?: Readonly<Record<string, unknown>> } = {},
): void {
  meeting.contacts.note({
    action,
    skill_id: more.subject ?? null,
    details: { peer: peerId, key: spki.slice(0, 32), proof, ...more.details },
  });
}
