import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { templateFiles } from "../../core/assets.ts";
import { type Block, blockHash, encodeLedger } from "../../core/chain/block.ts";
import { merkleProof, merkleRoot } from "../../core/chain/merkle.ts";
import { canonicalTimestamp } from "../../core/chain/timestamp.ts";
import { RULES, verifyChain } from "../../core/chain/verify.ts";
import { decisionText } from "../../core/evolution/decision.ts";
import { MAX_APPROVERS } from "../../core/evolution/approver_set.ts";
import { MIN_PASSPHRASE } from "../../core/keys/passphrase.ts";
import { asPublicKey } from "../../core/keys/sealed_key.ts";
import { MAX_COST, MIN_COST } from "../../core/keys/slot.ts";
import { SAFETY_LIMITS } from "../../core/config/safety.ts";
import { SETTINGS } from "../../core/config/settings.ts";
import { headingSlugs } from "../gate/check_requirements.ts";

const FORMATS = "knowledge/kairos_formats";

async function textOf(source: string): Promise<string> {
  const template = templateFiles().find((one) => one.source === source);
  return await template!.load();
}

/** The fenced blocks of a document, without their fences. */
function fences(markdown: string): string[] {
  return [...markdown.matchAll(/^```.*\n([^]*?)\n```$/gm)].map((match) => match[1]!);
}

const CHAIN = await textOf(`${FORMATS}/references/chain.md`);
const ENTRIES = await textOf(`${FORMATS}/references/entries.md`);

/** Every format document by its file name. */
const DOCUMENTS: Readonly<Record<string, string>> = Object.fromEntries(
  await Promise.all(
    templateFiles().filter(({ source }) => source.startsWith(`${FORMATS}/references/`)).map(
      async ({ source, load }) => [source.slice(source.lastIndexOf("/") + 1), await load()],
    ),
  ),
);
const SLUGS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(DOCUMENTS).map(([name, text]) => [name, headingSlugs(text)]),
);

const APPROVERS = DOCUMENTS["approvers.md"]!;
const [LEDGER = "", PREIMAGE = "", MERKLE = ""] = fences(CHAIN);
const BLOCKS: readonly Block[] = JSON.parse(LEDGER);

Deno.test("chain.md shows a ledger that verifies and is laid out as kairos writes it", async () => {
  const { valid, length } = await verifyChain([new TextEncoder().encode(LEDGER)]);
  assert.deepEqual([valid, length], [true, 2]);
  assert.equal(LEDGER, encodeLedger(BLOCKS));
});

Deno.test("chain.md shows the bytes a block is hashed over", () => {
  const joined = PREIMAGE.replaceAll("\n", "");
  const { index, timestamp, previous_hash, merkle_root, data, hash } = BLOCKS[1]!;
  assert.equal(joined, `${index}${timestamp}${previous_hash}${merkle_root}${JSON.stringify(data)}`);
  assert.equal(
    blockHash(index, timestamp, previous_hash, merkle_root, JSON.stringify(data)),
    hash,
  );
  assert.match(CHAIN, new RegExp(`over these ${Buffer.byteLength(joined)} bytes`));
});

Deno.test("chain.md shows a Merkle tree as kairos builds it", () => {
  const row = (name: string) =>
    MERKLE.split("\n").find((line) => line.startsWith(name))!.slice(-64);
  assert.equal(merkleRoot(["a"]), row("leaf a"));
  assert.equal(merkleRoot(["b"]), row("leaf b"));
  assert.equal(merkleRoot(["a", "b"]), row("node (a,b)"));
  assert.equal(merkleRoot(["c", "c"]), row("node (c,c)"));
  assert.equal(merkleRoot(["a", "b", "c"]), row("root"));
  assert.equal(merkleRoot(["a", "b", "c", "c"]), row("root"));
  assert.deepEqual(merkleProof(["a", "b", "c"], "c"), [
    { position: "right", data: row("leaf c") },
    { position: "left", data: row("node (a,b)") },
  ]);
});

Deno.test("chain.md gives a canonical timestamp that is one", () => {
  const [, stored, canonical] = /^`([^`]+)` becomes `([^`]+)`/m.exec(CHAIN)!;
  assert.equal(canonicalTimestamp(stored!), canonical);
});

Deno.test("chain.md lists the rules of the verification with their verdicts", () => {
  const section = CHAIN.split("\n## ").find((part) => part.startsWith("Verification"))!;
  const rows = [...section.matchAll(/^\| `(\w+)` \| .+ \| (compatible|valid) \|$/gm)];
  assert.deepEqual(rows.map((row) => [row[1], row[2]]), Object.entries(RULES));
});

Deno.test("approvers.md shows a key file, bounds and a decision as kairos has them", () => {
  const file = JSON.parse(fences(APPROVERS)[0]!);
  const { id, name, public_key } = file;
  assert.deepEqual(asPublicKey({ id, name, public_key }), { id, name, public_key });
  assert.equal(file.passphrase.kdf.N, MIN_COST);
  for (const number of [MIN_COST, MAX_COST, MIN_PASSPHRASE]) {
    assert.match(APPROVERS, new RegExp(`\\b${number}\\b`));
  }
  assert.match(APPROVERS, new RegExp(`1 to ${MAX_APPROVERS} of`));
  const hash = "0".repeat(64);
  const facts = { instance: hash, epoch: 1, proposal: hash, seq: 1, base: hash, new: hash };
  const text = decisionText({ ...facts, verdict: "approve", expires: "2026-01-20T10:30:00Z" });
  const shown = fences(APPROVERS).find((one) => one.startsWith("kairos-decision"))!;
  const [head, ...names] = shown.split("|");
  const values = { ...facts, verdict: "approve", expires: "2026-01-20T10:30:00Z" };
  assert.equal([head, ...names.map((name) => Reflect.get(values, name))].join("|"), text);
});

Deno.test("the format documents have the headings that code and requirements cite", () => {
  const chain = "the-file the-hash-of-a-block timestamps merkle-root genesis appending locking " +
    "verification records repair";
  const entries = "a-change-and-its-record objects journal names front-matter knowledge archive " +
    "context resources";
  assert.deepEqual(headingSlugs(CHAIN), ["the-chain", ...chain.split(" ")]);
  assert.deepEqual(headingSlugs(ENTRIES).slice(1), entries.split(" "));
  const definitions = "conditions methods bindings verification decompiling drift " +
    "formalization-records";
  assert.deepEqual(SLUGS["definitions.md"]!.slice(1), definitions.split(" "));
  const approvers = "approvers what-this-stops fingerprints key-file recovery-code " +
    "where-it-is-kept approver-set approvers-json decision-text signing-elsewhere pin";
  assert.deepEqual(SLUGS["approvers.md"], approvers.split(" "));
  const evolution = "pointers records proposals kinds checks what-the-law-asks limits decisions " +
    "law-in-force versions audit what-this-stops-and-what-it-does-not";
  assert.deepEqual(SLUGS["evolution.md"]!.slice(1), evolution.split(" "));
  const state = "manifests snapshots the-record differences pending-changes automatic-commits " +
    "restoring";
  assert.deepEqual(SLUGS["state.md"]!.slice(1), state.split(" "));
});

Deno.test("every citation of a format in the sources leads to a heading", async () => {
  const { readSources } = await import("../gate/repository.ts");
  const missing: string[] = [];
  for (const [path, source] of await readSources()) {
    for (const [, document, slug] of source.matchAll(/\b([a-z_]+\.md)#([a-z-]+)/g)) {
      const slugs = SLUGS[document!];
      if (slugs !== undefined && !slugs.includes(slug!)) {
        missing.push(`${path}: ${document}#${slug}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("links inside the format documents lead somewhere", () => {
  for (const [here, text] of Object.entries(DOCUMENTS)) {
    for (const [link, document, slug] of text.matchAll(/\]\(([a-z_]+\.md)?(?:#([a-z-]+))?\)/g)) {
      const target = SLUGS[document ?? here];
      assert.ok(target !== undefined && (slug === undefined || target.includes(slug)), link);
    }
  }
});

Deno.test("the settings template explains every setting with its default and bounds", async () => {
  const text = await textOf("skills/config.yml");
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const name = key.split(".").at(-1);
    // Written out, a list of all names would keep out those that come later.
    const line = setting.kind === "names"
      ? `# ${name}: \\[${setting.default.join(", ")}\\]`
      : `${name}: ${setting.default}`;
    const shown = new RegExp(`^ *#.*\\n *${line}$`, "m").exec(text);
    assert.ok(shown !== null, key);
    if (setting.kind === "integer") {
      assert.ok(shown[0].includes(`(${setting.min} to ${setting.max})`), key);
    }
  }
});

Deno.test("the safety template and entries.md tell the limits as they are", async () => {
  const text = await textOf("config/safety.yml");
  for (const [name, { default: value, min, max }] of Object.entries(SAFETY_LIMITS)) {
    assert.match(text, new RegExp(`\\(${min} to ${max}\\)\\n  ${name}: ${value}\\n`));
    assert.match(ENTRIES, new RegExp(`\`limits\\.${name}\` \\| ${value} \\| .*${min} to ${max} `));
  }
});

Deno.test("the constitution has sections the existing reader finds, each in the table", async () => {
  const text = await textOf("skills/kairos.md");
  const ids = [...text.matchAll(/^##\s+\[([A-Z]+-\d+)\]\s+(.+)$/gm)];
  assert.ok(ids.length >= 5);
  assert.equal(text.match(/^## /gm)!.length, ids.length);
  for (const [, id, title] of ids) assert.ok(text.includes(`\n| ${id} | ${title} | `), id);
});
