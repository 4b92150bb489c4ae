/**
 * Families of tools that an instance does not give to agents.
 *
 * @module
 */

import type { Config } from "../../core/config/config.ts";
import { SETTINGS, type ToolFamily } from "../../core/config/settings.ts";
import { KairosError } from "../../core/errors.ts";

/**
 * The families that are switched off. One that is off as long as nobody asks for it is not among them.
 *
 * @param config Settings of the instance
 * @returns Their names; none unless a person has chosen so
 */
export function familiesOff(config: Config): ToolFamily[] {
  return SETTINGS["tools.families"].default.filter((family) =>
    !config["tools.families"].includes(family)
  );
}

/**
 * The error for a use of what is switched off.
 *
 * @param attempt What was attempted, such as `call chain_status`
 * @param family The family that is off
 * @returns `refused`, with what a person can do
 */
export function switchedOff(attempt: string, family: ToolFamily): KairosError {
  return new KairosError("refused", `Cannot ${attempt}: its family ${family} is switched off`, {
    hint: `A person can add ${family} to tools.families in skills/config.yml and start kairos anew`,
  });
}

/** A piece of text, and the families of tools it speaks of: without one of them it is left out. */
export type Piece = readonly [text: string, families: readonly ToolFamily[]];

/**
 * A text that speaks only of tools an instance gives to agents.
 *
 * @param config Settings of the instance
 * @param pieces What may be said
 * @returns The pieces whose families are all on, put together
 */
export function said(config: Config, pieces: readonly Piece[]): string {
  const on = config["tools.families"];
  return pieces.filter(([, needs]) => needs.every((family) => on.includes(family)))
    .map(([text]) => text).join("");
}

/**
 * What an agent is told of them.
 *
 * @param config Settings of the instance
 * @returns A paragraph with a blank line before it; nothing when all are on
 */
export function offText(config: Config): string {
  const off = familiesOff(config);
  return off.length === 0 ? "" : `\n\nSwitched off in skills/config.yml: ${off.join(", ")}`;
}
