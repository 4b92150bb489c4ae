/**
 * `kairos skillset install-archive` and `kairos install-archive`
 *
 * @module
 */

import { Decoder } from "../../../core/skillset/decoder.ts";
import { type CliCommand, defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag, type Layer, layerOption, optionalArgument } from "../../parameters.ts";
import { readPackage } from "../../read_package.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";
import { governing } from "../../skillset_layer.ts";

interface Flags {
  readonly layer: Layer | undefined;
  readonly force: boolean;
  readonly enable: boolean;
}

/**
 * The command that installs a package.
 *
 * @param call Its words
 * @returns The command
 */
export function installArchiveCommand(call: string): CliCommand {
  return defineCommand({
    about:
      "Installs a package somebody sent. It is unpacked where there is no permission, judged file by " +
      "file, kept in L2 and not in use: read what is shown, then enable it. Whatever is wrong with it " +
      "ends in exit code 5, and nothing is left.",
    examples: [
      { call: `${call} my_pack.json`, does: "From a file" },
      { call: `${call} - < my_pack.json`, does: "From standard input" },
      { call: `${call} my_pack.json --enable`, does: "In scripts: use it at once" },
    ],
    parameters: {
      flags: {
        layer: layerOption("The layer that governs it here instead of L2"),
        force: flag("Replace one of the same name; the files in its config/ stay"),
        enable: flag("Use it at once"),
      },
      positional: {
        kind: "tuple",
        parameters: [optionalArgument("FILE", "The package; - or nothing for standard input")],
      },
    },
    async run(context: CliContext, { layer, force, enable }: Flags, file: string | undefined) {
      const { signal } = context.io;
      // It begins beside us while we open the data directory and read.
      using decoder = new Decoder();
      const sets = await (await context.open()).skillsets();
      const bytes = await readPackage(context, file, sets.limits.inputBytes, call);
      const options = { layer: governing(layer), force, enable, signal, decoder };
      const { review, signature, ...change } = await sets.installPackage(
        bytes,
        await context.actor(),
        options,
      );
      const next = change.enabled
        ? undefined
        : `It is not in use. Next: read it, then kairos skillset enable ${change.name}`;
      const more = { review, signature, ...(next === undefined ? {} : { next }) };
      await printSkillSetChange(context, change, more);
    },
  });
}

/** Installs a package. */
export default installArchiveCommand("skillset install-archive");
