/**
 * `kairos help exit-codes`; help for commands is `--help`, which `help COMMAND` stands for.
 *
 * @module
 */

import { ERROR_MEANINGS } from "../../core/errors.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { argument } from "../parameters.ts";
import { renderTable } from "../render/table.ts";

/** What each exit code means, beside the error codes that end with it. */
const EXITS: readonly (readonly [code: number, meaning: string])[] = [
  [0, "Done; also when the reader of a pipe has seen enough"],
  [1, "Failed: the message says why"],
  [2, "The call is wrong, or there is no data directory"],
  [3, "Verification found something"],
  [4, "Another process holds the lock, or too much is asked at once"],
  [5, "Refused by a rule, or not confirmed"],
  [130, "Interrupted with Ctrl-C; nothing is half done"],
];

/** Prints the exit codes. */
export default defineCommand({
  about: "Explains a command. `help exit-codes` lists what the exit codes mean.",
  examples: [
    { call: "help knowledge set", does: "Explain a command" },
    { call: "help exit-codes", does: "What the exit codes mean" },
  ],
  isLong: true,
  parameters: {
    positional: {
      kind: "array",
      parameter: argument("TOPIC", "A command, or exit-codes"),
    },
  },
  run: (context: CliContext, _flags: NonNullable<unknown>, ..._topics: string[]) => {
    const rows = EXITS.map(([code, meaning]) => ({ code, meaning, errors: errorsOf(code) }));
    context.print(rows, () =>
      renderTable(
        [
          { title: "CODE", cell: ({ code }) => String(code), right: true },
          { title: "MEANING", cell: ({ meaning }) => meaning },
          { title: "ERRORS", cell: ({ errors }) => errors.join(", ") },
        ],
        rows,
        { width: null, heading: context.style.strong },
      ));
    return Promise.resolve();
  },
});

function errorsOf(exit: number): string[] {
  return Object.entries(ERROR_MEANINGS).filter(([, meaning]) => meaning.exit === exit)
    .map(([code]) => code);
}
