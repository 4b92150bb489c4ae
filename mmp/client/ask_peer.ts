/**
 * One question to a peer and its answer as JSON. See `kairos_formats/meeting.md#asking`.
 *
 * @module
 */

import { type ErrorCode, KairosError } from "../../core/errors.ts";
import { quote } from "../../core/text.ts";
import { isWireMap, parseWire, plain, type WireMap } from "../wire_json.ts";
import { PEER_ERROR } from "./answers.ts";
import type { PinnedPeer } from "./pin_peer.ts";
import { type PeerAnswer, type PeerRequest, sendRequest } from "./send_request.ts";

/** Deepest answer that is read. */
const DEPTH = 32;

/**
 * Asks a peer.
 *
 * @param to The peer at its IP addresses
 * @param ask What is asked
 * @param attempt What that is for, such as `list the skills`
 * @returns The answer, an object
 * @throws {KairosError} What the peer says went wrong, and those of `sendRequest`
 */
export async function askPeer(
  to: PinnedPeer,
  ask: PeerRequest,
  attempt: string,
): Promise<WireMap> {
  const body = readObject(await askForText(to, ask, attempt));
  if (body !== null) return body;
  throw notAsAgreed(to, attempt, "its answer is no JSON object");
}

/**
 * Asks a peer for a text that somebody else reads.
 *
 * @param to The peer at its IP addresses
 * @param ask What is asked
 * @param attempt What that is for
 * @returns The answer as it came
 * @throws {KairosError} What the peer says went wrong, and those of `sendRequest`
 */
export async function askForText(
  to: PinnedPeer,
  ask: PeerRequest,
  attempt: string,
): Promise<string> {
  const answer = await sendRequest(to, ask);
  if (answer.status === 200) return answer.text;
  throw refusal(`Cannot ${attempt} at ${quote(to.at.url)}`, answer);
}

/**
 * The error for an answer that is not what the protocol has.
 *
 * @param to The peer
 * @param attempt What was asked for
 * @param what What is wrong with the answer
 * @returns The error
 */
export function notAsAgreed(to: PinnedPeer, attempt: string, what: string): KairosError {
  return new KairosError("peer", `Cannot ${attempt} at ${quote(to.at.url)}: ${what}`, {
    hint: "Check with its owner what runs there",
  });
}

function readObject(text: string): WireMap | null {
  try {
    const value = parseWire(text, { depth: DEPTH });
    return isWireMap(value) ? value : null;
  } catch {
    return null;
  }
}

function refusal(subject: string, { status, text }: PeerAnswer): KairosError {
  const body = readObject(text);
  const said = PEER_ERROR.safeParse(body === null ? {} : plain(body));
  const { error, message } = said.success ? said.data : { error: "error", message: "" };
  const words = message === "" ? error : message;
  const { code, hint } = MEANINGS[status] ?? { code: "peer" };
  return new KairosError(code, `${subject}: it answers ${status}, ${quote(words)}`, {
    data: { status, error },
    ...(hint === undefined ? {} : { hint }),
  });
}

const MEANINGS: Readonly<Record<number, { readonly code: ErrorCode; readonly hint?: string }>> = {
  401: { code: "peer", hint: "The session has ended; meet the peer again" },
  403: { code: "refused" },
  404: { code: "not_found", hint: "See what it offers: kairos meet URL skills" },
  413: { code: "too_large" },
  429: { code: "peer", hint: "It asks for patience; try again in a minute" },
  503: { code: "peer", hint: "Its owner has not switched meetings on" },
};
