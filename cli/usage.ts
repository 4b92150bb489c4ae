/**
 * Arguments that could not be understood, in our words.
 *
 * @module
 */

import { ArgumentScannerError, formatMessageForArgumentScannerError } from "@stricli/core";
import { KairosError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { quote } from "../core/text.ts";
import type { CommandPath } from "./contents.ts";
import { kebab } from "./help.ts";

/** The options every command has. */
const EVERYWHERE = ["json", "data-dir", "no-pager", "help"];

/**
 * The error for arguments that could not be understood.
 *
 * @param thrown What the argument scanner threw
 * @param path The command
 * @returns A `usage` error with the way to the command's help
 */
export function usageError(thrown: unknown, path: CommandPath | null): unknown {
  if (!(thrown instanceof ArgumentScannerError)) return thrown;
  const help = `See \`kairos ${path} --help\``;
  let hint = help;
  const message = formatMessageForArgumentScannerError(thrown, {
    FlagNotFoundError: ({ input, corrections }) => {
      const meant = nearest(input, [...corrections.map(kebab), ...EVERYWHERE]);
      if (meant !== undefined) hint = `Did you mean --${meant}? ${help}`;
      return `Unknown option ${quote(`--${input}`)}`;
    },
    AliasNotFoundError: ({ input }) => {
      hint = `Options have long names here; put text that begins with - behind --. ${help}`;
      return `Unknown option ${quote(`-${input}`)}`;
    },
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, input, exception }) => {
      const why = exception instanceof KairosError ? exception.message : "it cannot be read";
      return `Cannot use ${quote(input)} for ${displayed(name)}: ${why}`;
    },
    EnumValidationError: ({ externalFlagName: name, input, values }) =>
      `Cannot use ${quote(input)} for --${name}: expected ${values.join(" or ")}`,
    UnsatisfiedFlagError: ({ externalFlagName: name }) => `Option --${name} needs a value`,
    UnexpectedFlagError: ({ externalFlagName: name }) => `Option --${name} stands twice`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName: name }) =>
      `Option --${name} takes no value`,
    UnexpectedPositionalError: ({ input }) => `Unexpected argument ${quote(input)}`,
    UnsatisfiedPositionalError: ({ placeholder }) => `Missing argument ${placeholder}`,
  });
  return new KairosError("usage", message, { hint });
}

/** Placeholders of arguments are upper case, names of options are not. */
function displayed(name: string): string {
  return /^[a-z]/.test(name) ? `--${name}` : name;
}
