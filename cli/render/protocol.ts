/**
 * Definitions of the protocol, for programs and for people.
 *
 * @module
 */

import { visible } from "../../core/text.ts";
import type { Definition } from "../../core/protocol/definition.ts";
import type { Evaluation, ExtensionProposal } from "../../core/protocol/evolution.ts";
import { isBuiltIn } from "../../core/protocol/protocol.ts";
import type { CliContext } from "../context.ts";
import { renderTable } from "./table.ts";
import { renderPairs } from "./text.ts";

/**
 * A definition for programs.
 *
 * @param definition The definition, with the actions that are its own
 * @returns Plain data, keys in snake case
 */
export function definitionJson(definition: Definition): Record<string, unknown> {
  const { name, version, layer, isExtension, actions, requires, adopted } = definition;
  return {
    name,
    version: visible(version),
    layer,
    owner: ownerOf(definition),
    adopted: adopted !== null,
    extension: isExtension,
    actions,
    requires,
  };
}

/**
 * Definitions as a table.
 *
 * @param definitions The definitions
 * @param context The terminal
 * @returns The lines
 */
export function definitionTable(
  definitions: readonly Definition[],
  { io, style }: CliContext,
): string {
  return renderTable(
    [
      { title: "NAME", cell: ({ name }) => name, shrinksTo: 16 },
      { title: "VERSION", cell: ({ version }) => version },
      { title: "LAYER", cell: ({ layer }) => layer },
      { title: "OWNER", cell: ownerOf },
      { title: "ACTIONS", cell: ({ actions }) => actions.join(", ") || "-", shrinksTo: 20 },
    ],
    definitions,
    { width: io.stdout.columns, heading: style.strong },
  );
}

/**
 * What was found of a definition, for people.
 *
 * @param verdict What was found
 * @returns One line
 */
export function evaluationText(verdict: Evaluation): string {
  if (verdict.status === "passed") {
    const { extension_name, actions } = verdict;
    return `passed: ${extension_name} brings ${actions.join(", ") || "no actions"}\n`;
  }
  const found = (verdict.blocked_actions ?? verdict.missing ?? []).map((one) => visible(one));
  return `rejected: ${verdict.reason}${found.length === 0 ? "" : ` (${found.join(", ")})`}\n`;
}

/**
 * What is said of a definition to others, for people.
 *
 * @param proposal The proposal
 * @returns The lines
 */
export function proposalText(proposal: ExtensionProposal): string {
  const { extension_name, extension_version, actions, requires, description, content_hash } =
    proposal;
  return renderPairs([
    ["Name", extension_name],
    ["Version", extension_version],
    ["About", description ?? "-"],
    ["Actions", actions.join(", ") || "none"],
    ["Needs", requires.join(", ") || "nothing"],
    ["Hash", content_hash],
  ]);
}

function ownerOf(definition: Definition): string {
  if (isBuiltIn(definition.name)) return "kairos";
  if (definition.adopted === null) return "here";
  const { from } = definition.adopted;
  return from === "local" || from === "" ? "here, adopted" : visible(from);
}
