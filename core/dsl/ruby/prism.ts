/**
 * The Ruby parser, fenced in: bounds before, while and after it runs, no system to call, and memory of
 * its own for every source.
 *
 * @module
 */

import type { ParseResult } from "@ruby/prism/deserialize";
import { KairosError } from "../../errors.ts";
import { withStackAt } from "./roomy_stack.ts";

/** Bytes of the stack; V8 ends recursion long before they are used up. */
const STACK = 16 * 1024 * 1024;
/** Bytes of a page of WebAssembly memory. */
const PAGE = 64 * 1024;
/** Most bytes of a parsed source; its tree takes some twenty times as many. */
const MAX_TREE = 4 * 1024 * 1024;

/** What we use of the parser's module. */
interface PrismExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly pm_buffer_length: (buffer: number) => number;
  readonly pm_serialize_parse: (buffer: number, ...rest: number[]) => void;
}

/**
 * Parses Ruby. Nothing of it is run.
 *
 * @param source The text, its length already bounded
 * @returns The tree with the errors found
 * @throws {KairosError} `too_large` for a text that nests too deep or has too many parts, `invalid` for
 *   a text that is no UTF-8
 */
export async function parseRuby(source: string): Promise<ParseResult> {
  const [{ default: bytes }, { parsePrism }] = await Promise.all([
    import("@ruby/prism/wasm", { with: { type: "bytes" } }),
    import("@ruby/prism/parse"),
  ]);
  const prism = await instantiate(bytes);
  const bounded = {
    ...prism,
    pm_serialize_parse(buffer: number, ...rest: number[]): void {
      prism.pm_serialize_parse(buffer, ...rest);
      if (prism.pm_buffer_length(buffer) > MAX_TREE) throw tooLarge("it has too many parts");
    },
  };
  try {
    return parsePrism(bounded, source, { encoding: false });
  } catch (error) {
    if (error instanceof KairosError) throw error;
    if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
      throw tooLarge("it nests too deep");
    }
    if (error instanceof TypeError) {
      throw new KairosError("invalid", "Cannot read Ruby: a text in it is no UTF-8", {
        hint: "Look for escapes such as \\xff",
        cause: error,
      });
    }
    throw error;
  }
}

async function instantiate(bytes: Uint8Array): Promise<PrismExports> {
  const memoryEnd = 3 * PAGE;
  const module = await WebAssembly.compile(withStackAt(bytes, memoryEnd + STACK));
  const system = WebAssembly.Module.imports(module).map(({ name }) => [name, noSystem] as const);
  const { exports } = await WebAssembly.instantiate(module, {
    // The guard of the stack asks for random bytes; zeros will do, since nobody aims at it here.
    wasi_snapshot_preview1: { ...Object.fromEntries(system), random_get: () => 0 },
  });
  const prism = exports as PrismExports;
  const before = prism.memory.grow(STACK / PAGE);
  if (before * PAGE !== memoryEnd) {
    throw new KairosError("internal", "Cannot load the Ruby parser: its memory has another size");
  }
  prism._initialize();
  return prism;
}

/** The parser needs nothing of the system; what it would print on a failure it keeps. */
function noSystem(): never {
  throw new WebAssembly.RuntimeError("no system");
}

function tooLarge(found: string): KairosError {
  return new KairosError("too_large", `Cannot read Ruby: ${found}`, {
    hint: "Part it into several files, or write it more plainly",
  });
}
