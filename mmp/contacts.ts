/**
 * Every contact goes into the journal: who came, what it asked for, what it was given.
 *
 * Writing a line waits for the disk, and others wait for the lock meanwhile. Whoever asks must not be able
 * to make all others wait, so lines are gathered and written together, the same ones once with their
 * number. What was gathered in the second before a crash is lost; nothing is decided by it.
 *
 * @module
 */

import type { JournalNote } from "../core/journal/journal.ts";
import type { Store } from "../core/store.ts";

/** Longest time a line waits, in milliseconds. */
const PATIENCE = 1000;
/**
 * Lines of one kind that may be written at once, and one more each of so many milliseconds; those beyond
 * are counted. Whoever makes up names must not be able to fill the disk with them, nor leave no room for
 * those who prove who they are. Of a kind is what comes with the same proof; what comes without any, by
 * what happened.
 */
const MOST = 500;
const REFILL = 1000;

/** How many lines may still be written, and since when that is so. */
interface Room {
  lines: number;
  at: number;
}

/** The contacts of one process. */
export class Contacts {
  readonly #store: Store;
  readonly #elapsed: () => number;
  /** By what they say. */
  readonly #waiting = new Map<string, { readonly note: JournalNote; count: number }>();
  /** By kind. */
  readonly #rooms = new Map<unknown, Room>();
  #leftOut = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #writing: Promise<void> = Promise.resolve();

  /**
   * @param store Where the journal is
   * @param elapsed Milliseconds since any moment; never runs backwards
   */
  constructor(store: Store, elapsed: () => number) {
    this.#store = store;
    this.#elapsed = elapsed;
  }

  /**
   * Notes a contact.
   *
   * @param note What happened
   */
  note(note: JournalNote): void {
    const key = JSON.stringify(note);
    const same = this.#waiting.get(key);
    if (same !== undefined) same.count++;
    else if (this.#hasRoom(note)) this.#waiting.set(key, { note, count: 1 });
    else this.#leftOut++;
    this.#wait();
  }

  #wait(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => void this.flush(), PATIENCE);
    Deno.unrefTimer(this.#timer);
  }

  /** Takes the room for a line, if there is any. */
  #hasRoom({ action, details }: JournalNote): boolean {
    // Many lines wait only while another process holds the lock.
    if (this.#waiting.size >= 4 * MOST) return false;
    const kind = details?.["proof"] ?? action;
    const now = this.#elapsed();
    const room = this.#rooms.get(kind) ?? { lines: MOST, at: now };
    room.lines = Math.min(MOST, room.lines + (now - room.at) / REFILL);
    room.at = now;
    this.#rooms.set(kind, room);
    if (room.lines < 1) return false;
    room.lines--;
    return true;
  }

  /**
   * Writes what waits.
   *
   * @returns When it is written; what cannot be written now waits for the next time
   */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    return this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    if (this.#waiting.size === 0 && this.#leftOut === 0) return;
    const lines = [...this.#waiting.values()];
    const leftOut = this.#leftOut;
    this.#waiting.clear();
    this.#leftOut = 0;
    const notes = lines.map(({ note, count }) =>
      count === 1 ? note : { ...note, details: { ...note.details, times: count } }
    );
    const more = leftOut === 0 ? [] : [{
      action: "contacts_left_out",
      skill_id: null,
      details: { contacts: leftOut },
    }];
    try {
      await this.#store.locked(() => this.#store.journal.notes([...notes, ...more]));
    } catch {
      this.#leftOut += leftOut;
      for (const { note, count } of lines) {
        const key = JSON.stringify(note);
        const since = this.#waiting.get(key)?.count ?? 0;
        this.#waiting.set(key, { note, count: since + count });
      }
      this.#wait();
    }
  }
}
