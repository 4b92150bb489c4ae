/**
 * `kairos peers token`
 *
 * @module
 */

import { meetPeer } from "../../../mmp/client/meet_peer.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";

/** Prints a session token. */
export default defineCommand({
  about:
    "Introduces this instance to another and prints the session token it gives, for curl and other " +
    "programs. Whoever has the token asks in the name of this instance for as long as it lasts.",
  examples: [
    {
      call: "peers token https://peer.example",
      does: "For curl -H 'Authorization: Bearer TOKEN'",
    },
  ],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("URL", "The peer's address")] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, url: string) {
    const { store } = await context.open();
    const { signal } = context.io;
    const met = await meetPeer(store, url, { byPerson: true, signal });
    const { token } = met.session;
    const { instanceId: id } = met.peer;
    context.print({ url: met.url, id, proof: met.proof, token }, () => `${token}\n`);
    context.say(`A session with ${id} at ${met.url}; it ends by itself in an hour or so`);
  },
});
