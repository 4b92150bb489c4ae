/**
 * What a command works with: its surroundings, the opened instance, the two ways to print.
 *
 * @module
 */

import type { CommandContext, StricliProcess } from "@stricli/core";
import type { Actor } from "../core/actor.ts";
import { findDataDir } from "../core/config/data_dir.ts";
import type { ToolFamily } from "../core/config/settings.ts";
import { Disk } from "../core/disk/mod.ts";
import { KairosError } from "../core/errors.ts";
import type { Instance } from "../core/instance.ts";
import { visible } from "../core/text.ts";
import type { Globals } from "./globals.ts";
import type { Io } from "./io.ts";
import type { PermissionKind } from "./permissions.ts";
import { renderJson } from "./render/json.ts";
import { type Style, styleFor } from "./render/style.ts";

/**
 * How a command opens the data directory: `none` does not, `read` takes no lock and repairs nothing,
 * `find` is `read` for what uses the index and changes nothing else, `write` first ends what a crash left
 * halfway, `tool` is `find` or `write` as the called tool asks for.
 */
export type Access = "none" | "read" | "find" | "write" | "tool";

/** What a command is allowed. */
export interface AccessRow {
  /** How it opens the data directory. */
  readonly opens: Access;
  /** Kinds of permission that remain; the others are given up before any input is read. */
  readonly keeps: readonly PermissionKind[];
  /** Whether the network remains too, where the settings let agents call other instances. */
  readonly meets?: boolean;
}

/** The command that was chosen. */
export interface Chosen {
  /** Its words. */
  readonly path: string;
  /** What it is allowed, by its options as they were understood. */
  readonly access: (options: Readonly<Record<string, unknown>>) => AccessRow;
  /** Its help. */
  readonly help: () => string;
}

/** What a command works with. */
export class CliContext implements CommandContext {
  /** Streams as the argument scanner wants them; what it would print goes through us. */
  readonly process: StricliProcess;
  /** Streams, environment, place. */
  readonly io: Io;
  /** Whether data and errors are printed as JSON. */
  readonly json: boolean;
  /** The file system. */
  readonly disk: Disk = new Disk();
  /** Marks texts on standard output for the eye. */
  readonly style: Style;
  /** What the command returned. */
  exitCode = 0;
  /** Why the command was not run, or failed. */
  failure: unknown = null;
  readonly #dataDir: string | undefined;
  readonly #command: Chosen | null;
  readonly #byPage: boolean;
  #gathered: { result: string; messages: string } | null = null;
  #access: AccessRow = { opens: "none", keeps: [] };
  #opened: { readonly instance: Instance; readonly mark: string } | null = null;

  /**
   * @param io Streams, environment, place
   * @param globals The options every command has
   * @param command Which command was chosen; `null` for none
   */
  constructor(io: Io, globals: Globals, command: Chosen | null) {
    this.io = io;
    this.json = globals.json;
    this.style = styleFor(io.stdout.isTerminal, io.env);
    this.#byPage = globals.pager && !globals.json && io.stdin.isTerminal &&
      io.stdout.size !== null && io.env("TERM") !== "dumb";
    this.#dataDir = globals.dataDir;
    this.#command = command;
    this.process = { stdout: io.stdout, stderr: { write: () => {} }, env: {} };
  }

  /** The folder `--data-dir` names, as given. */
  get namedDataDir(): string | undefined {
    return this.#dataDir;
  }

  /**
   * The data directory this call means.
   *
   * @returns Its absolute path
   * @throws {KairosError} `no_instance`
   */
  dataDir(): string {
    return findDataDir(this.disk, {
      explicit: this.#dataDir,
      env: this.io.env("KAIROS_DATA_DIR"),
      cwd: this.io.cwd,
    });
  }

  /**
   * Looks the command up in the table of access and gives up the permissions it does not leave it.
   *
   * @param options The command's options as they were understood
   */
  async narrow(options: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#command !== null) this.#access = this.#command.access(options);
    const { keeps, meets = false } = this.#access;
    await this.io.keepOnly(meets && await this.#lets("meeting") ? [...keeps, "net"] : keeps);
  }

  /** Whether the settings give agents a family of tools; what cannot be read is reported later. */
  async #lets(family: ToolFamily): Promise<boolean> {
    const { loadConfig } = await import("../core/config/config.ts");
    try {
      return loadConfig(this.disk, this.dataDir())["tools.families"].includes(family);
    } catch {
      return false;
    }
  }

  /**
   * Opens the data directory as the table of access says.
   *
   * @param lower `read` to stay below what the table allows, as for a dry run; `find` and `write` only
   *   where the table leaves it to the called tool
   * @param root The data directory; the one this call means unless given
   * @returns The instance
   * @throws {KairosError} `no_instance`, `invalid`, `locked`
   */
  async open(lower?: "read" | "find" | "write", root: string = this.dataDir()): Promise<Instance> {
    const access = this.#access.opens;
    if (access === "none") {
      throw new KairosError(
        "internal",
        "Cannot open the data directory: the table of access forbids it",
      );
    }
    const mode = access === "tool" ? lower ?? "read" : lower === "read" ? "read" : access;
    const [{ openInstance }, { readPins }] = await Promise.all([
      import("../core/instance.ts"),
      import("./approver_home.ts"),
    ]);
    const { disk, holder } = this;
    const pins = () => readPins(this);
    const instance = await openInstance(root, { mode, disk, holder, pins });
    if (mode === "write") this.#opened ??= { instance, mark: markOf(instance) };
    return instance;
  }

  /** Commits the state when the command changed something and the settings say that one is due. */
  async settle(): Promise<void> {
    if (this.#opened === null || this.#opened.mark === markOf(this.#opened.instance)) return;
    const state = await this.#opened.instance.state();
    await state.afterChange(await this.actor());
  }

  /** What others see who wait for our lock. */
  get holder(): string {
    return `pid ${Deno.pid} (kairos ${this.#command?.path})`;
  }

  /**
   * Who acts through this door.
   *
   * @param door `cli` for commands, `stdio` for a server on standard input
   * @returns The actor
   */
  async actor(door: "cli" | "stdio" = "cli"): Promise<Actor> {
    return { principal: `${door}:${await this.io.user()}` };
  }

  /**
   * Prints the result: JSON when it was asked for, else text.
   *
   * @param value The result for programs, plain data
   * @param text The result for people; what came from outside is made visible already
   */
  print(value: unknown, text: () => string): void {
    const shown = this.json ? renderJson(value) : text();
    if (this.#gathered === null) this.io.stdout.write(shown);
    else this.#gathered.result += shown;
  }

  /** From now on, what is printed for a person at a terminal is kept to be shown by pages. */
  gather(): void {
    if (this.#byPage) this.#gathered = { result: "", messages: "" };
  }

  /** Shows what was gathered, if anything was. */
  async showGathered(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = null;
    if (gathered === null) return;
    if (gathered.result !== "") {
      const { pageText } = await import("./pager.ts");
      await pageText(gathered.result, this.io);
    }
    if (gathered.messages !== "") this.io.stderr.write(gathered.messages);
  }

  /**
   * Tells a person something beside the result: what changed, what to do next. Not with `--json`.
   *
   * @param text A line; hidden characters are made visible
   */
  say(text: string): void {
    const line = `${visible(text, "\n")}\n`;
    if (this.#gathered !== null) this.#gathered.messages += line;
    else if (!this.json) this.io.stderr.write(line);
  }

  /** Shows the command's help beside the output, where somebody does not know what to give it. */
  explain(): void {
    if (this.#command !== null) this.say(this.#command.help());
  }

  /**
   * Text from outside as it may go to standard output: as it is into a file or pipe, without power
   * over the screen on a terminal.
   *
   * @param text Text of several lines
   * @returns The text to write
   */
  body(text: string): string {
    return this.io.stdout.isTerminal ? visible(text, "\n\t") : text;
  }
}

/** Another text once something was recorded or noted. */
function markOf({ store: { disk, journal, ledger } }: Instance): string {
  return `${ledger.head().length} ${disk.stat(journal.path)?.size}`;
}
