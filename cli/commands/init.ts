/**
 * `kairos init`
 *
 * @module
 */

import { resolve } from "node:path";
import { DATA_FOLDER } from "../../core/config/data_dir.ts";
import { KairosError } from "../../core/errors.ts";
import { visible } from "../../core/text.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { optionalArgument } from "../parameters.ts";
import { shellWord } from "../render/changes.ts";
import { counted } from "../render/text.ts";
import { VERSION } from "../version.ts";

/** Makes a data directory. */
export default defineCommand({
  about:
    "Makes a data directory with its constitution, settings and first knowledge, or completes " +
    "one. What is there already is never touched.",
  examples: [
    { call: "init", does: "Make ./.kairos" },
    { call: "init ../shared/.kairos", does: "Make one somewhere else" },
  ],
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("DIR", "The data directory; ./.kairos unless given")],
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, dir: string | undefined) {
    const { io, disk, namedDataDir } = context;
    if (dir === "") throw new KairosError("usage", "Cannot make a data directory without a name");
    if (dir !== undefined && namedDataDir !== undefined && dir !== namedDataDir) {
      throw new KairosError(
        "usage",
        "Cannot make two data directories: both DIR and --data-dir given",
      );
    }
    const env = io.env("KAIROS_DATA_DIR") || undefined;
    const root = resolve(io.cwd, dir ?? namedDataDir ?? env ?? DATA_FOLDER);
    const { initInstance } = await import("../../core/init.ts");
    const report = await initInstance(disk, root, {
      version: VERSION,
      clock: Date.now,
      holder: context.holder,
      actor: await context.actor(),
    });
    const { created, kept } = report;
    context.print(
      { data_dir: root, created, kept },
      () =>
        created.length === 0
          ? `The data directory ${visible(root)} is complete: nothing changed\n`
          : `Made ${counted(created.length, "file or folder", "files and folders")} in ${
            visible(root)
          }${kept.length === 0 ? "" : `; kept ${kept.length} that were there`}\n`,
    );
    const elsewhere = dir === undefined && namedDataDir === undefined
      ? ""
      : ` --data-dir ${shellWord(root)}`;
    context.say(`Next: kairos start${elsewhere}, or kairos status${elsewhere}`);
  },
});
