/**
 * What a command is: examples, parameters, a function.
 *
 * @module
 */

import { buildCommand, type Command, type TypedCommandParameters } from "@stricli/core";
import type { CliContext } from "./context.ts";

/** A call that works, and what it does. */
export interface Example {
  /** The arguments after `kairos`. */
  readonly call: string;
  /** What it does, a few words. */
  readonly does: string;
}

/** A command as the table of contents loads it. */
export interface CliCommand {
  /** The command. */
  readonly command: Command<CliContext>;
  /** Calls that work, shown first in its help. */
  readonly examples: readonly Example[];
  /** What it does, for its help. */
  readonly about: string;
}

/** The parts of a command. */
export interface CommandParts<
  Flags extends Readonly<Partial<Record<keyof Flags, unknown>>>,
  Args extends readonly unknown[],
> {
  /** What it does, for its help. */
  readonly about: string;
  /** Calls that work. */
  readonly examples: readonly Example[];
  /** Whether what it prints may be long: a terminal then shows it by pages. It asks no questions. */
  readonly isLong?: boolean;
  /** Options and arguments. */
  readonly parameters: NoInfer<TypedCommandParameters<Flags, Args, CliContext>>;
  /** Does it; returns the exit code when it is not 0. */
  readonly run: (context: CliContext, flags: Flags, ...args: Args) => Promise<number | void>;
}

/**
 * Writes down a command, with its function typed by its parameters.
 *
 * @param parts Its parts
 * @returns The command
 */
export function defineCommand<
  const Flags extends Readonly<Partial<Record<keyof Flags, unknown>>> = NonNullable<unknown>,
  const Args extends readonly unknown[] = [],
>(parts: CommandParts<Flags, Args>): CliCommand {
  const command = buildCommand<Flags, Args, CliContext>({
    parameters: parts.parameters,
    docs: { brief: parts.about },
    async func(this: CliContext, flags: Flags, ...args: Args) {
      await this.narrow(flags);
      if (parts.isLong === true) this.gather();
      try {
        this.exitCode = await parts.run(this, flags, ...args) ?? 0;
      } finally {
        await this.showGathered();
      }
    },
  });
  return { command, examples: parts.examples, about: parts.about };
}
