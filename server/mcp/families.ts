/**
 * Families of tools that an instance does not give to agents.
 *
 * @module
 */

import type { Config } from "../../core/config/config.ts";
import { SETTINGS, type ToolFamily } from "../../core/config/settings.ts";

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
 * What an agent is told of them.
 *
 * @param config Settings of the instance
 * @returns A paragraph with a blank line before it; nothing when all are on
 */
export function offText(config: Config): string {
  const off = familiesOff(config);
  return off.length === 0 ? "" : `\n\nSwitched off in skills/config.yml: ${off.join(", ")}`;
}
