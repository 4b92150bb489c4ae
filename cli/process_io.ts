/**
 * The streams and surroundings of this process.
 *
 * @module
 */

import { asKairosError } from "../core/errors.ts";
import { type Input, type Io, type Output, OutputClosed, type Variable, VARIABLES } from "./io.ts";
import { keepOnly } from "./permissions.ts";
import { readSecretLine } from "./secret_line.ts";

/** What the process adds to its streams. */
export interface ProcessOptions {
  /** Aborted when the person asks to stop. */
  readonly signal: AbortSignal;
  /** Called when a command ends itself. */
  readonly endsItself: () => void;
}

const PIECE = 64 * 1024;
/** Most bytes for one UTF-16 unit. */
const MAX_UTF8 = 3;

/**
 * The surroundings of this process.
 *
 * @param options How it is asked to stop
 * @returns Streams, environment, folder, user
 */
export function processIo(options: ProcessOptions): Io {
  const known = new Map<Variable, () => string | undefined>();
  let user: Promise<string> | undefined;
  return {
    ...options,
    stdout: output(Deno.stdout),
    stderr: output(Deno.stderr),
    stdin: input(),
    get cwd() {
      return Deno.cwd();
    },
    env: (name) => (known.get(name) ?? lookUp(name))(),
    user: () => user ??= userName(),
    async keepOnly(kinds) {
      // What is gone cannot be asked for again: it is read now and told later.
      if (!kinds.includes("env")) {
        for (const name of VARIABLES) known.set(name, known.get(name) ?? lookUp(name));
      }
      if (!kinds.includes("sys")) await (user ??= userName());
      keepOnly(kinds);
    },
  };
}

/** Looks a variable up now; what comes of it, be it a refusal, is told whenever it is asked for. */
function lookUp(name: Variable): () => string | undefined {
  try {
    const value = Deno.env.get(name);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function output(stream: typeof Deno.stdout): Output {
  const isTerminal = stream.isTerminal();
  return {
    isTerminal,
    get columns() {
      return this.size?.columns ?? null;
    },
    get size() {
      if (!isTerminal) return null;
      try {
        const { rows, columns } = Deno.consoleSize();
        return rows > 0 && columns > 0 ? { rows, columns } : null;
      } catch {
        // Some terminals do not tell.
        return null;
      }
    },
    write(text) {
      const encoder = new TextEncoder();
      // A long text never stands beside all of its bytes.
      const buffer = new Uint8Array(Math.min(MAX_UTF8 * text.length, PIECE));
      for (let at = 0; at < text.length;) {
        const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), buffer);
        writeAll(stream, buffer.subarray(0, written));
        at += read;
      }
    },
  };
}

function writeAll(stream: typeof Deno.stdout, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += stream.writeSync(bytes.subarray(at));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosed();
      if (!(error instanceof Deno.errors.WouldBlock)) {
        throw asKairosError(error, "Cannot write the output");
      }
      // The other side of the pipe is slow and somebody made it non-blocking.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function input(): Input {
  return {
    isTerminal: Deno.stdin.isTerminal(),
    async read(limit) {
      // One buffer that grows: a slow sender's small pieces would each hold a large one.
      let bytes = new Uint8Array(PIECE);
      let size = 0;
      while (size <= limit) {
        if (size === bytes.length) bytes = new Uint8Array(bytes.buffer.transfer(2 * size));
        const length = await Deno.stdin.read(bytes.subarray(size));
        if (length === null) break;
        size += length;
      }
      return bytes.subarray(0, size);
    },
    async line() {
      const bytes: number[] = [];
      const one = new Uint8Array(1);
      while (bytes.length < PIECE && await Deno.stdin.read(one) !== null && one[0] !== 0x0a) {
        bytes.push(one[0]!);
      }
      return new TextDecoder().decode(new Uint8Array(bytes)).replace(/\r$/, "");
    },
    async secret() {
      const one = new Uint8Array(1);
      Deno.stdin.setRaw(true);
      try {
        return await readSecretLine(async () =>
          await Deno.stdin.read(one) === null ? null : one[0]!
        );
      } finally {
        Deno.stdin.setRaw(false);
        one[0] = 0;
      }
    },
    async key() {
      const sent = new Uint8Array(16);
      Deno.stdin.setRaw(true);
      try {
        return new TextDecoder().decode(sent.subarray(0, await Deno.stdin.read(sent) ?? 0));
      } finally {
        Deno.stdin.setRaw(false);
      }
    },
  };
}

/** The name, else the number; some systems know no name for a user, as in a container. */
async function userName(): Promise<string> {
  try {
    const { userInfo } = await import("node:os");
    const { username } = userInfo();
    if (username !== "") return username;
  } catch {
    // The number says it too.
  }
  try {
    return `uid${Deno.uid() ?? "?"}`;
  } catch {
    return "unknown";
  }
}
