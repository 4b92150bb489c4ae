/**
 * Verification of an instance's ledger, and what follows from its outcome.
 *
 * @module
 */

import { verifyChain, type VerifyOptions, type VerifyReport } from "../chain/verify.ts";
import type { LedgerHost } from "./host.ts";
import { clearMarker, leaveMarker, readMarker } from "./marker.ts";

/**
 * Verifies the whole chain, streaming.
 *
 * Damage is looked at twice, the second time with all writers kept away, so that somebody who writes
 * the file in place is not taken for it. Confirmed damage leaves the marker that stops appends; a
 * clean outcome takes it away. An instance that was opened for reading is left as it is.
 *
 * @param store The instance's store
 * @param options Progress and cancellation
 * @returns The outcome; a ledger that does not exist yet is `absent` and neither verdict holds
 */
export async function auditLedger(
  store: LedgerHost,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { disk, root } = store;
  const report = await auditOnly(store, options);
  if (report.state === "absent") return report;
  const marked = readMarker(disk, root) !== null;
  if (!store.writable || report.compatible !== marked) return report;
  return await store.locked(async () => {
    const confirmed = await auditOnly(store, options);
    if (confirmed.compatible) clearMarker(disk, root);
    else {
      leaveMarker(disk, root, new Date(store.clock()).toISOString(), confirmed.findings);
      if (!marked) {
        const { findingCount, length } = confirmed;
        store.journal.note({
          action: "verify_failed",
          skill_id: null,
          details: { findings: findingCount, blocks: length },
        });
      }
    }
    return confirmed;
  });
}

/**
 * Verifies the whole chain and leaves everything as it is.
 *
 * @param store The instance's store
 * @param options Progress and cancellation
 * @returns The outcome
 */
export async function auditOnly(
  { disk, ledger }: Pick<LedgerHost, "disk" | "ledger">,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  return disk.stat(ledger.path) === null ? ABSENT : await verifyChain(ledger.bytes(), options);
}

const ABSENT: VerifyReport = {
  state: "absent",
  compatible: false,
  valid: false,
  length: 0,
  intact: 0,
  lastHash: null,
  findings: [],
  findingCount: 0,
};
