/**
 * What a command has around it: streams, environment, place. Tests put their own in.
 *
 * @module
 */

import type { PermissionKind } from "./permissions.ts";

/** How much a terminal shows at once. */
export interface ScreenSize {
  /** Lines. */
  readonly rows: number;
  /** Characters of a line. */
  readonly columns: number;
}

/** Where text goes. */
export interface Output {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Columns of the terminal, or `null`. */
  readonly columns: number | null;
  /** What the terminal shows at once, or `null` when there is none or it does not tell. */
  readonly size: ScreenSize | null;
  /**
   * Writes all of a text.
   *
   * @param text The text
   * @throws {OutputClosed} When nobody reads it any more
   */
  write(text: string): void;
}

/** Where text comes from. */
export interface Input {
  /** Whether a person types it. */
  readonly isTerminal: boolean;
  /**
   * Reads until the end, or a little beyond the limit.
   *
   * @param limit Bytes that are wanted at most
   * @returns What was read; longer than the limit when there was more
   */
  read(limit: number): Promise<Uint8Array>;
  /** Reads one line, without its end. */
  line(): Promise<string>;
  /**
   * Reads one line from a terminal that shows nothing of it.
   *
   * @returns Its bytes without its end, to be wiped by the caller
   * @throws {KairosError} `refused` when the person gives up
   */
  secret(): Promise<Uint8Array>;
  /**
   * Waits for a key of a terminal; nothing of it is shown.
   *
   * @returns What the key sends, `""` at the end of the input
   */
  key(): Promise<string>;
}

/** Every variable of the environment that is looked at. */
export const VARIABLES = [
  "HOME",
  "KAIROS_APPROVER",
  "KAIROS_DATA_DIR",
  "NO_COLOR",
  "TERM",
  "XDG_CONFIG_HOME",
] as const;

/** A variable of the environment. */
export type Variable = typeof VARIABLES[number];

/** What a command has around it. */
export interface Io {
  /** Data goes here. */
  readonly stdout: Output;
  /** Messages go here. */
  readonly stderr: Output;
  /** Data comes from here. */
  readonly stdin: Input;
  /** Folder the call was made in, an absolute path. */
  readonly cwd: string;
  /** Looks up a variable of the environment. */
  readonly env: (name: Variable) => string | undefined;
  /** Name of the operating system's user. */
  readonly user: () => Promise<string>;
  /**
   * Gives up, for the rest of the process, every kind of permission but the ones given. Variables of
   * the environment and the user's name are still known afterwards.
   */
  readonly keepOnly: (kinds: readonly PermissionKind[]) => Promise<void>;
  /** Aborted when the person asks to stop and the command ends itself. */
  readonly signal: AbortSignal;
  /** Leaves it to the command to end when the person asks to stop; a second time ends it at once. */
  readonly endsItself: () => void;
}

/** Nobody reads the output any more, as in `kairos chain log | head -1`. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}
