import assert from "node:assert/strict";
import fc from "fast-check";
import { merkleProof, merkleRoot, verifyMerkleProof } from "../../core/chain/merkle.ts";
import { count } from "../counts.ts";

Deno.test("merkleProof() proves every item of every tree and no other", () => {
  const items = fc.uniqueArray(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(items, (items) => {
      const root = merkleRoot(items);
      for (const item of items) {
        const proof = merkleProof(items, item);
        assert.ok(proof !== null);
        assert.ok(verifyMerkleProof(item, proof, root));
        assert.ok(!verifyMerkleProof(item + "x", proof, root));
        for (let at = 0; at < proof.length; at++) {
          const turned = proof.map((step, i) =>
            i === at
              ? { ...step, data: step.data.replace(/^./, (c) => c === "0" ? "1" : "0") }
              : step
          );
          assert.ok(!verifyMerkleProof(item, turned, root));
        }
      }
    }),
    { numRuns: Math.ceil(count("fuzzRuns") / 10) },
  );
});

Deno.test("merkleProof() is null for an item that is not there", () => {
  assert.equal(merkleProof(["a", "b"], "c"), null);
  assert.equal(merkleProof([], "a"), null);
});

Deno.test("merkleProof() proves the first of two equal items", () => {
  assert.deepEqual(merkleProof(["a", "b", "a"], "a"), merkleProof(["a", "b", "a"], "a"));
  assert.equal(merkleProof(["a", "b", "a"], "a")?.[0]?.position, "right");
});

Deno.test("merkleRoot() depends on the order and on every item", () => {
  const roots = [["a", "b", "c"], ["a", "c", "b"], ["a", "b"], ["a", "b", "d"], ["a"], []];
  assert.equal(new Set(roots.map(merkleRoot)).size, roots.length);
  assert.equal(merkleRoot([]), "");
  // Known of this tree: an odd last item counts twice. The block's hash tells the two apart.
  assert.equal(merkleRoot(["a", "b", "c"]), merkleRoot(["a", "b", "c", "c"]));
});
