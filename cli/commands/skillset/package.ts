/**
 * `kairos skillset package` and `kairos package`
 *
 * @module
 */

import { writeEnvelope } from "../../../core/skillset/envelope.ts";
import { type CliCommand, defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { byteSize, counted } from "../../render/text.ts";

/**
 * The command that packs a SkillSet.
 *
 * @param call Its words
 * @returns The command
 */
export function packageCommand(call: string): CliCommand {
  return defineCommand({
    about:
      "Packs a SkillSet for others and prints the package, a JSON envelope. Only knowledge travels: " +
      "a file of another kind is refused. The same files give the same archive.",
    examples: [
      { call: `${call} my_pack > my_pack.json`, does: "Into a file" },
      { call: `${call} my_pack | kairos install-archive -`, does: "Straight into another place" },
    ],
    parameters: {
      positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
    },
    async run(context: CliContext, _flags: NonNullable<unknown>, name: string) {
      const envelope = (await (await context.open()).skillsets()).package(name);
      const text = writeEnvelope(envelope);
      // Beside a pipe nothing is said: scripts read both streams.
      if (context.io.stderr.isTerminal) {
        const files = counted(envelope.file_list?.length ?? 0, "file");
        context.say(`Packed ${name}: ${files}, ${byteSize(text.length)}`);
      }
      context.io.stdout.write(text);
    },
  });
}

/** Packs a SkillSet. */
export default packageCommand("skillset package");
