/**
 * Runs the program on a pseudo-terminal, as a person sits at it.
 *
 * @module
 */

import { PERMISSIONS } from "./cli_program.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Forks a pseudo-terminal, answers what is asked, tells what was shown and how it left the terminal. */
const DRIVER = `
import fcntl, json, os, pty, select, signal, struct, sys, termios, time
spec = json.loads(sys.stdin.read())
pid, fd = pty.fork()
if pid == 0:
    if spec["rows"]:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", spec["rows"], 80, 0, 0))
    os.chdir(spec["cwd"])
    os.execve(spec["command"][0], spec["command"], spec["env"])
shown = b""
end = time.monotonic() + 60
def read():
    global shown
    if time.monotonic() > end:
        os.kill(pid, signal.SIGKILL)
    if not select.select([fd], [], [], 0.1)[0]:
        return True
    try:
        piece = os.read(fd, 65536)
    except OSError:
        return False
    shown += piece
    return len(piece) > 0
seen = 0
alive = True
for expected, answer in spec["answers"]:
    wanted = expected.encode()
    while alive and wanted not in shown[seen:]:
        alive = read()
    if not alive:
        break
    seen = shown.index(wanted, seen) + len(wanted)
    hidden = answer.startswith("SHOWN ") or not termios.tcgetattr(fd)[3] & termios.ECHO
    while not hidden and time.monotonic() < end:
        time.sleep(0.01)
        hidden = not termios.tcgetattr(fd)[3] & termios.ECHO
    if answer.startswith("SIGNAL "):
        os.kill(pid, int(answer[7:]))
    else:
        os.write(fd, answer.removeprefix("SHOWN ").encode())
status = None
echo = None
while status is None:
    if alive:
        alive = read()
    done, code = os.waitpid(pid, os.WNOHANG)
    if done:
        status = os.waitstatus_to_exitcode(code)
try:
    echo = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
    while select.select([fd], [], [], 0.1)[0]:
        piece = os.read(fd, 65536)
        if not piece:
            break
        shown += piece
except (OSError, termios.error):
    pass
print(json.dumps({"code": status, "shown": shown.decode(errors="replace"), "echo": echo}))
`;

/** What happened on the terminal. */
export interface TerminalSession {
  /** The exit code; negative for a signal. */
  readonly code: number;
  /** Everything the person saw. */
  readonly shown: string;
  /** Whether the terminal shows again what is typed; `null` when it could not tell. */
  readonly echo: boolean | null;
}

/**
 * Whether this machine can drive a pseudo-terminal.
 *
 * @returns `false` without a Python that has the module `pty`
 */
export function hasPseudoTerminal(): boolean {
  try {
    const { success } = new Deno.Command("python3", {
      args: ["-c", "import pty, termios, os; os.close(pty.openpty()[0])"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}

/**
 * Runs the program with the permissions it ships with.
 *
 * @param cwd Folder to start it in
 * @param argv Its arguments
 * @param answers What is waited for, and what is typed then; `SIGNAL n` sends a signal instead,
 * `SHOWN text` types text that is shown
 * @param env The environment
 * @param rows Lines of the terminal; it does not tell unless given
 * @returns What happened
 */
export async function onTerminal(
  cwd: string,
  argv: readonly string[],
  answers: readonly (readonly [expected: string, answer: string])[],
  env: Readonly<Record<string, string>>,
  rows = 0,
): Promise<TerminalSession> {
  const flags = ["run", "--quiet", "--no-prompt", ...PERMISSIONS, MAIN, ...argv];
  const child = new Deno.Command("python3", {
    args: ["-c", DRIVER],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  const spec = {
    cwd,
    command: [Deno.execPath(), ...flags],
    answers,
    rows,
    env: { TERM: "dumb", PATH: "/usr/bin:/bin", DENO_DIR: cache, ...env },
  };
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(spec)));
  await writer.close();
  const { stdout } = await child.output();
  return JSON.parse(new TextDecoder().decode(stdout)) as TerminalSession;
}
