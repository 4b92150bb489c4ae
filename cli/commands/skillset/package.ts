/**
 * `kairos skillset package` and `kairos package`
 *
 * @module
 */

import { SigningKey } from "../../../core/keys/signing_key.ts";
import { writeEnvelope } from "../../../core/skillset/envelope_write.ts";
import { type CliCommand, defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag } from "../../parameters.ts";
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
      "a file of another kind is refused. The same files give the same archive. With --sign, or where the " +
      "setting exchange.sign says so, the key of this instance vouches for it.",
    examples: [
      { call: `${call} my_pack > my_pack.json`, does: "Into a file" },
      { call: `${call} my_pack --sign > my_pack.json`, does: "Signed" },
      { call: `${call} my_pack | kairos install-archive -`, does: "Straight into another place" },
    ],
    parameters: {
      flags: { sign: flag("Sign it with the key of this instance, made when it is first needed") },
      positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
    },
    async run(context: CliContext, flags: { readonly sign: boolean }, name: string) {
      const { root, config, skillsets } = await context.open("read");
      // Only who asks for a signature here may make the key.
      if (flags.sign && !SigningKey.exists(context.disk, root)) {
        await (await (await context.open()).skillsets()).signingKey();
      }
      const sign = flags.sign || config["exchange.sign"];
      const given = (await skillsets()).package(name, { sign });
      let size = 0;
      for (const piece of writeEnvelope(given)) {
        context.io.stdout.write(piece);
        size += piece.length;
      }
      // Beside a pipe nothing is said: scripts read both streams.
      if (context.io.stderr.isTerminal) {
        const files = counted(given.file_list.length, "file");
        context.say(`Packed ${name}: ${files}, ${byteSize(size)}${sign ? ", signed" : ""}`);
      }
    },
  });
}

/** Packs a SkillSet. */
export default packageCommand("skillset package");
