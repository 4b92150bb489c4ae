/**
 * The command that keeps a program run from its source from calling anybody but the known peers.
 *
 * @module
 */

import settings from "../deno.json" with { type: "json" };
import type { Instance } from "../core/instance.ts";
import { LocalAddresses } from "../mmp/client/local_addresses.ts";
import { parsePeerUrl, type PeerUrl } from "../mmp/client/peer_url.ts";
import { Peers } from "../mmp/peers.ts";
import { loadMeetingSettings } from "../mmp/settings.ts";

/** The permission that is narrowed, as the task has it. */
const NET = "--allow-net ";

/** The command, and what cannot be in it. */
export interface SourceCommand {
  /** The whole command, to be followed by words of kairos. */
  readonly command: string;
  /** Names and ports of peers of which the IP addresses have to be added. */
  readonly names: readonly string[];
}

/**
 * The command for the peers whose addresses are known, and for the listeners of this instance.
 *
 * Deno asks for the bare name where it is resolved and for the IP address with its port where it is connected
 * to, so that a name's addresses have to be added by whoever knows them.
 *
 * @param instance The instance
 * @returns The command; `null` when no address of a peer is known
 * @throws {KairosError} `invalid` for files of peers or settings that cannot be read
 */
export function sourceCommand({ store, config }: Instance): SourceCommand | null {
  const known = new Peers(store).list()
    .filter(({ standing }) => standing !== "blocked")
    .flatMap(({ contact }) => contact?.url ?? []);
  const called = new LocalAddresses(store).list().map(({ url }) => url);
  const urls = [...known, ...called].flatMap(readable);
  if (urls.length === 0) return null;
  const meeting = loadMeetingSettings(store.disk, store.root);
  const listeners = [
    [config["http.host"], config["http.port"]],
    [meeting["http_server.host"], meeting["http_server.port"]],
  ] as const;
  const hosts = [
    ...listeners.map(([host, port]) => withPort(host.replace(/^\[|\]$/g, ""), port)),
    ...urls.map(({ host, isIp, port }) => isIp ? withPort(host, port) : host),
  ];
  const flag = `--allow-net=${[...new Set(hosts)].join(",")} `;
  const names = urls.filter(({ isIp }) => !isIp).map(({ host, port }) => withPort(host, port));
  return { command: settings.tasks.kairos.replace(NET, flag), names: [...new Set(names)] };
}

function withPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Another implementation may have noted an address that is never called here. */
function readable(url: string): PeerUrl[] {
  try {
    return [parsePeerUrl(url)];
  } catch {
    return [];
  }
}
