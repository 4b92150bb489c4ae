/**
 * The HTTP server as commands run it.
 *
 * @module
 */

import type { Instance } from "../core/instance.ts";
import type { PeerListener } from "./peer_listener.ts";
import { sayApprovers } from "./approver_view.ts";
import type { CliContext } from "./context.ts";
import { VERSION } from "./version.ts";

/** Where to listen. */
export interface ListenOptions {
  /** Address; the one of the settings unless given. */
  readonly host?: string | undefined;
  /** Port; the one of the settings unless given. */
  readonly port?: number | undefined;
  /** Called with the address for clients once the server listens. */
  readonly onListen: (url: string) => void;
  /** The listener for other instances, if there is one. */
  readonly peers?: PeerListener | undefined;
}

/**
 * Serves until it is asked to stop.
 *
 * @param context Streams and the wish to stop
 * @param instance The instance
 * @param options Where to listen
 * @throws {KairosError} `refused` for an address that is not this machine's own, `io` when it is taken
 */
export async function serveOverHttp(
  context: CliContext,
  instance: Instance,
  options: ListenOptions,
): Promise<void> {
  const { peers } = options;
  const { serveHttp } = await import("../server/http/serve.ts");
  context.io.endsItself();
  sayApprovers(context, instance);
  await serveHttp({
    instance,
    host: options.host ?? instance.config["http.host"],
    port: options.port ?? instance.config["http.port"],
    version: VERSION,
    actor: { principal: "http:local" },
    signal: context.io.signal,
    onListen: (address) => options.onListen(`http://${authority(address)}/mcp`),
    peers: peers && {
      ...peers,
      onListen: (address) => {
        const scheme = peers.tls === undefined ? "http" : "https";
        context.say(`Meeting other instances on ${scheme}://${authority(address)}`);
      },
    },
  });
}

function authority({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
