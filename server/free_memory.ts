/**
 * Gives memory back to the system while nothing happens.
 *
 * The runtime keeps what it has grown to, so a server that once looked at ten thousand files would stay
 * as large for months.
 *
 * @module
 */

/** How much memory there is, in bytes. */
export interface MemoryUse {
  /** Taken from the system for objects. */
  readonly heapTotal: number;
  /** Held by objects, those nobody uses any more included. */
  readonly heapUsed: number;
}

/** How it is done. */
export interface FreeMemoryOptions {
  /** Milliseconds between two looks; 2,000 unless given. */
  readonly interval?: number;
  /** Tells how much memory there is; the runtime unless given. */
  readonly use?: () => MemoryUse;
  /** Frees what it can; `null` where that cannot be asked for. The runtime's unless given. */
  readonly collect?: (() => void) | null;
}

/** Frees memory; there with the flag `--expose-gc` alone. */
declare const gc:
  | ((options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void)
  | undefined;

const INTERVAL = 2000;
const MIB = 2 ** 20;
/** Less growth than this between two looks is nothing happening: timers and looks grow it, too. */
const STILL = MIB / 4;
/** Less than this is not worth the pause. */
const WORTH = 8 * MIB;

/**
 * Looks from time to time, and frees memory when hardly any was used since the look before and much may
 * be free. It takes a twentieth of a second, more for large heaps. Its timer keeps no process alive.
 *
 * @param options How often, and by what
 * @returns What ends it
 */
export function startFreeingMemory(options: FreeMemoryOptions = {}): Disposable {
  const { interval = INTERVAL, use = Deno.memoryUsage, collect = collector() } = options;
  if (collect === null) return { [Symbol.dispose]() {} };
  let usedBefore = -Infinity;
  let totalAfter = 0;
  const look = () => {
    const { heapUsed, heapTotal } = use();
    const isStill = Math.abs(heapUsed - usedBefore) < STILL;
    usedBefore = heapUsed;
    if (!isStill || heapTotal - totalAfter < Math.max(WORTH, totalAfter / 4)) return;
    collect();
    const after = use();
    usedBefore = after.heapUsed;
    totalAfter = after.heapTotal;
  };
  const timer = setInterval(look, interval);
  Deno.unrefTimer(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function collector(): (() => void) | null {
  if (typeof gc === "undefined") return null;
  const collect = gc;
  return () => collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
