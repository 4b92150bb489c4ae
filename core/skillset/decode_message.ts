/**
 * What the decoder and the program say to each other.
 *
 * @module
 */

import type { PackageLimits } from "./limits.ts";
import type { Refusal } from "./refusal.ts";

/** What the Worker is told first; then an empty message for each further file. */
export interface DecodeOrder {
  /** The archive in base64. */
  readonly base64: string;
  /** The only folder it may hold. */
  readonly folder: string;
  /** How much it may be. */
  readonly limits: PackageLimits;
}

/** What the Worker answers. */
export type DecodeAnswer =
  | { readonly kind: "ready"; readonly granted: readonly string[] }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end" }
  | {
    readonly kind: "refused";
    readonly reason: Refusal;
    readonly what: string | undefined;
    readonly detail: string | undefined;
  }
  | { readonly kind: "failed"; readonly message: string };
