/**
 * A server on loopback that says whatever a test wants, HTTP or not.
 *
 * @module
 */

import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A server that is running. */
export interface RawServer {
  /** Its port. */
  readonly port: number;
  /** Its address. */
  readonly url: string;
  /** What clients sent, one text for each connection. */
  readonly heard: string[];
  /** Connections that are open. */
  readonly open: ReadonlySet<Socket>;
}

/**
 * Runs a test with a raw server.
 *
 * @param act What it does with a connection once something arrived
 * @param test Gets the server
 */
export async function withRawServer(
  act: (socket: Socket, heard: string) => void,
  test: (server: RawServer) => Promise<void>,
): Promise<void> {
  const heard: string[] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
    socket.once("data", (bytes) => {
      heard.push(String(bytes));
      act(socket, String(bytes));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await test({ port, url: `http://127.0.0.1:${port}`, heard, open });
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * The text of an answer.
 *
 * @param body The body
 * @param headers More headers; `Content-Length` and `Content-Type` are there unless they are given
 * @param status The status line's code
 * @returns The bytes to send
 */
export function answerText(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): string {
  const all = {
    "Content-Type": "application/json",
    "Content-Length": String(new TextEncoder().encode(body).length),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} X\r\n${lines.join("")}\r\n${body}`;
}
