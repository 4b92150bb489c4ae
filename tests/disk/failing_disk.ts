/**
 * A disk that fails, as real ones do.
 *
 * @module
 */

import { Disk, type Effect, type Fault } from "../../core/disk/mod.ts";

/** What an effect may end with. */
export const FAULTS: Readonly<Record<string, (effect: Effect) => Fault>> = {
  "the disk is full": (effect) => ({
    error: systemError("ENOSPC"),
    ...(effect.kind === "write" ? { written: effect.bytes.length >> 1 } : {}),
  }),
  "the disk is full before the first byte": () => ({ error: systemError("ENOSPC"), written: 0 }),
  "the disk is full before the last byte": (effect) => ({
    error: systemError("ENOSPC"),
    ...(effect.kind === "write" ? { written: effect.bytes.length - 1 } : {}),
  }),
  "the disk fails": () => ({ error: systemError("EIO") }),
};

/** A disk whose n-th effect fails, once; it remembers all that were asked for. */
export class FailingDisk extends Disk {
  /** What was asked for, the failed effect included. */
  readonly effects: readonly Effect[];

  /**
   * @param nth Which effect fails, from 1
   * @param fault How
   */
  constructor(nth: number, fault: (effect: Effect) => Fault) {
    const effects: Effect[] = [];
    super({ onEffect: (effect) => effects.push(effect) === nth ? fault(effect) : undefined });
    this.effects = effects;
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
