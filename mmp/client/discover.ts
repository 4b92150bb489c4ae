/**
 * The two steps that make a session: asking a peer who it is, and telling it who we are. Each side proves
 * to the other that it holds its key, where both know how. See `kairos_formats/meeting.md#proof`.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { quote, visible } from "../../core/text.ts";
import type { OwnIdentity } from "../identity.ts";
import { isPeer, readIntroduction, type VerifiedPeer } from "../introduction.ts";
import { isNonce, makeProof, proofProblem } from "../proof.ts";
import type { MeetingSettings } from "../settings.ts";
import { isWireMap, plain, textAt, type WireMap } from "../wire_json.ts";
import { ACCEPTED } from "./answers.ts";
import { askPeer, notAsAgreed } from "./ask_peer.ts";
import { introductionBody } from "./introduction_body.ts";
import { MAX_LIST, PeerSession, TIME } from "./peer_session.ts";
import type { PinnedPeer } from "./pin_peer.ts";
import type { TimeLimits } from "./send_request.ts";

/** Who asks, and within which limits. */
export interface Caller {
  /** Who we are. */
  readonly own: OwnIdentity;
  /** What we support. */
  readonly settings: MeetingSettings;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Longest waits; {@linkcode TIME} unless given. */
  readonly time?: TimeLimits | undefined;
  /** Ends what is asked. */
  readonly signal?: AbortSignal | undefined;
}

/** What a peer says of itself when it is asked. */
export interface Discovered {
  /** Who it is. */
  readonly peer: VerifiedPeer;
  /** Whether it proved to us that it holds its key. */
  readonly proof: "proven" | "none";
  /** What it says it is about; for people. */
  readonly description: string;
  /** The word it wants our proof of; `null` where it wants none. */
  readonly challenge: string | null;
}

/** A session that began. */
export interface Introduced {
  /** The session. */
  readonly session: PeerSession;
  /** Whether the peer took our proof; without, it lets us read only what is public. */
  readonly accepted: "proven" | "none";
}

/**
 * Asks a peer who it is.
 *
 * @param to The peer at its IP addresses
 * @param caller Who asks
 * @returns What it says and proves
 * @throws {KairosError} `refused` for an identity that is not signed by its key and for a proof that
 *   does not hold, and those of `askPeer`
 */
export async function discover(to: PinnedPeer, caller: Caller): Promise<Discovered> {
  const { own, clock, time = TIME, signal } = caller;
  const nonce = crypto.randomUUID();
  const audience = own.identity.instance_id;
  const path = `/meeting/v1/introduce?nonce=${nonce}&aud=${audience}`;
  const request = { method: "GET", path, maxBytes: MAX_LIST, time, signal } as const;
  const answer = await askPeer(to, request, "ask who it is");
  const peer = verified(to, answer);
  const proof = answer.get("proof") ?? null;
  if (proof !== null) {
    const terms = { role: "answer", nonce, audience, now: clock() } as const;
    const problem = proofProblem(proof, peer.key, terms);
    if (problem !== null) throw notProven(to, problem);
  }
  const identity = answer.get("identity");
  const challenge = answer.get("challenge");
  const word = isWireMap(challenge) ? textAt(challenge, "nonce") : null;
  return {
    peer,
    proof: proof === null ? "none" : "proven",
    description: isWireMap(identity)
      ? visible((textAt(identity, "description") ?? "").slice(0, 500))
      : "",
    challenge: isNonce(word) ? word : null,
  };
}

/**
 * Tells a peer who we are and gets a session.
 *
 * @param to The peer at its IP addresses
 * @param caller Who asks
 * @param found What the peer said when it was asked
 * @returns The session
 * @throws {KairosError} `refused` when it does not take us for who we are or answers with another key,
 *   and those of `askPeer`
 */
export async function introduce(
  to: PinnedPeer,
  caller: Caller,
  found: Discovered,
): Promise<Introduced> {
  const { own, settings, clock, time = TIME, signal } = caller;
  const now = clock();
  // Who shows another's introduction, or goes by another's id, could use our proof there in our name.
  const isItself = found.proof === "proven" && found.peer.bound;
  const proof = found.challenge === null || !isItself ? null : makeProof(own, {
    role: "introduce",
    nonce: found.challenge,
    audience: found.peer.instanceId,
    now,
  });
  const body = introductionBody(own, settings, now, proof);
  const path = "/meeting/v1/introduce";
  const request = { method: "POST", path, body, maxBytes: MAX_LIST, time, signal } as const;
  const attempt = "introduce ourselves";
  const answer = await askPeer(to, request, attempt);
  const again = answer.get("peer_identity");
  if (isWireMap(again) && verified(to, again).key.spki !== found.peer.key.spki) {
    throw notProven(to, "it answers with another key than before");
  }
  const accepted = ACCEPTED.safeParse(plain(answer));
  if (!accepted.success) throw notAsAgreed(to, attempt, "its answer lacks what belongs there");
  const { session_token: token, problem } = accepted.data;
  if (token === undefined) {
    const why = problem === undefined ? "" : `, ${quote(problem)}`;
    const subject = `Cannot ${attempt} at ${quote(to.at.url)}`;
    throw new KairosError("refused", `${subject}: it gives no session${why}`, {
      hint: "Its owner may have to trust this instance first: kairos identity show",
    });
  }
  const ownId = own.identity.instance_id;
  const session = new PeerSession({ to, token, ownId, time: caller.time, signal });
  return { session, accepted: accepted.data.proof };
}

function verified(to: PinnedPeer, body: WireMap): VerifiedPeer {
  const introduced = readIntroduction(body);
  if (isPeer(introduced)) return introduced;
  throw notProven(to, introduced.problem ?? "it has no instance id");
}

function notProven(to: PinnedPeer, problem: string): KairosError {
  return new KairosError(
    "refused",
    `Cannot meet ${quote(to.at.url)}: it is not who it says: ${problem}`,
    { hint: "Ask its owner; nothing was fetched" },
  );
}
