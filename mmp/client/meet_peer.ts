/**
 * Meeting a peer from here: where it may be, who it is, whether it is who it was, and a session. See
 * `kairos_formats/meeting.md#asking`.
 *
 * @module
 */

import { asKairosError, KairosError } from "../../core/errors.ts";
import type { Store } from "../../core/store.ts";
import { quote } from "../../core/text.ts";
import { openMeetingKey, ownIdentity } from "../identity.ts";
import type { VerifiedPeer } from "../introduction.ts";
import { Peers } from "../peers.ts";
import { loadMeetingSettings } from "../settings.ts";
import { judgeAddress } from "./address_ranges.ts";
import { type Caller, discover, type Discovered, introduce } from "./discover.ts";
import { LocalAddresses } from "./local_addresses.ts";
import type { PeerSession } from "./peer_session.ts";
import { parsePeerUrl, type PeerUrl } from "./peer_url.ts";
import { type PinnedPeer, pinPeer, type Resolve } from "./pin_peer.ts";
import type { TimeLimits } from "./send_request.ts";

/** How a peer is met. */
export interface MeetOptions {
  /**
   * Whether a person named the address, here and now. Such a peer may be on this machine or network, and
   * agents may call it from then on.
   */
  readonly byPerson: boolean;
  /** Finds IP addresses; the system's resolver unless given. */
  readonly resolve?: Resolve | undefined;
  /** Longest waits. */
  readonly time?: TimeLimits | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** A peer that was met. */
export interface Met {
  /** Its address, in its one spelling. */
  readonly url: string;
  /** Who it is. */
  readonly peer: VerifiedPeer;
  /** What it says it is about; for people. */
  readonly description: string;
  /** Whether it proved to us that it holds its key. */
  readonly proof: "proven" | "none";
  /** Whether it took our proof. */
  readonly accepted: "proven" | "none";
  /** Whether we knew its key before. */
  readonly isKnown: boolean;
  /** The session; to be ended with a goodbye. */
  readonly session: PeerSession;
}

/**
 * Meets a peer.
 *
 * @param store The store of this instance, open for writing
 * @param address The peer's address
 * @param options How it is met
 * @returns Who it is, and a session
 * @throws {KairosError} `invalid` and `refused` for an address, `refused` for a key that changed, a peer
 *   a person turned away and one that does not prove what it proved before; those of the requests
 */
export async function meetPeer(
  store: Store,
  address: string,
  options: MeetOptions,
): Promise<Met> {
  const at = parsePeerUrl(address);
  try {
    return await meet(store, at, options);
  } catch (error) {
    await noteFailure(store, at, error);
    throw error;
  }
}

/** Notes that nothing came of a call; what went wrong is told also where that cannot be written. */
async function noteFailure(store: Store, { url }: PeerUrl, error: unknown): Promise<void> {
  const { code } = asKairosError(error, "Cannot meet a peer");
  const note = { action: "peer_not_met", skill_id: null, details: { url, code } };
  await store.locked(() => store.journal.note(note)).catch(() => {});
}

async function meet(store: Store, at: PeerUrl, options: MeetOptions): Promise<Met> {
  const local = new LocalAddresses(store);
  const mayBeLocal = options.byPerson || local.has(at.url);
  const to = await pinPeer(at, { mayBeLocal, resolve: options.resolve });
  const settings = loadMeetingSettings(store.disk, store.root);
  const caller: Caller = {
    own: ownIdentity(await openMeetingKey(store), settings),
    settings,
    clock: store.clock,
    time: options.time,
    signal: options.signal,
  };
  const found = await discover(to, caller);
  const isKnown = await recognise(store, to, found);
  if (options.byPerson && to.addresses.some((one) => judgeAddress(one).reach === "local")) {
    await local.add({ url: at.url, peer: found.peer.instanceId });
  }
  const { session, accepted } = await introduce(to, caller, found);
  const { peer, proof, description } = found;
  return { url: at.url, peer, proof, description, accepted, isKnown, session };
}

/** Holds whom we found against whom we know; what is new is kept. */
async function recognise(store: Store, { at }: PinnedPeer, found: Discovered): Promise<boolean> {
  const peers = new Peers(store);
  const { peer, proof } = found;
  const refuse = (what: string, hint: string) =>
    new KairosError("refused", `Cannot meet ${quote(at.url)}: ${what}`, {
      hint,
      data: { peer: peer.instanceId, fingerprint: peer.key.fingerprint },
    });
  const before = peers.list().find(({ id, key }) =>
    id === peer.instanceId && key?.spki === peer.key.spki
  );
  // Who proved its key once can do so again; without, a copy of its introduction would pass for it.
  if (before?.standing === "pinned" && proof === "none") {
    const details = { peer: peer.instanceId, fingerprint: peer.key.fingerprint, url: at.url };
    await store.locked(() =>
      store.journal.note({ action: "peer_unproven", skill_id: null, details })
    );
    throw refuse(
      `${peer.instanceId} proved its key before and does not now`,
      "Somebody may be showing a copy of its introduction; ask its owner",
    );
  }
  switch (await peers.meet(peer, { proof, url: at.url })) {
    case "known":
      return true;
    case "unknown":
      return before !== undefined;
    case "blocked":
      throw refuse(
        `${peer.instanceId} is blocked here`,
        "A person can take that back: look with `kairos peers list`, then `kairos peers trust`, or " +
          "`kairos peers forget` where the id was blocked",
      );
    case "changed":
      throw refuse(
        `${peer.instanceId} has another key than before, ${peer.key.fingerprint}`,
        `Ask its owner; a person can trust the new key: kairos peers trust ${peer.instanceId} ` +
          `--fingerprint ${peer.key.fingerprint}`,
      );
  }
}
