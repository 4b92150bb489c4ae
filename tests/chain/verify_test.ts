import assert from "node:assert/strict";
import { type Block, blockHash, encodeLedger, GENESIS } from "../../core/chain/block.ts";
import { merkleRoot } from "../../core/chain/merkle.ts";
import { type Rule, RULES, verifyChain, type VerifyReport } from "../../core/chain/verify.ts";
import { bytesOf, chainOfLength, LAYOUTS, TIME } from "./samples.ts";

type Loose = Record<string, unknown>;

const verifyText = (text: string) => verifyChain([bytesOf(text)]);
const loose = (): Loose[] => structuredClone(chainOfLength(5)) as unknown as Loose[];

Deno.test("verifyChain() accepts every layout of a good chain", async (t) => {
  for (const [layout, encode] of Object.entries(LAYOUTS)) {
    await t.step(layout, async () => {
      const chain = chainOfLength(7);
      const report = await verifyText(encode(chain));
      assert.deepEqual(report, {
        state: "readable",
        compatible: true,
        valid: true,
        length: 7,
        intact: 7,
        lastHash: chain[6]!.hash,
        findings: [],
        findingCount: 0,
      });
    });
  }
});

/** A change of a five-block chain and the rules it breaks, block by block. */
interface Breach {
  readonly change: (chain: Loose[]) => void;
  readonly rules: readonly `${number} ${Rule}`[];
  readonly intact: number;
}

const BREACHES: Record<string, Breach> = {
  "the items of a block": {
    change: (chain) => chain[2]!.data = ["other"],
    rules: ["2 merkle_root", "2 hash", "3 previous_hash"],
    intact: 2,
  },
  "the items of the last block, its root with them": {
    change: (chain) => Object.assign(chain[4]!, { data: ["x"], merkle_root: merkleRoot(["x"]) }),
    rules: ["4 hash"],
    intact: 5,
  },
  "one item more": {
    change: (chain) => chain[3]!.data = [...chain[3]!.data as string[], "second item 2"],
    rules: ["3 merkle_root", "3 hash", "4 previous_hash"],
    intact: 3,
  },
  "an item that is no text": {
    change: (chain) => chain[2]!.data = [1],
    rules: ["2 data", "3 previous_hash"],
    intact: 2,
  },
  "text for the items": {
    change: (chain) => chain[4]!.data = "text",
    rules: ["4 data"],
    intact: 4,
  },
  "no items": { change: (chain) => delete chain[4]!.data, rules: ["4 data"], intact: 4 },
  "a Merkle root": {
    change: (chain) => chain[2]!.merkle_root = "0".repeat(64),
    rules: ["2 merkle_root", "2 hash", "3 previous_hash"],
    intact: 2,
  },
  "a Merkle root that is no text": {
    change: (chain) => chain[4]!.merkle_root = 0,
    rules: ["4 merkle_root"],
    intact: 4,
  },
  "a link": {
    change: (chain) => chain[2]!.previous_hash = "f".repeat(64),
    rules: ["2 previous_hash", "2 hash", "3 previous_hash"],
    intact: 2,
  },
  "a link that is no text": {
    change: (chain) => chain[4]!.previous_hash = null,
    rules: ["4 previous_hash"],
    intact: 4,
  },
  "an index": {
    change: (chain) => chain[2]!.index = 7,
    rules: ["2 index", "2 hash", "3 previous_hash"],
    intact: 2,
  },
  "an index written as text": {
    change: (chain) => chain[2]!.index = "2",
    rules: ["2 index"],
    intact: 2,
  },
  "the order of two blocks": {
    change: (chain) => chain.splice(2, 2, chain[3]!, chain[2]!),
    rules: ["2 index", "2 previous_hash", "3 index", "3 previous_hash", "4 previous_hash"],
    intact: 2,
  },
  "a block left out": {
    change: (chain) => chain.splice(2, 1),
    rules: ["2 index", "2 previous_hash", "3 index"],
    intact: 2,
  },
  "a block twice": {
    change: (chain) => chain.push(chain[4]!),
    rules: ["5 index", "5 previous_hash"],
    intact: 5,
  },
  "the time": {
    change: (chain) => chain[2]!.timestamp = TIME.replace("30", "31"),
    rules: ["2 hash", "3 previous_hash"],
    intact: 2,
  },
  "a time that is none": {
    change: (chain) => chain[2]!.timestamp = "soon",
    rules: ["2 timestamp", "3 previous_hash"],
    intact: 2,
  },
  "a time that is a number": {
    change: (chain) => chain[4]!.timestamp = 0,
    rules: ["4 timestamp"],
    intact: 4,
  },
  "a time left out": {
    change: (chain) => delete chain[4]!.timestamp,
    rules: ["4 timestamp_form"],
    intact: 5,
  },
  "a time left out in the middle": {
    change: (chain) => delete chain[2]!.timestamp,
    rules: ["2 timestamp_form", "3 previous_hash"],
    intact: 3,
  },
  "the notation of a time": {
    change: (chain) => chain[2]!.timestamp = "2026-01-20 10:30:00.1234567 UTC",
    rules: ["2 timestamp_form"],
    intact: 5,
  },
  "a stored hash": {
    change: (chain) => chain[2]!.hash = "0".repeat(64),
    rules: ["2 hash"],
    intact: 5,
  },
  "a stored hash left out": {
    change: (chain) => delete chain[2]!.hash,
    rules: ["2 hash"],
    intact: 5,
  },
  "the items of genesis": {
    change: (chain) => chain[0]!.data = ["Other Block"],
    rules: ["0 genesis", "0 hash", "1 previous_hash"],
    intact: 0,
  },
  "genesis left out": {
    change: (chain) => chain.shift(),
    rules: ["0 index", "0 genesis", "0 genesis_fields", "1 index", "2 index", "3 index"],
    intact: 0,
  },
  "the stored hash of genesis": {
    change: (chain) => chain[0]!.hash = "0".repeat(64),
    rules: ["0 genesis_fields"],
    intact: 5,
  },
  "the time of genesis in another notation": {
    change: (chain) => chain[0]!.timestamp = "1970-01-01T00:00:00Z",
    rules: ["0 timestamp_form", "0 genesis_fields"],
    intact: 5,
  },
  "the border between two fields of genesis": {
    change: (chain) =>
      Object.assign(chain[0]!, { previous_hash: "", merkle_root: "0".repeat(128) }),
    rules: ["0 genesis_fields"],
    intact: 5,
  },
  "the time of genesis left out": {
    change: (chain) => delete chain[0]!.timestamp,
    rules: ["0 timestamp_form", "0 genesis", "1 previous_hash"],
    intact: 0,
  },
  "the root of genesis left out": {
    change: (chain) => delete chain[0]!.merkle_root,
    rules: ["0 genesis", "1 previous_hash"],
    intact: 0,
  },
};

Deno.test("verifyChain() reports every change by its rule and block", async (t) => {
  const reported = new Set<string>(["syntax", "encoding", "duplicate_key"]);
  for (const [name, { change, rules, intact }] of Object.entries(BREACHES)) {
    await t.step(name, async () => {
      const chain = loose();
      change(chain);
      for (const text of [JSON.stringify(chain, null, 2), JSON.stringify(chain)]) {
        const report = await verifyText(text);
        const found = report.findings.map(({ block, rule }) => `${block} ${rule}`);
        assert.deepEqual(found, rules);
        const compatible = report.findings.every(({ rule }) => RULES[rule] === "valid");
        assert.deepEqual(
          [report.compatible, report.state, report.valid],
          [compatible, compatible ? "readable" : "corrupt", false],
        );
        assert.equal(report.intact, intact);
        assert.equal(report.findingCount, report.findings.length);
        for (const { rule } of report.findings) reported.add(rule);
      }
    });
  }
  await t.step("no rule is left out", () => {
    assert.deepEqual([...reported].sort(), Object.keys(RULES).sort());
  });
});

Deno.test("verifyChain() reports a key that stands twice, however it is written", async (t) => {
  const text = encodeLedger(chainOfLength(3));
  const cases: Record<string, string> = {
    "in the usual layout": text.replace('"index": 1,', '"index": 1,\n    "index": 1,'),
    "escaped": text.replace('"index": 1,', '"index": 1,\n    "\\u0069ndex": 1,'),
    "with another value first": text.replace('"index": 1,', '"index": 9,\n    "index": 1,'),
    "on one line": text.replace('"index": 1,', '"index": 1,"index": 1,'),
    "an unknown key": text.replace('"index": 1,', '"index": 1,"more":1,"more":2,'),
  };
  for (const [name, changed] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { compatible, valid, findings } = await verifyText(changed);
      assert.deepEqual([compatible, valid], [true, false]);
      assert.deepEqual(findings.map(({ block, rule }) => [block, rule]), [[1, "duplicate_key"]]);
    });
  }
});

Deno.test("verifyChain() tells the state of files that are no list of blocks", async (t) => {
  const nested = (levels: number) =>
    encodeLedger([GENESIS]).replace(
      '"index"',
      `"more": ${"[".repeat(levels)}${"]".repeat(levels)},"index"`,
    );
  const cases: Record<string, [text: string, state: VerifyReport["state"]]> = {
    "nothing": ["", "unreadable"],
    "blanks": [" \n ", "unreadable"],
    "null": ["null", "unreadable"],
    "an object": ["{}", "unreadable"],
    "an empty list": ["[]", "empty"],
    "an empty list with blanks": [" [\r\n\t ] \n", "empty"],
    "a list with a comma": ["[,]", "unreadable"],
    "a comma behind the last block": [encodeLedger([GENESIS]).replace("\n]", ",\n]"), "unreadable"],
    "no comma between blocks": ["[{} {}]", "unreadable"],
    "a byte order mark": ["\ufeff[]", "unreadable"],
    "a list that is not closed": [encodeLedger([GENESIS]).slice(0, -1), "unreadable"],
    "a block that is not closed": [encodeLedger([GENESIS]).slice(0, -20), "unreadable"],
    "something behind the list": ["[] x", "unreadable"],
    "two lists": ["[][]", "unreadable"],
    "a list of numbers": ["[1,2]", "unreadable"],
    "a list of text": ['["a]", "}"]', "unreadable"],
    "a list of lists": ["[[]]", "unreadable"],
    "a list of null": ["[null]", "unreadable"],
    "an empty block": ["[{}]", "corrupt"],
    "as deep as allowed": [nested(99), "readable"],
    "one level deeper": [nested(100), "unreadable"],
    "very much deeper": [nested(200_000), "unreadable"],
    "single quotes": ["[{'index': 0}]", "unreadable"],
    "a comment": ["[{} /* */]", "unreadable"],
  };
  for (const [name, [text, state]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const report = await verifyText(text);
      assert.equal(report.state, state);
      assert.equal(report.compatible, state === "readable");
      assert.equal(report.valid, state === "readable");
      assert.equal(report.findingCount > 0, state === "unreadable" || state === "corrupt");
    });
  }
});

Deno.test("verifyChain() counts all findings and lists the first hundred", async () => {
  const chain = chainOfLength(150).map((block) => ({ ...block, hash: "" }));
  const report = await verifyText(encodeLedger(chain));
  assert.deepEqual([report.findingCount, report.findings.length], [150, 100]);
  assert.deepEqual(report.findings.at(-1)?.block, 99);
});

Deno.test("verifyChain() tells its progress and ends when the signal says so", async () => {
  const bytes = bytesOf(encodeLedger(chainOfLength(20)));
  const pieces = Array.from(
    { length: 10 },
    (_, at) => bytes.subarray(at * bytes.length / 10, (at + 1) * bytes.length / 10),
  );
  const seen: number[] = [];
  await verifyChain(pieces, { onProgress: (blocks) => seen.push(blocks) });
  assert.equal(seen.length, 10);
  assert.ok(seen.every((blocks, at) => at === 0 || blocks >= seen[at - 1]!));
  const controller = new AbortController();
  const ended = verifyChain(pieces, {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  await assert.rejects(ended, /enough/);
});

Deno.test("verifyChain() names the hash the next block must carry", async () => {
  const chain = chainOfLength(3);
  const last: Block = { ...chain[2]!, hash: "" };
  const { lastHash } = await verifyText(encodeLedger([...chain.slice(0, 2), last]));
  const { index, timestamp, previous_hash, merkle_root, data } = last;
  const compact = JSON.stringify(data);
  assert.equal(lastHash, blockHash(index, timestamp, previous_hash, merkle_root, compact));
});
