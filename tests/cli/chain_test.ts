import assert from "node:assert/strict";
import { type Block, encodeLedger, GENESIS, nextBlock } from "../../core/chain/block.ts";
import { acquireLock, Disk } from "../../core/disk/mod.ts";
import { inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

interface ChainStatus {
  readonly state: string;
  readonly length: number;
  readonly last: { readonly hash: string } | null;
  readonly verify_failed: unknown;
}

interface Verified {
  readonly compatible: boolean;
  readonly valid: boolean;
  readonly findings: readonly { readonly block: number; readonly rule: string }[];
}

/** A chain of four blocks whose second one says something else than it did. */
async function damage(folder: string, root: string): Promise<void> {
  for (const text of ["one", "two", "three"]) await kairos(folder, ["chain", "record", text]);
  const path = `${root}/storage/blockchain.json`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace('"two"', '"2wo"'));
}

Deno.test("chain record puts texts into one block", async (t) => {
  await inInstance(async (folder) => {
    await t.step("arguments", async () => {
      const { code, out, err } = await kairos(folder, ["chain", "record", "a b", "--", "--c"]);
      assert.equal(code, 0);
      assert.match(out, /^Recorded in block 1\nHash [0-9a-f]{64}\n$/);
      assert.match(err, /Next: kairos chain show 1/);
      const { value } = await kairosJson<{ data: string[] }>(folder, ["chain", "show"]);
      assert.deepEqual(value.data, ["a b", "--c"]);
    });
    await t.step("standard input, without its last line end", async () => {
      await kairos(folder, ["chain", "record"], { stdin: "line\nline\n" });
      const { value } = await kairosJson<{ data: string[] }>(folder, ["chain", "show", "2"]);
      assert.deepEqual(value.data, ["line\nline"]);
    });
    const refused: [string, string[], string, number][] = [
      ["what kairos makes itself", ['{"type":"knowledge_update"}'], "", 5],
      ["an empty text", [" "], "", 1],
      ["empty input", [], "\n", 1],
    ];
    for (const [name, texts, stdin, exit] of refused) {
      await t.step(name, async () => {
        const before = await snapshot(folder);
        assert.equal((await kairos(folder, ["chain", "record", ...texts], { stdin })).code, exit);
        assert.deepEqual(await snapshot(folder), before);
      });
    }
  });
});

Deno.test("chain status tells the end of the chain", async () => {
  await inInstance(async (folder) => {
    const none = await kairos(folder, ["chain", "status"]);
    assert.equal(none.code, 0);
    assert.match(none.out, /none yet/);
    await kairos(folder, ["chain", "record", "one"]);
    const { value } = await kairosJson<ChainStatus>(folder, ["chain", "status"]);
    assert.equal(value.state, "readable");
    assert.equal(value.length, 2);
    assert.match(value.last!.hash, /^[0-9a-f]{64}$/);
    assert.match((await kairos(folder, ["chain", "status"])).out, /2 blocks\n.*\nLast hash/);
  });
});

Deno.test("chain log lists the newest blocks first", async (t) => {
  await inInstance(async (folder) => {
    for (let at = 1; at <= 25; at++) await kairos(folder, ["chain", "record", `note ${at}`]);
    await kairos(folder, [
      "chain",
      "record",
      '{"type":"deployment","name":"1.2","reason":"ready"}',
    ]);
    const log = (...argv: string[]) =>
      kairosJson<{ index: number }[]>(folder, ["chain", "log", ...argv]);
    await t.step("twenty unless told", async () => {
      const { value } = await log();
      assert.equal(value.length, 20);
      assert.equal(value[0]!.index, 26);
    });
    await t.step("--limit", async () => {
      assert.deepEqual((await log("--limit", "2")).value.map(({ index }) => index), [26, 25]);
      assert.equal((await log("--limit", "1000")).value.length, 27);
    });
    await t.step("--type", async () => {
      assert.deepEqual((await log("--type", "deployment")).value.map(({ index }) => index), [26]);
      assert.deepEqual((await log("--type", "deploy")).value, []);
      assert.match((await kairos(folder, ["chain", "log", "--type", "x"])).out, /^No blocks\n$/);
    });
    await t.step("for people", async () => {
      const { out } = await kairos(folder, ["chain", "log", "--limit", "2"]);
      assert.match(out, /^BLOCK +TIME +HASH +TYPE +BY +ABOUT\n +26 .* deployment +1\.2: ready\n/);
      assert.match(out, /\n +25 .* text +note 25\n$/);
    });
  });
});

Deno.test("chain show prints one block", async (t) => {
  await inInstance(async (folder) => {
    await t.step("none yet", async () => {
      assert.equal((await kairos(folder, ["chain", "show"])).code, 1);
    });
    await kairos(folder, ["chain", "record", '{"type":"x","a":1}', "\x1b[31m"]);
    await t.step("genesis", async () => {
      const { value } = await kairosJson<{ hash: string }>(folder, ["chain", "show", "0"]);
      assert.equal(value.hash, GENESIS.hash);
    });
    await t.step("items, harmless on a terminal", async () => {
      const { out } = await kairos(folder, ["chain", "show", "#1"], { terminal: true });
      assert.match(
        out,
        /Item 0\n\{\n {2}"type": "x",\n {2}"a": 1\n\}\n\nItem 1\n\\u\{1b\}\[31m\n$/,
      );
    });
    await t.step("not there", async () => {
      const { code, err } = await kairos(folder, ["chain", "show", "2"]);
      assert.equal(code, 1);
      assert.match(err, /Cannot find block 2: the chain has 2 blocks/);
    });
    await t.step("no number", async () => {
      assert.equal((await kairos(folder, ["chain", "show", "-1"])).code, 2);
      assert.equal((await kairos(folder, ["chain", "show", "last"])).code, 2);
    });
  });
});

Deno.test("chain verify tells both verdicts and ends with 3 when it finds something", async (t) => {
  await inInstance(async (folder, root) => {
    await t.step("no chain yet", async () => {
      const { code, out } = await kairos(folder, ["chain", "verify"]);
      assert.equal(code, 0);
      assert.match(out, /no chain yet/);
    });
    await t.step("a whole chain", async () => {
      await kairos(folder, ["chain", "record", "zero"]);
      const { code, value } = await kairosJson<Verified>(folder, ["chain", "verify"]);
      assert.equal(code, 0);
      assert.ok(value.compatible && value.valid);
    });
    await damage(folder, root);
    await t.step("damage", async () => {
      const { code, out, err } = await kairos(folder, ["chain", "verify"]);
      assert.equal(code, 3);
      assert.match(out, /Chain: damaged[^]*\n +3 +merkle_root/);
      assert.match(err, /Next: kairos chain repair --dry-run/);
      const again = await kairosJson<Verified>(folder, ["chain", "verify"]);
      assert.equal(again.value.findings[0]!.rule, "merkle_root");
    });
    await t.step("damage stops appends, and status says so", async () => {
      const { code, err } = await kairos(folder, ["chain", "record", "more"]);
      assert.equal(code, 3);
      assert.match(err, /kairos chain repair/);
      assert.equal((await kairos(folder, ["chain", "status"])).code, 3);
      const { code: exit, value } = await kairosJson<{ chain: ChainStatus }>(folder, ["status"]);
      assert.equal(exit, 3);
      assert.notEqual(value.chain.verify_failed, null);
    });
  });
});

Deno.test("chain verify finds what only we look at and calls it not valid", async () => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["chain", "record", "one"]);
    const path = `${root}/storage/blockchain.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace(GENESIS.hash, "0".repeat(64)));
    const { code, value } = await kairosJson<Verified>(folder, ["chain", "verify"]);
    assert.equal(code, 3);
    assert.equal(value.valid, false);
  });
});

Deno.test("chain verify tells what it finds where it cannot note it", async () => {
  await inInstance(async (folder, root) => {
    await damage(folder, root);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "storage:\n  lock_timeout_ms: 20\n");
    const path = `${root}/storage/blockchain.json.lock`;
    using _lock = await acquireLock(new Disk(), path, { timeout: 1000, holder: "the test" });
    const { code, out, err } = await kairos(folder, ["chain", "verify"]);
    assert.equal(code, 3);
    assert.match(out, /Chain: damaged/);
    assert.match(err, /The outcome was not written down: .*the test/);
    await assert.rejects(Deno.stat(`${root}/storage/verify_failed.json`));
  });
});

Deno.test("chain verify shows its progress to a person only", async () => {
  await inInstance(async (folder, root) => {
    const blocks: Block[] = [GENESIS];
    while (blocks.length < 1500) {
      blocks.push(nextBlock(blocks.at(-1)!, ["x".repeat(200)], "2026-01-01T00:00:00.000000Z"));
    }
    await Deno.writeTextFile(`${root}/storage/blockchain.json`, encodeLedger(blocks));
    const piped = await kairos(folder, ["chain", "verify"]);
    assert.equal(piped.code, 0);
    assert.equal(piped.err, "");
    const shown = await kairos(folder, ["chain", "verify"], { terminal: true });
    assert.match(shown.err, /^(\rVerified \d+ blocks)+\r/);
    const dumb = { terminal: true, env: { TERM: "dumb" } };
    assert.equal((await kairos(folder, ["chain", "verify"], dumb)).err, "");
    assert.equal((await kairos(folder, ["chain", "verify", "--json"], { terminal: true })).err, "");
  });
});

Deno.test("chain repair keeps the intact part once a person agrees", async (t) => {
  await inInstance(async (folder, root) => {
    await t.step("nothing to repair", async () => {
      await kairos(folder, ["chain", "record", "zero"]);
      const { code, out } = await kairos(folder, ["chain", "repair"]);
      assert.equal(code, 0);
      assert.match(out, /needs no repair/);
    });
    await damage(folder, root);
    await kairos(folder, ["chain", "verify"]);
    const before = await Deno.readTextFile(`${root}/storage/blockchain.json`);
    await t.step("only a look", async () => {
      const { code, out } = await kairos(folder, ["chain", "repair", "--dry-run"]);
      assert.equal(code, 3);
      assert.match(out, /keep 3 blocks, drop 2/);
    });
    await t.step("not confirmed", async () => {
      const { code, err } = await kairos(folder, ["chain", "repair"]);
      assert.equal(code, 5);
      assert.match(err, /keep 3 blocks.*not confirmed\nAdd --yes/);
      assert.equal(await Deno.readTextFile(`${root}/storage/blockchain.json`), before);
    });
    await t.step("confirmed", async () => {
      const { code, out, err } = await kairos(folder, ["chain", "repair", "--reason", "bad disk"], {
        terminal: true,
        answers: ["yes"],
      });
      assert.equal(code, 0, err);
      const kept = /kept as (storage\/damaged\/\S+)/.exec(out)?.[1];
      assert.equal(await Deno.readTextFile(`${root}/${kept}`), before);
      assert.equal((await kairos(folder, ["chain", "verify"])).code, 0);
      const { value } = await kairosJson<{ data: string[] }>(folder, ["chain", "show"]);
      const record = JSON.parse(value.data[0]!);
      assert.equal(record.reason, "bad disk");
      assert.equal(record.principal, "cli:tester");
    });
  });
});

Deno.test("a command that cannot get the lock ends with 4 and names the holder", async () => {
  await inInstance(async (folder, root) => {
    await Deno.writeTextFile(`${root}/skills/config.yml`, "storage:\n  lock_timeout_ms: 20\n");
    const disk = new Disk();
    const path = `${root}/storage/blockchain.json.lock`;
    using _lock = await acquireLock(disk, path, { timeout: 1000, holder: "pid 1 (the test)" });
    const { code, err } = await kairos(folder, ["chain", "record", "one"]);
    assert.equal(code, 4);
    assert.match(err, /held for 20 ms by "pid 1 \(the test\)"/);
    assert.equal((await kairos(folder, ["knowledge", "list"])).code, 0, "reading needs no lock");
    const { value } = await kairosJson<{ lock: string }>(folder, ["status"]);
    assert.equal(value.lock, "pid 1 (the test)");
  });
});
