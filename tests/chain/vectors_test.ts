import assert from "node:assert/strict";
import { type Block, blockHash, encodeLedger } from "../../core/chain/block.ts";
import { merkleProof, merkleRoot, verifyMerkleProof } from "../../core/chain/merkle.ts";
import { canonicalTimestamp } from "../../core/chain/timestamp.ts";
import { type LedgerState, verifyChain } from "../../core/chain/verify.ts";
import { bytesOf, chainOfLength } from "./samples.ts";

const VECTORS = new URL("../../../shared/vectors/", import.meta.url);
// The recorded files are kept outside the repository.
const ignore = !exists(VECTORS);

interface Verdict {
  readonly load_state: LedgerState;
  readonly valid: boolean;
  readonly length: number;
}

/** Files the verdicts name and the folder lacks, made of a chain of ours with as many blocks. */
const MADE: Record<string, () => string> = {
  blocks_swapped: () => changed((chain) => [chain[0], chain[2], chain[1], ...chain.slice(3)]),
  data_and_merkle_changed_last_stored_hash_stale: () =>
    changed((chain) => [
      ...chain.slice(0, 5),
      { ...chain[5], data: ["other"], merkle_root: merkleRoot(["other"]) },
    ]),
  data_is_string: () => changed((chain) => chain.with(5, { ...chain[5]!, data: "text" })),
  extra_field_ignored: () => changed((chain) => chain.map((block) => ({ ...block, more: [1] }))),
  genesis_stored_hash_changed: () =>
    changed((chain) => chain.with(0, { ...chain[0]!, hash: "f".repeat(64) })),
  json_null: () => "null",
  last_block_duplicated: () => changed((chain) => [...chain, chain[5]]),
  middle_block_removed: () => changed((chain) => chain.toSpliced(3, 1)),
  stored_hash_missing_everywhere: () =>
    changed((chain) => chain.map(({ hash: _, ...block }) => block)),
  timestamp_last: () =>
    changed((chain) => chain.with(5, { ...chain[5]!, timestamp: "2026-02-01T00:00:00.000000Z" })),
  truncated_json: () => changed((chain) => chain).slice(0, -100),
};

function changed(change: (chain: (Block | Record<string, unknown>)[]) => unknown): string {
  return JSON.stringify(change(chainOfLength(6)), null, 2);
}

/** Where we say more than the recorded verifier, which accepts these files. */
const STRICTER: Record<string, string> = {
  data_and_merkle_changed_last_stored_hash_stale: "hash",
  genesis_stored_hash_changed: "genesis_fields",
  stored_hash_missing_everywhere: "genesis_fields hash hash hash hash hash",
  stored_hash_only_mid: "hash",
  timestamp_last: "hash",
  timestamp_missing_last: "timestamp_form",
};

Deno.test({ name: "verifyChain() agrees with every recorded verdict", ignore }, async (t) => {
  const verdicts = load<Record<string, Verdict>>("chain/verdicts_v3.75.0.json");
  assert.equal(Object.keys(verdicts).length, 39);
  for (const [file, verdict] of Object.entries(verdicts)) {
    const name = file.replace(".blockchain.json", "");
    await t.step(name, async () => {
      const report = await verifyChain([bytesFor(file, name)]);
      assert.deepEqual([report.state, report.compatible], [verdict.load_state, verdict.valid]);
      if (verdict.valid) {
        assert.equal(report.length, verdict.length);
        const more = report.findings.map(({ rule }) => rule).join(" ");
        assert.equal(more, STRICTER[name] ?? "");
        assert.equal(report.valid, more === "");
      }
    });
  }
  await t.step("no stricter finding is left over", () => {
    const names = Object.keys(verdicts).map((file) => file.replace(".blockchain.json", ""));
    assert.deepEqual(
      Object.keys({ ...STRICTER, ...MADE }).filter((one) => !names.includes(one)),
      [],
    );
  });
});

function bytesFor(file: string, name: string): Uint8Array {
  for (const folder of ["chain/", "chain/tampered/"]) {
    const url = new URL(folder + file, VECTORS);
    if (exists(url)) return Deno.readFileSync(url);
  }
  const made = MADE[name];
  assert.ok(made !== undefined, `nobody makes ${name}`);
  return bytesOf(made());
}

const RECORDED = ["empty_data", "five_blocks", "genesis_only", "nine_items", "one_block"];

Deno.test(
  { name: "encodeLedger() writes every recorded ledger to the byte", ignore },
  async (t) => {
    for (const name of [...RECORDED, "session_v2.1"]) {
      await t.step(name, async () => {
        const text = Deno.readTextFileSync(new URL(`chain/${name}.blockchain.json`, VECTORS));
        assert.equal(encodeLedger(JSON.parse(text)), text);
        assert.equal((await verifyChain([bytesOf(text)])).valid, true);
      });
    }
  },
);

interface Preimage {
  readonly index: number;
  readonly preimage: string;
  readonly hash: string;
  readonly leaves: readonly string[];
  readonly merkle_root: string;
}

Deno.test({ name: "blockHash() hashes the recorded texts", ignore }, async (t) => {
  for (const name of RECORDED) {
    await t.step(name, () => {
      const blocks = load<Block[]>(`chain/${name}.blockchain.json`);
      const preimages = load<Preimage[]>(`chain/${name}.preimages.json`);
      assert.equal(preimages.length, blocks.length);
      for (const [at, { index, preimage, hash, leaves, merkle_root }] of preimages.entries()) {
        const { timestamp, previous_hash, data } = blocks[at]!;
        const time = canonicalTimestamp(timestamp)!;
        const compact = JSON.stringify(data);
        assert.equal(`${index}${time}${previous_hash}${merkle_root}${compact}`, preimage);
        assert.equal(blockHash(index, time, previous_hash, merkle_root, compact), hash);
        assert.deepEqual(data.map((item) => merkleRoot([item])), leaves);
        if (at > 0) assert.equal(merkleRoot(data), merkle_root);
      }
    });
  }
});

Deno.test({ name: "canonicalTimestamp() renders the recorded times", ignore }, async (t) => {
  /** Refused: the day would be that of the reader. */
  const refused = ["10:30"];
  const times = load<{ input: string; hashed_as: string }[]>(
    "chain/timestamp_canonicalisation.json",
  );
  for (const { input, hashed_as } of times) {
    await t.step(
      input,
      () => assert.equal(canonicalTimestamp(input), refused.includes(input) ? null : hashed_as),
    );
  }
});

Deno.test({ name: "a block's items are escaped as recorded", ignore }, () => {
  const escapes = load<Record<string, string>>("chain/json_escaping.json");
  assert.ok(Object.keys(escapes).length > 40);
  for (const [name, compact] of Object.entries(escapes)) {
    const char = String.fromCodePoint(parseInt(name.slice(2), 16));
    assert.equal(JSON.stringify([char]), compact, name);
  }
});

interface Tree {
  readonly data: readonly string[];
  readonly leaves: readonly string[];
  readonly root: string;
  readonly proofs?: readonly { position: "left" | "right"; data: string }[][];
}

Deno.test(
  { name: "merkleRoot() and merkleProof() agree with the recorded trees", ignore },
  async (t) => {
    const { cve_2012_2459_same_root: same, ...trees } = load<Record<string, Tree>>(
      "merkle/merkle_0_to_9.json",
    );
    for (const [name, { data, leaves, root, proofs }] of Object.entries(trees)) {
      await t.step(name, () => {
        assert.deepEqual([merkleRoot(data), data.map((item) => merkleRoot([item]))], [
          root,
          leaves,
        ]);
        for (const [at, proof] of (proofs ?? []).entries()) {
          assert.deepEqual(merkleProof(data, data[at]!), proof);
          assert.ok(verifyMerkleProof(data[at]!, proof, root));
        }
      });
    }
    await t.step("two lists with one root", () => {
      const { a, b, root_a, root_b } = same as unknown as Record<string, string & string[]>;
      assert.equal(merkleRoot(a!), root_a);
      assert.equal(merkleRoot(b!), root_b);
      assert.equal(root_a, root_b);
    });
  },
);

function load<T>(path: string): T {
  return JSON.parse(Deno.readTextFileSync(new URL(path, VECTORS)));
}

function exists(url: URL): boolean {
  try {
    Deno.statSync(url);
    return true;
  } catch {
    return false;
  }
}
