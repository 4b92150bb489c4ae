/**
 * Runs the program as people do: a process of its own.
 *
 * @module
 */

import { FREES, LAZY } from "../../.release/portable/run_flags.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const UNRESTRICTED = new URL("unrestricted_main.ts", import.meta.url).pathname;
/** The permissions the program ships with. */
export const PERMISSIONS: readonly string[] = [
  "--allow-read",
  "--allow-write",
  "--allow-env=HOME,KAIROS_APPROVER,KAIROS_DATA_DIR,NO_COLOR,TERM,XDG_CONFIG_HOME",
  "--allow-sys=uid,gid,username",
  "--allow-net",
];

/** The words that run the program from its source, with those permissions. */
export const SOURCE: readonly string[] = fromSource(PERMISSIONS);

function fromSource(permissions: readonly string[]): string[] {
  return [Deno.execPath(), "run", "--quiet", LAZY, FREES, "--no-prompt", ...permissions, MAIN];
}

/** What the process gets. */
export interface Start {
  /** Piped in; the input stays open when it is `null`. */
  readonly stdin?: string | null;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Permissions instead of the program's own. */
  readonly permissions?: readonly string[];
  /** Has all permissions and gives up none. */
  readonly unrestricted?: boolean;
  /** The words that run the program in another form. */
  readonly words?: readonly string[];
}

/** What it did. */
export interface Ended {
  /** The exit code. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/**
 * Starts the program.
 *
 * @param cwd Folder to start it in
 * @param argv Its arguments
 * @param start Input and environment
 * @returns The process; its input is closed unless it was to stay open
 */
export async function startProgram(
  cwd: string,
  argv: readonly string[],
  start: Start = {},
): Promise<Deno.ChildProcess> {
  const { stdin = "", env = {}, permissions = PERMISSIONS } = start;
  const unrestricted = [Deno.execPath(), "run", "--quiet", "--no-prompt", "-A", UNRESTRICTED];
  const words = start.unrestricted === true ? unrestricted : start.words ?? fromSource(permissions);
  const child = new Deno.Command(words[0]!, {
    args: [...words.slice(1), ...argv],
    cwd,
    // The settings of whoever runs the tests are not to be found.
    env: { KAIROS_DATA_DIR: "", KAIROS_APPROVER: "", XDG_CONFIG_HOME: `${cwd}/.config`, ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (stdin !== null) {
    const writer = child.stdin.getWriter();
    try {
      await writer.write(new TextEncoder().encode(stdin));
      await writer.close();
    } catch {
      // A command that needs no input may have ended before.
      await writer.abort().catch(() => {});
    }
  }
  return child;
}

/**
 * Runs the program to its end.
 *
 * @param cwd Folder to start it in
 * @param argv Its arguments
 * @param start Input and environment
 * @returns Exit code and output
 */
export async function program(
  cwd: string,
  argv: readonly string[],
  start: Start = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await (await startProgram(cwd, argv, start)).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/**
 * Reads a stream until something stands in it.
 *
 * @param stream The stream; it stays open
 * @param wanted What to wait for
 * @returns The match, and what reads the rest
 * @throws {Error} When the stream ends before
 */
export async function readUntil(
  stream: ReadableStream<Uint8Array>,
  wanted: RegExp,
): Promise<{ match: RegExpExecArray; reader: ReadableStreamDefaultReader<Uint8Array> }> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the output ended before ${wanted}: ${text}`);
    text += decoder.decode(value, { stream: true });
    const match = wanted.exec(text);
    if (match !== null) return { match, reader };
  }
}

/**
 * Runs a test in an empty folder whose path holds blanks and Japanese.
 *
 * @param test Gets the folder
 * @param parent Where to make it; the system's own place unless given
 */
export async function inEmptyFolder(
  test: (folder: string) => Promise<void>,
  parent?: string,
): Promise<void> {
  const base = await Deno.realPath(
    await Deno.makeTempDir(parent === undefined ? {} : { dir: parent }),
  );
  const folder = `${base}/私の プロジェクト 1`;
  try {
    await Deno.mkdir(folder);
    await test(folder);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}
