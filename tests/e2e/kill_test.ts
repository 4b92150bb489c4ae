import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { count } from "../counts.ts";
import { kairosArgs, withDataDir } from "./mcp_process.ts";

/** What a reply acknowledged. */
interface Acknowledged {
  readonly block: number;
  /** The whole record, or the digest of the document it published. */
  readonly hash: string;
}

const ENTRIES = 4;

/** Many calls at once, so that some are always under way when the end comes. */
function load(round: number): string {
  const lines = Array.from({ length: 60 }, (_, id) => {
    const content = `---\nname: note\n---\n\nround ${round}, call ${id}\n`;
    const name = `note_${id % ENTRIES}`;
    const params = id % 3 === 0
      ? { name: "chain_record", arguments: { logs: [`round ${round}, call ${id}`] } }
      : { name: "knowledge_update", arguments: { command: "update", name, content } };
    return JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
  });
  return lines.join("\n") + "\n";
}

/** Sends load to a server and kills it with signal 9 once some replies have come. */
async function killUnderLoad(root: string, round: number): Promise<Acknowledged[]> {
  const process = new Deno.Command(Deno.execPath(), {
    args: kairosArgs("serve", "--data-dir", root),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = process.stdin.getWriter();
  const sent = writer.write(new TextEncoder().encode(load(round))).catch(() => {});
  const acknowledged: Acknowledged[] = [];
  const enough = 1 + (round * 7) % 23;
  let rest = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) acknowledged.push(replyOf(line));
    // What arrives after the signal was acknowledged too, so reading goes on to the end.
    if (acknowledged.length >= enough) kill(process);
  }
  await sent;
  await process.status;
  await writer.abort().catch(() => {});
  return acknowledged;
}

function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

function replyOf(line: string): Acknowledged {
  const { result } = JSON.parse(line);
  assert.notEqual(result.isError, true, line);
  const { block, hash } = result.structuredContent;
  return { block, hash };
}

Deno.test("kairos serve keeps what it acknowledged through every kill -9 under load", async () => {
  await withDataDir(async (root) => {
    const actor = { principal: "test:ada" };
    const { knowledge } = await openInstance(root, { mode: "write" });
    for (let at = 0; at < ENTRIES; at++) {
      await knowledge.create({ name: `note_${at}`, content: "before" }, actor);
    }
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < count("killNine"); round++) {
      acknowledged.push(...await killUnderLoad(root, round));
    }
    assert.ok(acknowledged.length >= count("killNine"));

    const after = await openInstance(root, { mode: "write" });
    const report = await auditLedger(after.store);
    assert.deepEqual([report.valid, report.findings], [true, []]);
    const blocks = [...after.store.ledger.newest()].reverse();
    for (const { block, hash } of acknowledged) {
      const found = blocks[block];
      const record = found?.data[0] ?? "";
      assert.ok(found?.hash === hash || record.includes(`"next_hash":"${hash}"`), `block ${block}`);
    }
    for (let at = 0; at < ENTRIES; at++) {
      const [last] = await Array.fromAsync(after.knowledge.history(`note_${at}`));
      assert.equal(after.knowledge.get(`note_${at}`).hash, last?.nextHash, "record and file agree");
    }
  });
});
