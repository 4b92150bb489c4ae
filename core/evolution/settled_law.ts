/**
 * The law in force, for whatever changes something: believed only when the whole chain bears it out.
 *
 * Serving looks at a few blocks, whatever the length of the chain. That is enough to obey, and not to
 * decide: who removes a pointer and adds some hundred blocks would be out of its sight. See
 * `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import { approversNow } from "./approvers.ts";
import type { EvolutionHost } from "./host.ts";
import { cannotChange, type LawInForce, requireLaw } from "./in_force.ts";
import type { LawFile } from "./law_file.ts";
import type { LawReplay } from "./law_replay.ts";

/** The law, and what the chain says about it. */
export type SettledLaw = LawInForce & {
  /** What proves it. */
  readonly file: LawFile;
  /** The chain, walked to its end. */
  readonly replay: LawReplay;
};

/**
 * The law in force as the chain has it. Needs the write lock, so that nothing is added meanwhile.
 *
 * @param host The instance
 * @returns The law, what proves it, and the chain
 * @throws {KairosError} `refused` when there is no law, something about it does not fit or the pointers say
 *   else than the chain; `corrupt` when that cannot be read
 */
export function requireSettledLaw(host: EvolutionHost): SettledLaw {
  const law = requireLaw(host);
  const replay = host.walk.upToDate();
  const found = replay.differences(law.file, approversNow(host).set);
  if (found.length > 0) throw cannotChange(found);
  return { ...law, replay };
}
