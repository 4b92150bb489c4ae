/**
 * What a change of a SkillSet is about, for the person who decides: its files, what to look at, and what
 * they say.
 *
 * @module
 */

import { sha256 } from "../objects/objects.ts";
import { boundFiles, type BoundSkillSet, parseBound } from "../skillset/bound.ts";
import { compareTrees } from "../skillset/compare.ts";
import { contentHash } from "../skillset/content_hash.ts";
import { differenceText } from "../skillset/difference_text.ts";
import type { Manifest } from "../skillset/manifest.ts";
import { type Finding, type Review, review } from "../skillset/review.ts";
import { reportSignature, type SignatureReport } from "../skillset/signature.ts";
import type { PackedFile } from "../skillset/tar_write.ts";
import { treeManifest } from "../skillset/tree.ts";
import { quote, visible } from "../text.ts";
import type { SkillSetVerb } from "./kinds.ts";
import { type CheckResult, MAX_DIFF, type Proposal, type ProposedFile } from "./proposal.ts";

/** What is decided about. */
interface DescribedSkillSet {
  /** Its manifest. */
  readonly manifest: Manifest;
  /** Its files. */
  readonly files: readonly PackedFile[];
  /** What the decision is bound to. */
  readonly bound: BoundSkillSet;
}

/** What a person reads first. */
const HEADINGS: Readonly<Record<SkillSetVerb, string>> = {
  install: "Install, not in use until somebody enables it",
  enable: "Bring into use: agents will find and read it",
  disable: "Take out of use",
  remove: "Remove; its files stay as objects",
};

/** Who vouched for it. What the settings say of that key is a check, since they change. */
const SIGNED: Readonly<Record<SignatureReport["verdict"], (id: string) => string>> = {
  valid: (id) => `Signed by ${id}`,
  other_content: (id) => `Signed by ${id} with another content: it was edited since`,
  invalid: () => "Its signature does not hold",
};

/** What comes in or into use is shown with all it says. */
const READ: readonly SkillSetVerb[] = ["install", "enable"];

function describeSkillSet(
  verb: SkillSetVerb,
  { manifest, files, bound: { files: hashes, layer, shared, signature } }: DescribedSkillSet,
): Proposal["diff"] {
  const found = review(files, manifest);
  const { name, version } = manifest;
  const hash = contentHash(hashes);
  const signed = signature && reportSignature(signature, { name, contentHash: hash }, []);
  const head = [
    `${HEADINGS[verb]}: SkillSet ${visible(name)} v${visible(version)} [${layer}]`,
    `Content hash ${hash}`,
    signed === null ? "Not signed" : SIGNED[signed.verdict](signed.id ?? ""),
    ...(shared ? ["Shared with other instances"] : []),
    `${files.length} files, ${found.bytes} bytes`,
    ...found.files.map(({ path, size }) => `  ${visible(path)} (${size} bytes)`),
    ...findings(found),
  ].join("\n");
  return {
    prose: bounded(`${head}\n${READ.includes(verb) ? said(files) : ""}`),
    ast: {
      name,
      version,
      layer,
      content_hash: hash,
      shared,
      signature: signed && { id: signed.id, key: signed.key, verdict: signed.verdict },
      files: files.map(({ path, bytes }) => ({ path, size: bytes.length, hash: sha256(bytes) })),
      links: found.links,
      instructions: found.instructions.map((one) => ({ ...one })),
      hidden: found.hidden.map((one) => ({ ...one })),
      tools: found.tools,
      asks_for_code: found.asksForCode,
    },
  };
}

/**
 * Describes the change a proposal names, from what is kept.
 *
 * @param verb What would be done
 * @param file The SkillSet as the proposal has it
 * @param contentOf The bytes of a SHA-256, or `null` where they are not at hand
 * @returns As text with everything it says, as far as that fits; as data with files, sizes and findings; or what
 *   is not at hand
 */
export function describeKeptSkillSet(
  verb: SkillSetVerb,
  { base, new: next }: ProposedFile,
  contentOf: (hash: string) => Uint8Array | null,
): Proposal["diff"] | string {
  const listed = next ?? base;
  const bytes = listed === null ? null : contentOf(listed);
  const bound = bytes === null ? null : parseBound(bytes);
  if (bound === null) return "the list of its files is not at hand";
  const files = boundFiles(bound, contentOf);
  if (typeof files === "string") return `its file ${quote(files)} is not at hand`;
  return describeSkillSet(verb, { manifest: treeManifest(files), files, bound });
}

/**
 * What a review found, as checks a person weighs.
 *
 * @param verb What would be done
 * @param diff What {@linkcode describeKeptSkillSet} found
 * @returns `unknown` where there is something to look at
 */
export function reviewChecks(verb: SkillSetVerb, { ast }: Proposal["diff"]): CheckResult[] {
  if (!READ.includes(verb)) return [];
  const count = (key: string) => {
    const value = ast !== null && typeof ast === "object" && !Array.isArray(ast)
      ? (ast as { readonly [key: string]: unknown })[key]
      : null;
    return Array.isArray(value) ? value.length : 0;
  };
  const check = (name: string, key: string, what: string): CheckResult =>
    count(key) === 0
      ? { name, verdict: "passed", detail: "" }
      : { name, verdict: "unknown", detail: `${count(key)} ${what}` };
  return [
    check("Nothing speaks to agents", "instructions", "lines to look at"),
    check("No hidden characters", "hidden", "lines to look at"),
    check("Asks for no tools", "tools", "requests, without effect"),
    check("Asks for no code", "asks_for_code", "fields of its manifest, without effect"),
  ];
}

function findings(
  { links, instructions, hidden, tools, asksForCode, lacksCore }: Review,
): string[] {
  const places = (found: readonly Finding[]) =>
    found.map(({ path, line, text }) => `  ${visible(path)}:${line} ${text}`);
  const group = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines];
  return [
    ...group("Lines that speak to agents", places(instructions)),
    ...group("Lines with hidden characters", places(hidden)),
    ...group("Links", links.map((link) => `  ${link}`)),
    ...group("Asks for tools, without effect", tools.map((tool) => `  ${tool}`)),
    ...group("Asks for code, without effect", asksForCode.map((field) => `  ${field}`)),
    ...group("Needs a later core to be enabled", lacksCore === null ? [] : [`  ${lacksCore}`]),
  ];
}

/** What the files say, as far as it fits. */
function said(files: readonly PackedFile[]): string {
  let text = "";
  for (const difference of compareTrees([], files)) {
    const { path, after } = difference;
    if (text.length > MAX_DIFF) break;
    text += after !== null && after.length > MAX_DIFF
      ? `File ${path} is too long to be shown\n`
      : differenceText(difference);
  }
  return text;
}

function bounded(text: string): string {
  if (text.length <= MAX_DIFF) return text;
  return `${text.slice(0, MAX_DIFF).toWellFormed()}\n… cut here\n`;
}
