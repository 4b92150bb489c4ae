/**
 * Processes that are killed in the middle of what they do.
 *
 * @module
 */

/**
 * Lets a program work and kills it with signal 9 once it has acknowledged some of its work.
 *
 * @param program Path of a program that prints one JSON value a line for each piece of work that is done
 * @param args Its arguments
 * @param enough After how many lines the signal is sent
 * @returns What was acknowledged; what was printed before the signal took effect too
 */
export async function killWorker<T>(
  program: string,
  args: readonly string[],
  enough: number,
): Promise<T[]> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", program, ...args],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const acknowledged: T[] = [];
  let rest = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    acknowledged.push(...lines.map((line) => JSON.parse(line)));
    // What arrives after the signal was acknowledged too, so reading goes on to the end.
    if (acknowledged.length >= enough) kill(process);
  }
  await process.status;
  return acknowledged;
}

function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}
