/**
 * A snapshot of the law in force, made by hand.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { EvolutionHost } from "./host.ts";
import { requireSettledLaw } from "./settled_law.ts";
import { freeVersionName, stageVersion } from "./versions.ts";

/**
 * Makes a snapshot with its record. Needs the write lock.
 *
 * @param host The instance
 * @param reason Why
 * @param actor Who asks
 * @returns The name of the snapshot
 * @throws {KairosError} `refused` when the law is not settled, `io`
 */
export function takeSnapshot(host: EvolutionHost, reason: string, actor: Actor): string {
  const { store } = host;
  const { file, source } = requireSettledLaw(host);
  const name = freeVersionName(store, file.object);
  const bytes = new TextEncoder().encode(source);
  const steps = stageVersion(store, name, { source: bytes, law: file, reason });
  const { object } = file;
  const record = store.record({ type: "law_snapshot", snapshot: name, object, reason }, actor);
  store.commit({ record, steps, discard: steps.map(({ from }) => from) });
  store.journal.note({
    action: "snapshot_created",
    skill_id: null,
    details: { filename: name, reason },
  });
  return name;
}
