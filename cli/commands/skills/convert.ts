/**
 * `kairos skills convert`
 *
 * @module
 */

import { LAW_SOURCE, RUBY_SOURCE } from "../../../core/evolution/law_file.ts";
import { conversionReport } from "../../../core/dsl/ruby/conversion_report.ts";
import { MAX_RUBY_BYTES, parseRubyLaw } from "../../../core/dsl/ruby/parse.ts";
import { GOVERNANCE, lawSettings } from "../../../core/evolution/law_settings.ts";
import { printLaw } from "../../../core/dsl/print.ts";
import { KairosError } from "../../../core/errors.ts";
import { visible } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";
import { lawRules } from "../../law_rules.ts";
import { adoptLaw, REASON } from "../../propose_law.ts";

interface Flags {
  readonly reason: string | undefined;
  readonly dryRun: boolean;
}

/** Ruby has no word for it: there the rules are computed. */
const RULES =
  `The rules kairos obeys stand in the field law of ${GOVERNANCE}, which no Ruby becomes. ` +
  "Without it these hold; add what yours are before you approve:";

/** Converts a law in Ruby. */
export default defineCommand({
  about:
    "Reads skills/kairos.rb without running anything of it and proposes it as skills/kairos.ts. Tells " +
    "what could not be carried over. The Ruby file stays as it is.",
  examples: [
    { call: "skills convert --dry-run", does: "Print what it would be, and what is lost" },
    { call: "skills convert", does: "Propose it" },
  ],
  parameters: {
    flags: { ...REASON, dryRun: flag("Only show what would be proposed") },
  },
  async run(context: CliContext, { reason, dryRun }: Flags) {
    const instance = await context.open(dryRun ? "read" : undefined);
    const view = instance.view();
    const bytes = view.stat(RUBY_SOURCE) === null ? null : view.read(RUBY_SOURCE, MAX_RUBY_BYTES);
    if (bytes === null) {
      throw new KairosError("not_found", `Cannot convert ${RUBY_SOURCE}: it is missing`);
    }
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const ruby = await parseRubyLaw(text, { file: RUBY_SOURCE });
    const source = printLaw(ruby.law);
    if (!context.json) {
      const rules = `\n${RULES}\n\n${lawRules(lawSettings(ruby.law))}\n`;
      context.io.stderr.write(visible(`${conversionReport(ruby)}${rules}`, "\n"));
    }
    const more = { lost: ruby.lost, comments: ruby.comments };
    if (dryRun) return context.print({ source, ...more }, () => context.body(source));
    const why = reason ?? `${RUBY_SOURCE} converted to ${LAW_SOURCE}`;
    await adoptLaw(context, await instance.evolution(), source, why, more);
  },
});
