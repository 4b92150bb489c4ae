/**
 * `kairos skillset install`
 *
 * @module
 */

import { readSkillSetSource } from "../../../core/skillset/source.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag, type Layer, layerOption } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";
import { governing } from "../../skillset_layer.ts";

interface Flags {
  readonly layer: Layer | undefined;
  readonly force: boolean;
}

/** Installs a SkillSet from a folder. */
export default defineCommand({
  about:
    "Installs a SkillSet of your own from a folder, or one that ships with kairos, and enables it. " +
    "Hidden files are left out and links are refused. Packages of others are installed with " +
    "install-archive.",
  examples: [
    { call: "skillset install ./my_pack", does: "From a folder" },
    { call: "skillset install mmp", does: "One that ships with kairos; list --available has them" },
    { call: "skillset install ./my_pack --layer l2", does: "In another layer" },
    { call: "skillset install ./my_pack --force", does: "Replace it; your config/ files stay" },
  ],
  parameters: {
    flags: {
      layer: layerOption("The layer that governs it here"),
      force: flag("Replace one of the same name; the files in its config/ stay"),
    },
    positional: { kind: "tuple", parameters: [argument("DIR", "The folder, or a bundled name")] },
  },
  async run(context: CliContext, { layer, force }: Flags, source: string) {
    const sets = await (await context.open()).skillsets();
    const files = await readSkillSetSource(context.disk, context.io.cwd, source, sets.limits);
    const options = { layer: governing(layer), force };
    const change = await sets.install(files, await context.actor(), options);
    await printSkillSetChange(context, change, {
      next: `Next: kairos skillset info ${change.name}`,
    });
  },
});
