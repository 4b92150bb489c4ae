/**
 * What can be verified: one row for each kind, saying how it is recognised and how it is verified.
 *
 * @module
 */

import { resolve } from "node:path";
import { type Config, defaultConfig, loadConfig } from "../core/config/config.ts";
import { isDataDir } from "../core/config/data_dir.ts";
import { KairosError } from "../core/errors.ts";
import { packageLimits } from "../core/skillset/limits.ts";
import { openPackage } from "../core/skillset/package.ts";
import { judgeSigner, policyOf, reportSignature } from "../core/skillset/signature.ts";
import { hashesOf } from "../core/skillset/tree.ts";
import {
  lastSkillSetNote,
  lastSkillSetRecord,
  type SkillSetNote,
  type VerifiedSkillSet,
  verifyInstalled,
} from "../core/skillset/verify_installed.ts";
import { quote, visible } from "../core/text.ts";
import type { CliContext } from "./context.ts";
import type { VERIFY_KIND_NAMES } from "./parameters.ts";
import { readPackage } from "./read_package.ts";
import { signatureJson, signaturePairs } from "./render/signature.ts";
import { byteSize, renderPairs, shortHash } from "./render/text.ts";
import { verifyInstance } from "./verify_instance.ts";

/** One kind of thing that can be verified. */
export interface VerifyKind {
  /** Its name, also that of the option. */
  readonly kind: typeof VERIFY_KIND_NAMES[number];
  /** What it is, for messages. */
  readonly is: string;
  /** Whether an argument names one; nothing means the instance this call is about. */
  readonly fits: (context: CliContext, what: string | undefined) => Promise<boolean> | boolean;
  /** Verifies and prints; returns the exit code. */
  readonly verify: (context: CliContext, what: string | undefined) => Promise<number>;
}

/** Every kind; an argument that fits more than one is not guessed at. */
export const VERIFY_KINDS: readonly VerifyKind[] = [
  {
    kind: "instance",
    is: "a data directory",
    fits: (context, what) =>
      what === undefined || isDataDir(context.disk, resolve(context.io.cwd, what)),
    verify: (context, what) =>
      verifyInstance(context, what === undefined ? undefined : resolve(context.io.cwd, what)),
  },
  {
    kind: "package",
    is: "a package",
    fits: ({ disk, io }, what) =>
      what === "-" ||
      (what !== undefined && disk.stat(resolve(io.cwd, what))?.kind === "file"),
    verify: verifyPackage,
  },
  {
    kind: "skillset",
    is: "an installed SkillSet",
    fits: isInstalled,
    verify: verifySkillSet,
  },
];

/** A package is verified with or without an instance; with one, its settings count. */
async function verifyPackage(context: CliContext, what: string | undefined): Promise<number> {
  const config = settingsOf(context);
  const limits = packageLimits(config);
  const bytes = await readPackage(context, what, limits.inputBytes, "verify");
  const opened = await openPackage(bytes, { limits, signal: context.io.signal });
  const policy = policyOf(config);
  judgeSigner(opened.signature, policy);
  const { envelope, manifest, files } = opened;
  const { name, version } = manifest;
  const contentHash = envelope.content_hash;
  const signature = opened.signature === null
    ? null
    : reportSignature(opened.signature, { name, contentHash }, policy.trusted);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const json = {
    kind: "package",
    verdict: "whole",
    name,
    version,
    layer: envelope.layer ?? manifest.layer,
    content_hash: contentHash,
    files: files.length,
    bytes: size,
    signature: signatureJson(signature),
  };
  context.print(json, () =>
    renderPairs([
      ["Package", "whole: nothing in it is refused"],
      ["SkillSet", `${name} ${version}`],
      ["Files", `${files.length}, ${byteSize(size)}`],
      ["Content hash", contentHash],
      ...signaturePairs(signature),
    ]));
  return 0;
}

async function verifySkillSet(context: CliContext, what: string | undefined): Promise<number> {
  const name = what ?? "";
  const instance = await context.open("read");
  const sets = await instance.skillsets();
  const details = sets.info(name);
  const hashes = details.contentHash === null ? [] : hashesOf(sets.files(name));
  const { ledger, journal } = instance.store;
  const found = verifyInstalled(details, hashes, {
    record: lastSkillSetRecord(ledger.newest(), name),
    note: lastSkillSetNote(journal.newest(Infinity), name),
  });
  context.print(skillSetJson(found), () => skillSetText(found));
  return found.isGood ? 0 : 3;
}

function skillSetJson({ details, verdict, record, note, changed }: VerifiedSkillSet) {
  const { name, manifest, layer, contentHash, problem, signature } = details;
  return {
    kind: "skillset",
    verdict,
    name,
    version: manifest?.version ?? null,
    layer,
    content_hash: contentHash,
    problem,
    record: record === null
      ? null
      : { block: record.block, action: record.action, content_hash: record.contentHash },
    note: note === null
      ? null
      : { timestamp: note.timestamp, action: note.action, content_hash: note.contentHash },
    changed_files: changed,
    signature: signatureJson(signature),
  };
}

const FOUND: Readonly<Record<VerifiedSkillSet["verdict"], string>> = {
  as_recorded: "as recorded",
  as_noted: "as noted in the journal; its layer, L2, is not on the chain",
  changed: "changed since it was recorded",
  removed: "removed by its last record, and still there",
  unrecorded: "without a record, although its layer is recorded",
  not_recorded: "readable; its layer, L2, is not on the chain, and the journal does not name it",
  broken: "broken",
};

function skillSetText({ details, verdict, record, note, changed }: VerifiedSkillSet): string {
  const { name, manifest, layer, contentHash, problem, signature } = details;
  const { block, action, contentHash: recorded } = record ?? {};
  return renderPairs([
    ["SkillSet", `${name} ${manifest?.version ?? "-"}: ${FOUND[verdict]}`],
    ...(problem === null ? [] : [["Problem", problem] as const]),
    ["Content hash", contentHash ?? "-"],
    [
      "Last record",
      record === null ? "none" : `${action} in block ${block}, hash ${shortHash(recorded ?? "-")}`,
    ],
    ...(layer !== "L2" || note === null ? [] : [["Last in journal", noteText(note)] as const]),
    ...changed.map((path) => ["  changed", path] as const),
    ...signaturePairs(signature),
  ]);
}

function noteText({ timestamp, action, contentHash }: SkillSetNote): string {
  return `${visible(action)} at ${visible(timestamp)}, hash ${shortHash(visible(contentHash))}`;
}

/** Whether the instance of this call has a SkillSet of that name. */
async function isInstalled(context: CliContext, what: string | undefined): Promise<boolean> {
  if (what === undefined || !hasInstance(context)) return false;
  const sets = await (await context.open("read")).skillsets();
  return sets.list().some(({ name }) => name === what);
}

function settingsOf(context: CliContext): Config {
  return hasInstance(context) ? loadConfig(context.disk, context.dataDir()) : defaultConfig();
}

/** Whether there is an instance; one that is named must be there. */
function hasInstance(context: CliContext): boolean {
  try {
    context.dataDir();
    return true;
  } catch (error) {
    const isAbsent = error instanceof KairosError && error.code === "no_instance";
    if (!isAbsent || context.namedDataDir !== undefined) throw error;
    return false;
  }
}

/**
 * The kind an argument means.
 *
 * @param context The surroundings
 * @param what The argument
 * @param named The kind that was named, or nothing
 * @returns The row
 * @throws {KairosError} `usage` when it fits several kinds, `not_found` when it fits none
 */
export async function kindOf(
  context: CliContext,
  what: string | undefined,
  named: string | undefined,
): Promise<VerifyKind> {
  const asked = VERIFY_KINDS.find(({ kind }) => kind === named);
  if (asked !== undefined) return asked;
  const fitting: VerifyKind[] = [];
  for (const row of VERIFY_KINDS) if (await row.fits(context, what)) fitting.push(row);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const shown = quote(what);
  if (only === undefined) {
    const kinds = VERIFY_KINDS.map(({ is }) => is).join(", ");
    throw new KairosError("not_found", `Cannot verify ${shown}: it is none of: ${kinds}`, {
      hint: "Name a file, - for standard input, an installed SkillSet, or a data directory",
    });
  }
  const found = fitting.map(({ is }) => is).join(" and ");
  throw new KairosError("usage", `Cannot tell what to verify: ${shown} is ${found}`, {
    hint: `Say which: ${fitting.map(({ kind }) => `--as ${kind}`).join(" or ")}`,
    data: { kinds: fitting.map(({ kind }) => kind) },
  });
}
