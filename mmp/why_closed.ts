/**
 * Why an instance answers nobody, though its settings can be read.
 *
 * @module
 */

import type { View } from "../core/layers/view.ts";
import { STATE_FILE, StateFile } from "../core/skillset/state_file.ts";
import { MEETING_FILE, type MeetingSettings } from "./settings.ts";

/** The SkillSet by which meetings are switched on and off. */
const SKILLSET = "mmp";

/**
 * Why nobody is answered.
 *
 * @param settings The settings
 * @param view The files
 * @returns What is in the way, or `null` when others are answered
 *
 * @example
 * ```ts
 * import { openInstance } from "../core/instance.ts";
 * import { loadMeetingSettings } from "./settings.ts";
 * import { whyClosed } from "./why_closed.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const { store, view } = await openInstance(root, { mode: "read" });
 * const why = whyClosed(loadMeetingSettings(store.disk, root), view());
 * if (why === null) throw new Error("nobody switched it on");
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function whyClosed({ enabled }: MeetingSettings, view: View): string | null {
  if (!enabled) return `enabled is not true in ${MEETING_FILE}`;
  const state = new StateFile(view);
  return state.of(SKILLSET).enabled ? null : state.problem ?? `${STATE_FILE} disables ${SKILLSET}`;
}
