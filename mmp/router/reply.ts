/**
 * Answers to other instances. See `kairos_formats/meeting.md#requests`.
 *
 * @module
 */

import { visible } from "../../core/text.ts";
import { type Answer, jsonBytes, jsonText } from "../json_text.ts";

/** An answer. */
export interface Reply {
  /** HTTP status. */
  readonly status: number;
  /** JSON, as text or in UTF-8. The server is faster with texts, unless the bytes are there already. */
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** Longest name that is told in a message. */
const MAX_NAME = 200;

/** The refusals whose text is always the same, by their code. */
const REFUSALS = {
  no_token: [400, "No session token provided"],
  authentication_required: [
    401,
    "Bearer token required. Use POST /meeting/v1/introduce to obtain a session token.",
  ],
  invalid_or_expired_token: [
    401,
    "Session token is invalid or has expired. Re-introduce to obtain a new token.",
  ],
  skillset_exchange_disabled: [403, "SkillSet exchange is not enabled in MMP configuration"],
  rate_limited: [429, "Too many requests. Please wait before retrying."],
  content_unavailable: [404, "Skill content unavailable"],
  internal_error: [500, "An internal error occurred while processing the request"],
  busy: [503, "Too many requests at once. Please try again."],
  mmp_unavailable: [503, "MMP SkillSet is not installed or not enabled"],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

/**
 * An answer that gives what was asked for.
 *
 * @param value The answer
 * @returns Status 200
 */
export function give(value: Answer): Reply {
  return { status: 200, body: jsonText(value) };
}

/**
 * An answer most of which was made before.
 *
 * @param value The answer
 * @returns Status 200
 */
export function giveMade(value: Answer): Reply {
  return { status: 200, body: jsonBytes(value) };
}

/**
 * A refusal whose text is always the same.
 *
 * @param error Its code
 * @returns `{"error","message"}`
 */
export function refuse(error: keyof typeof REFUSALS): Reply {
  const [status, message] = REFUSALS[error];
  return refuseWith(status, error, message);
}

/**
 * A refusal with a text of its own.
 *
 * @param status HTTP status
 * @param error A word for programs
 * @param message What was found
 * @returns `{"error","message"}`
 */
export function refuseWith(status: number, error: string, message: string): Reply {
  return { status, body: JSON.stringify({ error, message }) };
}

/**
 * A name from outside as messages show it.
 *
 * @param name The name
 * @returns Its beginning, without power over a terminal
 */
export function named(name: string): string {
  return visible(name.slice(0, MAX_NAME));
}

/**
 * An answer as it is sent.
 *
 * @param reply The answer
 * @returns The response
 */
export function send({ status, body }: Reply): Response {
  const headers = { "content-type": "application/json" };
  const response = new Response(body, { status, headers });
  // Set behind: two of them in the constructor take ten times as long.
  response.headers.set("cache-control", "no-cache");
  return response;
}
