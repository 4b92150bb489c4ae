/**
 * `kairos skills adopt`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import { LAW_SOURCE, MAX_LAW_SOURCE } from "../../../core/evolution/law_file.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { adoptLaw, REASON } from "../../propose_law.ts";

/** Proposes the working copy. */
export default defineCommand({
  about:
    "Proposes skills/kairos.ts as you edited it. It is in force once it is approved, and not before. " +
    "Where no law was ever decided, asks you and begins with it.",
  examples: [{ call: "skills adopt --reason 'shorter rules'", does: "Propose your edit" }],
  parameters: { flags: REASON },
  async run(context: CliContext, { reason }: { readonly reason: string | undefined }) {
    const instance = await context.open();
    const bytes = instance.view().read(LAW_SOURCE, MAX_LAW_SOURCE);
    if (bytes === null) {
      throw new KairosError("not_found", `Cannot adopt ${LAW_SOURCE}: it is missing`, {
        hint: "For a law in Ruby: kairos skills convert",
      });
    }
    const source = decode(bytes);
    await adoptLaw(context, await instance.evolution(), source, reason ?? "edited by hand");
  },
});

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    throw new KairosError("invalid", `Cannot adopt ${LAW_SOURCE}: it is no UTF-8 text`, {
      hint: "Save it as UTF-8",
    });
  }
}
