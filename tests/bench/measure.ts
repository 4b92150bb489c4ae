/**
 * Measuring beside a floor: the same run times what we do and what the machine needs at least.
 *
 * Absolute times drift with the machine; the ratio of two medians taken in turn does not.
 *
 * @module
 */

/** One line of the report. */
export interface Figure {
  /** What was measured. */
  readonly name: string;
  /** Median of ours, in `unit`. */
  readonly ours: number;
  /** What the floor is. */
  readonly floorName: string;
  /** Median of the floor, in `unit`. */
  readonly floor: number;
  /** Unit of both. */
  readonly unit: "ms" | "MiB";
  /** Ours divided by the floor. */
  readonly ratio: number;
  /** Largest ratio that counts as met. */
  readonly target: number;
  /** Whether the target is met. */
  readonly met: boolean;
}

/**
 * The middle of some samples.
 *
 * @param samples At least one number
 * @returns Their median
 */
export function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}

/**
 * Times steps in turn, A B A B, so that a drift of the machine meets all of them.
 *
 * @param rounds How often
 * @param steps What to time; a step that gives a number has timed itself, in milliseconds
 * @returns The median of each step in milliseconds
 */
export async function inTurn(
  rounds: number,
  ...steps: readonly (() => unknown)[]
): Promise<number[]> {
  const samples: number[][] = steps.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, step] of steps.entries()) {
      const start = performance.now();
      const own = await step();
      const time = typeof own === "number" ? own : performance.now() - start;
      // The first round warms up and does not count.
      if (round >= 0) samples[i]!.push(time);
    }
  }
  return samples.map(median);
}

/**
 * A line of the report.
 *
 * @param figure Names, medians, unit and target
 * @returns The figure with its ratio and verdict
 */
export function figure(figure: Omit<Figure, "ratio" | "met">): Figure {
  const ratio = figure.ours / figure.floor;
  return { ...figure, ratio, met: ratio <= figure.target };
}
