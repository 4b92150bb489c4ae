import assert from "node:assert/strict";
import fc from "fast-check";
import { type DefinitionNode, emptySkill, type Skill } from "../../core/dsl/ast.ts";
import { lawHash } from "../../core/dsl/canonical.ts";
import { diffLaw } from "../../core/dsl/diff.ts";
import { count } from "../counts.ts";
import { randomLaw } from "./random_law.ts";

const [A, B]: [Skill, Skill] = [emptySkill("a"), emptySkill("b")];

function statement(name: string, condition: string): DefinitionNode {
  return { type: "Check", name, options: { condition }, source_span: null };
}

Deno.test("diffLaw() names what was added, removed, changed and moved", () => {
  const change = { node: null, field: null };
  assert.deepEqual(diffLaw({ skills: [A] }, { skills: [B] }), [
    { ...change, skill: "a", change: "removed", before: { ...A }, after: null },
    { ...change, skill: "b", change: "added", before: null, after: { ...B } },
  ]);
  assert.deepEqual(diffLaw({ skills: [A] }, { skills: [{ ...A, title: "T" }] }), [
    { ...change, skill: "a", field: "title", change: "changed", before: null, after: "T" },
  ]);
  assert.deepEqual(diffLaw({ skills: [A, B] }, { skills: [B, A] }), [
    { ...change, skill: null, change: "reordered", before: ["a", "b"], after: ["b", "a"] },
  ]);
});

Deno.test("diffLaw() takes definitions apart by statement", () => {
  const law = (...definition: DefinitionNode[]) => ({ skills: [{ ...A, definition }] });
  const [x, y, z] = [statement("x", "1"), statement("y", "2"), statement("x", "3")];
  const show = (...laws: [Parameters<typeof diffLaw>[0], Parameters<typeof diffLaw>[1]]) =>
    diffLaw(...laws).map(({ field, node, change }) => `${field} ${node} ${change}`);
  assert.deepEqual(show(law(x, y), law(z, y)), ["definition x changed"]);
  assert.deepEqual(show(law(x), law(x, y)), ["definition y added"]);
  assert.deepEqual(show(law(x, z), law(x)), ["definition x (2) removed"]);
  assert.deepEqual(show(law(x, y), law(y, x)), ["definition null reordered"]);
  assert.deepEqual(show({ skills: [A] }, law()), ["definition null changed"]);
});

Deno.test("diffLaw() is empty exactly when the hashes are equal", () => {
  fc.assert(
    fc.property(randomLaw, randomLaw, (one, other) => {
      assert.deepEqual(diffLaw(one, structuredClone(one)), []);
      assert.equal(diffLaw(one, other).length === 0, lawHash(one) === lawHash(other));
    }),
    { numRuns: count("fuzzRuns") },
  );
});
