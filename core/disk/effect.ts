/**
 * Changes of the file system as values: what is announced before it happens.
 *
 * @module
 */

/** A change of the file system, announced before it is made. */
export type Effect =
  | { readonly kind: "create" | "sync" | "syncDir" | "mkdir" | "remove"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "truncate"; readonly path: string; readonly size: number }
  | {
    readonly kind: "write";
    readonly path: string;
    readonly at: number;
    readonly bytes: Uint8Array;
  };

/** What a hook answers to make an effect fail. */
export interface Fault {
  /** The error to throw, such as an `ENOSPC`. */
  readonly error: Error;
  /** For a write: how many bytes still reach the file. */
  readonly written?: number;
}

/** Hears of every effect before it happens; an answer makes it fail. */
export type EffectHook = (effect: Effect) => Fault | undefined;

/** Announces effects and makes them. */
export interface Announcer {
  /**
   * Announces an effect and makes it.
   *
   * @param effect What is about to happen
   * @param make Makes it; gets the bytes to write when the effect is a write
   */
  effect(effect: Effect, make: (bytes: Uint8Array) => void): void;
}
