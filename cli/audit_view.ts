/**
 * What a walk over the whole chain says about the law, as commands show it.
 *
 * @module
 */

import type { LawAudit } from "../core/evolution/audit_law.ts";
import { counted, renderPairs } from "./render/text.ts";

/**
 * The audit for programs.
 *
 * @param audit The audit
 * @returns Plain data, keys in snake case
 */
export function auditJson(audit: LawAudit): Record<string, unknown> {
  const { law, findings, findingCount, unprovenEpochs, foreign } = audit;
  return {
    in_force: law,
    findings,
    finding_count: findingCount,
    unproven_epochs: unprovenEpochs,
    foreign_transitions: foreign,
  };
}

/**
 * The audit for people.
 *
 * @param audit The audit
 * @returns Lines, each ended by a newline; nothing where there never was a law
 */
export function auditText(
  { law, findings, findingCount, unprovenEpochs, foreign }: LawAudit,
): string {
  const isSilent = law === null && findingCount === 0 && foreign === 0 &&
    unprovenEpochs.length === 0;
  if (isSilent) return "";
  const more = findingCount - findings.length;
  return renderPairs([
    [
      "Law",
      law === null
        ? "none was decided"
        : `${law.seq === 0 ? "the first one" : `decision ${law.seq}`}, epoch ${law.epoch}, ` +
          `in force since block ${law.applied.index}`,
    ],
    ...unprovenEpochs.map((epoch) =>
      ["Unproven", `epoch ${epoch} began without the approvers before it`] as const
    ),
    ...foreign === 0
      ? []
      : [["Foreign", `${counted(foreign, "change")} of laws of another program`] as const],
    ...findings.map(({ block, message }) =>
      ["Finding", block === null ? message : `block ${block}: ${message}`] as const
    ),
    ...more > 0 ? [["Finding", `… and ${counted(more, "more finding")}`] as const] : [],
  ]);
}
