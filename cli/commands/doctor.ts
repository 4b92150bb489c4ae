/**
 * `kairos doctor`
 *
 * @module
 */

import { placesText } from "../../core/error_places.ts";
import { visible } from "../../core/text.ts";
import { readPins } from "../approver_home.ts";
import {
  checkApprovers,
  checkFiles,
  checkInstance,
  checkLaw,
  type CheckResult,
} from "../checks.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { checkMeeting } from "../meeting_checks.ts";
import { checkSkillSets } from "../skillset_checks.ts";

/** Looks for what is wrong. */
export default defineCommand({
  about:
    "Looks for what is wrong and says how to mend it. Changes nothing. Exit code 3 when something " +
    "keeps kairos from working.",
  examples: [
    { call: "doctor", does: "Look at everything" },
    { call: "doctor --json", does: "For programs" },
  ],
  parameters: {},
  async run(context) {
    const { disk } = context;
    const root = context.dataDir();
    const results = checkFiles(disk, root);
    const opens = results.every(({ status }) => status !== "fail");
    if (opens) {
      const instance = await context.open();
      results.push(
        ...await checkInstance(instance),
        ...await checkSkillSets(instance),
        ...await checkLaw(instance),
        checkApprovers(instance, () => readPins(context)),
        ...await checkMeeting(instance),
      );
    }
    const failed = results.some(({ status }) => status === "fail");
    context.print(
      { data_dir: root, ok: !failed, checks: results },
      () => `${visible(root)}\n${lines(results, context)}`,
    );
    if (!opens) context.say("Correct these first: the rest can only be looked at then");
    return failed ? 3 : 0;
  },
});

/** Most lines about one thing; `--json` has all of them. */
const MOST = 10;

function lines(results: readonly CheckResult[], context: CliContext): string {
  const groups = Map.groupBy(results, ({ name, status }) => `${status} ${name}`);
  return [...groups.values()].map((group) => {
    const shown = group.slice(0, MOST).map((one) => line(one, context)).join("");
    const more = group.length - MOST;
    return more <= 0 ? shown : `${shown}        and ${more} more; \`--json\` has all of them\n`;
  }).join("");
}

function line({ name, status, found, fix, places }: CheckResult, { style }: CliContext): string {
  const mark = {
    ok: style.good("ok  "),
    note: "note",
    warn: style.warn("warn"),
    fail: style.bad("FAIL"),
  }[status];
  const mend = fix === null ? "" : `        Mend: ${visible(fix)}\n`;
  const where = places === undefined ? "" : indented(placesText(places, { caret: style.bad }));
  return `  ${mark}  ${name}: ${visible(found)}\n${where}${mend}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "        ");
}
