/**
 * The error vocabulary of kairos: one class, one code, one table that says what a code means to a
 * shell, to an HTTP client and to a program.
 *
 * @module
 */

import { quote } from "./text.ts";

/** What a code means outside: process exit code and HTTP status. */
export interface ErrorMeaning {
  /** Exit code of the command line, see `kairos help exit-codes`. */
  readonly exit: number;
  /** HTTP status of a failed request. */
  readonly http: number;
}

/** Every error code of kairos and its meaning at each door. */
export const ERROR_MEANINGS = {
  /** Something named in the call does not exist. */
  not_found: { exit: 1, http: 404 },
  /** Something that was to be created is already there. */
  exists: { exit: 1, http: 409 },
  /** The content or a value breaks a rule of its format. */
  invalid: { exit: 1, http: 400 },
  /** What was asked rests on a state that has changed since. */
  conflict: { exit: 1, http: 409 },
  /** More bytes, entries or levels than the limits allow. */
  too_large: { exit: 1, http: 413 },
  /** Another instance did not answer, or not as the protocol says. */
  peer: { exit: 1, http: 502 },
  /** The disk refused: full, read-only, an I/O error. */
  io: { exit: 1, http: 500 },
  /** A defect of kairos itself. */
  internal: { exit: 1, http: 500 },
  /** The call is malformed: unknown option, missing argument. */
  usage: { exit: 2, http: 400 },
  /** No data directory was found. */
  no_instance: { exit: 2, http: 500 },
  /** Stored data fails verification. */
  corrupt: { exit: 3, http: 500 },
  /** Another process holds the lock. */
  locked: { exit: 4, http: 503 },
  /** Too much is asked at once, or within an hour. */
  busy: { exit: 4, http: 429 },
  /** A rule forbids it: containment, reserved names, safety limits, approval. */
  refused: { exit: 5, http: 403 },
} as const satisfies Record<string, ErrorMeaning>;

/** A code of {@linkcode ERROR_MEANINGS}. */
export type ErrorCode = keyof typeof ERROR_MEANINGS;

/** What may go with an error beside its message. */
export interface ErrorDetails {
  /** What to do next, a sentence without a trailing period. */
  readonly hint?: string;
  /** Structured facts for programs; never secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The lower-level error, kept for debugging and never shown. */
  readonly cause?: unknown;
}

/**
 * An error a person or a program can act on.
 *
 * The message says what was attempted and what was found; the hint says what to do. Values from
 * outside go through {@linkcode quote} first.
 *
 * @example
 * ```ts
 * import { KairosError } from "./errors.ts";
 *
 * const error = new KairosError("not_found", 'Cannot read knowledge "x": no such entry', {
 *   hint: "List the entries with `kairos knowledge list`",
 * });
 * if (error.exitCode !== 1) throw error;
 * ```
 */
export class KairosError extends Error {
  override readonly name = "KairosError";
  /** What kind of failure this is. */
  readonly code: ErrorCode;
  /** What to do next, if there is something. */
  readonly hint: string | undefined;
  /** Structured facts for programs. */
  readonly data: Readonly<Record<string, unknown>> | undefined;

  /**
   * @param code What kind of failure this is
   * @param message What was attempted and what was found
   * @param details Hint, structured facts, cause
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.data = details.data;
  }

  /** Exit code of a command that ends with this error. */
  get exitCode(): number {
    return ERROR_MEANINGS[this.code].exit;
  }

  /** The error as `--json` and HTTP bodies print it. */
  toJSON(): { error: { code: ErrorCode; message: string; hint?: string; data?: unknown } } {
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.hint === undefined ? {} : { hint: this.hint }),
        ...(this.data === undefined ? {} : { data: this.data }),
      },
    };
  }
}

/**
 * Turns anything thrown into a {@linkcode KairosError}; a `KairosError` passes unchanged.
 *
 * Errors of the operating system keep their kind but lose their paths, which may lie outside what
 * the reader is allowed to see.
 *
 * @param thrown What was caught
 * @param attempt What was attempted, such as `Cannot write the ledger`
 * @returns The error to show
 */
export function asKairosError(
  thrown: unknown,
  attempt = "Cannot finish the operation",
): KairosError {
  if (thrown instanceof KairosError) return thrown;
  const code = osCode(thrown);
  const known = code === undefined ? undefined : OS_ERRORS[code];
  if (known !== undefined) {
    return new KairosError(known.code, `${attempt}: ${known.text}`, {
      ...(known.hint === undefined ? {} : { hint: known.hint }),
      cause: thrown,
    });
  }
  const text = thrown instanceof Error ? thrown.name : typeof thrown;
  return new KairosError("internal", `${attempt}: unexpected ${quote(text)}`, { cause: thrown });
}

/** The POSIX code of an operating system error, from Deno's or Node's error objects. */
function osCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  return DENO_ERRORS[thrown.name];
}

const DENO_ERRORS: Record<string, string> = {
  NotFound: "ENOENT",
  PermissionDenied: "EACCES",
  NotCapable: "EPERM",
  AlreadyExists: "EEXIST",
  NotADirectory: "ENOTDIR",
  IsADirectory: "EISDIR",
  FilesystemLoop: "ELOOP",
  AddrInUse: "EADDRINUSE",
};

const OS_ERRORS: Record<string, { code: ErrorCode; text: string; hint?: string }> = {
  ENOENT: { code: "not_found", text: "a file or folder is missing" },
  EACCES: { code: "io", text: "permission denied", hint: "Check who owns the data directory" },
  EPERM: { code: "io", text: "not permitted", hint: "Check the permissions the program was given" },
  EROFS: { code: "io", text: "the file system is read-only" },
  ENOSPC: { code: "io", text: "no space left on the disk", hint: "Free some space and try again" },
  EDQUOT: { code: "io", text: "the disk quota is used up", hint: "Free some space and try again" },
  EFBIG: { code: "io", text: "the file would grow beyond the size limit" },
  EIO: { code: "io", text: "the disk reported an input/output error" },
  EMFILE: { code: "io", text: "too many open files" },
  EEXIST: { code: "exists", text: "it exists already" },
  ENOTDIR: { code: "invalid", text: "a folder was expected and something else was found" },
  EISDIR: { code: "invalid", text: "a file was expected and a folder was found" },
  ELOOP: { code: "refused", text: "too many symbolic links" },
  EXDEV: { code: "refused", text: "source and target lie on different file systems" },
  ENAMETOOLONG: { code: "invalid", text: "the name is too long for the file system" },
  EADDRINUSE: { code: "io", text: "the address is in use", hint: "Choose another port" },
};
