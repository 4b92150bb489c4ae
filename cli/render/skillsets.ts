/**
 * SkillSets, for programs and for people.
 *
 * @module
 */

import { differenceCount } from "../../core/skillset/compare.ts";
import type { SkillSetDetails } from "../../core/skillset/manager.ts";
import type { Review } from "../../core/skillset/review.ts";
import type { SignatureReport } from "../../core/skillset/signature.ts";
import type { SkillSet } from "../../core/skillset/shelf.ts";
import type { SkillSetChange } from "../../core/skillset/change.ts";
import type { CliContext } from "../context.ts";
import { signatureJson, signaturePairs } from "./signature.ts";
import { renderTable } from "./table.ts";
import { byteSize, counted, renderPairs, shortHash } from "./text.ts";

/**
 * A SkillSet for programs.
 *
 * @param set The SkillSet
 * @returns Plain data, keys in snake case
 */
export function skillSetJson(set: SkillSet): Record<string, unknown> {
  const { manifest } = set;
  return {
    name: set.name,
    version: manifest?.version ?? null,
    layer: set.layer,
    enabled: set.enabled,
    shared: set.shared,
    received: set.received,
    received_from: set.giver,
    description: manifest?.description ?? null,
    author: manifest?.author ?? null,
    depends_on: manifest?.dependsOn ?? [],
    provides: manifest?.provides ?? [],
    asks_for_code: manifest?.asksForCode ?? [],
    path: `skillsets/${set.name}`,
    problem: set.problem,
  };
}

/**
 * A SkillSet with its files, for programs.
 *
 * @param details The SkillSet
 * @returns Plain data, keys in snake case
 */
export function skillSetDetailsJson(details: SkillSetDetails): Record<string, unknown> {
  const { review } = details;
  return {
    ...skillSetJson(details),
    content_hash: details.contentHash,
    signature: signatureJson(details.signature),
    review: review === null ? null : reviewJson(review),
  };
}

/**
 * A review for programs.
 *
 * @param review The review
 * @returns Plain data, keys in snake case
 */
export function reviewJson({ asksForCode, lacksCore, ...review }: Review): Record<string, unknown> {
  return { ...review, asks_for_code: asksForCode, lacks_core: lacksCore };
}

/**
 * A change for programs.
 *
 * @param change The change
 * @returns Plain data, keys in snake case
 */
export function skillSetChangeJson(change: SkillSetChange): Record<string, unknown> {
  const { name, version, layer, action, enabled, shared, contentHash, block, displaced } = change;
  const hash = { content_hash: contentHash };
  return { name, version, layer, action, enabled, shared, ...hash, block, displaced };
}

/**
 * A change for people.
 *
 * @param change The change
 * @returns One line
 */
export function skillSetChangeText(change: SkillSetChange): string {
  const { name, version, layer, action, contentHash, block } = change;
  const where = block === null ? "" : `, block ${block.index}`;
  return `${DONE[action]} SkillSet '${name}' v${version} [${layer}]${where}, ` +
    `hash ${shortHash(contentHash)}\n`;
}

/**
 * SkillSets as a table.
 *
 * @param sets The SkillSets
 * @param options Width of the terminal and look of headings
 * @returns The lines
 */
export function skillSetTable(
  sets: readonly SkillSet[],
  options: { readonly width: number | null; readonly heading: (text: string) => string },
): string {
  return renderTable(
    [
      { title: "NAME", cell: ({ name }) => name, shrinksTo: 20 },
      { title: "VERSION", cell: ({ manifest }) => manifest?.version ?? "-" },
      { title: "LAYER", cell: ({ layer }) => layer },
      { title: "STATE", cell: ({ enabled }) => enabled ? "enabled" : "disabled" },
      {
        title: "ABOUT",
        cell: ({ problem, manifest }) =>
          problem === null ? manifest?.description ?? "" : `! ${problem}`,
        shrinksTo: 12,
      },
    ],
    sets,
    options,
  );
}

/**
 * A SkillSet as labels and values.
 *
 * @param details The SkillSet
 * @returns The lines
 */
export function skillSetText(details: SkillSetDetails): string {
  const { manifest, review } = details;
  const list = (texts: readonly string[]) => texts.length === 0 ? "none" : texts.join(", ");
  const needs = manifest?.dependsOn.map(({ name, version }) => `${name} ${version}`.trim()) ?? [];
  return renderPairs([
    ["Name", details.name],
    ["Version", manifest?.version ?? "-"],
    ["About", manifest?.description ?? "-"],
    ["Author", manifest?.author || "-"],
    ["Layer", details.layer],
    ["State", details.enabled ? "enabled" : "disabled"],
    ["Came from", cameFrom(details)],
    ["Shared", details.shared ? "with instances that meet this one" : "no"],
    ["Depends on", list(needs)],
    ["Provides", list(manifest?.provides ?? [])],
    ["Path", `skillsets/${details.name}`],
    ["Content hash", details.contentHash ?? "-"],
    ...signaturePairs(details.signature),
    ...(details.problem === null ? [] : [["Problem", details.problem] as const]),
  ]) + (review === null ? "" : reviewText(review));
}

function cameFrom({ received, giver }: SkillSetDetails): string {
  if (!received) return "its user";
  if (giver === null) return "somebody else, as a package";
  const { peer, key, proof } = giver;
  const claim = proof === "proven" ? "which proved its key" : "without proof, key";
  return `the instance ${peer}, ${claim} ${shortHash(key)}`;
}

/**
 * A review as people read it.
 *
 * @param review The review
 * @returns The lines
 */
export function reviewText(review: Review): string {
  const { files, bytes, links, instructions, hidden, tools, asksForCode, lacksCore } = review;
  const places = (found: Review["hidden"]) =>
    found.map(({ path, line, text }) => [`  ${path}:${line}`, text] as const);
  const pairs: (readonly [label: string, value: string])[] = [
    ["Files", `${files.length}, ${byteSize(bytes)}`],
    ...files.map(({ path, size }) => [`  ${path}`, byteSize(size)] as const),
    ["Links", String(links.length)],
    ...links.map((link) => ["  ", link] as const),
    ["Speaks to agents", counted(instructions.length, "line")],
    ...places(instructions),
    ["Hidden characters", counted(hidden.length, "line")],
    ...places(hidden),
    ["Asks for tools", tools.length === 0 ? "no" : `${tools.join(", ")} (no effect)`],
    ["Asks for code", asksForCode.length === 0 ? "no" : `${asksForCode.join(", ")} (no effect)`],
    ...(lacksCore === null ? [] : [["Needs core", `${lacksCore}; not to be enabled`] as const]),
  ];
  return renderPairs(pairs);
}

const DONE: Readonly<Record<SkillSetChange["action"], string>> = {
  install: "Installed",
  reinstall: "Reinstalled",
  install_from_archive: "Installed",
  reinstall_from_archive: "Reinstalled",
  upgrade: "Upgraded",
  enable: "Enabled",
  disable: "Disabled",
  share: "Shared",
  unshare: "Stopped sharing",
  remove: "Removed",
  none: "Nothing to do for",
};

/**
 * Prints a change.
 *
 * @param context Where to
 * @param change The change
 * @param more `review`: what to look at; `signature`: who vouches for it; `leftOut`: files that did
 *   not come in; `keptPrivate`: documents for which it is not offered; `next`: what to do next
 */
export async function printSkillSetChange(
  context: CliContext,
  change: SkillSetChange,
  { review, signature, leftOut, keptPrivate, next }: {
    readonly review?: Review;
    readonly signature?: SignatureReport | null;
    readonly leftOut?: readonly string[];
    readonly keptPrivate?: readonly string[];
    readonly next?: string;
  } = {},
): Promise<void> {
  const replaced = await replacement(context, change);
  const json = {
    ...skillSetChangeJson(change),
    ...(replaced === null ? {} : { files: replaced.json }),
    ...(signature === undefined ? {} : { signature: signatureJson(signature) }),
    ...(leftOut === undefined ? {} : { left_out: leftOut }),
    ...(keptPrivate === undefined ? {} : { kept_private: keptPrivate }),
    ...(review === undefined ? {} : { review: reviewJson(review) }),
  };
  context.print(json, () => {
    const files = replaced?.text() ?? "";
    const signed = signature === undefined ? "" : renderPairs(signaturePairs(signature));
    const summary = review === undefined ? "" : reviewText(review);
    return skillSetChangeText(change) + files + signed + summary;
  });
  sayDisplaced(context, change);
  for (const path of leftOut ?? []) context.say(`Left out ${path}`);
  for (const path of keptPrivate ?? []) context.say(`Not offered: ${path} says that it is private`);
  if (next !== undefined) context.say(next);
}

/**
 * Tells of edits of others that were in the way of a change.
 *
 * @param context Where to
 * @param change The change
 */
export function sayDisplaced(context: CliContext, { displaced }: SkillSetChange): void {
  for (const { path, object } of displaced) {
    context.say(`Found an edit of ${path}; it is kept as object ${object}`);
  }
}

/** What differs, where another version took the place of an older one; only then what tells it is loaded. */
async function replacement(
  context: CliContext,
  { action, differences }: SkillSetChange,
): Promise<{ readonly json: unknown; readonly text: () => string } | null> {
  if (action !== "reinstall" && action !== "reinstall_from_archive") return null;
  const { differencesJson, differencesText } = await import("./differences.ts");
  return {
    json: differencesJson(differences),
    text: () => `${differenceCount(differences)}\n${differencesText(context, differences)}`,
  };
}
