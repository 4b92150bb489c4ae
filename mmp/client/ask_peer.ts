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
  const hint = Object.hasOwn(HINTS, error) ? HINTS[error] : NO_WORDS[status];
  return new KairosError(
    CODES[status] ?? "peer",
    `${subject}: it answers ${status}, ${quote(words)}`,
    {
      data: { status, error },
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  403: "refused",
  404: "not_found",
  413: "too_large",
};

/** What to do, by the word a peer says: one status has several reasons. */
const HINTS: Readonly<Record<string, string>> = {
  authentication_required: "The session has ended; meet the peer again",
  invalid_or_expired_token: "The session has ended; meet the peer again",
  not_found: "See what it offers: kairos meet URL skills, kairos meet URL skillsets",
  content_unavailable: "Its owner gives it away in no form that is exchanged",
  skillset_exchange_disabled:
    "Its owner gives no SkillSets away; single entries: kairos meet URL skills",
  not_exchangeable: "It holds what may not travel; ask its owner",
  rate_limited: "It asks for patience; try again in a minute",
  busy: "It has much to do; try again in a moment",
  request_timeout: "The network is slow; try again",
  mmp_unavailable: "Its owner has not switched meetings on",
};

/** What to do where whoever is there does not speak as peers do. */
const NO_WORDS: Readonly<Record<number, string>> = {
  404: "Check the address: perhaps no instance is there",
  503: "Whatever is there is not ready; try again later",
};
