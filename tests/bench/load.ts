// deno-lint-ignore-file no-console -- printing what was measured is what this program is for

/**
 * Makes requests on some kept connections, as fast as they are answered, in a process of its own.
 * Run with a {@linkcode LoadOrder} as JSON; prints a {@linkcode LoadResult}.
 *
 * @module
 */

/** What to do. */
export interface LoadOrder {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** How many connections. */
  readonly connections: number;
  /** How long, in milliseconds. */
  readonly time: number;
  /** A whole HTTP request. */
  readonly request: string;
}

/** What came of it. */
export interface LoadResult {
  /** Answers a second. */
  readonly rate: number;
  /** Milliseconds within which 99 of 100 requests were answered. */
  readonly p99: number;
}

const DECODER = new TextDecoder();

if (import.meta.main) {
  const order: LoadOrder = JSON.parse(Deno.args[0]!);
  const times: number[] = [];
  const start = performance.now();
  const until = start + order.time;
  await Promise.all(
    Array.from({ length: order.connections }, () => drive(order, until, times)),
  );
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const result: LoadResult = {
    rate: times.length / seconds,
    p99: times[Math.floor(times.length * 0.99)]!,
  };
  console.log(JSON.stringify(result));
}

async function drive({ port, request }: LoadOrder, until: number, times: number[]): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = new TextEncoder().encode(request);
  const buffer = new Uint8Array(256 * 1024);
  while (performance.now() < until) {
    const sent = performance.now();
    let written = 0;
    while (written < bytes.length) written += await connection.write(bytes.subarray(written));
    let length = 0;
    while (!isWhole(buffer.subarray(0, length))) {
      const read = await connection.read(buffer.subarray(length));
      if (read === null || length === buffer.length) throw new Error("The connection was ended");
      length += read;
    }
    times.push(performance.now() - sent);
  }
}

/** Whether an answer is complete: as long as it says, or ended by an empty chunk. */
function isWhole(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const head = DECODER.decode(bytes.subarray(0, 2048));
  const end = head.indexOf("\r\n\r\n");
  if (end < 0) return false;
  if (!head.startsWith("HTTP/1.1 200")) throw new Error(head);
  const declared = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, end));
  if (declared !== null) return bytes.length >= end + 4 + Number(declared[1]);
  return DECODER.decode(bytes.subarray(-5)) === "0\r\n\r\n";
}
