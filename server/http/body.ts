/**
 * Reads the body of a request within bounds of size and time.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";

/** Bounds of a body. */
export interface BodyLimits {
  /** Most bytes. */
  readonly maxBytes: number;
  /** Longest time in milliseconds until the body is there. */
  readonly timeout: number;
}

/**
 * Reads a body. What comes in is counted, whatever its headers say.
 *
 * @param request The request
 * @param limits Size and time
 * @returns Its bytes, or `"timeout"` when they did not come in time
 * @throws {KairosError} `too_large`
 */
export async function readBody(
  request: Request,
  { maxBytes, timeout }: BodyLimits,
): Promise<Uint8Array | "timeout"> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reader.cancel().catch(() => {});
  }, timeout);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (isLate) return "timeout";
      if (done) break;
      length += value.length;
      if (length > maxBytes) {
        await reader.cancel();
        throw tooLarge(maxBytes);
      }
      pieces.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

function tooLarge(maxBytes: number): KairosError {
  return new KairosError(
    "too_large",
    `Cannot take the request: it is larger than ${maxBytes} bytes`,
    { hint: "Send less, or raise limits.request_bytes in skills/config.yml" },
  );
}
