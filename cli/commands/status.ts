/**
 * `kairos status`
 *
 * @module
 */

import { IntentLog, NOTE_WIDTH } from "../../core/disk/mod.ts";
import { loadApprovers } from "../../core/evolution/approvers.ts";
import type { Instance } from "../../core/instance.ts";
import { countEntries } from "../../core/layers/count_entries.ts";
import { readVerifyStatus } from "../../server/verify_status.ts";
import { readPins } from "../approver_home.ts";
import { type ApproverView, approverView } from "../approver_view.ts";
import { defineCommand } from "../command.ts";
import { commitsLine, type CommitsView, commitsView } from "../commits_view.ts";
import { lawPairs, type LawView, lawView } from "../law_view.ts";
import { chainFacts, chainPairs } from "../render/head.ts";
import { byteSize, counted, renderPairs } from "../render/text.ts";
import { VERSION } from "../version.ts";

/** Shows the state of the data directory. */
export default defineCommand({
  about: "Shows the state of the data directory. It takes the same time however long the chain is.",
  examples: [
    { call: "status", does: "Chain, knowledge, sessions, who is writing" },
    { call: "status --json", does: "For programs" },
  ],
  parameters: {},
  async run(context) {
    const instance = await context.open();
    const approvers = approverView(loadApprovers(instance.store, readPins(context)));
    const status = {
      ...collect(instance),
      law: await lawView(instance),
      approvers,
      state_commits: await commitsView(instance),
    };
    context.print(status, () => statusText(status));
    const { chain, pending_changes: pending } = status;
    const broken = chain.verify_failed !== null || ["corrupt", "unreadable"].includes(chain.state);
    if (broken) context.say("Next: kairos chain verify, then kairos chain repair --dry-run");
    else if (pending > 0) context.say("The next change ends what was left halfway");
    else if (status.law.status === "last_proven") context.say("Next: kairos doctor");
    else if (status.knowledge === 0) context.say("Next: kairos knowledge set NAME FILE");
    else context.say("Next: kairos knowledge list, or kairos chain verify");
    return broken ? 3 : 0;
  },
});

/** Everything is read from the ends of files and the names in folders. */
function collect(instance: Instance) {
  const { root, store } = instance;
  const { disk, ledger } = store;
  return {
    data_dir: root,
    version: VERSION,
    chain: chainFacts(store),
    last_verify: readVerifyStatus(disk, root),
    ...countEntries(instance.view()),
    pending_changes: new IntentLog(disk, root).pending().length,
    journal_bytes: disk.stat(`${root}/skills/action_log.jsonl`)?.size ?? 0,
    lock: lockHolder(disk, ledger.lockPath),
  };
}

/** Who holds the lock at this moment; `null` when nobody does. */
function lockHolder(disk: Instance["store"]["disk"], path: string): string | null {
  const bytes = disk.read(path, 4096);
  if (bytes === null) return null;
  using file = disk.open(path, "read");
  // Taken for a moment and given back: the only way to see whether it is free.
  if (file.tryLock()) return null;
  const note = new TextDecoder().decode(bytes.subarray(0, NOTE_WIDTH)).trim();
  return note === "" ? "a process that left no name" : note;
}

function statusText(
  status: ReturnType<typeof collect> & {
    readonly law: LawView;
    readonly approvers: ApproverView;
    readonly state_commits: CommitsView;
  },
): string {
  const { last_verify: verify, pending_changes: pending, law, approvers } = status;
  return renderPairs([
    ["Data directory", status.data_dir],
    ...chainPairs(status.chain),
    [
      "Last verify",
      verify === null
        ? "never"
        : `${verify.outcome} at ${verify.at}, ${counted(verify.height, "block")}`,
    ],
    [
      "Knowledge",
      `${counted(status.knowledge, "entry", "entries")}, ${status.archived} archived`,
    ],
    ["Context", counted(status.sessions, "session")],
    ...lawPairs(law),
    ["Approvers", approvers.problem ?? approvers.fingerprint ?? "none"],
    ...approvers.unproven_epochs.map((epoch) =>
      ["Unproven", `epoch ${epoch} began without the approvers before it`] as const
    ),
    ["State commit", commitsLine(status.state_commits)],
    ["Pending", pending === 0 ? "nothing" : `${counted(pending, "change")} left halfway`],
    ["Journal", byteSize(status.journal_bytes)],
    ["Lock", status.lock === null ? "free" : `held by ${status.lock}`],
  ]);
}
