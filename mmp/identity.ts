/**
 * Who this instance is to others. See `kairos_formats/meeting.md#identity`.
 *
 * @module
 */

import { writeAtomic } from "../core/disk/mod.ts";
import { KairosError } from "../core/errors.ts";
import { newRsaKey, RsaKey, type RsaPublicKey } from "../core/keys/rsa.ts";
import type { Store } from "../core/store.ts";
import type { MeetingSettings } from "./settings.ts";
import { wireText } from "./wire_json.ts";

/** The private key, relative to the data directory. */
export const KEY_FILE = "keys/mmp_keypair.pem";

/** The public key beside it, for people. */
export const PUBLIC_KEY_FILE = `${KEY_FILE}.pub`;

/** The version of the meeting library that is announced; others only show it. */
export const LIBRARY_VERSION = "1.1.0";

const MAX_KEY = 16 * 1024;
const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;
const OTHERS = 0o077;

/** What is signed of an introduction, keys in the order they are sent. All values are texts. */
export interface Identity {
  /** What others call it. */
  readonly name: string;
  /** What it is about. */
  readonly description: string;
  /** The field it works in. */
  readonly scope: string;
  /** {@linkcode LIBRARY_VERSION} */
  readonly version: string;
  /** 16 hexadecimal digits that derive from its key. */
  readonly instance_id: string;
}

/** This instance, able to sign. */
export interface OwnIdentity {
  /** What is signed. */
  readonly identity: Identity;
  /** Its public key. */
  readonly publicKey: RsaPublicKey;
  /** The signature of the identity, base64. */
  readonly signature: string;
  /** Signs a text; base64. */
  readonly sign: (text: string) => string;
}

/**
 * The instance id that goes with a public key.
 *
 * @param spki SHA-256 of the key's DER, hexadecimal
 * @returns 16 hexadecimal digits
 */
export function instanceIdOf(spki: string): string {
  return spki.slice(0, 16);
}

/**
 * Opens the key of this instance; the first call makes it.
 *
 * @param store The store; open for writing where there is no key yet
 * @returns The key
 * @throws {KairosError} `refused` for a key that others may read, and while there is none and the
 *   instance is open for reading; `invalid` for one that cannot be used; `locked`, `io`
 */
export async function openMeetingKey(store: Store): Promise<RsaKey> {
  const found = readKey(store);
  if (found !== null) return found;
  const pem = await newRsaKey();
  return await store.locked(() => readKey(store) ?? writeKey(store, pem));
}

/**
 * Who this instance is, under the present settings.
 *
 * @param key Its key
 * @param settings Name, description, scope
 * @returns The identity, signed
 */
export function ownIdentity(key: RsaKey, settings: MeetingSettings): OwnIdentity {
  const { publicKey } = key;
  const identity: Identity = {
    name: settings["identity.name"],
    description: settings["identity.description"],
    scope: settings["identity.scope"],
    version: LIBRARY_VERSION,
    instance_id: instanceIdOf(publicKey.spki),
  };
  const sign = (text: string) => key.sign(text);
  return {
    identity,
    publicKey,
    sign,
    signature: sign(wireText(new Map(Object.entries(identity)))),
  };
}

function readKey({ disk, root }: Store): RsaKey | null {
  const path = `${root}/${KEY_FILE}`;
  const seen = disk.statLink(path);
  if (seen === null) return null;
  if (seen.kind !== "file") throw unusable("refused", "it is no file", "Put the key itself there");
  if ((seen.mode & OTHERS) !== 0) {
    const found = `others may use it, its mode is ${seen.mode.toString(8)}`;
    throw unusable(
      "refused",
      found,
      "Run chmod 600 on it, and doubt the key if others could read it",
    );
  }
  const bytes = disk.read(path, MAX_KEY);
  const key = RsaKey.open(new TextDecoder().decode(bytes ?? new Uint8Array(0)));
  if (typeof key === "string") {
    throw unusable("invalid", key, "Restore it from a backup; without it, others take us for new");
  }
  return key;
}

function writeKey({ disk, root, journal }: Store, pem: string): RsaKey {
  const key = RsaKey.open(pem);
  if (typeof key === "string") throw unusable("invalid", key, "Try again");
  const encoder = new TextEncoder();
  disk.makeFolder(`${root}/keys`, PRIVATE_FOLDER);
  writeAtomic(disk, `${root}/${PUBLIC_KEY_FILE}`, encoder.encode(key.publicKey.pem));
  writeAtomic(disk, `${root}/${KEY_FILE}`, encoder.encode(pem), { permissions: PRIVATE });
  const details = { fingerprint: key.publicKey.fingerprint };
  journal.note({ action: "meeting_key_made", skill_id: null, details });
  return key;
}

function unusable(code: "refused" | "invalid", found: string, hint: string): KairosError {
  return new KairosError(code, `Cannot open the key ${KEY_FILE}: ${found}`, { hint });
}
