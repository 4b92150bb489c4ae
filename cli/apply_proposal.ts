/**
 * Making a decided change from the terminal.
 *
 * @module
 */

import type { Applied } from "../core/evolution/apply.ts";
import type { Instance } from "../core/instance.ts";
import type { CliContext } from "./context.ts";

/** A change that was made, for programs. */
export interface AppliedView {
  /** Index of the block that records it. */
  readonly block: number;
  /** Name of the snapshot of the law, or `null` when the law stayed as it is. */
  readonly snapshot: string | null;
  /** Edits of others that were in the way. */
  readonly displaced: Applied["displaced"];
}

/**
 * Makes a decided change and tells what was in its way.
 *
 * @param context Streams
 * @param instance The instance, open for writing
 * @param id Id of the proposal
 * @returns What was done
 * @throws {KairosError} those of {@linkcode Evolution.apply}
 */
export async function applyProposal(
  context: CliContext,
  instance: Instance,
  id: string,
): Promise<AppliedView> {
  const { block, snapshot, displaced } = await (await instance.evolution())
    .apply(id, await context.actor());
  for (const { path, object } of displaced) {
    context.say(`Somebody's edit of ${path} was in the way; it is kept as ${object}`);
  }
  return { block: block.index, snapshot, displaced };
}

/**
 * A change that was made, for people.
 *
 * @param id Id of the proposal
 * @param applied What was done
 * @returns One line
 */
export function appliedText(id: string, { block, snapshot }: AppliedView): string {
  const kept = snapshot === null ? "" : `, snapshot ${snapshot}`;
  return `Proposal ${id} is in force since block ${block}${kept}\n`;
}
