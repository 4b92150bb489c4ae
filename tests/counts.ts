/**
 * How often the heavy tests repeat: one table, scaled by `KAIROS_TEST_SCALE`.
 *
 * The scale is a number from 0 to 1; left out it is 1, the full counts.
 *
 * @module
 */

/** Repetitions of one test. */
export interface Count {
  /** At scale 1; `Infinity` for all there are. */
  readonly full: number;
  /** At any scale, so that a quick run still tests something. */
  readonly least: number;
}

/** Every repetition count of the tests. */
export const COUNTS = {
  /** Writers killed with signal 9 in the middle of a write. */
  killNine: { full: 200, least: 2 },
  /** Processes killed with signal 9 while they change the law. */
  lawKills: { full: 100, least: 2 },
  /** Processes killed with signal 9 while they commit or restore the state, or convert a law. */
  stateKills: { full: 100, least: 2 },
  /** Programs killed with signal 9 while they change SkillSets. */
  skillSetKills: { full: 100, least: 4 },
  /** Processes that write to one data directory at the same time. */
  processes: { full: 8, least: 2 },
  /** Writes of each of those processes. */
  writesPerProcess: { full: 50, least: 5 },
  /** Generated inputs of one property. */
  fuzzRuns: { full: 1000, least: 50 },
  /** Generated laws that are printed and read back. */
  laws: { full: 10_000, least: 200 },
  /** States of an instance that are committed, changed and restored. */
  restores: { full: 30, least: 5 },
  /** Single bytes of a long ledger that are changed before it is verified. */
  flips: { full: 20_000, least: 200 },
  /** Layouts of a short ledger of which every byte is changed. */
  flippedLayouts: { full: Infinity, least: 1 },
  /** Places at which an append is cut, and what is left of it looked at. */
  tornPlaces: { full: Infinity, least: 60 },
  /** Connections to the HTTP server that are opened and left. */
  idleConnections: { full: 1000, least: 200 },
  /** Clients of the HTTP server that go away in the middle of a request or an answer. */
  vanishingClients: { full: 1000, least: 400 },
  /** Good packages that are damaged at random. */
  packageMutations: { full: 20_000, least: 300 },
  /** Hostile packages and zips of one family. */
  hostileOfFamily: { full: Infinity, least: 2 },
  /** Trees that are packed, sent and installed. */
  packageTrips: { full: 200, least: 10 },
  /** Random packages that other programs read. */
  packageReaders: { full: 100, least: 5 },
  /** Recorded disk effects after which a crash is replayed. */
  crashReplays: { full: Infinity, least: 12 },
  /** Changes of knowledge during which the disk fails. */
  faultyChanges: { full: Infinity, least: 3 },
  /** Hostile sources of a law, each read in a process of its own. */
  hostileSources: { full: Infinity, least: 4 },
  /** Commands that are started with the permissions of their row alone. */
  permittedCommands: { full: Infinity, least: 8 },
} as const satisfies Record<string, Count>;

/** A row of {@linkcode COUNTS}. */
export type CountName = keyof typeof COUNTS;

/**
 * How often to repeat.
 *
 * @param name Row of the table
 * @param options `available`: how many there are, needed where the full count is `Infinity`;
 *   `scale`: instead of the environment's
 * @returns A whole number, at least the row's `least`, at most what is available
 * @throws {RangeError} When the scale is no number from 0 to 1
 */
export function count(
  name: CountName,
  options: { readonly available?: number; readonly scale?: number } = {},
): number {
  const { available = Infinity, scale = environmentScale() } = options;
  if (!(scale >= 0 && scale <= 1)) {
    throw new RangeError(`Cannot scale the tests by ${scale}: KAIROS_TEST_SCALE must be 0 to 1`);
  }
  const { full, least }: Count = COUNTS[name];
  const all = Math.min(full, available);
  const scaled = all === Infinity && scale === 0 ? 0 : Math.round(all * scale);
  return Math.min(available, Math.max(least, scaled));
}

/**
 * As many of the items as the table says, spread evenly from the first to the last.
 *
 * @param name Row of the table
 * @param items What there is
 * @param options `scale`: instead of the environment's
 * @returns The chosen items in their order; the same ones in every run
 */
export function pick<T>(
  name: CountName,
  items: readonly T[],
  options: { readonly scale?: number } = {},
): T[] {
  const many = count(name, { ...options, available: items.length });
  if (many <= 1) return items.slice(0, many);
  const step = (items.length - 1) / (many - 1);
  return Array.from({ length: many }, (_, at) => items[Math.round(at * step)]!);
}

/**
 * Whether everything is tested: what cannot be done in parts, and takes long, asks for it.
 *
 * @returns `true` at scale 1
 */
export function whole(): boolean {
  return environmentScale() === 1;
}

function environmentScale(): number {
  const text = Deno.env.get("KAIROS_TEST_SCALE") ?? "";
  return text === "" ? 1 : Number(text);
}
