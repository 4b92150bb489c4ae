/**
 * Verification of an instance: every block, then the law the chain tells of.
 *
 * @module
 */

import type { Finding, VerifyReport } from "../core/chain/verify.ts";
import { KairosError } from "../core/errors.ts";
import type { LawAudit } from "../core/evolution/audit_law.ts";
import type { Instance } from "../core/instance.ts";
import { auditJson, auditText } from "./audit_view.ts";
import type { CliContext } from "./context.ts";
import { renderTable } from "./render/table.ts";
import { counted, renderPairs } from "./render/text.ts";

/** What was found about blocks, and about the law they tell of. */
interface Verified {
  readonly report: VerifyReport;
  /** `null` where the chain is damaged. */
  readonly law: LawAudit | null;
}

/**
 * Verifies an instance and prints what was found.
 *
 * @param context The surroundings
 * @param root The data directory; the one this call means unless given
 * @returns The exit code: 3 when something was found
 */
export async function verifyInstance(context: CliContext, root?: string): Promise<number> {
  const { report, law } = await verify(context, root);
  const json = { ...reportJson(report), law: law === null ? null : auditJson(law) };
  context.print(json, () => reportText(report, context) + (law === null ? "" : auditText(law)));
  if (report.state === "absent") return 0;
  if (!report.compatible) context.say("Next: kairos chain repair --dry-run");
  else if (law !== null && law.findingCount > 0) context.say("Next: kairos doctor");
  return report.valid && (law?.findingCount ?? 0) === 0 ? 0 : 3;
}

/** Verifies; where nothing can be written, without leaving a note of the outcome. */
async function verify(context: CliContext, root: string | undefined): Promise<Verified> {
  const { auditAndNote } = await import("../server/patient_audit.ts");
  const onProgress = progress(context);
  try {
    const instance = await context.open(undefined, root);
    const { report } = await auditAndNote(instance.store, { onProgress: onProgress.tell });
    return { report, law: await audit(instance, report) };
  } catch (error) {
    if (!(error instanceof KairosError) || !["io", "locked"].includes(error.code)) throw error;
    const instance = await context.open("read", root);
    const { report } = await auditAndNote(instance.store, { onProgress: onProgress.tell });
    context.say(`The outcome was not written down: ${error.message}`);
    return { report, law: await audit(instance, report) };
  } finally {
    onProgress.end();
  }
}

/** What a chain that is whole tells of the law; of any other nothing can be said. */
async function audit(
  instance: Instance,
  { compatible, state }: VerifyReport,
): Promise<LawAudit | null> {
  if (!compatible || state === "absent") return null;
  return await (await instance.evolution()).audit();
}

/** A line that counts, where a person looks at it. */
function progress({ io, json }: CliContext): { tell: (blocks: number) => void; end: () => void } {
  const { stderr } = io;
  if (!stderr.isTerminal || json || io.env("TERM") === "dumb") {
    return { tell: () => {}, end: () => {} };
  }
  let shown = 0;
  return {
    tell: (blocks) => {
      if (blocks - shown < 1000) return;
      shown = blocks;
      stderr.write(`\rVerified ${blocks} blocks`);
    },
    end: () => {
      if (shown > 0) stderr.write("\r\x1b[K");
    },
  };
}

function reportJson(report: VerifyReport): Record<string, unknown> {
  const { state, compatible, valid, length, intact, lastHash, findings, findingCount } = report;
  return {
    state,
    compatible,
    valid,
    length,
    intact,
    last_hash: lastHash,
    findings,
    finding_count: findingCount,
  };
}

function reportText(report: VerifyReport, { style, io }: CliContext): string {
  const { state, valid, compatible, length, lastHash, findings, findingCount } = report;
  if (state === "absent") return "There is no chain yet: it begins with the first record\n";
  const verdict = valid
    ? style.good("valid")
    : compatible
    ? style.warn("compatible, but not valid")
    : style.bad(`damaged (${state})`);
  const head = `Chain: ${verdict}\n` +
    renderPairs([["Blocks", String(length)], ["Last hash", lastHash ?? "-"]]);
  if (findings.length === 0) return head;
  const options = { width: io.stdout.columns, heading: style.strong };
  const more = findingCount > findings.length
    ? `… and ${counted(findingCount - findings.length, "more finding")}\n`
    : "";
  return `${head}\n${findingTable(findings, options)}${more}`;
}

function findingTable(
  findings: readonly Finding[],
  options: { readonly width: number | null; readonly heading: (text: string) => string },
): string {
  return renderTable(
    [
      { title: "BLOCK", cell: ({ block }) => block === null ? "-" : String(block), right: true },
      { title: "RULE", cell: ({ rule }) => rule },
      { title: "EXPECTED", cell: ({ expected }) => expected, shrinksTo: 16 },
      { title: "FOUND", cell: ({ found }) => found, shrinksTo: 16 },
    ],
    findings,
    options,
  );
}
