import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeZip } from "../../core/skillset/decode.ts";
import { judgeForm } from "../../core/skillset/judge_path.ts";
import { PACKAGE_LIMITS, type PackageLimits } from "../../core/skillset/limits.ts";
import { judgeZipForm } from "../../core/skillset/mac_leftover.ts";
import { PackageRefusedError } from "../../core/skillset/refusal.ts";
import { importSkill } from "../../core/skillset/skill_import.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { unzip } from "../../core/skillset/unzip.ts";
import { count, pick } from "../counts.ts";
import { DOCUMENT, GOOD_ZIP, HOSTILE_ZIPS, LEGAL_ZIPS } from "./hostile_zips.ts";
import { zip, zipFile } from "./zip_parts.ts";

async function decode(
  bytes: Uint8Array,
  limits: Partial<PackageLimits> = {},
): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  const options = { limits: { ...PACKAGE_LIMITS, ...limits } };
  for await (const file of decodeZip(bytes, options)) files.push(file);
  return files;
}

Deno.test("decodeZip() refuses every hostile zip for its own reason", async (t) => {
  const made = Object.values(HOSTILE_ZIPS).flat().length;
  assert.ok(made >= 60, `${made} hostile zips`);
  for (const [family, members] of Object.entries(HOSTILE_ZIPS)) {
    await t.step(family, async () => {
      for (const { what, reason, make, limits } of pick("hostileOfFamily", members)) {
        await assert.rejects(decode(make(), limits), (error) => {
          assert.ok(error instanceof PackageRefusedError, `${what}: ${error}`);
          assert.equal(error.reason, reason, `${what}: ${error.message}`);
          // deno-lint-ignore no-control-regex -- the point is that there are none
          assert.doesNotMatch(error.message, /[\0-\x1f\x7f\u202e]/, what);
          return true;
        }, what);
      }
    });
  }
});

Deno.test("decodeZip() opens zips that are merely unusual", async (t) => {
  for (const [what, make] of Object.entries(LEGAL_ZIPS)) {
    await t.step(what, async () => {
      const files = await decode(make());
      const document = files.find(({ path }) => path === "SKILL.md");
      assert.equal(new TextDecoder().decode(document?.bytes), DOCUMENT);
    });
  }
});

Deno.test("what Macs add to every zip is left out by name, and nothing else that is hidden", async (t) => {
  const mac = [
    "__MACOSX/",
    "__MACOSX/._SKILL.md",
    "__MACOSX/a/._設計.md",
    ".DS_Store",
    "a/.DS_Store",
  ];
  const entries = mac.map((name) => name.endsWith("/") ? { name, method: 0 } : zipFile(name, "x"));
  const found = await decode(zip([...GOOD_ZIP, ...entries]));
  const { files, leftOut } = importSkill(found, { limits: PACKAGE_LIMITS });
  assert.deepEqual(leftOut, mac.slice(1));
  assert.equal(files.length, 2, "the document and the manifest");
  const others: Readonly<Record<string, string>> = {
    "._SKILL.md": "hidden_path",
    "a/._x.md": "hidden_path",
    "a/__MACOSX/._x.md": "hidden_path",
    "__MACOSX/.x": "hidden_path",
    "__MACOSX/.a/._x": "hidden_path",
    ".DS_Store/x.md": "hidden_path",
    "__MACOSX/../x.md": "path_traversal",
    "__MACOSX/._a\\b": "path_traversal",
    "../.DS_Store": "path_traversal",
    "/.DS_Store": "absolute_path",
    "__MACOSX/._\u202e.md": "hidden_characters",
  };
  for (const [name, reason] of Object.entries(others)) {
    await t.step(reason + JSON.stringify(name), async () => {
      await assert.rejects(decode(zip([...GOOD_ZIP, zipFile(name, "x")])), { reason });
    });
  }
});

Deno.test("damaged zips are refused or harmless, and nothing else happens", async () => {
  const good = zip([...GOOD_ZIP, zipFile("references/設計.md", "some text ".repeat(50))]);
  let state = 20260121;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let run = count("packageMutations"); run > 0; run -= 4) {
    const bytes = good.slice();
    for (let left = 1 + random(4); left > 0; left--) bytes[random(bytes.length)] = random(256);
    const cut = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    try {
      for await (const { path } of unzip(cut, PACKAGE_LIMITS)) {
        assert.equal(judgeZipForm(path, PACKAGE_LIMITS.depth + 1), null);
      }
    } catch (error) {
      if (!(error instanceof PackageRefusedError)) throw error;
    }
  }
});

Deno.test("a tree that is zipped and taken apart is the same tree", async () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((text) => judgeForm(text, 1) === null);
  const trees = fc.uniqueArray(fc.tuple(name, name, fc.uint8Array({ maxLength: 300 })), {
    selector: ([folder]) => folder.normalize("NFKC").toLowerCase().toUpperCase(),
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(trees, fc.constantFrom(0, 8), async (tree, method) => {
      const files = tree.map(([folder, name, body]) => ({ name: `${folder}/${name}`, body }));
      const found: PackedFile[] = [];
      const bytes = zip(files.map((file) => ({ ...file, method })));
      for await (const file of unzip(bytes, PACKAGE_LIMITS)) found.push(file);
      assert.deepEqual(
        found.map(({ path, bytes }) => [path, [...bytes]]),
        files.map(({ name, body }) => [name, [...body]]),
      );
    }),
    { numRuns: count("packageTrips") },
  );
});
