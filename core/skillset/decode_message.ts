/**
 * What the decoder and the program say to each other.
 *
 * @module
 */

import type { PackageLimits } from "./limits.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Most characters of base64 that are told or read at once: whole groups of four. Texts of this length
 * are cleared away as soon as they are done with; longer ones pile up.
 */
export const TEXT_PIECE = 64 * 1024;

/**
 * What the Worker is told: one archive and its text in pieces, or a zip; then to go on after each file.
 */
export type DecodeOrder =
  | {
    readonly kind: "begin";
    /** Characters of the base64 text. */
    readonly length: number;
    /** The only folder it may hold. */
    readonly folder: string;
    /** How much it may be. */
    readonly limits: PackageLimits;
  }
  | { readonly kind: "text"; readonly text: Uint8Array<ArrayBuffer> }
  | { readonly kind: "zip"; readonly bytes: Uint8Array; readonly limits: PackageLimits }
  | { readonly kind: "next" };

/** What the Worker answers. */
export type DecodeAnswer =
  | { readonly kind: "ready"; readonly granted: readonly string[] }
  | { readonly kind: "more" }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end" }
  | {
    readonly kind: "refused";
    readonly reason: Refusal;
    readonly what: string | undefined;
    readonly detail: string | undefined;
  }
  | { readonly kind: "failed"; readonly message: string };
