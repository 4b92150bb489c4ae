import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson, lawAsJson, lawHash } from "../../core/dsl/canonical.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { count } from "../counts.ts";
import { randomLaw } from "./random_law.ts";

const FILE = { file: "skills/kairos.ts" };

Deno.test("printLaw() and parseLaw() give back every law, and printing again changes nothing", () => {
  fc.assert(
    fc.property(randomLaw, (law) => {
      const source = printLaw(law);
      const read = parseLaw(source, FILE);
      assert.deepEqual(read, law);
      assert.equal(printLaw(read), source);
      assert.equal(lawHash(read), lawHash(law));
      assert.deepEqual(JSON.parse(canonicalJson(lawAsJson(law))), lawAsJson(law));
    }),
    { numRuns: count("laws") },
  );
});
