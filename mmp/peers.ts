/**
 * Other instances: whom we met, whose key we know, whom we turn away. See
 * `kairos_formats/meeting.md#trust`.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import type { RsaPublicKey } from "../core/keys/rsa.ts";
import type { Store } from "../core/store.ts";
import { quote } from "../core/text.ts";
import { instanceIdOf } from "./identity.ts";
import type { VerifiedPeer } from "./introduction.ts";
import {
  type Acquaintance,
  type Acquainted,
  isBound,
  isOther,
  isTurnedAwayBy,
  judgePeer,
  ownerOf,
} from "./judge_peer.ts";
import { keyInBook, metPeers, withKeys, withoutRivals } from "./met_peers.ts";
import { type Contact, readContacts, writeContacts } from "./peer_book.ts";
import { readTrust, type Standing, type TrustedKey, writeTrust } from "./peer_trust.ts";
import { wireTime } from "./wire_time.ts";

/** One other instance. */
export interface Peer {
  /** The id it goes by. */
  readonly id: string;
  /** Whether the id derives from its key, so that nobody else can go by it. */
  readonly bound: boolean;
  /** Its key, or `null` when another implementation met it and kept none. */
  readonly key: RsaPublicKey | null;
  /** What was decided about it; `met` when nothing was. */
  readonly standing: Standing | "met";
  /** When that was decided, or `null`. */
  readonly since: string | null;
  /** Another key that asked to be taken for it, or `null`. */
  readonly rival: TrustedKey["rival"];
  /** What the address book says, or `null` when it is not in there. */
  readonly contact: Contact | null;
}

/** How somebody was met. */
export interface Encounter {
  /** Whether it proved to hold its key. */
  readonly proof: "proven" | "none";
  /** Where we reached it; `null` when it came to us. */
  readonly url: string | null;
}

/** A contact that says nothing new is not written again within this time, in milliseconds. */
const QUIET = 60 * 1000;

/** The other instances of one data directory. Files are looked at each time: other processes write them too. */
export class Peers {
  readonly #store: Store;
  readonly #readTrust: () => readonly TrustedKey[];

  /**
   * @param store The store
   * @param trust Reads what was decided, where somebody keeps it as long as the file is the same
   */
  constructor(store: Store, trust: () => readonly TrustedKey[] = () => readTrust(store)) {
    this.#store = store;
    this.#readTrust = trust;
  }

  /**
   * Everybody, by id; those whose id derives from their key first.
   *
   * @returns The peers
   * @throws {KairosError} `invalid` for files that cannot be understood
   */
  list(): Peer[] {
    const contacts = withKeys(readContacts(this.#store));
    const keys = this.#readTrust();
    const met = contacts.filter(({ contact, key }) =>
      !keys.some((one) => isSame(one, contact, key))
    );
    const peers = [
      ...keys.map((one) =>
        peerOf(one, contacts.find(({ contact, key }) => isSame(one, contact, key))?.contact ?? null)
      ),
      ...metPeers(met).map(({ contact, key, rival }): Peer => ({
        id: contact.id,
        bound: isBound(contact.id, key),
        key,
        standing: "met",
        since: null,
        rival,
        contact,
      })),
    ];
    return peers.sort((a, b) =>
      Number(b.bound) - Number(a.bound) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
    );
  }

  /**
   * One peer.
   *
   * @param reference Its id, the beginning of its id or of its key's fingerprint, its address or its name
   * @returns The peer
   * @throws {KairosError} `not_found`; `invalid` when several fit
   */
  find(reference: string): Peer {
    const found = this.#search(reference);
    if (found !== null) return found;
    throw new KairosError("not_found", `Peer not found: ${quote(reference)}`, {
      hint: "See whom this instance knows with `kairos peers list`",
    });
  }

  #search(reference: string): Peer | null {
    const all = this.list();
    // What derives from a key comes first: names, and ids that do not, can be chosen to be like another's.
    const tests: ((peer: Peer) => boolean)[] = [
      ({ key }) => key?.fingerprint === reference,
      ({ id, bound }) => bound && id === reference,
      ({ contact }) => contact?.url === reference,
      ({ id, key, contact }) =>
        id === reference || contact?.name === reference ||
        (reference.length >= 8 && key?.fingerprint.startsWith(reference) === true) ||
        (reference.length >= 4 && id.startsWith(reference)),
    ];
    for (const test of tests) {
      const [found, ...others] = all.filter(test);
      if (found === undefined) continue;
      // One key under several ids is one peer, by whichever of them it is named; its own comes first.
      if (others.every(({ key }) => key !== null && key.spki === found.key?.spki)) return found;
      throw new KairosError("invalid", `Cannot tell which peer ${quote(reference)} is`, {
        hint: `Name it by its fingerprint: ${
          [found, ...others].slice(0, 10).map(({ key }) => key?.fingerprint ?? "without key").join(
            ", ",
          )
        }`,
      });
    }
    return null;
  }

  /**
   * What somebody who introduces itself is to us; nothing is kept.
   *
   * @param peer Its introduction, or whose session it is
   * @returns The answer
   * @throws {KairosError} `invalid` for files that cannot be understood
   */
  judge(peer: Acquainted): Acquaintance {
    return judgePeer(this.#readTrust(), peer);
  }

  /**
   * Meets somebody: a proven key nobody knows is pinned, a proven one that another instance id belongs to
   * is noted as its rival. Without a proof nothing is decided, and only whom we ourselves called is noted
   * in the address book; where that has another key for an id that derives from none, it has changed.
   *
   * @param peer Its introduction
   * @param encounter How it was met
   * @returns What it was to us before
   * @throws {KairosError} `invalid`, `locked`, `io`
   */
  meet(peer: VerifiedPeer, encounter: Encounter): Promise<Acquaintance> {
    const { proof, url } = encounter;
    const store = this.#store;
    return store.locked(() => {
      const keys = readTrust(store);
      const now = wireTime(store.clock());
      const { instanceId: id, key } = peer;
      const judged = judgePeer(keys, peer);
      // Who can show nothing has to be, at least, who was there before.
      const isOpen = judged === "unknown" && proof === "none" && url !== null && !peer.bound;
      const found = isOpen && this.#isRival(peer, url, now) ? "changed" : judged;
      if (proof === "proven" && found === "unknown") {
        writeTrust(store, [...keys, { id, key, standing: "pinned", since: now, rival: null }]);
      } else if (judged === "changed" && (proof === "proven" || url !== null)) {
        const rival = { key, seen: now };
        const isOwned = ownerOf(keys, id) !== undefined;
        if (!isOwned) writeTrust(store, keys.map((one) => one.id === id ? { ...one, rival } : one));
      }
      const isNoted = found === "known" ||
        (found === "unknown" && (proof === "proven" || url !== null));
      if (isNoted) this.#note(peer, url, now);
      const details = { peer: id, fingerprint: key.fingerprint, proof, found, url };
      store.journal.note({ action: "peer_met", skill_id: null, details });
      return found;
    });
  }

  /**
   * A person says that a key is the one of a peer: the key it was met with, or the one that asked to be
   * taken for it. From then on the id is that key's alone.
   *
   * @param reference The peer
   * @param fingerprint The key a person compared; needed where there is a rival
   * @returns The peer as it is now
   * @throws {KairosError} `not_found`; `invalid` when the key is not clear or there is none; `refused` for an
   *   id that derives from another key we know
   */
  trust(reference: string, fingerprint?: string): Promise<Peer> {
    return this.#store.locked(() => {
      const peer = this.find(reference);
      const { id } = peer;
      const keys = [peer.key, peer.rival?.key ?? null].filter((key) => key !== null);
      const fitting = keys.filter((key) => key.fingerprint === (fingerprint ?? key.fingerprint));
      if (fitting.length === 1) {
        const key = this.#ofOwner(id, fitting[0]!);
        const others = readTrust(this.#store).filter((one) =>
          one.key === null
            ? !isTurnedAwayBy(one, { instanceId: id, key })
            : one.id !== id || one.standing === "blocked"
        );
        const decided = this.#decide(peer, key, "trusted", others);
        return { ...decided, contact: this.#settleContact(id, key, peer.contact) };
      }
      const known = keys.map((key) => key.fingerprint).join(", ");
      throw new KairosError("invalid", `Cannot tell which key to trust for ${quote(id)}`, {
        hint: known !== ""
          ? `Ask its owner, then name the right one with --fingerprint: ${known}`
          : peer.standing === "blocked"
          ? `Take back that it is blocked: \`kairos peers forget ${id}\``
          : "Meet it first: `kairos meet URL`",
      });
    });
  }

  /**
   * A person turns a peer away, whatever id its key goes by. Where the key is not known, whoever goes by the
   * id is turned away, and the key the id derives from.
   *
   * @param reference The peer; of somebody who is not known the whole id, or the fingerprint, as the journal
   *   has them
   * @returns The peer as it is now
   * @throws {KairosError} `not_found`; `refused` when the key is not known and the id is another's
   */
  block(reference: string): Promise<Peer> {
    return this.#store.locked(() => {
      const peer = this.#search(reference) ?? strangerOf(reference) ?? this.find(reference);
      const { id, key } = peer;
      const keys = readTrust(this.#store);
      const owner = key === null ? ownerOf(keys, id) : undefined;
      if (owner !== undefined) throw ownedBy(owner, `Cannot block whoever goes by ${quote(id)}`);
      return this.#decide(peer, key, "blocked", keys);
    });
  }

  /**
   * Forgets a peer, what was decided about it included.
   *
   * @param reference The peer
   * @returns What was known of it
   * @throws {KairosError} `not_found`, `locked`, `io`
   */
  forget(reference: string): Promise<Peer> {
    const store = this.#store;
    return store.locked(() => {
      const peer = this.find(reference);
      const isIt = (id: string, key: RsaPublicKey | null, one: RsaPublicKey | null) =>
        id === peer.id && !isOther(key, one);
      // Whoever asked to be taken for it would be taken for it now.
      const rival = peer.rival?.key ?? peer.key;
      const contacts = withKeys(readContacts(store)).filter(({ contact: { id }, key }) =>
        !isIt(id, key, peer.key) && !isIt(id, key, rival)
      );
      writeTrust(store, readTrust(store).filter(({ id, key }) => !isIt(id, key, peer.key)));
      writeContacts(store, contacts.map(({ contact }) => contact));
      this.#journal("peer_forgotten", peer);
      return peer;
    });
  }

  /** Keeps a decision about a key, or about an id; beside others, without what was decided about it. */
  #decide(
    peer: Peer,
    key: RsaPublicKey | null,
    standing: Standing,
    others: readonly TrustedKey[],
  ): Peer {
    const { id } = peer;
    const decided = { id, key, standing, since: wireTime(this.#store.clock()), rival: null };
    const rest = others.filter((one) => one.id !== id || isOther(one.key, key));
    writeTrust(this.#store, [...rest, decided]);
    this.#journal(`peer_${standing}`, { ...peer, key });
    return peerOf(decided, peer.contact);
  }

  /** Nobody can be trusted with an id that derives from the key of somebody else we know. */
  #ofOwner(id: string, key: RsaPublicKey): RsaPublicKey {
    const owner = ownerOf(readTrust(this.#store), id);
    if (owner === undefined || !isOther(owner.key, key)) return key;
    throw ownedBy(owner, `Cannot trust this key for ${quote(id)}`);
  }

  /** Leaves one contact of an id, with the key that is trusted and, where it has none, the old address. */
  #settleContact(id: string, key: RsaPublicKey, old: Contact | null): Contact | null {
    const contacts = readContacts(this.#store);
    const own = withKeys(contacts).find((one) => one.contact.id === id && !isOther(one.key, key))
      ?.contact;
    const settled = own ?? (old === null ? null : { ...old, public_key: key.pem });
    if (settled === null) return null;
    const contact = { ...settled, url: settled.url ?? old?.url ?? null };
    writeContacts(this.#store, [...contacts.filter((one) => one.id !== id), contact]);
    return contact;
  }

  /** Whether the address book has another key for the id; this one is noted, for a person to decide. */
  #isRival(peer: VerifiedPeer, url: string, now: string): boolean {
    const { instanceId: id, key } = peer;
    const contacts = withKeys(readContacts(this.#store));
    const known = keyInBook(contacts, id);
    if (known === null || !isOther(known, key)) return false;
    // Whose id it is has no rivals.
    if (!isBound(id, known)) this.#note(peer, url, now, withoutRivals(contacts, id, known));
    return true;
  }

  #note(
    peer: VerifiedPeer,
    url: string | null,
    now: string,
    contacts: readonly Contact[] = readContacts(this.#store),
  ): void {
    const { instanceId: id, name, actions, key } = peer;
    const isIt = (one: Contact) => one.id === id && (one.public_key ?? key.pem) === key.pem;
    const old = contacts.find(isIt);
    const contact: Contact = {
      id,
      name,
      url: url ?? old?.url ?? null,
      last_seen: now,
      extensions: actions,
      added_at: old?.added_at ?? now,
      public_key: key.pem,
      verified: true,
    };
    if (old !== undefined && !isNews(old, contact)) return;
    const others = contacts.filter((one) => !isIt(one));
    // The order is the one in which they were first met.
    const at = old === undefined ? others.length : contacts.indexOf(old);
    writeContacts(this.#store, others.toSpliced(at, 0, contact));
  }

  #journal(action: string, { id, key }: Peer): void {
    const details = { peer: id, fingerprint: key?.fingerprint ?? null };
    this.#store.journal.note({ action, skill_id: null, details });
  }
}

function peerOf({ id, key, standing, since, rival }: TrustedKey, contact: Contact | null): Peer {
  return { id, bound: isBound(id, key), key, standing, since, rival, contact };
}

/** Somebody of whom nothing was kept; `null` for what is neither a whole id nor a whole fingerprint. */
function strangerOf(reference: string): Peer | null {
  // A name that was mistyped must not pass for somebody who was turned away.
  const digits = reference.toLowerCase().replaceAll(":", "");
  if (!/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(digits)) return null;
  const id = instanceIdOf(digits);
  return { id, bound: false, key: null, standing: "met", since: null, rival: null, contact: null };
}

function isSame(one: TrustedKey, contact: Contact, key: RsaPublicKey | null): boolean {
  return one.id === contact.id && !isOther(one.key, key);
}

function ownedBy({ key }: TrustedKey, attempt: string): KairosError {
  return new KairosError("refused", `${attempt}: the id is another's`, {
    hint: `Its owner has the key ${key?.fingerprint}`,
  });
}

/** Whether a contact says more than that the peer is still there. */
function isNews(old: Contact, contact: Contact): boolean {
  const { last_seen: before, ...rest } = old;
  const { last_seen: now, ...fresh } = contact;
  return !(Date.parse(now) - Date.parse(before) < QUIET) ||
    JSON.stringify(rest) !== JSON.stringify(fresh);
}
