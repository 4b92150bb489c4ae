/**
 * What other instances ask for, `/meeting/v1/*`: options in, a function from request to response out. See
 * `kairos_formats/meeting.md#requests`.
 *
 * @module
 */

import { Hono } from "hono";
import { asKairosError } from "../../core/errors.ts";
import { networkOf } from "../address_limits.ts";
import type { Meeting } from "../meeting.ts";
import { RequestFault } from "../request_fault.ts";
import { bearerOf, bodyOf, type Call, type Endpoint, type OpenCall } from "./call.ts";
import { goodbye, introduceThem, introduceUs } from "./introduce.ts";
import { takeMessage, takeReflection, takeRequest } from "./messages.ts";
import { OwnIntroduction } from "./own_introduction.ts";
import { named, refuse, refuseWith, type Reply, send } from "./reply.ts";
import { describeSkill, skillGiver, skillLister } from "./skills.ts";
import { describeSkillSet, giveSkillSet, listSkillSets } from "./skillsets.ts";

/** The request that anybody may make and that leaves nothing else behind. */
const LOOK = "GET /meeting/v1/introduce";

/** The request that ends a session. */
const LEAVE = "POST /meeting/v1/goodbye";

/** What comes with a request. */
export interface MeetingEnv {
  /** Where it comes from. */
  Bindings: { readonly remoteAddr?: { readonly hostname: string } };
}

/** Requests that are counted against `constraints.rate_limit_per_minute`. */
const CONTENTS: readonly string[] = [
  "POST /meeting/v1/skill_content",
  "POST /meeting/v1/skillset_content",
];

/**
 * Makes the application. Nothing is read of a request before it is known whether it may be made.
 *
 * @param meeting Who is asked
 * @returns The application; nothing listens yet
 *
 * @example
 * ```ts
 * import { openInstance } from "../../core/instance.ts";
 * import { openMeeting } from "../meeting.ts";
 * import { meetingApp } from "./app.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const meeting = await openMeeting(await openInstance(root, { mode: "write" }));
 * const { status } = await meetingApp(meeting).request("/meeting/v1/introduce");
 * if (status !== 503) throw new Error("nobody switched it on");
 * await meeting.close();
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function meetingApp(meeting: Meeting): Hono<MeetingEnv> {
  const introduction = new OwnIntroduction();
  const open: Readonly<Record<string, Endpoint<OpenCall>>> = {
    [LOOK]: (call) => introduceUs(call, introduction),
    "POST /meeting/v1/introduce": (call) => introduceThem(call, introduction),
    [LEAVE]: goodbye,
  };
  // Requests of those who have a session.
  const own: Readonly<Record<string, Endpoint<Call>>> = {
    "GET /meeting/v1/skills": skillLister(),
    "GET /meeting/v1/skill_details": describeSkill,
    "POST /meeting/v1/skill_content": skillGiver(),
    "POST /meeting/v1/request_skill": takeRequest,
    "POST /meeting/v1/reflect": takeReflection,
    "GET /meeting/v1/skillsets": listSkillSets,
    "GET /meeting/v1/skillset_details": describeSkillSet,
    "POST /meeting/v1/skillset_content": giveSkillSet,
    "POST /meeting/v1/message": takeMessage,
  };
  const app = new Hono<MeetingEnv>();
  app.all("*", async (c) => {
    // Called in process there is no address; all of those are one.
    const address = c.env?.remoteAddr?.hostname ?? "";
    return send(await answer(meeting, { open, own }, c.req.raw, address));
  });
  return app;
}

/** What answers each method and path. */
interface Endpoints {
  readonly open: Readonly<Record<string, Endpoint<OpenCall>>>;
  readonly own: Readonly<Record<string, Endpoint<Call>>>;
}

async function answer(
  meeting: Meeting,
  { open, own }: Endpoints,
  request: Request,
  address: string,
): Promise<Reply> {
  try {
    const { settings } = meeting.standing();
    if (settings === null) return refuse("mmp_unavailable");
    const [, path = "", query] = /^[^/]*\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/.exec(request.url) ?? [];
    const route = `${request.method} ${path}`;
    const token = bearerOf(request);
    const call: OpenCall = {
      meeting,
      address: networkOf(address),
      settings,
      query: (name) => new URLSearchParams(query).get(name),
      token,
      offers: () => meeting.catalog.offers(settings["skill_exchange.public_by_default"]),
      body: () => bodyOf(request, meeting.bodies),
    };
    if (Object.hasOwn(open, route)) {
      // Whoever leaves makes room, and can do so once for each session it had.
      const leaves = route === LEAVE && token !== null && meeting.sessions.find(token) !== null;
      if (!leaves && !meeting.addresses.take(address)) return refuse("rate_limited");
      if (route === LOOK) noteAsked(meeting, path, { address: call.address });
      await meeting.catalog.settle();
      return await open[route]!(call);
    }
    if (token === null) return refuse("authentication_required");
    const { sessions } = meeting;
    const session = meeting.session(token);
    if (session === null) return refuse("invalid_or_expired_token");
    if (!sessions.use(session, "request")) return refuse("rate_limited");
    if (!Object.hasOwn(own, route)) {
      return refuseWith(404, "not_found", `Unknown meeting endpoint: ${named(path)}`);
    }
    const endpoint = own[route]!;
    if (request.method === "GET") noteAsked(meeting, path, { peer: session.peerId });
    const most = settings["constraints.rate_limit_per_minute"];
    if (CONTENTS.includes(route) && !sessions.use(session, "content", most)) {
      return refuse("rate_limited");
    }
    await meeting.catalog.settle();
    return await endpoint({ ...call, token, session });
  } catch (error) {
    return refusalOf(meeting, error);
  }
}

/**
 * Notes who looked at what. It is no word of anybody's proof: looking is cheap, and takes no room from what
 * was handed out to whom.
 */
function noteAsked(
  { contacts }: Meeting,
  request: string,
  who: { readonly address: string } | { readonly peer: string },
): void {
  contacts.note({ action: "peer_asked", skill_id: null, details: { request, ...who } });
}

/** What went wrong, as others are told: what is wrong with what they sent, and nothing of ours. */
function refusalOf(meeting: Meeting, error: unknown): Reply {
  if (error instanceof RequestFault) return refuseWith(error.status, error.code, error.message);
  const { code, message } = asKairosError(error, "Cannot answer another instance");
  meeting.contacts.note({
    action: "peer_not_answered",
    skill_id: null,
    details: { code, message },
  });
  return refuse("internal_error");
}
