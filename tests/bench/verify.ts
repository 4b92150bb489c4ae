/**
 * Verification of 100,000 blocks against parsing them and hashing each twice.
 *
 * Both run in a process of their own, so that peak memory is theirs.
 *
 * @module
 */

import { makeLedger } from "./ledgers.ts";
import { type Figure, figure, inTurn } from "./measure.ts";

const OURS = `
import { openInstance } from ${JSON.stringify(import.meta.resolve("../../core/instance.ts"))};
import { auditLedger } from ${JSON.stringify(import.meta.resolve("../../core/ledger/audit.ts"))};
const { store } = await openInstance(ROOT, { mode: "read" });
const start = performance.now();
const report = await auditLedger(store);
if (!report.valid || report.length !== 100000) throw new Error("not verified");
`;

const FLOOR = `
import { hash } from "node:crypto";
const start = performance.now();
for (const b of JSON.parse(Deno.readTextFileSync(ROOT + "/storage/blockchain.json"))) {
  hash("sha256", b.data[0]);
  hash("sha256", b.index + b.timestamp + b.previous_hash + b.merkle_root + JSON.stringify(b.data));
}
`;

const PEAK = `
const peak = Number(/VmHWM:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? 0);
console.log(JSON.stringify({ ms: performance.now() - start, mib: peak / 1024 }));
`;

/**
 * Measures verification.
 *
 * @param folder A folder on the disk to measure
 * @returns Time against its floor, and peak memory against its bound
 */
export async function benchVerify(folder: string): Promise<Figure[]> {
  await makeLedger(`${folder}/verify`, 100_000);
  const peaks: number[] = [];
  const [ours, floor] = await inTurn(
    7,
    async () => {
      const { ms, mib } = await run(folder, OURS);
      peaks.push(mib);
      return ms;
    },
    async () => (await run(folder, FLOOR)).ms,
  );
  return [
    figure({
      name: "verify 100,000 blocks",
      ours: ours!,
      floorName: "JSON.parse and two SHA-256 a block",
      floor: floor!,
      unit: "ms",
      target: 1.2,
    }),
    figure({
      name: "peak memory of that verification",
      ours: Math.max(...peaks),
      floorName: "the bound of 250 MB",
      floor: 250e6 / 1024 / 1024,
      unit: "MiB",
      target: 1,
    }),
  ];
}

async function run(folder: string, program: string): Promise<{ ms: number; mib: number }> {
  const path = `${folder}/program.ts`;
  await Deno.writeTextFile(
    path,
    `const ROOT = ${JSON.stringify(`${folder}/verify`)};${program}${PEAK}`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, path],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
