import assert from "node:assert/strict";
import { acquireLock, Disk } from "../../core/disk/mod.ts";
import { inEmptyFolder, program, readUntil, startProgram } from "./cli_program.ts";

const VERIFY = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "chain_verify", arguments: {} },
});

Deno.test("main: piped JSON-RPC is served without a command and without initialize", async (t) => {
  await inEmptyFolder(async (folder) => {
    await program(folder, ["init"]);
    await program(folder, ["init", "other"]);
    await program(folder, ["chain", "record", "one"]);
    const calls: [string, string[], Record<string, string>, RegExp][] = [
      ["no arguments", [], {}, /Length: 3/],
      ["global options only", ["--data-dir", ".kairos"], {}, /Length: 3/],
      ["the environment", [], { KAIROS_DATA_DIR: `${folder}/.kairos` }, /Length: 3/],
      ["serve", ["serve"], {}, /Length: 3/],
    ];
    for (const [name, argv, env, expected] of calls) {
      await t.step(name, async () => {
        const { code, out, err } = await program(folder, argv, { stdin: `${VERIFY}\n`, env });
        assert.equal(err, "");
        assert.equal(code, 0);
        const answer = JSON.parse(out);
        assert.equal(answer.id, 1);
        assert.match(answer.result.content[0].text, expected);
        assert.equal(answer.result.structuredContent.valid, true);
      });
    }
  });
});

Deno.test("main: a wrong argument is explained after everything that can be was given up", async () => {
  await inEmptyFolder(async (folder) => {
    const { code, out, err } = await program(folder, ["completions", "nosuch"]);
    assert.deepEqual({ code, out }, { code: 2, out: "" });
    assert.match(err, /^Error: There are no completions for "nosuch"\n/);
  });
});

Deno.test("main: the version needs no permission and loads no package", async (t) => {
  await inEmptyFolder(async (folder) => {
    await t.step("no permission", async () => {
      const { code, out, err } = await program(folder, ["--version"], { permissions: [] });
      assert.equal(err, "");
      assert.equal(code, 0);
      assert.match(out, /^kairos \d+\.\d+\.\d+\n$/);
    });
    await t.step("no package", async () => {
      const main = new URL("../../main.ts", import.meta.url);
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["info", "--json", main.pathname],
        stderr: "null",
      }).output();
      const loaded = loadedAtStart(JSON.parse(new TextDecoder().decode(stdout)), main.href);
      assert.ok(loaded.some((one) => one.endsWith("/cli/run.ts")));
      const heavy = loaded.filter((one) =>
        one.startsWith("npm:") || one.includes("/cli/commands/") || one.endsWith("/cli/app.ts")
      );
      assert.deepEqual(heavy, []);
    });
  });
});

Deno.test("main: a long text is written whole, wherever it is cut on the way", async () => {
  await inEmptyFolder(async (folder) => {
    await program(folder, ["init"]);
    // Of three bytes and of four: some cut falls into the middle of one.
    for (const sign of ["記", "😀"]) {
      const text = `# x\n${sign.repeat(50_000)}\n`;
      const set = await program(folder, ["knowledge", "set", "long"], { stdin: text });
      assert.equal(set.code, 0, set.err);
      const { out } = await program(folder, ["knowledge", "show", "long"]);
      assert.ok(out.includes(text));
    }
  });
});

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

/** What is loaded with a module before anything is imported on demand. */
function loadedAtStart({ modules }: Graph, root: string): string[] {
  const loaded = new Set([root]);
  for (const specifier of loaded) {
    const found = modules.find((one) => one.specifier === specifier)?.dependencies ?? [];
    for (const { isDynamic, code } of found) {
      if (isDynamic !== true && code?.specifier !== undefined) loaded.add(code.specifier);
    }
  }
  return [...loaded];
}

Deno.test("main: a reader that stops early ends the program quietly with 0", async () => {
  await inEmptyFolder(async (folder) => {
    await program(folder, ["init"]);
    await program(folder, ["chain", "record"], { stdin: "x".repeat(1_000_000) });
    const child = await startProgram(folder, ["chain", "log", "--json"]);
    const { reader } = await readUntil(child.stdout, /^\[/);
    await reader.cancel();
    const err = await new Response(child.stderr).text();
    assert.equal(err, "");
    assert.equal((await child.status).code, 0);
  });
});

Deno.test("main: output and messages hold no colour in a pipe", async () => {
  await inEmptyFolder(async (folder) => {
    await program(folder, ["init"]);
    for (const env of [{}, { NO_COLOR: "1" }, { TERM: "dumb" }]) {
      const { out, err } = await program(folder, ["doctor"], { env });
      assert.ok(!(out + err).includes("\x1b"));
      assert.equal(err, "");
      const unknown = await program(folder, ["docto"], { env });
      assert.ok(!unknown.err.includes("\x1b"));
      assert.equal(unknown.code, 2);
    }
  });
});

Deno.test("main: Ctrl-C ends at once with 130 and leaves nothing half done", async (t) => {
  await inEmptyFolder(async (folder) => {
    await program(folder, ["init"]);
    await t.step("while it reads", async () => {
      const child = await startProgram(folder, ["knowledge", "set", "a"], { stdin: null });
      const writer = child.stdin.getWriter();
      // More than a pipe holds: once it is written, the program is reading.
      await writer.write(new TextEncoder().encode("x".repeat(400_000)));
      child.kill("SIGINT");
      assert.equal((await child.status).code, 130);
      await writer.abort().catch(() => {});
      await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    });
    await t.step("while it waits for the lock", async () => {
      const config = `${folder}/.kairos/skills/config.yml`;
      await Deno.writeTextFile(config, "storage:\n  lock_timeout_ms: 600000\n");
      const disk = new Disk();
      const path = `${folder}/.kairos/storage/blockchain.json.lock`;
      using _lock = await acquireLock(disk, path, { timeout: 1000, holder: "the test" });
      const stdin = "x".repeat(400_000);
      const child = await startProgram(folder, ["knowledge", "set", "a"], { stdin });
      child.kill("SIGINT");
      assert.equal((await child.status).code, 130);
      await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    });
    await t.step("what is left", async () => {
      const { code, out } = await program(folder, ["status", "--json"]);
      assert.equal(code, 0);
      const status = JSON.parse(out);
      assert.equal(status.chain.length, 2, "nothing but the genesis block and the first law");
      assert.equal(status.pending_changes, 0);
      assert.equal(status.knowledge, 2);
      const names = [...Deno.readDirSync(`${folder}/.kairos/knowledge`)].map(({ name }) => name);
      assert.deepEqual(names.sort(), ["getting_started", "kairos_formats"]);
    });
    await t.step("while it serves standard input", async () => {
      const child = await startProgram(folder, [], { stdin: null });
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(`${VERIFY}\n`));
      const { reader } = await readUntil(child.stdout, /"id":1/);
      child.kill("SIGINT");
      assert.equal((await child.status).code, 130);
      await writer.abort().catch(() => {});
      await Promise.all([reader.cancel(), child.stderr.cancel()]);
    });
  });
});

Deno.test("main: start makes a data directory, serves it and says what to do next", async () => {
  await inEmptyFolder(async (folder) => {
    const child = await startProgram(folder, ["start", "--port", "0"]);
    const { match, reader } = await readUntil(child.stderr, /[^]*Stop with Ctrl-C\./);
    const [guide] = match;
    assert.match(guide, /^Made a data directory: .*\.kairos\n/);
    assert.match(guide, /"mcpServers"/);
    assert.match(guide, /kairos status/);
    const url = /Serving MCP on (http:\/\/127\.0\.0\.1:\d+\/mcp)\n/.exec(guide)?.[1];
    const response = await fetch(url ?? "", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: VERIFY,
    });
    assert.match(await response.text(), /Length: 2/);
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    await Promise.all([reader.cancel(), child.stdout.cancel()]);
    assert.ok((await Deno.stat(`${folder}/.kairos/knowledge`)).isDirectory);
  });
});
