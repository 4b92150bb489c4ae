/**
 * JSON-RPC, one message a line, that answers all it has read before it ends.
 *
 * Every line gets an answer: text that is no JSON, batches and broken messages too. When the input
 * ends, running calls are finished; when the reader of the output has gone, everything stops.
 *
 * @module
 */

import type { JSONRPCMessage, RequestId, Transport } from "@modelcontextprotocol/server";
import { type Line, LineReader } from "./line_reader.ts";
import { parseLine } from "./parse_line.ts";
import type { RpcError } from "./rpc_error.ts";

/** Streams and bounds of a transport. */
export interface LineTransportOptions {
  /** Where messages come from. */
  readonly input: ReadableStream<Uint8Array>;
  /** Where answers go. */
  readonly output: WritableStream<Uint8Array>;
  /** Longest line in bytes; 10 MB unless given. */
  readonly maxLine?: number;
  /** How long running calls may take after the input has ended, in milliseconds. */
  readonly grace?: number;
  /** Calls that may run at once before reading pauses. */
  readonly maxOpen?: number;
  /** Called when a call has been answered, while more may come. */
  readonly onAnswer?: () => void;
  /** The answer to a message that is not taken; `null` for one that is. */
  readonly refuse?: (message: JSONRPCMessage) => RpcError | null;
}

const MAX_LINE = 10_000_000;
const GRACE = 30_000;
const MAX_OPEN = 256;

/** The transport. */
export class LineTransport implements Transport {
  /** Called when the connection has ended. */
  onclose?: () => void;
  /** Called with what went wrong beside the answers. */
  onerror?: (error: Error) => void;
  /** Called with each message. */
  onmessage?: Transport["onmessage"];
  /** Fulfilled when the connection has ended and all answers are written. */
  readonly finished: Promise<void>;

  readonly #options: LineTransportOptions;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #open = new Map<RequestId, number>();
  #finish = () => {};
  #slack = () => {};
  #isEnded = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param options Streams and bounds */
  constructor(options: LineTransportOptions) {
    this.#options = options;
    this.#reader = options.input.getReader();
    this.#writer = options.output.getWriter();
    // A reader that goes away shows at the next write.
    this.#writer.closed.catch(() => {});
    this.finished = new Promise((resolve) => this.#finish = resolve);
  }

  /** Starts reading. */
  start(): Promise<void> {
    this.#read().catch((error) => this.#fail(error));
    return Promise.resolve();
  }

  /**
   * Writes a message.
   *
   * @param message The message
   */
  async send(message: JSONRPCMessage): Promise<void> {
    await this.#write(message);
    if ("method" in message) return;
    if (message.id !== undefined) this.#settle(message.id);
    if (!this.#isEnded) this.#options.onAnswer?.();
  }

  /**
   * Waits until the other side takes more.
   *
   * @returns `false` when it asks for no more, so that nothing but answers is sent
   */
  async ready(): Promise<boolean> {
    // A reader that goes away shows at the next write.
    await this.#writer.ready.catch(() => {});
    return !this.#isEnded;
  }

  /** Reads no more, lets running calls finish, then closes. */
  drain(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#reader.cancel().catch(() => {});
    this.#timer = setTimeout(() => void this.close(), this.#options.grace ?? GRACE);
    // What was read last is still on its way to its handler.
    setTimeout(() => this.#closeWhenIdle(), 0);
  }

  /** Closes at once. */
  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#reader.cancel().catch(() => {});
    this.#slack();
    this.onclose?.();
    this.#finish();
    return Promise.resolve();
  }

  async #read(): Promise<void> {
    const lines = new LineReader(this.#options.maxLine ?? MAX_LINE);
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done || this.#isEnded) break;
      for (const line of lines.push(value)) await this.#take(line);
    }
    const last = this.#isEnded ? null : lines.end();
    if (last !== null) await this.#take(last);
    this.drain();
  }

  async #take(line: Line): Promise<void> {
    const parsed = parseLine(line);
    if (parsed === null) return;
    if ("answer" in parsed) return await this.#write(parsed.answer);
    const refusal = this.#options.refuse?.(parsed.message) ?? null;
    if (refusal !== null) return await this.#write(refusal);
    this.#note(parsed.message);
    this.onmessage?.(parsed.message);
    const most = this.#options.maxOpen ?? MAX_OPEN;
    while (this.#open.size >= most && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#slack = resolve);
    }
  }

  /** Remembers which calls are to be answered. */
  #note(message: JSONRPCMessage): void {
    if (!("method" in message)) return;
    if ("id" in message) {
      // A subscription is never answered while it lasts.
      if (message.method === "subscriptions/listen") return;
      this.#open.set(message.id, (this.#open.get(message.id) ?? 0) + 1);
    } else if (message.method === "notifications/cancelled") {
      this.#settle(message.params?.requestId as RequestId);
    }
  }

  #settle(id: RequestId): void {
    const count = this.#open.get(id);
    if (count === undefined) return;
    if (count > 1) this.#open.set(id, count - 1);
    else this.#open.delete(id);
    this.#slack();
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (this.#isEnded && this.#open.size === 0) void this.close();
  }

  async #write(message: JSONRPCMessage | RpcError): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nobody reads or writes on the other side any more. */
  #fail(error: unknown): void {
    if (!this.#isClosed) this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    void this.close();
  }
}
