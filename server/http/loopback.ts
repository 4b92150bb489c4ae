/**
 * What belongs to this machine alone: addresses to listen on, and the Host and Origin of requests.
 *
 * A page of any web site can make a browser call this machine. The browser then tells where the page
 * comes from (Origin) and which name it has looked up (Host); neither is ours.
 *
 * @module
 */

const NAME = /^(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])$/i;

/**
 * Whether an address is this machine's own: 127.0.0.0/8, `::1`, `localhost`.
 *
 * @param host A host name or an address
 * @returns `false` for every other one, also in another notation
 *
 * @example
 * ```ts
 * import { isLoopback } from "./loopback.ts";
 *
 * if (!isLoopback("127.0.0.1") || isLoopback("0.0.0.0") || isLoopback("localhost.evil.test")) {
 *   throw new Error();
 * }
 * ```
 */
export function isLoopback(host: string): boolean {
  return NAME.test(host.includes(":") && !host.startsWith("[") ? `[${host}]` : host);
}

/** Whether a host with or without a port is this machine's own. */
function isOwn(authority: string): boolean {
  return isLoopback(authority.replace(/:\d{1,5}$/, ""));
}

/**
 * Why a request must not be served, by its Host and Origin.
 *
 * @param request The request
 * @returns What is wrong, or `null` when it comes from this machine and no foreign page
 */
export function foreignRequest(request: Request): "Host" | "Origin" | null {
  // A request line may name a host of its own, which counts for more than the header.
  const [, target = ""] = /^https?:\/\/([^/?#]*)/i.exec(request.url) ?? [];
  const host = request.headers.get("host") ?? target;
  if (!isOwn(host) || (target !== host && !isOwn(target))) return "Host";
  const origin = request.headers.get("origin");
  if (origin === null) return null;
  const parts = /^https?:\/\/([^/@?#]+?)(?::\d{1,5})?$/i.exec(origin);
  return parts !== null && isLoopback(parts[1]!) ? null : "Origin";
}
