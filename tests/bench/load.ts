// deno-lint-ignore-file no-console -- printing what was measured is what this program is for

/**
 * Makes requests on some kept connections, as fast as they are answered, in a process of its own.
 * Run with a {@linkcode LoadOrder} as JSON; prints a {@linkcode LoadResult} for each target.
 *
 * @module
 */

import { median } from "./measure.ts";

/** What to do. */
export interface LoadOrder {
  /** Whole HTTP requests for ports on 127.0.0.1, made in turn. */
  readonly targets: readonly { readonly port: number; readonly request: string }[];
  /** How many connections. */
  readonly connections: number;
  /** How many rounds count; the first one warms up. */
  readonly rounds: number;
  /** How long a target gets in a round, in milliseconds. */
  readonly time: number;
}

/** What came of one target: medians of the rounds. */
export interface LoadResult {
  /** Answers in all. */
  readonly answers: number;
  /** Milliseconds a call. */
  readonly each: number;
  /** Milliseconds within which 99 of 100 requests were answered. */
  readonly p99: number;
}

const DECODER = new TextDecoder();

if (import.meta.main) {
  const { targets, connections, rounds, time }: LoadOrder = JSON.parse(Deno.args[0]!);
  const found = targets.map(() => ({ answers: 0, each: [] as number[], p99: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [at, { port, request }] of targets.entries()) {
      const times: number[] = [];
      const start = performance.now();
      const each = () => drive(port, request, start + time, times);
      await Promise.all(Array.from({ length: connections }, each));
      const { each: perCall, p99 } = found[at]!;
      found[at]!.answers += times.length;
      if (round === 0) continue;
      perCall.push((performance.now() - start) / times.length);
      p99.push(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!);
    }
  }
  const results: LoadResult[] = found.map(({ answers, each, p99 }) => ({
    answers,
    each: median(each),
    p99: median(p99),
  }));
  console.log(JSON.stringify(results));
}

async function drive(
  port: number,
  request: string,
  until: number,
  times: number[],
): Promise<void> {
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
