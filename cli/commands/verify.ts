/**
 * `kairos verify`
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { optionalArgument, type OptionalFlag, VERIFY_KIND_NAMES } from "../parameters.ts";
import { kindOf } from "../verify_kinds.ts";

interface Flags {
  readonly as: string | undefined;
}

const KINDS: readonly string[] = VERIFY_KIND_NAMES;

/** Verifies whatever is named. */
export default defineCommand({
  about: "Verifies what is named: a package, an installed SkillSet, a data directory; without an " +
    "argument this instance, as chain verify does. Exit code 3 when something stored does not fit, " +
    "5 when a package is refused.",
  examples: [
    { call: "verify", does: "This instance" },
    { call: "verify my_pack.json", does: "A package: would it be let in, and who signed it" },
    { call: "verify my_pack", does: "An installed SkillSet, against its record and signature" },
  ],
  parameters: {
    flags: { as: kindOption() },
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("FILE", "A package, - , a SkillSet, or a data directory")],
    },
  },
  async run(context: CliContext, { as }: Flags, what: string | undefined) {
    return await (await kindOf(context, what, as)).verify(context, what);
  },
});

function kindOption(): OptionalFlag<string> {
  return {
    kind: "parsed",
    brief: `What it is, where that cannot be told: ${KINDS.join(", ")}`,
    placeholder: "KIND",
    optional: true,
    parse: (input) => {
      if (KINDS.includes(input)) return input;
      throw new KairosError("usage", `expected ${KINDS.join(", ")}`);
    },
  };
}
