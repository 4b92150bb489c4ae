/**
 * `kairos serve`
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { sayApprovers } from "../approver_view.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { flag, numberOption, textOption } from "../parameters.ts";
import { serveOverHttp } from "../serve_http.ts";
import { VERSION } from "../version.ts";

interface Flags {
  readonly http: boolean;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly peerHost: string | undefined;
  readonly peerPort: number | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** Serves MCP. */
export default defineCommand({
  about:
    "Serves MCP over standard input and output, as clients start it; with --http over HTTP. Host " +
    "and port come from the options, else from skills/config.yml. With --peer-host or --peer-port " +
    "there is a second listener that other machines may reach: it answers other instances and " +
    "nothing else, and what is not given comes from skillsets/mmp/config/meeting.yml.",
  examples: [
    { call: "serve", does: "For a client that starts kairos itself" },
    { call: "serve --http --port 8080", does: "For clients that connect" },
    { call: "serve --http --peer-host 0.0.0.0", does: "For other instances, from anywhere, too" },
  ],
  parameters: {
    flags: {
      http: flag("Serve over HTTP"),
      host: textOption("HOST", "Address to listen on, one of this machine's own"),
      port: numberOption("PORT", "Port to listen on; 0 for any free one", { min: 0, max: 65535 }),
      peerHost: textOption("HOST", "Address to listen on for other instances, any"),
      peerPort: numberOption("PORT", "Port for other instances; 0 for any free one", {
        min: 0,
        max: 65535,
      }),
      tlsCert: textOption("FILE", "Certificate chain for other instances, PEM"),
      tlsKey: textOption("FILE", "Private key of the certificate, PEM"),
    },
  },
  async run(context: CliContext, { http, host, port, ...peer }: Flags) {
    const given = [host, port, ...Object.values(peer)];
    if (!http && given.some((value) => value !== undefined)) {
      throw new KairosError("usage", "Cannot use addresses and certificates without --http", {
        hint: "Serve over HTTP with `kairos serve --http`",
      });
    }
    const instance = await context.open();
    if (http) {
      const { peerListener } = await import("../peer_listener.ts");
      const peers = peerListener(context, instance, peer);
      const onListen = (url: string) => context.say(`Serving MCP on ${url} (stop with Ctrl-C)`);
      await serveOverHttp(context, instance, { host, port, onListen, peers });
      return;
    }
    if (context.io.stdin.isTerminal) {
      context.say("Serving MCP on standard input; end with Ctrl-D. For people: kairos --help");
    }
    sayApprovers(context, instance);
    const { serveStdio } = await import("../../server/mcp/stdio.ts");
    context.io.endsItself();
    const { signal } = context.io;
    await serveStdio(instance, { actor: await context.actor("stdio"), version: VERSION, signal });
  },
});
