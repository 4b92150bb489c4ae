/**
 * The listener for other instances, as options and `meeting.yml` describe it.
 *
 * @module
 */

import { resolve } from "node:path";
import { asKairosError, KairosError } from "../core/errors.ts";
import type { Instance } from "../core/instance.ts";
import { quote } from "../core/text.ts";
import { loadMeetingSettings, MEETING_FILE, type MeetingSettings } from "../mmp/settings.ts";
import { whyClosed } from "../mmp/why_closed.ts";
import { isLoopback } from "../server/http/loopback.ts";
import type { CliContext } from "./context.ts";

/** Where to listen for other instances. */
export interface PeerListener {
  /** Address, any. */
  readonly host: string;
  /** Port; 0 for any free one. */
  readonly port: number;
  /** Certificate chain and key as PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** The options about it. */
export interface PeerOptions {
  /** Address. */
  readonly peerHost?: string | undefined;
  /** Port. */
  readonly peerPort?: number | undefined;
  /** File with the certificate chain. */
  readonly tlsCert?: string | undefined;
  /** File with the private key. */
  readonly tlsKey?: string | undefined;
}

const MAX_PEM = 256 * 1024;

/**
 * The listener the options ask for. Says what is wrong with `meeting.yml`, with a listener and without.
 *
 * @param context Files and the person to tell
 * @param instance The instance
 * @param options What was said
 * @returns The listener; none when neither address nor port is given
 * @throws {KairosError} `usage` for half of a certificate or one without a listener; `not_found` for a
 *   file that is missing; `invalid` for settings that cannot be read
 */
export function peerListener(
  context: CliContext,
  instance: Instance,
  { peerHost, peerPort, tlsCert, tlsKey }: PeerOptions,
): PeerListener | undefined {
  const isWanted = peerHost !== undefined || peerPort !== undefined;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new KairosError("usage", "Cannot use half of a certificate", {
      hint: "Give both --tls-cert and --tls-key",
    });
  }
  if (!isWanted && tlsCert !== undefined) {
    throw new KairosError("usage", "Cannot use a certificate: there is no listener it is for", {
      hint: "Give --peer-host or --peer-port too; requests of this machine need no certificate",
    });
  }
  const settings = meetingSettings(context, instance, isWanted);
  if (!isWanted || settings === null) return undefined;
  const tls = tlsCert === undefined
    ? undefined
    : { cert: pem(context, tlsCert), key: pem(context, tlsKey!) };
  const host = peerHost ?? settings["http_server.host"];
  const port = peerPort ?? settings["http_server.port"];
  // One of them was said; nobody should have to guess where the other one comes from.
  const [what, value] = peerHost === undefined ? ["host", host] : ["port", port];
  if (peerHost === undefined || peerPort === undefined) {
    context.say(
      `The ${what} for other instances is ${value}: http_server.${what} of ${MEETING_FILE}, or its default`,
    );
  }
  if (tls === undefined && !isLoopback(host)) {
    context.say("Without --tls-cert everybody on the way can read and change what is exchanged");
  }
  return { host, port, tls };
}

/**
 * The settings; `null` when they cannot be read and no listener needs them. What is wrong with them is said
 * either way, because the own listener answers others by them too.
 */
function meetingSettings(
  context: CliContext,
  instance: Instance,
  isWanted: boolean,
): MeetingSettings | null {
  const tell = (problem: string) => context.say(`Other instances are not answered: ${problem}`);
  try {
    const settings = loadMeetingSettings(context.disk, instance.root);
    settings.warnings.forEach((warning) => context.say(`Warning: ${warning}`));
    const problem = whyClosed(settings, instance.view());
    if (problem !== null && (isWanted || settings.enabled)) tell(problem);
    return settings;
  } catch (thrown) {
    if (isWanted) throw thrown;
    tell(asKairosError(thrown, `Cannot read ${MEETING_FILE}`).message);
    return null;
  }
}

function pem({ disk, io }: CliContext, path: string): string {
  const bytes = disk.read(resolve(io.cwd, path), MAX_PEM);
  if (bytes !== null) return new TextDecoder().decode(bytes);
  throw new KairosError("not_found", `Cannot read ${quote(path)}: there is no such file`);
}
