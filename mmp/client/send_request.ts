/**
 * One HTTP request to a peer: to the IP addresses that were looked at and no other, bounded in time and
 * size, no redirect followed. See `kairos_formats/meeting.md#addresses`.
 *
 * @module
 */

import { type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { connect as connectSecurely } from "node:tls";
import { BoundedBytes } from "../../core/bounded_bytes.ts";
import { KairosError } from "../../core/errors.ts";
import { quote } from "../../core/text.ts";
import { notAllowed, type PinnedPeer } from "./pin_peer.ts";

/** Longest waits in milliseconds. */
export interface TimeLimits {
  /** Until a connection stands, encryption included. */
  readonly connectMs: number;
  /** From there until the head of the answer. */
  readonly firstByteMs: number;
  /** For all of it. */
  readonly wholeMs: number;
}

/** What is asked. */
export interface PeerRequest {
  /** The method. */
  readonly method: "GET" | "POST";
  /** Path and query, from the first slash. */
  readonly path: string;
  /** Bearer token of the session. */
  readonly token?: string | undefined;
  /** The body, JSON. */
  readonly body?: string | undefined;
  /** Largest answer in bytes. */
  readonly maxBytes: number;
  /** Longest waits. */
  readonly time: TimeLimits;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Certificates of authorities to trust instead of the system's, PEM. */
  readonly authorities?: string | undefined;
}

/** What a peer answered. */
export interface PeerAnswer {
  /** The HTTP status, never one of a redirect. */
  readonly status: number;
  /** The body; empty when it is not JSON, which only an error's may be. */
  readonly text: string;
}

/** Largest head of an answer in bytes. */
const MAX_HEAD = 16 * 1024;
/** Largest body of an error in bytes. */
const MAX_ERROR = 64 * 1024;

/**
 * Sends a request and reads the answer. The next IP address is tried when nothing listens at one.
 *
 * @param to The peer at its IP addresses
 * @param ask What is asked
 * @returns The answer
 * @throws {KairosError} `peer` when there is no whole answer in time or it is not what the protocol has,
 *   `too_large`, `refused` for a redirect and without permission
 */
export async function sendRequest(to: PinnedPeer, ask: PeerRequest): Promise<PeerAnswer> {
  const ended = new AbortController();
  const end = () => ended.abort(ask.signal?.reason);
  ask.signal?.throwIfAborted();
  ask.signal?.addEventListener("abort", end);
  const whole = setTimeout(
    () => ended.abort(problem(to, `no whole answer in ${ask.time.wholeMs} ms`)),
    ask.time.wholeMs,
  );
  try {
    let last: unknown;
    for (const address of to.addresses) {
      const exchange = new Exchange(to, address, ask, ended.signal);
      try {
        return await exchange.answer;
      } catch (error) {
        if (exchange.isConnected || ended.signal.aborted) throw error;
        last = error;
      }
    }
    throw last;
  } finally {
    clearTimeout(whole);
    ask.signal?.removeEventListener("abort", end);
  }
}

/** One connection and what goes over it. */
class Exchange {
  /** Settled once: with the answer, or with what went wrong. */
  readonly answer: Promise<PeerAnswer>;
  /** Whether anybody was there. */
  isConnected = false;
  readonly #to: PinnedPeer;
  readonly #ask: PeerRequest;
  readonly #request: ClientRequest;
  readonly #settle: (answer: PeerAnswer | null, error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(to: PinnedPeer, address: string, ask: PeerRequest, ended: AbortSignal) {
    this.#to = to;
    this.#ask = ask;
    const { promise, resolve, reject } = Promise.withResolvers<PeerAnswer>();
    this.answer = promise;
    const end = () => this.#settle(null, ended.reason);
    this.#settle = (answer, error) => {
      clearTimeout(this.#timer);
      ended.removeEventListener("abort", end);
      if (answer === null) reject(error);
      else resolve(answer);
      // Not kept for another request: the next one judges anew who is at the other end.
      this.#request.destroy();
    };
    this.#request = this.#open(address);
    ended.addEventListener("abort", end);
    this.#wait(ask.time.connectMs, "no connection");
    this.#listen();
    this.#request.end(ask.body);
  }

  /** Connects to an IP address; certificate and `Host` are those of the name. */
  #open(address: string): ClientRequest {
    const { at } = this.#to;
    const { method, path, body, token, authorities } = this.#ask;
    const headers: Record<string, string> = {
      Host: at.url.slice(at.url.indexOf("//") + 2),
      Accept: "application/json",
      "Accept-Encoding": "identity",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : {
        "Content-Type": "application/json",
        "Content-Length": String(new TextEncoder().encode(body).length),
      }),
    };
    const common = { host: address, port: at.port, method, path, headers, maxHeaderSize: MAX_HEAD };
    if (!at.isSecure) return plainRequest({ ...common, agent: false });
    const secure = {
      host: address,
      port: at.port,
      // Said here, so that no variable of the environment says otherwise.
      rejectUnauthorized: true,
      ...(at.isIp ? {} : { servername: at.host }),
      ...(authorities === undefined ? {} : { ca: authorities }),
    };
    // A connection of the request's own would read every authority first, which takes permissions that
    // no program needs to be given.
    return secureRequest({ ...common, createConnection: () => connectSecurely(secure) });
  }

  #listen(): void {
    this.#request.on("error", (error) => {
      if (error.name === "NotCapable") this.#settle(null, notAllowed(this.#to.at));
      else this.#fail(...reasonOf(error));
    });
    this.#request.on("upgrade", (_, socket) => {
      socket.destroy();
      this.#fail("it speaks another protocol");
    });
    this.#request.on("socket", (socket) => {
      socket.once(this.#to.at.isSecure ? "secureConnect" : "connect", () => {
        this.isConnected = true;
        this.#wait(this.#ask.time.firstByteMs, "no answer");
      });
    });
    this.#request.on("response", (response) => {
      clearTimeout(this.#timer);
      this.isConnected = true;
      this.#receive(response);
    });
  }

  #receive(response: IncomingMessage): void {
    const { statusCode: status = 0, headers } = response;
    if (status >= 300 && status < 400) {
      this.#settle(
        null,
        new KairosError("refused", `Cannot ask ${quote(this.#to.at.url)}: it points elsewhere`, {
          hint: "A redirect is not followed; meet the peer where it really is",
        }),
      );
      return;
    }
    const isJson = /^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(headers["content-type"] ?? "");
    const encoding = headers["content-encoding"] ?? "identity";
    if (encoding !== "identity") return this.#fail(`its answer is packed as ${quote(encoding)}`);
    if (status === 200 && !isJson) return this.#fail("its answer is not JSON");
    const limit = status === 200 ? this.#ask.maxBytes : Math.min(MAX_ERROR, this.#ask.maxBytes);
    const body = new BoundedBytes(limit);
    const overflow = () =>
      this.#settle(
        null,
        new KairosError(
          "too_large",
          `Cannot read the answer of ${quote(this.#to.at.url)}: more than ${limit} bytes`,
        ),
      );
    if (Number(headers["content-length"] ?? 0) > limit) return overflow();
    response.on("data", (chunk: Uint8Array) => {
      if (!body.add(chunk)) overflow();
    });
    response.on("error", () => this.#fail("its answer was cut off"));
    response.on("close", () => {
      if (!response.complete) this.#fail("its answer was cut off");
    });
    response.on("end", () => {
      const text = response.complete && (status === 200 || isJson) ? body.text() : "";
      if (text === null) this.#fail("its answer is not UTF-8");
      else if (response.complete) this.#settle({ status, text }, null);
    });
  }

  /** Lets so much time pass until the next thing happens. */
  #wait(ms: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(`${what} in ${ms} ms`), ms);
  }

  #fail(what: string, hint?: string): void {
    this.#settle(null, problem(this.#to, what, hint));
  }
}

function problem(
  to: PinnedPeer,
  what: string,
  hint = "Check that the peer runs there, then try again",
): KairosError {
  return new KairosError("peer", `Cannot ask ${quote(to.at.url)}: ${what}`, { hint });
}

/** What an error of the connection means, without what the other side wrote, and what to do. */
function reasonOf(error: Error & { readonly code?: unknown }): [what: string, hint?: string] {
  const code = typeof error.code === "string" ? error.code : "";
  if (code.startsWith("HPE_")) return ["its answer is not HTTP"];
  if (Object.hasOwn(REASONS, code)) return [REASONS[code]!];
  if (!/CERT|TLS|SSL/.test(code)) return ["the connection failed"];
  return [
    `its certificate is not valid for it (${code})`,
    "Where its owner made the certificate: have it sent another way, and name the file in " +
    "NODE_EXTRA_CA_CERTS",
  ];
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "it ended the connection",
  EPIPE: "it ended the connection",
  ETIMEDOUT: "no connection",
  EHOSTUNREACH: "the network does not lead there",
  ENETUNREACH: "the network does not lead there",
};
