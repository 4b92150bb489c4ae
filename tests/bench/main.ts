// deno-lint-ignore-file no-console -- printing the report is what this program is for

/**
 * The benchmarks: `deno task bench [--json] [NAME...]`. Each figure stands beside its floor, measured
 * in the same run; the exit code is 1 when a target is missed.
 *
 * @module
 */

import type { Figure } from "./measure.ts";

/** Every benchmark by name, loaded when it is asked for. */
const BENCHES: Readonly<Record<string, (folder: string) => Promise<Figure[]>>> = {
  append: async (folder) => await (await import("./append.ts")).benchAppend(folder),
  update: async (folder) => await (await import("./update.ts")).benchUpdate(folder),
  verify: async (folder) => await (await import("./verify.ts")).benchVerify(folder),
  start: async (folder) => await (await import("./start.ts")).benchStart(folder),
  law: async (folder) => await (await import("./law.ts")).benchLaw(folder),
  search: async (folder) => await (await import("./search.ts")).benchSearch(folder),
  lists: async (folder) => await (await import("./lists.ts")).benchLists(folder),
  http: async (folder) => await (await import("./http.ts")).benchHttp(folder),
  packages: async (folder) => await (await import("./packages.ts")).benchPackages(folder),
  hostile: async (folder) => await (await import("./hostile.ts")).benchHostile(folder),
  meeting: async (folder) => await (await import("./meeting.ts")).benchMeeting(folder),
  connections: async (folder) => await (await import("./connections.ts")).benchConnections(folder),
};

if (import.meta.main) {
  const json = Deno.args.includes("--json");
  const names = Deno.args.filter((arg) => !arg.startsWith("--"));
  const figures: Figure[] = [];
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
    const bench = BENCHES[name];
    if (bench === undefined) throw new Error(`No benchmark "${name}": ${Object.keys(BENCHES)}`);
    const folder = await Deno.makeTempDir();
    try {
      const found = await bench(folder);
      figures.push(...found);
      if (!json) found.forEach(print);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  if (json) console.log(JSON.stringify(figures, null, 2));
  Deno.exitCode = figures.every(({ met }) => met) ? 0 : 1;
}

function print({ name, ours, floorName, floor, unit, ratio, target, met }: Figure): void {
  console.log(
    `${met ? "met   " : "MISSED"}  ${name}: ${ours.toFixed(2)} ${unit}, ` +
      `${floorName}: ${floor.toFixed(2)} ${unit}, ` +
      `ratio ${ratio.toFixed(2)} (target at most ${target.toFixed(2)})`,
  );
}
