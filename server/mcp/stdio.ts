/**
 * MCP over standard input and output.
 *
 * @module
 */

import type { Actor } from "../../core/actor.ts";
import type { Instance } from "../../core/instance.ts";
import { startBackgroundVerify } from "../background_verify.ts";
import { startFreeingMemory } from "../free_memory.ts";
import { stopSignal } from "../stop_signal.ts";
import { quietConsole } from "./quiet_console.ts";

/** How the server runs. */
export interface StdioOptions {
  /** Who acts, such as `stdio:alice`. */
  readonly actor: Actor;
  /** Version of kairos. */
  readonly version: string;
  /** Bytes in; standard input unless given. */
  readonly input?: ReadableStream<Uint8Array>;
  /** Bytes out; standard output unless given. */
  readonly output?: WritableStream<Uint8Array>;
  /** Asks the server to stop, beside SIGINT and SIGTERM. */
  readonly signal?: AbortSignal;
}

/**
 * Serves until the input ends, its reader goes away, or somebody asks to stop. Then running calls are
 * finished and answered.
 *
 * @param instance The instance
 * @param options Actor, version, streams
 * @returns When the connection has ended
 */
export async function serveStdio(instance: Instance, options: StdioOptions): Promise<void> {
  const { actor, version } = options;
  const input = options.input ?? Deno.stdin.readable;
  const output = options.output ?? Deno.stdout.writable;
  using _console = quietConsole();
  using stop = stopSignal(options.signal);
  using _memory = startFreeingMemory();
  // Loaded only now, so that nothing they print while loading reaches standard output.
  const [sdk, { mcpFactory }, { LineTransport }, { Notices }, limit] = await Promise.all([
    import("@modelcontextprotocol/server/stdio"),
    import("./factory.ts"),
    import("./line_transport.ts"),
    import("./notices.ts"),
    import("./listen_limit.ts"),
  ]);
  const notices = new Notices(instance);
  const { refuseListen: refuse, MAX_LISTENING: maxSubscriptions } = limit;
  const transport = new LineTransport({ input, output, refuse, onAnswer: () => notices.start() });
  const verify = startBackgroundVerify(instance);
  const make = mcpFactory(instance, { actor, version });
  const handle = sdk.serveStdio((context) => {
    const server = make(context);
    notices.attach(server, { era: context.era, ready: () => transport.ready() });
    return server;
  }, { transport, maxSubscriptions });
  if (stop.signal.aborted) transport.drain();
  else stop.signal.addEventListener("abort", () => transport.drain(), { once: true });
  await transport.finished;
  await handle.close();
  await notices.stop();
  await verify.stop();
  await (await instance.state()).afterChange(actor, { ends: true });
}
