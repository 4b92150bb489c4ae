/**
 * Sessions: what an introduction earns, for an hour. See `kairos_formats/meeting.md#sessions`.
 *
 * Only the digest of a token is kept. The table is bounded: when it is full, who proved nothing makes
 * room first, so that no flood of made-up instances ends the session of a proven one. So is what one
 * address may have of it, which makes room among its own.
 *
 * @module
 */

import { sha256 } from "../core/objects/objects.ts";

/** Who a session belongs to. */
export interface SessionPeer {
  /** The id it introduced itself by: what it sends comes from this one, whatever it says. */
  readonly peerId: string;
  /** SHA-256 of its key. */
  readonly spki: string;
  /** Whether it proved that the key is its own. */
  readonly proof: "proven" | "none";
}

/** A session. */
export interface Session extends SessionPeer {
  /** SHA-256 of its token. */
  readonly digest: string;
  /** When it was opened, milliseconds of the sessions' clock. */
  readonly openedAt: number;
}

/** What is counted. */
export type Use = "request" | "content";

/** Bounds. */
export interface SessionLimits {
  /** Most sessions at once. */
  readonly sessions: number;
  /** Most of them that were opened from one address. */
  readonly ofAddress: number;
  /** How long a session lasts, in milliseconds, used or not. */
  readonly lifetime: number;
  /** Most requests of one session in a window. */
  readonly requests: number;
  /** Length of a window in milliseconds. It begins with the first request after the last one. */
  readonly window: number;
}

/** Bounds as they are unless given. */
export const SESSION_LIMITS: SessionLimits = {
  sessions: 1000,
  ofAddress: 100,
  lifetime: 60 * 60_000,
  requests: 100,
  window: 60_000,
};

/** Requests of one kind since a moment. */
interface Window {
  since: number;
  count: number;
}

/** How many sessions of each kind there are. */
type Counts = Record<SessionPeer["proof"], number>;

interface Kept extends Session {
  readonly address: string;
  readonly uses: Readonly<Record<Use, Window>>;
}

const TOKEN_BYTES = 32;
/** Time between two looks for sessions that are over, in milliseconds. */
const SWEEP = 1000;
/**
 * How many of all sessions proven ones may be. Keys cost nothing, so that many proven ones make room among
 * themselves; and the rest is always there for who proves nothing, who thereby never ends a proven one.
 */
const PROVEN_SHARE = 0.9;

/** The sessions of one instance. */
export class Sessions {
  readonly #limits: SessionLimits;
  readonly #clock: () => number;
  readonly #random: (bytes: Uint8Array) => void;
  /** By digest of the token, the longest unused first; those that proved nothing apart. */
  readonly #kept: Readonly<Record<Kept["proof"], Map<string, Kept>>> = {
    none: new Map(),
    proven: new Map(),
  };
  /** How many were opened from an address. */
  readonly #byAddress = new Map<string, Counts>();
  #sweptAt = -Infinity;

  /** @param options Bounds, clock in milliseconds, source of random bytes */
  constructor(options: {
    readonly limits?: Partial<SessionLimits>;
    readonly clock: () => number;
    readonly random: (bytes: Uint8Array) => void;
  }) {
    this.#limits = { ...SESSION_LIMITS, ...options.limits };
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /** How many there are, expired ones that were not met again included. */
  get count(): number {
    return this.#kept.none.size + this.#kept.proven.size;
  }

  /**
   * Opens a session.
   *
   * @param peer Whose it is
   * @param address From where it is opened, as `networkOf` says it; those without count as one
   * @returns Its token, 64 hexadecimal digits; it is not kept and cannot be had again
   *
   * @example
   * ```ts
   * import { Sessions } from "./sessions.ts";
   *
   * const random = (bytes: Uint8Array<ArrayBuffer>) => void crypto.getRandomValues(bytes);
   * const sessions = new Sessions({ clock: () => 0, random: (bytes) => bytes.fill(7) });
   * const token = sessions.open({ peerId: "a", spki: "b", proof: "none" });
   * if (sessions.find(token)?.peerId !== "a") throw new Error("not open");
   * ```
   */
  open(peer: SessionPeer, address = ""): string {
    this.#makeRoom(peer, address);
    this.#makeRoom(peer, null);
    const bytes = new Uint8Array(TOKEN_BYTES);
    this.#random(bytes);
    const token = bytes.toHex();
    const openedAt = this.#clock();
    const uses = { request: { since: openedAt, count: 0 }, content: { since: openedAt, count: 0 } };
    const digest = sha256(token);
    this.#kept[peer.proof].set(digest, { ...peer, address, digest, openedAt, uses });
    const counts = this.#byAddress.get(address) ?? { none: 0, proven: 0 };
    counts[peer.proof]++;
    this.#byAddress.set(address, counts);
    return token;
  }

  /**
   * The session of a token.
   *
   * @param token The token
   * @returns The session; `null` when there is none, or its time is over
   */
  find(token: string): Session | null {
    const digest = sha256(token);
    const session = this.#get(digest);
    if (session === undefined) return null;
    if (this.#isOver(session)) {
      this.#drop(session);
      return null;
    }
    const kept = this.#kept[session.proof];
    // Set again, it is the last in the map.
    kept.delete(digest);
    kept.set(digest, session);
    return session;
  }

  /**
   * Counts a use of a session.
   *
   * @param session The session
   * @param use What is counted
   * @param most Most uses in a window; the bound of requests unless given
   * @returns Whether it is within its bounds
   */
  use({ digest }: Session, use: Use, most: number = this.#limits.requests): boolean {
    const window = this.#get(digest)?.uses[use];
    if (window === undefined) return false;
    const now = this.#clock();
    if (window.count === 0 || now - window.since >= this.#limits.window) {
      window.since = now;
      window.count = 0;
    }
    if (window.count >= most) return false;
    window.count++;
    return true;
  }

  /**
   * Ends a session.
   *
   * @param token Its token
   * @returns The session that was ended, or `null` when there was none
   */
  end(token: string): Session | null {
    const session = this.find(token);
    if (session !== null) this.#drop(this.#get(session.digest)!);
    return session;
  }

  #get(digest: string): Kept | undefined {
    return this.#kept.proven.get(digest) ?? this.#kept.none.get(digest);
  }

  #isOver({ openedAt }: Session): boolean {
    return this.#clock() - openedAt >= this.#limits.lifetime;
  }

  /** Ends who has to make room for one more: of an address, or of all. */
  #makeRoom({ proof }: SessionPeer, address: string | null): void {
    if (this.#crowd(proof, address) === null) return;
    this.#sweep();
    const crowd = this.#crowd(proof, address);
    if (crowd === null) return;
    for (const session of this.#kept[crowd].values()) {
      if (address === null || session.address === address) return this.#drop(session);
    }
  }

  /** Of which kind there are too many for one more, or `null` while there is room. */
  #crowd(proof: Kept["proof"], address: string | null): Kept["proof"] | null {
    const { sessions, ofAddress } = this.#limits;
    const most = address === null ? sessions : ofAddress;
    const { none, proven } = address === null
      ? { none: this.#kept.none.size, proven: this.#kept.proven.size }
      : this.#byAddress.get(address) ?? { none: 0, proven: 0 };
    if (proof === "proven" && proven >= Math.ceil(most * PROVEN_SHARE)) return "proven";
    if (none + proven < most) return null;
    return none > 0 ? "none" : "proven";
  }

  #drop({ digest, proof, address }: Kept): void {
    this.#kept[proof].delete(digest);
    const counts = this.#byAddress.get(address)!;
    counts[proof]--;
    if (counts.none + counts.proven === 0) this.#byAddress.delete(address);
  }

  #sweep(): void {
    const now = this.#clock();
    if (now - this.#sweptAt < SWEEP) return;
    this.#sweptAt = now;
    for (const kept of Object.values(this.#kept)) {
      for (const session of kept.values()) if (this.#isOver(session)) this.#drop(session);
    }
  }
}
