/**
 * `introduce` and `goodbye`: the requests that need no session. See
 * `kairos_formats/meeting.md#introduction`.
 *
 * @module
 */

import { isPeer, readIntroduction, type VerifiedPeer } from "../introduction.ts";
import type { Answer } from "../json_text.ts";
import type { Meeting } from "../meeting.ts";
import { boundEcho } from "../messages/actions.ts";
import { negotiate, SKILL_EXCHANGE, spokenBy } from "../messages/compatibility.ts";
import { payloadOf, textIn } from "../messages/message.ts";
import type { Acquaintance } from "../judge_peer.ts";
import { isAudience, isNonce, makeProof, proofProblem } from "../proof.ts";
import { RequestFault } from "../request_fault.ts";
import { isWireMap, textAt, type WireMap } from "../wire_json.ts";
import { wireTime } from "../wire_time.ts";
import { noteContact, type OpenCall } from "./call.ts";
import type { OwnIntroduction } from "./own_introduction.ts";
import { give, giveMade, refuse, type Reply } from "./reply.ts";

/** Why somebody whose signature is right gets no session. */
const TURNED_AWAY: Readonly<Partial<Record<Acquaintance, string>>> = {
  changed: "this instance knows another key for that id",
  blocked: "this instance does not answer that key",
};

/**
 * Who we are. With a nonce the answer proves that we hold our key, and holds a challenge for the other side.
 *
 * @param call The request: `nonce` and `aud` in its query
 * @param introduction What we say
 * @returns The introduction
 * @throws {RequestFault} For a nonce or an audience that must not be signed
 */
export async function introduceUs(call: OpenCall, introduction: OwnIntroduction): Promise<Reply> {
  const { meeting, settings, query, offers } = call;
  const own = await meeting.own(settings);
  const now = meeting.instance.store.clock();
  const parts = { own, settings, offers: offers() };
  const nonce = query("nonce");
  if (nonce === null) return giveMade(introduction.json(parts, "asked", now));
  const audience = query("aud") ?? "";
  if (!isNonce(nonce) || !isAudience(audience)) {
    throw RequestFault.invalid("Cannot answer the nonce: nonce or aud has another form");
  }
  const proof = makeProof(own, { role: "answer", nonce, audience, now });
  const { nonce: word, expires } = meeting.challenges.issue();
  const challenge = { nonce: word, expires: wireTime(expires) };
  return giveMade(introduction.json(parts, "asked", now, { proof: { ...proof }, challenge }));
}

/**
 * Somebody introduces itself. It gets a session when its signature is right, for an hour; what the session
 * may do depends on whether it proved that the key is its own.
 *
 * @param call The request; its body is the other side's introduction
 * @param introduction What we say
 * @returns What was found, our introduction, and a token where there is a session
 * @throws {RequestFault} For a body that is none
 */
export async function introduceThem(call: OpenCall, introduction: OwnIntroduction): Promise<Reply> {
  const { meeting, settings, offers } = call;
  const body = await call.body();
  const payload = payloadOf(body);
  const from = textIn(body, "from");
  const identity = body.get("identity") ?? null;
  if (identity !== null && !isWireMap(identity)) {
    throw RequestFault.invalid("Cannot read the request: identity is not an object");
  }
  const own = await meeting.own(settings);
  const now = meeting.instance.store.clock();
  const introduced = readIntroduction(body);
  const entry = isPeer(introduced)
    ? await letIn(call, introduced, body, own.identity.instance_id)
    : null;
  if (entry === null) {
    const details = { peer: introduced.instanceId, problem: introduced.problem };
    meeting.contacts.note({ action: "peer_unverified", skill_id: null, details });
  }
  const parts = { own, settings, offers: offers() };
  return giveMade({
    status: "received",
    peer_identity: introduction.json(parts, "answer", now),
    identity_verified: introduced.verified && entry?.refusal === undefined,
    result: boundEcho({ status: "received", action: "introduce", from, peer_identity: payload }),
    session_token: entry?.token,
    proof: entry?.proof ?? "none",
    compatibility: compatibilityOf(call, body),
    problem: entry?.refusal ?? entry?.proofProblem ?? introduced.problem ?? undefined,
  });
}

/** What both speak; nothing where the other side says nothing of it. */
function compatibilityOf({ settings, offers }: OpenCall, body: WireMap): Answer | undefined {
  if (!body.has("capabilities") && !body.has("protocol_version")) return undefined;
  const { actions, extensions } = offers().protocol;
  const own = {
    version: settings["capabilities.meeting_protocol_version"],
    extensions: [SKILL_EXCHANGE, ...extensions.map(({ name }) => name)],
    actions,
  };
  return { ...negotiate(spokenBy(body), own) };
}

/** How somebody was let in, or why not. */
interface Entry {
  readonly proof: "proven" | "none";
  readonly token?: string;
  /** Why there is no session. */
  readonly refusal?: string;
  /** What was wrong with the proof, where there was one. */
  readonly proofProblem?: string;
}

async function letIn(
  { meeting, address }: OpenCall,
  peer: VerifiedPeer,
  body: WireMap,
  audience: string,
): Promise<Entry> {
  const wrong = body.has("proof") ? checkProof(meeting, peer, body, audience) : null;
  const proof = body.has("proof") && wrong === null ? "proven" : "none";
  const { instanceId: peerId, key } = peer;
  const session = { peerId, spki: key.spki, proof } as const;
  // Without a proof nothing is kept, so there is nothing to wait for.
  const found = proof === "proven"
    ? await meeting.peers.meet(peer, { proof, url: null })
    : meeting.peers.judge(peer);
  const details = { found, bound: peer.bound, ...(wrong === null ? {} : { problem: wrong }) };
  noteContact({ meeting, session }, "peer_introduced", { details });
  const refusal = TURNED_AWAY[found];
  if (refusal !== undefined) return { proof, refusal };
  const token = meeting.sessions.open(session, address);
  return { proof, token, ...(wrong === null ? {} : { proofProblem: wrong }) };
}

/** What is wrong with the proof of an introduction; a good one uses its challenge up. */
function checkProof(
  meeting: Meeting,
  { key }: VerifiedPeer,
  body: WireMap,
  audience: string,
): string | null {
  const proof = body.get("proof");
  const nonce = isWireMap(proof) ? textAt(proof, "nonce") ?? "" : "";
  const problem = meeting.challenges.problem(nonce);
  if (problem !== null) return problem;
  const now = meeting.instance.store.clock();
  const wrong = proofProblem(proof, key, { role: "introduce", nonce, audience, now });
  if (wrong !== null) return wrong;
  return meeting.challenges.use(nonce) ? null : "the challenge cannot be used now";
}

/**
 * Ends a session.
 *
 * @param call The request
 * @returns That it is over, also when there was none of that token
 */
export function goodbye(call: OpenCall): Reply {
  const { meeting, token } = call;
  if (token === null) return refuse("no_token");
  const session = meeting.sessions.end(token);
  if (session !== null) noteContact({ meeting, session }, "peer_left");
  return give({ status: "goodbye", message: "Session ended" } satisfies Answer);
}
