/**
 * An instance that others can meet: its identity, sessions, offers, and what it knows of others. What is
 * asked of it is answered by `meetingApp`.
 *
 * @module
 */

import { asKairosError } from "../core/errors.ts";
import { Deadline } from "../core/deadline.ts";
import type { Instance } from "../core/instance.ts";
import type { RsaKey } from "../core/keys/rsa.ts";
import type { FileMemoOptions } from "../core/layers/file_memo.ts";
import type { BodyLimits } from "../core/read_body.ts";
import { STATE_FILE } from "../core/skillset/state_file.ts";
import { AddressBuckets, type AddressLimits } from "./address_limits.ts";
import { Catalog, GLANCE } from "./catalog/catalog.ts";
import { Challenges } from "./challenges.ts";
import { Contacts } from "./contacts.ts";
import { openMeetingKey, type OwnIdentity, ownIdentity } from "./identity.ts";
import { Handlers } from "./messages/actions.ts";
import { readTrust, TRUST_FILE, type TrustedKey } from "./peer_trust.ts";
import { Peers } from "./peers.ts";
import { type Session, type SessionLimits, Sessions } from "./sessions.ts";
import { loadMeetingSettings, MEETING_FILE, type MeetingSettings } from "./settings.ts";
import { whyClosed } from "./why_closed.ts";

/** How an instance is opened for others. */
export interface MeetingOptions {
  /** Milliseconds since any moment, for what lasts a time; never runs backwards. */
  readonly elapsed?: () => number;
  /** How long a look at files counts, in milliseconds; a moment unless given. */
  readonly glance?: number;
  /** Fills an array with random bytes. */
  readonly random?: (bytes: Uint8Array) => void;
  /** Bounds of sessions. */
  readonly sessions?: Partial<SessionLimits>;
  /** Bounds for those who have no session. */
  readonly addresses?: Partial<AddressLimits>;
  /** Most bytes of a body; 1 MiB unless given. */
  readonly maxBytes?: number;
  /** Longest time for a body in milliseconds; 30 s unless given. */
  readonly timeout?: number;
  /** What answers the actions of extensions. */
  readonly handlers?: Handlers;
}

/** The settings an identity is made of. */
const IDENTITY = ["identity.name", "identity.description", "identity.scope"] as const;
const MAX_BYTES = 1024 * 1024;
const TIMEOUT = 30_000;

/** The settings as they are, or why nobody is answered. */
type Standing =
  | { readonly settings: MeetingSettings; readonly problem: null }
  | { readonly settings: null; readonly problem: string };

const STANDING: FileMemoOptions<Standing> = {
  most: 2 ** 16,
  weigh: (standing) => JSON.stringify(standing).length,
};

/** How keys are kept, as long as their file is the same: reading a thousand of them takes its time. */
const TRUST: FileMemoOptions<readonly TrustedKey[]> = {
  most: 2 ** 22,
  weigh: (keys) => keys.reduce((sum, { key }) => sum + 2 * (key?.pem.length ?? 0), 0),
};

/** An instance that others can meet. */
export class Meeting {
  /** The instance. */
  readonly instance: Instance;
  /** What it knows of others. */
  readonly peers: Peers;
  /** Who was let in. */
  readonly sessions: Sessions;
  /** Who was not. */
  readonly addresses: AddressBuckets;
  /** What it asks others to sign. */
  readonly challenges: Challenges;
  /** What it offers. */
  readonly catalog: Catalog;
  /** What it notes of others. */
  readonly contacts: Contacts;
  /** What answers the actions of extensions. */
  readonly handlers: Handlers;
  /** Bounds of a body. */
  readonly bodies: BodyLimits;
  readonly #deadline: Deadline;
  readonly #elapsed: () => number;
  readonly #glance: number;
  #standing: { readonly at: number; readonly standing: Standing } | null = null;
  #trust: { readonly at: number; readonly keys: readonly TrustedKey[] } | null = null;
  #key: Promise<RsaKey> | null = null;
  #own: { readonly settings: MeetingSettings; readonly identity: OwnIdentity } | null = null;

  /**
   * @param instance The instance
   * @param catalog What it offers
   * @param options Times and bounds
   */
  constructor(instance: Instance, catalog: Catalog, options: MeetingOptions) {
    const elapsed = options.elapsed ?? (() => performance.now());
    const random = options.random ?? fillRandomly;
    const { clock } = instance.store;
    this.#elapsed = elapsed;
    this.#glance = options.glance ?? GLANCE;
    this.instance = instance;
    this.catalog = catalog;
    this.peers = new Peers(instance.store, () => this.#decided());
    this.sessions = new Sessions({ limits: options.sessions ?? {}, clock: elapsed, random });
    this.addresses = new AddressBuckets({ limits: options.addresses ?? {}, clock: elapsed });
    this.challenges = new Challenges({ clock, random });
    this.contacts = new Contacts(instance.store, elapsed);
    this.handlers = options.handlers ?? new Handlers();
    this.#deadline = new Deadline(options.timeout ?? TIMEOUT);
    this.bodies = { maxBytes: options.maxBytes ?? MAX_BYTES, deadline: this.#deadline };
  }

  /**
   * The settings as the files have them now. They are read again when they change; what keeps everybody out
   * is noted in the journal once.
   *
   * @returns The settings, or why nobody is answered
   */
  standing(): Standing {
    const now = this.#elapsed();
    const before = this.#standing;
    if (before !== null && now - before.at < this.#glance) return before.standing;
    const standing = this.#read();
    this.#standing = { at: now, standing };
    const { problem } = standing;
    if (problem !== null && problem !== before?.standing.problem) {
      this.contacts.note({ action: "meeting_closed", skill_id: null, details: { problem } });
    }
    return standing;
  }

  #read(): Standing {
    const { memos, view, store: { disk }, root } = this.instance;
    return memos.of(STANDING).get(view(), MEETING_FILE, (files) => {
      for (const path of [MEETING_FILE, STATE_FILE]) files.stat(path);
      try {
        const settings = loadMeetingSettings(disk, root);
        const problem = whyClosed(settings, files);
        return problem === null ? { settings, problem } : { settings: null, problem };
      } catch (error) {
        const { message } = asKairosError(error, "Cannot read the settings");
        return { settings: null, problem: message };
      }
    });
  }

  /**
   * Who this instance is, under some settings. The first call makes its key.
   *
   * @param settings Name, description, scope
   * @returns The identity
   * @throws {KairosError} As opening the key does
   */
  async own(settings: MeetingSettings): Promise<OwnIdentity> {
    if (this.#own?.settings === settings) return this.#own.identity;
    this.#key ??= openMeetingKey(this.instance.store);
    const key = await this.#key.catch((error) => {
      // What was in its way may be gone the next time.
      this.#key = null;
      throw error;
    });
    const known = this.#own;
    const isSame = known !== null &&
      IDENTITY.every((field) => known.settings[field] === settings[field]);
    // The same object, so that what is made of it is the same too.
    const identity = isSame ? known.identity : ownIdentity(key, settings);
    this.#own = { settings, identity };
    return identity;
  }

  /**
   * The session of a token, as long as whose it is is welcome: what a person decides about a peer counts at
   * once, not when its hour is over.
   *
   * @param token The token
   * @returns The session; `null` when there is none, its time is over, or its peer was turned away
   * @throws {KairosError} `invalid` for a file of decisions that cannot be understood
   */
  session(token: string): Session | null {
    const session = this.sessions.find(token);
    if (session === null) return null;
    const { peerId: instanceId, spki } = session;
    const found = this.peers.judge({ instanceId, key: { spki } });
    if (found === "known" || found === "unknown") return session;
    this.sessions.end(token);
    return null;
  }

  /** What was decided about keys, as the file has it now. */
  #decided(): readonly TrustedKey[] {
    const now = this.#elapsed();
    if (this.#trust === null || now - this.#trust.at >= this.#glance) {
      const { memos, view, store } = this.instance;
      const keys = memos.of(TRUST).get(view(), TRUST_FILE, (files) => {
        files.stat(TRUST_FILE);
        return readTrust(store);
      });
      this.#trust = { at: now, keys };
    }
    return this.#trust.keys;
  }

  /**
   * Ends what is still to be written.
   *
   * @returns When it is written
   */
  async close(): Promise<void> {
    this.#deadline[Symbol.dispose]();
    await this.contacts.flush();
  }
}

/**
 * Opens an instance for others.
 *
 * @param instance The instance, open for writing
 * @param options Times and bounds
 * @returns The meeting, to be closed by the caller; nobody is answered before its settings say so
 */
export async function openMeeting(
  instance: Instance,
  options: MeetingOptions = {},
): Promise<Meeting> {
  return new Meeting(instance, await Catalog.open(instance, options), options);
}

function fillRandomly(bytes: Uint8Array): void {
  crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}
