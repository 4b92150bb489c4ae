/**
 * One append against one write and sync of the same bytes, on a short and on a long chain.
 *
 * @module
 */

import { encodeBlock } from "../../core/chain/block.ts";
import { openInstance } from "../../core/instance.ts";
import { makeLedger, RECORD } from "./ledgers.ts";
import { type Figure, figure, inTurn } from "./measure.ts";

/**
 * Measures appending.
 *
 * @param folder A folder on the disk to measure
 * @returns Append against its floor, and the long chain against the short one
 */
export async function benchAppend(folder: string): Promise<Figure[]> {
  await makeLedger(`${folder}/short`, 100);
  await makeLedger(`${folder}/long`, 100_000);
  const short = await openInstance(`${folder}/short`, { mode: "write" });
  const long = await openInstance(`${folder}/long`, { mode: "write" });
  const append = ({ store }: typeof short) => store.exclusive(() => store.append([RECORD]));
  const block = await append(short);
  const bytes = new TextEncoder().encode(`,\n${encodeBlock(block)}\n]`);
  using file = await Deno.open(`${folder}/floor`, { write: true, create: true });
  const floor = () => {
    file.writeSync(bytes);
    file.syncSync();
  };
  const [onShort, onLong, sync] = await inTurn(
    500,
    () => append(short),
    () => append(long),
    floor,
  );
  const common = { unit: "ms" as const };
  return [
    figure({
      ...common,
      name: "append to 100 blocks",
      ours: onShort!,
      floorName: "write and fsync of the same bytes",
      floor: sync!,
      target: 1 / 0.6,
    }),
    figure({
      ...common,
      name: "append to 100,000 blocks",
      ours: onLong!,
      floorName: "append to 100 blocks",
      floor: onShort!,
      target: 1.2,
    }),
  ];
}
