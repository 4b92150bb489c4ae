/**
 * An instance that can be met, in process: its application, and others that come to it.
 *
 * @module
 */

import type { Instance } from "../../core/instance.ts";
import type { OwnIdentity } from "../../mmp/identity.ts";
import { type Meeting, type MeetingOptions, openMeeting } from "../../mmp/meeting.ts";
import { makeProof } from "../../mmp/proof.ts";
import { meetingApp } from "../../mmp/router/app.ts";
import { NOON, withInstance } from "../support/instance.ts";
import { introductionOf } from "./people.ts";

/** An answer. */
export interface Answered {
  /** HTTP status. */
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  /** The body, read. */
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  readonly body: any;
  /** The headers. */
  readonly headers: Headers;
}

/** What goes with a request. */
export interface Asking {
  /** The body: bytes as they are, a text as it is, anything else as JSON. */
  readonly body?: unknown;
  /** The token of a session. */
  readonly token?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where it comes from; 192.0.2.1 unless given. */
  readonly address?: string;
}

/** An instance that can be met. */
export interface Met {
  /** The instance. */
  readonly instance: Instance;
  /** Its data directory. */
  readonly root: string;
  /** The meeting. */
  readonly meeting: Meeting;
  /** Asks it, `GET /meeting/v1/skills` and so on; the version may be left out. */
  readonly ask: (route: string, asking?: Asking) => Promise<Answered>;
  /** Lets time pass, in milliseconds. */
  readonly pass: (milliseconds: number) => void;
  /** Somebody introduces itself without proof; its token, empty when there is none. */
  readonly enter: (own: OwnIdentity) => Promise<string>;
  /** Somebody introduces itself with proof; the answer. */
  readonly prove: (own: OwnIdentity, instanceId?: string) => Promise<Answered>;
}

/** How an instance is made for others. */
export interface MeetSettings extends Omit<MeetingOptions, "elapsed"> {
  /** `meeting.yml`; only `enabled: true` unless given. */
  readonly settings?: string;
}

/**
 * Runs a test with an instance that can be met.
 *
 * @param test The test
 * @param options Settings and bounds
 */
export async function withMeeting(
  test: (met: Met) => Promise<void>,
  { settings = "enabled: true\n", ...options }: MeetSettings = {},
): Promise<void> {
  let now = NOON;
  await withInstance(async (instance, root) => {
    await writeSettings(root, settings);
    const meeting = await openMeeting(instance, { glance: 0, ...options, elapsed: () => now });
    const app = meetingApp(meeting);
    const ask = async (route: string, asking: Asking = {}): Promise<Answered> => {
      const [method = "", path = ""] = route.split(" ");
      const { body, token, headers = {}, address = "192.0.2.1" } = asking;
      const isRaw = body === undefined || typeof body === "string" || body instanceof Uint8Array ||
        body instanceof ReadableStream;
      const response = await app.request(path.startsWith("/") ? path : `/meeting/v1/${path}`, {
        method,
        headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: (isRaw ? body : JSON.stringify(body)) as BodyInit }),
      }, { remoteAddr: { hostname: address } });
      const text = await response.text();
      return { status: response.status, text, body: JSON.parse(text), headers: response.headers };
    };
    const met: Met = {
      instance,
      root,
      meeting,
      ask,
      pass: (milliseconds) => now += milliseconds,
      enter: async (own) => {
        const { body } = await ask("POST introduce", { body: introductionOf(own) });
        return body.session_token ?? "";
      },
      prove: async (own, instanceId) => {
        const identity = { ...own.identity, instance_id: instanceId ?? own.identity.instance_id };
        const { body: us } = await ask(`GET introduce?nonce=${"n".repeat(16)}`);
        const proof = makeProof(own, {
          role: "introduce",
          nonce: us.challenge.nonce,
          audience: us.identity.instance_id,
          now: instance.store.clock(),
        });
        return await ask("POST introduce", { body: { ...introductionOf(own, identity), proof } });
      },
    };
    try {
      await test(met);
    } finally {
      await meeting.close();
    }
  }, { clock: () => now });
}

/**
 * Writes `meeting.yml`.
 *
 * @param root The data directory
 * @param text What it says
 */
export async function writeSettings(root: string, text: string): Promise<void> {
  await Deno.mkdir(`${root}/skillsets/mmp/config`, { recursive: true });
  await Deno.writeTextFile(`${root}/skillsets/mmp/config/meeting.yml`, text);
}

/**
 * An entry's document.
 *
 * @param fields Lines of its front matter
 * @param body Its body
 * @returns The document
 */
export function entryText(fields: readonly string[], body = "# Text\n"): string {
  return `---\n${fields.join("\n")}\n---\n\n${body}`;
}
