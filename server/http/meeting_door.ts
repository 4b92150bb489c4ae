/**
 * The door for other instances: what the rooms of meetings answer, within the bounds of this server. They
 * are loaded when the first one knocks.
 *
 * @module
 */

import type { Instance } from "../../core/instance.ts";
import { networkOf } from "../../mmp/address_limits.ts";
import type { Meeting } from "../../mmp/meeting.ts";
import type { MeetingEnv } from "../../mmp/router/app.ts";
import { refuse, send } from "../../mmp/router/reply.ts";
import { InFlight, type Sending, untilSent } from "./in_flight.ts";

/** What the HTTP server says of a request. */
type Origin = MeetingEnv["Bindings"] & Sending;

/** The door. */
export interface MeetingDoor {
  /**
   * Answers a request.
   *
   * @param request The request, below `/meeting/`
   * @param origin Where it comes from and when its answer has been sent, as the HTTP server says it
   * @returns The answer
   */
  fetch(request: Request, origin?: Origin): Promise<Response>;
  /** Writes what is still to be written. */
  close(): Promise<void>;
}

/** Most requests of other instances at once. */
const MAX_IN_FLIGHT = 256;
/** Most of them from one address, so that no one who is slow on purpose keeps all others out. */
const MAX_OF_ADDRESS = 16;

/**
 * Makes the door.
 *
 * @param instance The instance
 * @returns The door; nothing has been loaded yet
 */
export function meetingDoor(instance: Instance): MeetingDoor {
  const inFlight = new InFlight(MAX_IN_FLIGHT);
  const byAddress = new Map<string, number>();
  let opened: Promise<Opened> | undefined;
  return {
    async fetch(request, origin = {}) {
      const address = networkOf(origin.remoteAddr?.hostname ?? "");
      const count = byAddress.get(address) ?? 0;
      if (count >= MAX_OF_ADDRESS) return busy();
      byAddress.set(address, count + 1);
      const answer = async () => {
        const { fetch } = await (opened ??= open(instance).catch((error) => {
          // What was in its way may be gone the next time.
          opened = undefined;
          throw error;
        }));
        return await fetch(request, origin);
      };
      const leave = () => {
        const left = byAddress.get(address)! - 1;
        if (left === 0) byAddress.delete(address);
        else byAddress.set(address, left);
      };
      // Whoever reads an answer slowly is still being answered.
      return await untilSent(
        async () => await inFlight.run(answer, origin) ?? busy(),
        leave,
        origin,
      );
    },
    async close() {
      await (await opened)?.meeting.close();
    },
  };
}

interface Opened {
  readonly meeting: Meeting;
  readonly fetch: (request: Request, env: MeetingEnv["Bindings"]) => Response | Promise<Response>;
}

async function open(instance: Instance): Promise<Opened> {
  const [{ openMeeting }, { meetingApp }] = await Promise.all([
    import("../../mmp/meeting.ts"),
    import("../../mmp/router/app.ts"),
  ]);
  const meeting = await openMeeting(instance);
  return { meeting, fetch: meetingApp(meeting).fetch };
}

function busy(): Response {
  const response = send(refuse("busy"));
  response.headers.set("retry-after", "1");
  return response;
}
