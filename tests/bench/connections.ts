/**
 * Ten thousand connections that are open and left, beside a bare server that has as many.
 *
 * @module
 */

import { corpus, writeCorpus } from "./corpus.ts";
import { type Figure, figure, inTurn } from "./measure.ts";
import { residentMemory, type Served, withBoth } from "./served.ts";

const CONNECTIONS = 10_000;
/** Open files a process needs beside its connections. */
const OTHERS = 200;
const AT_ONCE = 50;
const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};
const BODY = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const REQUEST = new TextEncoder().encode(
  `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${BODY.length}\r\n` +
    Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`).join("") +
    `\r\n${BODY}`,
);

/**
 * Measures open connections.
 *
 * @param folder A folder on the disk to measure
 * @returns Memory with all of them open, and the time of a call beside them; nothing where a process
 *   may not have so many files open
 */
export async function benchConnections(folder: string): Promise<Figure[]> {
  const limits = await Deno.readTextFile("/proc/self/limits").catch(() => "");
  const most = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  if (most < CONNECTIONS + OTHERS) return [];
  const root = `${folder}/connections`;
  await writeCorpus(root, corpus(10));
  const answers = `${folder}/none.json`;
  await Deno.writeTextFile(answers, "{}");
  const found: Figure[] = [];
  await withBoth(root, () => Promise.resolve(answers), async (ours, bare) => {
    const memory: number[] = [];
    const times: number[] = [];
    for (const server of [ours, bare]) {
      const open = await openMany(server);
      try {
        memory.push(await residentMemory(server));
        times.push(...await inTurn(50, () => call(server)));
      } finally {
        for (const connection of open) connection.close();
      }
    }
    const floorName = "the bare server";
    found.push(
      figure({
        name: `memory with ${CONNECTIONS} open connections`,
        ours: memory[0]!,
        floorName,
        floor: memory[1]!,
        unit: "MiB",
        target: 1.2,
      }),
      figure({
        name: `ping beside ${CONNECTIONS} open connections`,
        ours: times[0]!,
        floorName,
        floor: times[1]!,
        unit: "ms",
        target: 3,
      }),
    );
  });
  return found;
}

/** Opens connections of which every second has made a request and waits for another. */
async function openMany(server: Served): Promise<Deno.Conn[]> {
  const port = Number(new URL(server.url).port);
  const open: Deno.Conn[] = [];
  while (open.length < CONNECTIONS) {
    const connect = async (_nothing: unknown, at: number) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      open.push(connection);
      if (at % 2 === 0) return;
      await connection.write(REQUEST);
      await connection.read(new Uint8Array(64 * 1024));
    };
    const many = Math.min(AT_ONCE, CONNECTIONS - open.length);
    await Promise.all(Array.from({ length: many }, connect));
  }
  return open;
}

async function call({ url }: Served): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: HEADERS, body: BODY });
  await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
}
