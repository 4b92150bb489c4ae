/** Promises tested in tests/state. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "state-format",
    sentence: "A state commit is the snapshot, the record and the objects the format tells of",
    format: "state.md#snapshots",
    test: "tests/state/state_test.ts: StateCommits.commit() writes snapshot, record and objects",
  },
  {
    id: "state-content",
    sentence: "Every change of a layer changes the hash of the state, that of a context too",
    format: "state.md#manifests",
    test: "tests/state/state_test.ts: StateCommits.present() sees every kind of change",
    deviation: "The existing implementation hashes names and descriptions of contexts only, so a " +
      "changed context, and a changed definition of a skill, go unseen there",
  },
  {
    id: "state-same",
    sentence: "A state that did not change is not committed again unless somebody insists",
    format: "state.md#the-record",
    test: "tests/state/state_test.ts: StateCommits.commit() refuses what changed nothing",
  },
  {
    id: "state-diff",
    sentence: "Differences are counted and told as recorded from the existing implementation",
    format: "state.md#differences",
    test: "tests/state/vectors_test.ts: diffStates() agrees with every recorded difference",
  },
  {
    id: "state-triggers",
    sentence: "Automatic commits are due when recorded ones of the existing implementation were",
    format: "state.md#automatic-commits",
    test: "tests/state/vectors_test.ts: triggerOf() agrees with every recorded trigger",
  },
  {
    id: "state-auto-fails",
    sentence: "An automatic commit that fails leaves the change as it is and is told",
    format: "state.md#automatic-commits",
    test: "tests/state/state_test.ts: StateCommits.afterChange() never fails, and status tells why",
  },
  {
    id: "state-pending",
    sentence: "Pending changes belong to the instance: a restart loses none",
    format: "state.md#pending-changes",
    test: "tests/state/state_test.ts: pendingChanges() survive a restart and end with a commit",
    deviation: "The existing implementation keeps them in the memory of a process",
  },
  {
    id: "state-pending-cost",
    sentence: "After a change only what is new on the chain is looked at",
    format: "state.md#pending-changes",
    test: "tests/state/state_test.ts: walkChain() goes no further than an earlier walk",
  },
  {
    id: "state-session-end",
    sentence: "A server that ends commits what its session changed",
    format: "state.md#automatic-commits",
    test: "tests/server/stdio_test.ts: serveStdio() commits the state when a session with changes",
    deviation: "The existing implementation has the setting and does nothing about it",
  },
  {
    id: "state-order",
    sentence: "Names of snapshots sort in the order of the commits, whatever the clock says",
    format: "state.md#snapshots",
    test: "tests/state/state_test.ts: nextSnapshotName() is later than every name there",
    deviation: "The existing implementation goes by the files' times, which copies lose",
  },
  {
    id: "state-forged",
    sentence: "A snapshot whose hashes do not fit is refused",
    format: "state.md#snapshots",
    test: "tests/state/state_test.ts: StateCommits.show() finds a commit by what names it",
  },
  {
    id: "state-restore",
    sentence: "Every committed state of knowledge and context can be brought back",
    format: "state.md#restoring",
    test: "tests/state/restore_test.ts: restoreState() brings back every state",
  },
  {
    id: "state-restore-law",
    sentence: "A restore changes the law by a proposal only",
    format: "state.md#restoring",
    test: "tests/state/restore_test.ts: restoreState() changes the law by a proposal only",
  },
  {
    id: "state-crash",
    sentence: "A snapshot and its record are both there or neither",
    format: "state.md#the-record",
    test: "tests/crash/state_test.ts: a state commit is there with its record or not at all",
    deviation: "The existing implementation writes the snapshot first, and a record that fails " +
      "leaves a snapshot that blocks the next commit",
  },
  {
    id: "state-restore-crash",
    sentence: "A restore that was interrupted is finished by doing it again",
    format: "state.md#restoring",
    test: "tests/crash/state_test.ts: a restore that was interrupted is finished by doing it again",
  },
  {
    id: "state-cli",
    sentence: "A restore is shown and confirmed first, and can be taken back",
    format: "state.md#restoring",
    test: "tests/cli/state_test.ts: state restore shows what it does, asks, and can be taken back",
  },
  {
    id: "state-restore-files",
    sentence: "A restore brings back every file of every entry, also who may execute it",
    format: "state.md#restoring",
    test: "tests/state/restore_test.ts: restoreState() brings back every state",
  },
  {
    id: "state-restore-l0-crash",
    sentence: "A restore proposes law and constitution and changes neither, after every crash",
    format: "state.md#restoring",
    test: "tests/crash/state_test.ts: a restore proposes law and constitution and changes neither",
  },
  {
    id: "state-diff-files",
    sentence: "A difference names the constitution, and the law's source where no skill differs",
    format: "state.md#differences",
    test: "tests/cli/state_test.ts: state diff names the constitution, and the law's source",
  },
];
