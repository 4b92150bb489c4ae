/**
 * Verification of the chain from time to time while a server runs.
 *
 * @module
 */

import { asKairosError, type KairosError } from "../core/errors.ts";
import type { Instance } from "../core/instance.ts";
import { readVerifyStatus, type VerifyStatus } from "./verify_status.ts";

/** How a verification in the background runs. */
export interface BackgroundVerifyOptions {
  /** Milliseconds before the first run. */
  readonly firstDelay?: number;
  /** Hears each outcome. */
  readonly onOutcome?: (status: VerifyStatus) => void;
  /** Hears what kept a run from ending; the next one comes all the same. */
  readonly onError?: (error: KairosError) => void;
}

/** A verification in the background. */
export interface BackgroundVerify {
  /** The last outcome, also of another process; `null` when there was none. */
  last(): VerifyStatus | null;
  /** Ends it; a run under way is given up. */
  stop(): Promise<void>;
}

/** A server that lives shorter than this needs no verification. */
const FIRST_DELAY = 5000;

/**
 * Starts it, unless the settings say not to. Its timers keep no process alive.
 *
 * @param instance The instance
 * @param options Delay and listeners
 * @returns The last outcome, and the way to end it
 */
export function startBackgroundVerify(
  instance: Instance,
  options: BackgroundVerifyOptions = {},
): BackgroundVerify {
  const { store, config, root } = instance;
  const stop = new AbortController();
  let last: VerifyStatus | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    try {
      // Loaded when it is due: what verifies is not needed for the first reply.
      const { auditAndNote } = await import("./patient_audit.ts");
      const { status } = await auditAndNote(store, { signal: stop.signal });
      last = status;
      options.onOutcome?.(status);
    } catch (error) {
      if (!stop.signal.aborted) options.onError?.(asKairosError(error, "Cannot verify the chain"));
    }
    schedule(config["verify.interval_minutes"] * 60_000);
  };
  const schedule = (delay: number) => {
    if (stop.signal.aborted) return;
    const next = setTimeout(() => running = run(), delay);
    Deno.unrefTimer(next);
    timer = next;
  };
  if (config["verify.background"]) schedule(options.firstDelay ?? FIRST_DELAY);
  return {
    last: () => last ?? readVerifyStatus(store.disk, root),
    stop: async () => {
      stop.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
