/**
 * Giving up permissions: what a command does not need it cannot be talked into using.
 *
 * @module
 */

/** Every kind of permission, in the order tables show them. */
export const PERMISSION_KINDS = [
  "read",
  "write",
  "env",
  "sys",
  "net",
  "run",
  "ffi",
  "import",
] as const;

/** A kind of permission. */
export type PermissionKind = typeof PERMISSION_KINDS[number];

/**
 * Gives up, for the rest of the process, every kind of permission but the ones given.
 *
 * Whole kinds only: the runtime ignores it without a word when a path or host is taken out of a wider
 * permission.
 *
 * @param kinds The kinds that remain, as far as the process was given them
 */
export function keepOnly(kinds: readonly PermissionKind[]): void {
  for (const name of PERMISSION_KINDS) {
    if (!kinds.includes(name)) Deno.permissions.revokeSync({ name });
  }
}
