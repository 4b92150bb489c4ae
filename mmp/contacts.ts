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
/** Most different lines that wait; those beyond are counted. */
const MOST = 1000;

/** The contacts of one process. */
export class Contacts {
  readonly #store: Store;
  /** By what they say. */
  readonly #waiting = new Map<string, { readonly note: JournalNote; count: number }>();
  #leftOut = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #writing: Promise<void> = Promise.resolve();

  /** @param store Where the journal is */
  constructor(store: Store) {
    this.#store = store;
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
    else if (this.#waiting.size >= MOST) this.#leftOut++;
    else this.#waiting.set(key, { note, count: 1 });
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => void this.flush(), PATIENCE);
    Deno.unrefTimer(this.#timer);
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
    if (this.#waiting.size === 0) return;
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
        for (let times = 0; times < count; times++) this.note(note);
      }
    }
  }
}
