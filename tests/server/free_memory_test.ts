import assert from "node:assert/strict";
import { FREES } from "../../.release/portable/run_flags.ts";
import { startFreeingMemory } from "../../server/free_memory.ts";
import { until } from "../support/until.ts";

const MIB = 2 ** 20;

/** Memory that a test moves, how often it was looked at and when it was freed. */
class Memory {
  /** Grows by this with every look. */
  growth = 0;
  used = 20 * MIB;
  total = 40 * MIB;
  looks = 0;
  /** The numbers of the looks after which memory was freed. */
  readonly freed: number[] = [];

  start(): Disposable {
    return startFreeingMemory({
      interval: 1,
      use: () => {
        this.looks++;
        this.used += this.growth;
        return { heapUsed: this.used, heapTotal: this.total };
      },
      collect: () => {
        this.freed.push(this.looks);
        this.total = this.used = 16 * MIB;
      },
    });
  }

  async look(times: number): Promise<void> {
    const end = this.looks + times;
    await until(() => this.looks >= end, "looks at the memory");
  }
}

Deno.test("startFreeingMemory() waits until nothing happens, and frees once", async () => {
  const memory = new Memory();
  memory.growth = MIB;
  using _freeing = memory.start();
  await memory.look(5);
  assert.deepEqual(memory.freed, []);
  memory.growth = 0;
  await memory.look(6);
  assert.equal(memory.freed.length, 1);
});

Deno.test("startFreeingMemory() frees again when there is as much to free again", async () => {
  const memory = new Memory();
  using _freeing = memory.start();
  await memory.look(5);
  assert.equal(memory.freed.length, 1);
  memory.total = 23 * MIB;
  await memory.look(5);
  assert.equal(memory.freed.length, 1);
  memory.total = 24 * MIB;
  await memory.look(5);
  assert.equal(memory.freed.length, 2);
});

Deno.test("startFreeingMemory() does nothing where memory cannot be freed, and ends when it is told", async () => {
  let looks = 0;
  const use = () => ({ heapUsed: looks++, heapTotal: 40 * MIB });
  using _nothing = startFreeingMemory({ interval: 1, use, collect: null });
  const memory = new Memory();
  memory.start()[Symbol.dispose]();
  const still = new Memory();
  using _freeing = still.start();
  await still.look(5);
  assert.deepEqual([looks, memory.looks], [0, 0]);
});

Deno.test("startFreeingMemory() frees in a program that was started as kairos is", async () => {
  const module = new URL("../../server/free_memory.ts", import.meta.url);
  const script = `
    import { startFreeingMemory } from ${JSON.stringify(module.href)};
    let waste = Array.from({ length: 500_000 }, (_, at) => ({ at }));
    const before = Deno.memoryUsage().heapTotal;
    waste = null;
    using freeing = startFreeingMemory({ interval: 20 });
    while (Deno.memoryUsage().heapTotal > before / 2) await new Promise((go) => setTimeout(go, 20));
    console.log("freed");`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      FREES,
      "--no-check",
      "--quiet",
      `data:application/typescript,${encodeURIComponent(script)}`,
    ],
    signal: AbortSignal.timeout(30_000),
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "freed\n");
});
