/**
 * A session with a peer that knows who we are: what it offers, and fetching it. See
 * `kairos_formats/meeting.md#asking`.
 *
 * @module
 */

import type { z } from "zod";
import { KairosError } from "../../core/errors.ts";
import { quote } from "../../core/text.ts";
import { plain, type WireMap } from "../wire_json.ts";
import {
  CONTENT,
  type OfferedSkill,
  type OfferedSkillSet,
  readRows,
  type Rows,
  SKILL_ROW,
  type SkillContent,
  SKILLSET_ROW,
} from "./answers.ts";
import { askForText, askPeer, notAsAgreed } from "./ask_peer.ts";
import type { PinnedPeer } from "./pin_peer.ts";
import type { PeerRequest, TimeLimits } from "./send_request.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Longest waits for an ordinary answer. */
export const TIME: TimeLimits = { connectMs: 5000, firstByteMs: 10_000, wholeMs: 30_000 };
/** Longest waits for a package. */
const PACKAGE_TIME: TimeLimits = { ...TIME, firstByteMs: 30_000, wholeMs: 120_000 };
/** Longest waits for a goodbye, after which the session ends by itself on the other side. */
const GOODBYE_TIME: TimeLimits = { connectMs: 2000, firstByteMs: 2000, wholeMs: 3000 };

/** Largest list in bytes. */
export const MAX_LIST = 4 * MIB;
const MAX_ONE = 256 * KIB;

/** What a session is made of. */
export interface SessionParts {
  /** The peer at its IP addresses. */
  readonly to: PinnedPeer;
  /** The bearer token it gave us. */
  readonly token: string;
  /** Our instance id. */
  readonly ownId: string;
  /** Longest waits; {@linkcode TIME} unless given. */
  readonly time?: TimeLimits | undefined;
  /** Ends what is asked. */
  readonly signal?: AbortSignal | undefined;
}

/** A session with a peer. */
export class PeerSession {
  /** Lets whoever has it ask in our name; a secret. */
  readonly token: string;
  readonly #parts: SessionParts;

  /** @param parts Peer, token, limits */
  constructor(parts: SessionParts) {
    this.token = parts.token;
    this.#parts = parts;
  }

  /**
   * The entries it offers.
   *
   * @returns The entries
   * @throws {KairosError} those of `askPeer`
   */
  async skills(): Promise<Rows<OfferedSkill>> {
    const attempt = "list the skills";
    const answer = await this.#get("skills", MAX_LIST, attempt);
    return this.#rows(SKILL_ROW, plain(answer), "skills", attempt);
  }

  /**
   * One entry it offers.
   *
   * @param skill Its id or its name
   * @returns What it says of it
   * @throws {KairosError} `not_found`, and those of `askPeer`
   */
  async skillDetails(skill: string): Promise<OfferedSkill> {
    const attempt = `look at the skill ${quote(skill)}`;
    const path = `skill_details?skill_id=${encodeURIComponent(skill)}`;
    const answer = await this.#get(path, MAX_ONE, attempt);
    return this.#one(SKILL_ROW, plain(answer.get("metadata") ?? null), attempt);
  }

  /**
   * The content of an entry, not judged yet.
   *
   * @param skill Its id or its name
   * @param maxBytes Largest entry that is taken
   * @returns What was sent
   * @throws {KairosError} `not_found`, `too_large`, and those of `askPeer`
   */
  async skillContent(skill: string, maxBytes: number): Promise<SkillContent> {
    const attempt = `fetch the skill ${quote(skill)}`;
    // It is sent twice, and every byte may be an escape.
    const limit = MAX_ONE + 4 * maxBytes;
    const body = JSON.stringify({ skill_id: skill, to: this.#parts.ownId });
    const answer = await this.#post("skill_content", body, limit, attempt);
    return this.#one(CONTENT, plain(answer), attempt);
  }

  /**
   * The SkillSets it offers.
   *
   * @returns The SkillSets
   * @throws {KairosError} those of `askPeer`
   */
  async skillsets(): Promise<Rows<OfferedSkillSet>> {
    const attempt = "list the SkillSets";
    const answer = await this.#get("skillsets", MAX_LIST, attempt);
    return this.#rows(SKILLSET_ROW, plain(answer), "skillsets", attempt);
  }

  /**
   * The package of a SkillSet, as it came: it is judged where it is installed.
   *
   * @param name Its name
   * @param maxBytes Largest package that is taken
   * @returns The bytes
   * @throws {KairosError} `not_found`, `refused`, `too_large`, `peer` for a package of another name or
   *   without a hash, and those of `askPeer`
   */
  async skillsetPackage(name: string, maxBytes: number): Promise<Uint8Array> {
    const attempt = `fetch the SkillSet ${quote(name)}`;
    const { to } = this.#parts;
    const text = await askForText(to, {
      ...this.#request("POST", "skillset_content"),
      body: JSON.stringify({ name }),
      maxBytes: maxBytes + MAX_ONE,
      time: this.#parts.time ?? PACKAGE_TIME,
    }, attempt);
    const { name: found, content_hash: hash } = envelopeOf(text);
    if (found !== name) throw notAsAgreed(to, attempt, `it sends a package of ${quote(found)}`);
    if (typeof hash !== "string") throw notAsAgreed(to, attempt, "its package has no hash");
    return new TextEncoder().encode(text);
  }

  /**
   * Ends the session on the other side.
   *
   * @returns Whether the peer said so too; where it did not, the session ends there by itself
   */
  async goodbye(): Promise<boolean> {
    const request = { ...this.#request("POST", "goodbye"), signal: undefined, time: GOODBYE_TIME };
    try {
      const ask = { ...request, body: "{}", maxBytes: MAX_ONE };
      await askForText(this.#parts.to, ask, "say goodbye");
      return true;
    } catch (error) {
      if (error instanceof KairosError) return false;
      throw error;
    }
  }

  #get(path: string, maxBytes: number, attempt: string): Promise<WireMap> {
    return askPeer(this.#parts.to, { ...this.#request("GET", path), maxBytes }, attempt);
  }

  #post(path: string, body: string, maxBytes: number, attempt: string): Promise<WireMap> {
    return askPeer(this.#parts.to, { ...this.#request("POST", path), body, maxBytes }, attempt);
  }

  #request(method: "GET" | "POST", path: string): Omit<PeerRequest, "maxBytes"> {
    const { time = TIME, signal } = this.#parts;
    return { method, path: `/meeting/v1/${path}`, token: this.token, time, signal };
  }

  #rows<Schema extends z.ZodType>(
    schema: Schema,
    answer: unknown,
    field: string,
    attempt: string,
  ): Rows<z.output<Schema>> {
    const rows = readRows(schema, (answer as Readonly<Record<string, unknown>>)[field]);
    if (rows !== null) return rows;
    throw notAsAgreed(this.#parts.to, attempt, "its answer is no list that can be read");
  }

  #one<Schema extends z.ZodType>(
    schema: Schema,
    value: unknown,
    attempt: string,
  ): z.output<Schema> {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    throw notAsAgreed(this.#parts.to, attempt, "its answer lacks what belongs there");
  }
}

/** Name and hash of a package, in its wrapper or without. */
function envelopeOf(text: string): { readonly name?: unknown; readonly content_hash?: unknown } {
  try {
    const value = JSON.parse(text);
    return Object(value?.skillset_package ?? value);
  } catch {
    return {};
  }
}
