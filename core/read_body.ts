/**
 * Reads a body that somebody else sends, within bounds of size and time.
 *
 * @module
 */

import { BoundedBytes } from "./bounded_bytes.ts";
import type { Deadline } from "./deadline.ts";
import { KairosError } from "./errors.ts";

/** What comes in: a request or a response, as the web has them. */
export interface BodySource {
  /** Where its length may be declared. */
  readonly headers: Headers;
  /** Its bytes, piece by piece. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Its bytes, all at once. */
  bytes(): Promise<Uint8Array>;
}

/** Bounds of a body. */
export interface BodyLimits {
  /** Most bytes. */
  readonly maxBytes: number;
  /** Until when the body must be there. */
  readonly deadline: Deadline;
}

/**
 * Reads a body. What comes in is counted, whatever its headers say.
 *
 * @param source The request or response
 * @param limits Size and time
 * @returns Its bytes, or `"timeout"` when they did not come in time
 * @throws {KairosError} `too_large`
 *
 * @example
 * ```ts
 * import { Deadline } from "./deadline.ts";
 * import { readBody } from "./read_body.ts";
 *
 * const request = new Request("http://localhost/", { method: "POST", body: "text" });
 * using deadline = new Deadline(1000);
 * const bytes = await readBody(request, { maxBytes: 10, deadline });
 * if (bytes === "timeout" || bytes.length !== 4) throw new Error("not read");
 * ```
 */
export async function readBody(
  source: BodySource,
  { maxBytes, deadline }: BodyLimits,
): Promise<Uint8Array | "timeout"> {
  const declared = source.headers.get("content-length");
  if (Number(declared ?? 0) > maxBytes) throw tooLarge(maxBytes);
  // The server reads no more than is declared, and reading that at once takes half the time.
  const { body, cancel } = declared === null ? readPieces(source, maxBytes) : {
    body: source.bytes(),
    cancel: () => {},
  };
  const bytes = await deadline.within(body, cancel);
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

/** Reads a body of unknown length piece by piece. */
function readPieces(
  source: BodySource,
  maxBytes: number,
): { readonly body: Promise<Uint8Array>; readonly cancel: () => void } {
  const reader = source.body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  const read = async () => {
    const body = new BoundedBytes(maxBytes);
    for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
      if (body.add(piece.value)) continue;
      cancel();
      throw tooLarge(maxBytes);
    }
    return body.bytes();
  };
  return { body: read(), cancel };
}

function tooLarge(maxBytes: number): KairosError {
  return new KairosError(
    "too_large",
    `Cannot take the request: it is larger than ${maxBytes} bytes`,
    { hint: "Send less, or raise limits.request_bytes in skills/config.yml" },
  );
}
