/**
 * Hostile packages, and packages as large as the limits allow: how long and how much memory they can
 * take, and how fast their decoder ends.
 *
 * @module
 */

import { decodeArchive } from "../../core/skillset/decode.ts";
import { parseEnvelope } from "../../core/skillset/envelope.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { openPackage } from "../../core/skillset/package.ts";
import { HOSTILE } from "../skillset/hostile.ts";
import { file, manifest, wrap } from "../skillset/hostile_parts.ts";
import { type Figure, figure, median } from "./measure.ts";
import { kairos, peakMemory } from "./programs.ts";

const MIB = 1024 * 1024;
const ROUNDS = 3;
/** Milliseconds a hostile package may take. */
const TIME = 1000;
/** MiB the program may take meanwhile; with what the limits let in, as much as for a good package. */
const MEMORY = { hostile: 128, greedy: 4 * PACKAGE_LIMITS.outputBytes / MIB };
/** Milliseconds within which the decoder ends when it is told to. */
const END = 200;

/** A package to open. */
interface Sample {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/**
 * Measures hostile packages.
 *
 * @param folder A folder on the disk to measure
 * @returns The worst of them
 */
export async function benchHostile(folder: string): Promise<Figure[]> {
  const hostile = Object.values(HOSTILE).flat()
    .filter(({ limits }) => limits === undefined)
    .map(({ what, make }): Sample => ({ what, bytes: make() }));
  const greedy = greedyPackages();
  const instance = `${folder}/instance`;
  await kairos(["init", instance]);
  const found: Figure[] = [];
  const kinds = { hostile, greedy };
  for (const kind of ["hostile", "greedy"] as const) {
    const samples = kinds[kind];
    const slowest = await worst(samples, timeToRefuse);
    found.push(figure({
      name: `worst of ${samples.length} ${kind} packages, ${slowest.what}`,
      ours: slowest.value,
      floorName: "what it may take",
      floor: TIME,
      unit: "ms",
      target: 1,
    }));
    const largest = await worst(samples, async ({ bytes }) => {
      await Deno.writeFile(`${folder}/package.json`, bytes);
      const args = ["install-archive", `${folder}/package.json`, "--data-dir", instance];
      return await peakMemory(args) ?? 0;
    });
    if (largest.value === 0) continue;
    found.push(figure({
      name: `memory of the worst of ${samples.length} ${kind} packages, ${largest.what}`,
      ours: largest.value,
      floorName: "what it may take",
      floor: MEMORY[kind],
      unit: "MiB",
      target: 1,
    }));
  }
  const ending = await worst(greedy, timeToEnd);
  found.push(figure({
    name: `end of the decoder that is told to stop, ${ending.what}`,
    ours: ending.value,
    floorName: "what it may take",
    floor: END,
    unit: "ms",
    target: 1,
  }));
  return found;
}

/** Packages that take as much as the limits allow and are refused for their hash in the end. */
function greedyPackages(): Sample[] {
  const wrong = { fields: { content_hash: "0".repeat(64) } };
  const text = (length: number, noise: number) => {
    const bytes = new Uint8Array(length).fill(0x20);
    for (let at = 0; at < noise; at++) bytes[at] = 0x20 + Math.floor(Math.random() * 0x5f);
    return bytes;
  };
  const files = (count: number, make: () => Uint8Array) => [
    ...Array.from({ length: count }, (_, at) => file(`knowledge/${at}.md`, make())),
    manifest(),
  ];
  const length = 8 * MIB - 8192;
  return [
    {
      what: "64 MiB out of few bytes",
      bytes: wrap(files(8, () => text(length, 50_000)), wrong),
    },
    {
      what: "as many bytes as may come in",
      bytes: wrap(files(2, () => text(7 * MIB, 7 * MIB)), wrong),
    },
    { what: "as many files as allowed", bytes: wrap(files(1999, () => text(1000, 1000)), wrong) },
  ];
}

/** The sample with the largest value. */
async function worst(
  samples: readonly Sample[],
  measure: (sample: Sample) => Promise<number>,
): Promise<{ readonly what: string; readonly value: number }> {
  let found = { what: "", value: -1 };
  for (const sample of samples) {
    const value = await measure(sample);
    if (value > found.value) found = { what: sample.what, value };
  }
  return found;
}

async function timeToRefuse({ what, bytes }: Sample): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const isRefused = await openPackage(bytes, { limits: PACKAGE_LIMITS }).then(
      () => false,
      () => true,
    );
    if (!isRefused) throw new Error(`Not refused: ${what}`);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** The longest time from telling the decoder to stop to the end of its thread, at any moment. */
async function timeToEnd({ bytes }: Sample): Promise<number> {
  const { archive_base64, name } = parseEnvelope(bytes, PACKAGE_LIMITS);
  let longest = 0;
  for (let moment = 0; moment < 500; moment += 20) {
    const threads = countThreads();
    const stop = new AbortController();
    const decoding = decodeArchive(archive_base64, name, {
      limits: PACKAGE_LIMITS,
      signal: stop.signal,
    });
    const ended = Array.fromAsync(decoding).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, moment));
    const start = performance.now();
    stop.abort();
    await ended;
    while (countThreads() > threads) await new Promise((resolve) => setTimeout(resolve, 1));
    longest = Math.max(longest, performance.now() - start);
  }
  return longest;
}

/** Threads of this process; 0 where the system does not tell. */
function countThreads(): number {
  return Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/task")].length : 0;
}
