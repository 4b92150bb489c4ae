import assert from "node:assert/strict";
import fc from "fast-check";
import { parseResourceHref, resourceHref, SCHEMES } from "../../core/layers/resource_uri.ts";
import { count } from "../counts.ts";

Deno.test("parseResourceHref() decodes names and then judges them", async (t) => {
  const good: Readonly<Record<string, readonly string[]>> = {
    "knowledge://notes": ["notes"],
    "knowledge://a%20b/scripts/%C3%BC.sh": ["a b", "scripts", "ü.sh"],
    "knowledge://100%25/scripts/a%2541": ["100%", "scripts", "a%41"],
    "knowledge://日本 語": ["日本 語"],
  };
  for (const [href, segments] of Object.entries(good)) {
    await t.step(href, () => assert.deepEqual(parseResourceHref(href).segments, segments));
  }
  const bad: Readonly<Record<string, string>> = {
    "": "invalid",
    "file:///etc/passwd": "invalid",
    "KNOWLEDGE://notes": "invalid",
    "knowledge://": "invalid",
    "knowledge://notes/": "invalid",
    "knowledge://notes/scripts//x": "invalid",
    "knowledge://%": "invalid",
    "knowledge://%ff": "invalid",
    "knowledge://../outside": "refused",
    "knowledge://%2e%2e/outside": "refused",
    "knowledge://notes/scripts/..%2F..%2Foutside": "refused",
    "knowledge://notes%2Fscripts%2Frun.sh": "refused",
    "knowledge://notes/scripts/run.sh%00.md": "refused",
    "knowledge://notes%5Cscripts": "refused",
    "knowledge://%2Earchived/old": "refused",
    "knowledge://a%E2%80%AEb": "refused",
  };
  for (const [href, code] of Object.entries(bad)) {
    await t.step(href || "an empty address", () => {
      assert.throws(() => parseResourceHref(href), { code });
    });
  }
  await t.step("an address that is too long or too deep", () => {
    assert.throws(() => parseResourceHref(`knowledge://${"x".repeat(40_000)}`), {
      code: "invalid",
    });
    assert.throws(() => parseResourceHref(`knowledge://${"a/".repeat(40)}a`), { code: "invalid" });
  });
});

Deno.test("resourceHref() writes URLs that stay as they are and come back as they went", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => !/[/\\]|^\./.test(text));
  const scheme = fc.constantFrom(...Object.values(SCHEMES));
  const property = fc.property(
    scheme,
    fc.array(name, { minLength: 1, maxLength: 5 }),
    (start, names) => {
      const href = resourceHref(start + names.join("/"));
      assert.equal(new URL(href).href, href);
      try {
        assert.deepEqual(parseResourceHref(href).segments, names);
      } catch (error) {
        // Hidden characters are the only thing left to refuse.
        assert.match(String(error), /hidden/);
      }
    },
  );
  fc.assert(property, { numRuns: count("fuzzRuns") });
});
