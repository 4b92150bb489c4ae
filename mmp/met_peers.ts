/**
 * Whom the address book knows, where nobody decided anything and nobody proved anything. Of an id that
 * derives from no key, the key that came first is the one we know, and the one that came last asks to be
 * taken for it. See `kairos_formats/meeting.md#trust`.
 *
 * @module
 */

import { keptRsaPublicKey, type RsaPublicKey } from "../core/keys/rsa.ts";
import { isBound, isOther } from "./judge_peer.ts";
import type { Contact } from "./peer_book.ts";
import type { TrustedKey } from "./peer_trust.ts";

/** A contact with its key, read. */
export interface KeyedContact {
  /** The contact. */
  readonly contact: Contact;
  /** Its key, or `null` when there is none that can be used. */
  readonly key: RsaPublicKey | null;
}

/** A peer of the address book. */
export interface MetPeer extends KeyedContact {
  /** Another key that asked to be taken for it, or `null`. */
  readonly rival: TrustedKey["rival"];
}

/**
 * Contacts with their keys.
 *
 * @param contacts The contacts, in the order in which they were first met
 * @returns The same ones
 */
export function withKeys(contacts: readonly Contact[]): KeyedContact[] {
  return contacts.map((contact) => {
    const key = keptRsaPublicKey(contact.public_key);
    return { contact, key: typeof key === "string" ? null : key };
  });
}

/**
 * The peers among contacts.
 *
 * @param contacts Contacts nobody decided anything about
 * @returns The peers; of several keys of an id one peer with a rival, unless the id derives from one of them
 */
export function metPeers(contacts: readonly KeyedContact[]): MetPeer[] {
  const byId = Map.groupBy(contacts, ({ contact }) => contact.id);
  return [...byId].flatMap(([id, all]): MetPeer[] => {
    const [first, ...later] = all.filter(({ key }) => key !== null);
    const last = later.at(-1);
    if (last === undefined || all.some(({ key }) => isBound(id, key))) {
      return all.map((one) => ({ ...one, rival: null }));
    }
    const rival = { key: last.key!, seen: last.contact.last_seen };
    return [
      ...all.filter(({ key }) => key === null).map((one) => ({ ...one, rival: null })),
      { ...first!, rival },
    ];
  });
}

/**
 * The key the address book has for an id.
 *
 * @param contacts All contacts
 * @param id The id
 * @returns The one the id derives from, else the first one; `null` when it has none
 */
export function keyInBook(contacts: readonly KeyedContact[], id: string): RsaPublicKey | null {
  const keys = contacts.flatMap(({ contact, key }) => contact.id === id && key ? [key] : []);
  return keys.find((key) => isBound(id, key)) ?? keys[0] ?? null;
}

/**
 * The contacts without those of an id whose key is another.
 *
 * @param contacts All contacts
 * @param id The id
 * @param key Its key
 * @returns The contacts that stay
 */
export function withoutRivals(
  contacts: readonly KeyedContact[],
  id: string,
  key: RsaPublicKey,
): Contact[] {
  return contacts
    .filter((one) => one.contact.id !== id || one.key === null || !isOther(one.key, key))
    .map(({ contact }) => contact);
}
