/**
 * Runs commands in process, with streams the test can look at.
 *
 * @module
 */

import { type Io, OutputClosed } from "../../cli/io.ts";
import { run } from "../../cli/run.ts";

/** What a test puts around a command. */
export interface Around {
  /** What is piped in. */
  readonly stdin?: string | Uint8Array;
  /** A person sits there: all three streams are a terminal. */
  readonly terminal?: boolean;
  /** What the person types, line by line. */
  readonly answers?: readonly string[];
  /** What the person types unseen, line by line. */
  readonly secrets?: readonly string[];
  /** The environment; nothing unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of the terminal. */
  readonly columns?: number;
  /** Standard output breaks after so many writes. */
  readonly closesAfter?: number;
  /** Aborted when the person asks to stop. */
  readonly signal?: AbortSignal;
  /** Hears what is written to standard output. */
  readonly onWrite?: (text: string) => void;
  /** Hears what is written to standard error. */
  readonly onError?: (text: string) => void;
}

/** What a command did. */
export interface Ran {
  /** The exit code. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/**
 * Runs a command in a folder.
 *
 * @param cwd The folder
 * @param argv The arguments
 * @param around Streams and environment
 * @returns Exit code and output
 */
export async function kairos(
  cwd: string,
  argv: readonly string[],
  around: Around = {},
): Promise<Ran> {
  let out = "";
  let err = "";
  let writes = 0;
  const isTerminal = around.terminal === true;
  const columns = isTerminal ? around.columns ?? 80 : null;
  const answers = [...around.answers ?? []];
  const secrets = [...around.secrets ?? []];
  const { stdin = "" } = around;
  const piped = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
  const io: Io = {
    stdout: {
      isTerminal,
      columns,
      write: (text) => {
        if (writes++ >= (around.closesAfter ?? Infinity)) throw new OutputClosed();
        out += text;
        around.onWrite?.(text);
      },
    },
    stderr: {
      isTerminal,
      columns,
      write: (text) => {
        err += text;
        around.onError?.(text);
      },
    },
    stdin: {
      isTerminal,
      read: (limit) => Promise.resolve(piped.subarray(0, limit + 1)),
      line: () => Promise.resolve(answers.shift() ?? ""),
      secret: () => Promise.resolve(new TextEncoder().encode(secrets.shift() ?? "")),
    },
    cwd,
    env: (name) => around.env?.[name],
    user: () => Promise.resolve("tester"),
    // The process of the tests keeps what it has.
    keepOnly: () => Promise.resolve(),
    signal: around.signal ?? new AbortController().signal,
    endsItself: () => {},
  };
  const code = await run(argv, io);
  return { code, out, err };
}

/**
 * Runs a command with `--json` and reads what it prints.
 *
 * @param cwd The folder
 * @param argv The arguments
 * @param around Streams and environment
 * @returns Exit code and value
 */
export async function kairosJson<T>(
  cwd: string,
  argv: readonly string[],
  around: Around = {},
): Promise<{ code: number; value: T; err: string }> {
  const { code, out, err } = await kairos(cwd, [...argv, "--json"], around);
  return { code, value: JSON.parse(out) as T, err };
}

/**
 * Runs a test in a folder of its own.
 *
 * @param test Gets the folder
 */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "kairos 道 " }));
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Runs a test in a folder with a data directory as it was before there was a law: its chain is empty,
 * so that a test can count its own blocks.
 *
 * @param test Gets the folder and the data directory in it
 */
export function inInstance(test: (folder: string, root: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    const root = `${folder}/.kairos`;
    await withoutLaw(root);
    await test(folder, root);
  });
}

/** Takes the first law and its block away. */
async function withoutLaw(root: string): Promise<void> {
  const files = ["skills/kairos.ts", "skills/law.json", "storage/blockchain.json"];
  for (const file of [...files, "storage/blockchain.json.lock"]) {
    await Deno.remove(`${root}/${file}`);
  }
  for (const folder of ["skills/versions", "storage/objects"]) {
    for await (const { name } of Deno.readDir(`${root}/${folder}`)) {
      await Deno.remove(`${root}/${folder}/${name}`, { recursive: true });
    }
  }
}

/**
 * A document with front matter.
 *
 * @param name Name in the front matter
 * @param body What stands behind it
 * @returns Its text
 */
export function document(name: string, body = "text"): string {
  return `---\nname: ${name}\ndescription: About ${name}\nversion: "1.0"\n---\n${body}\n`;
}

/**
 * Every file below a folder with its content, to see whether something changed.
 *
 * @param folder The folder
 * @returns Path to content, sorted
 */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      found.push(...Object.entries(await snapshot(path)));
      continue;
    }
    const bytes = await Deno.readFile(path);
    found.push([path, new TextDecoder("latin1").decode(bytes)]);
  }
  return Object.fromEntries(found.sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * Leaves what a crash leaves that came before the record of a change: whoever opens the data
 * directory for writing throws it away.
 *
 * @param root The data directory
 */
export async function leaveHalfway(root: string): Promise<void> {
  const intent = {
    version: 1,
    id: crypto.randomUUID(),
    height: 99,
    record: "0".repeat(64),
    steps: [],
    discard: [],
  };
  await Deno.writeTextFile(`${root}/storage/intents/${intent.id}.json`, JSON.stringify(intent));
}
