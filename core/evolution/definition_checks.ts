/**
 * What a program can check of a definition of the protocol that is to be adopted. See
 * `kairos_formats/evolution.md#checks`.
 *
 * @module
 */

import { parentOf } from "../disk/mod.ts";
import { parseEntryText } from "../layers/front_matter.ts";
import type { View } from "../layers/view.ts";
import { definitionProblem } from "../protocol/adoption.ts";
import { MAX_ACTIONS, readDefinition } from "../protocol/definition.ts";
import { evaluateExtension, MAX_DOCUMENT } from "../protocol/evolution.ts";
import { quote } from "../text.ts";
import type { EvolutionHost } from "./host.ts";
import type { CheckResult, ProposedFile } from "./proposal.ts";

/**
 * Checks a definition by its document alone; whether it fits beside others is found where it is proposed.
 *
 * @param host The instance
 * @param files The files of the change
 * @param subject The definition's name
 * @param contentOf The bytes of a SHA-256, or `null` where they are not at hand
 * @returns The outcome of every check, in order
 */
export function definitionChecks(
  { config, view }: Pick<EvolutionHost, "config" | "view">,
  files: readonly ProposedFile[],
  subject: string,
  contentOf: (object: string) => Uint8Array | null,
): CheckResult[] {
  const [file, ...more] = files;
  const bytes = typeof file?.new === "string" ? contentOf(file.new) : null;
  const document = bytes === null || more.length > 0 ? "" : new TextDecoder().decode(bytes);
  const verdict = evaluateExtension(document, null);
  const isFree = file !== undefined && mayTakePlace(view(), file);
  const rejected = verdict.status === "rejected" ? verdict : null;
  return [
    check("Knowledge can change", config["layers.L1.enabled"] ? null : "The L1 layer is disabled"),
    check(
      "Name not taken",
      isFree ? null : `There is an entry of that name that defines nothing: ${quote(subject)}`,
    ),
    check("Definition readable", definitionProblem(document, subject)),
    check(
      `New words only, at most ${MAX_ACTIONS}`,
      rejected && [rejected.reason, ...rejected.blocked_actions ?? []].join(" "),
    ),
  ];
}

/** A definition is written where there is nothing, or in the place of another version of it. */
function mayTakePlace(look: View, { path, base }: ProposedFile): boolean {
  if (base === null) return look.statLink(parentOf(path)) === null;
  const bytes = look.read(path, MAX_DOCUMENT);
  return bytes !== null && readDefinition(parseEntryText(bytes, "").fields) !== null;
}

function check(name: string, problem: string | null): CheckResult {
  return { name, verdict: problem === null ? "passed" : "failed", detail: problem ?? "" };
}
