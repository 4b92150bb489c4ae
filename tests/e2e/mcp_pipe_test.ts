import assert from "node:assert/strict";
import { kairos } from "../cli/harness.ts";
import { inEmptyFolder, program } from "./cli_program.ts";
import { kairosArgs, withDataDir } from "./mcp_process.ts";

/** Pipes an input into `kairos serve` and gives the lines of its standard output. */
async function pipe(
  root: string,
  input: string,
): Promise<{ code: number; lines: string[]; errors: string }> {
  const args = kairosArgs("serve", "--data-dir", root);
  const command = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  const writing = (async () => {
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  })();
  const { code, stdout, stderr } = await process.output();
  await writing;
  const text = new TextDecoder().decode(stdout);
  assert.ok(text === "" || text.endsWith("\n"));
  return { code, lines: text.split("\n").slice(0, -1), errors: new TextDecoder().decode(stderr) };
}

const call = (id: number, name: string, args: unknown = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } });

Deno.test("kairos serve answers 300 piped calls and garbage between them, and ends", async () => {
  await withDataDir(async (root) => {
    const lines = Array.from(
      { length: 300 },
      (_, id) =>
        id % 3 === 0 ? call(id, "chain_record", { logs: [`${id}`] }) : call(id, "knowledge_list"),
    );
    const garbage = ["garbage", "[]", '{"jsonrpc":"2.0"}', "\u0000", "{".repeat(1000)];
    const input = lines.flatMap((line, at) => at % 60 === 0 ? [garbage[at / 60]!, line] : [line]);
    const { code, lines: answers, errors } = await pipe(root, input.join("\n"));
    assert.equal(code, 0, errors);
    const parsed = answers.map((line) => JSON.parse(line));
    assert.ok(parsed.every(({ jsonrpc }) => jsonrpc === "2.0"), "only the protocol is on stdout");
    const ids = parsed.filter(({ result }) => result !== undefined).map(({ id }) => id);
    assert.deepEqual(ids.sort((a, b) => a - b), lines.map((_, id) => id));
    const refused = parsed.filter(({ error }) => error !== undefined);
    assert.deepEqual(refused.map(({ id }) => id), garbage.map(() => null));
    assert.deepEqual(errors, "", "nothing to say to people");
  });
});

Deno.test("kairos serve says on standard error whose signatures count, never on standard output", async () => {
  await inEmptyFolder(async (folder) => {
    const HOME = `${folder}/home`;
    const words = "ada has four words";
    await kairos(folder, ["init"]);
    const init = await kairos(folder, ["approver", "init", "--name", "ada", "--json"], {
      terminal: true,
      env: { HOME },
      secrets: [words, words],
    });
    const { fingerprint } = JSON.parse(init.out) as { fingerprint: string };
    for (const [pin, how] of [["", "not pinned"], [fingerprint, "as pinned"]] as const) {
      const { code, out, err } = await program(folder, ["serve"], {
        env: { HOME, KAIROS_APPROVER: pin },
        stdin: `${call(0, "hello_world")}\n`,
      });
      assert.equal(code, 0, err);
      assert.deepEqual(out.trim().split("\n").map((line) => JSON.parse(line).id), [0]);
      assert.equal(err, `Approvers: ${fingerprint} (${how})\n`);
    }
  });
});

Deno.test("kairos serve refuses a line of more than 10 MB, and goes on", async () => {
  await withDataDir(async (root) => {
    const long = call(1, "hello_world", { name: "x".repeat(10_000_001) });
    const { code, lines } = await pipe(root, `${long}\n${call(2, "hello_world")}`);
    assert.equal(code, 0);
    const parsed = lines.map((line) => JSON.parse(line));
    assert.deepEqual(parsed.map(({ id, error }) => [id, error?.code]), [
      [null, -32700],
      [2, undefined],
    ]);
  });
});

Deno.test("kairos serve ends when its reader goes away", async () => {
  await withDataDir(async (root) => {
    const args = kairosArgs("serve", "--data-dir", root);
    const command = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    const process = command.spawn();
    const writer = process.stdin.getWriter();
    const write = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
    await write(call(0, "hello_world"));
    const reader = process.stdout.getReader();
    assert.equal((await reader.read()).done, false);
    await reader.cancel();
    await write(call(1, "hello_world")).catch(() => {});
    const [{ code }, errors] = await Promise.all([
      process.status,
      new Response(process.stderr).text(),
    ]);
    await writer.close().catch(() => {});
    assert.deepEqual([code, errors], [0, ""]);
  });
});

Deno.test("kairos serve answers what it has read when it is asked to stop", async (t) => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    await t.step(signal, async () => {
      await withDataDir(async (root) => {
        const args = kairosArgs("serve", "--data-dir", root);
        const command = new Deno.Command(Deno.execPath(), {
          args,
          stdin: "piped",
          stdout: "piped",
          stderr: "null",
        });
        const process = command.spawn();
        const writer = process.stdin.getWriter();
        await writer.write(new TextEncoder().encode(`${call(0, "hello_world")}\n`));
        const reader = process.stdout.getReader();
        assert.equal((await reader.read()).done, false);
        process.kill(signal);
        assert.equal((await reader.read()).done, true);
        const { code, signal: ended } = await process.status;
        assert.deepEqual([code, ended], [signal === "SIGINT" ? 130 : 0, null]);
        await writer.close().catch(() => {});
      });
    });
  }
});
