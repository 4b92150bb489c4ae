/**
 * The Deno flags that keep a program run from its source from calling anybody but the known peers.
 *
 * @module
 */

import type { Store } from "../core/store.ts";
import { Peers } from "../mmp/peers.ts";
import { parsePeerUrl, type PeerUrl } from "../mmp/client/peer_url.ts";

/**
 * The flags for the peers whose addresses are known.
 *
 * Deno asks for the name where it is resolved and for the IP address where it is connected to, so that a
 * name's addresses have to be added by whoever knows them.
 *
 * @param store The store
 * @returns Flags for `deno run`, and the names of which the IP addresses are missing in them; `null` when
 *   no address is known
 * @throws {KairosError} `invalid` for peers that cannot be read
 */
export function peerFlags(
  store: Store,
): { readonly flag: string; readonly names: readonly string[] } | null {
  const urls = new Peers(store).list().flatMap(({ standing, contact }) => {
    const url = standing === "blocked" || contact?.url === null ? null : contact?.url;
    return url === null || url === undefined ? [] : readable(url);
  });
  if (urls.length === 0) return null;
  const hosts = urls.map(({ host, isIp, port }) =>
    isIp ? `${host.includes(":") ? `[${host}]` : host}:${port}` : host
  );
  const names = urls.filter(({ isIp }) => !isIp).map(({ host, port }) => `${host}:${port}`);
  return {
    flag: `--allow-net=${[...new Set(hosts)].join(",")}`,
    names: [...new Set(names)],
  };
}

/** Another implementation may have noted an address that is never called here. */
function readable(url: string): PeerUrl[] {
  try {
    return [parsePeerUrl(url)];
  } catch {
    return [];
  }
}
