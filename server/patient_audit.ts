/**
 * Verification of the whole chain that leaves room for other requests.
 *
 * @module
 */

import { verifyChain, type VerifyOptions, type VerifyReport } from "../core/chain/verify.ts";
import { KairosError } from "../core/errors.ts";
import type { LawAudit } from "../core/evolution/audit_law.ts";
import type { Instance } from "../core/instance.ts";
import { auditLedger } from "../core/ledger/audit.ts";
import { readMarker } from "../core/ledger/marker.ts";
import type { Store } from "../core/store.ts";
import { statusOf, type VerifyStatus, writeVerifyStatus } from "./verify_status.ts";

/**
 * Verifies the chain piece by piece, with a moment for others after each one.
 *
 * A clean outcome that changes nothing is the end of it. Anything else goes through the audit of the
 * ledger, which confirms damage with all writers kept away and sets or clears the marker.
 *
 * @param store The instance's store
 * @param options Progress and cancellation
 * @returns The report
 * @throws The reason of the signal
 */
async function patientAudit(
  store: Store,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { disk, ledger, root } = store;
  if (disk.stat(ledger.path) !== null) {
    const report = await verifyChain(patiently(ledger.bytes(), options.signal), options);
    if (report.compatible && readMarker(disk, root) === null) return report;
  }
  return await auditLedger(store, options);
}

/**
 * Verifies the chain patiently and writes the outcome down for status displays.
 *
 * @param store The instance's store
 * @param options Progress and cancellation
 * @returns Report and outcome
 * @throws The reason of the signal
 */
export async function auditAndNote(
  store: Store,
  options: VerifyOptions = {},
): Promise<{ report: VerifyReport; status: VerifyStatus }> {
  const report = await patientAudit(store, options);
  const status = statusOf(report, store.clock());
  if (store.writable) {
    try {
      writeVerifyStatus(store.disk, store.root, status);
    } catch (error) {
      // The outcome stands without the note; a full disk must not hide it.
      if (!(error instanceof KairosError)) throw error;
    }
  }
  return { report, status };
}

/** How often a walk is made again that others have overtaken. */
const ATTEMPTS = 3;

/**
 * Holds the law against the whole chain, with a moment for others after each piece. A walk that others
 * have overtaken is made again when it found something: what they did may be all it found.
 *
 * @param instance The instance
 * @param signal Ends the walk
 * @returns What does not fit
 * @throws {KairosError} those of `Evolution.audit`; the reason of the signal
 */
export async function auditLawPatiently(
  { store: { ledger }, evolution }: Pick<Instance, "store" | "evolution">,
  signal?: AbortSignal,
): Promise<LawAudit> {
  const law = await evolution();
  for (let attempt = 1;; attempt++) {
    const before = ledger.head().length;
    const audit = await law.audit({ pause: aMoment, ...(signal === undefined ? {} : { signal }) });
    const isOvertaken = ledger.head().length !== before;
    if (audit.findingCount === 0 || !isOvertaken || attempt === ATTEMPTS) return audit;
  }
}

const aMoment = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function* patiently(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    await aMoment();
    signal?.throwIfAborted();
  }
}
