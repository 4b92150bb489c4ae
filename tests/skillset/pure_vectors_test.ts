/** Names, versions and content hashes of SkillSets, against what the existing implementation says. */

import assert from "node:assert/strict";
import { contentHash, hashedText, inByteOrder } from "../../core/skillset/content_hash.ts";
import { checkSkillSetName } from "../../core/skillset/names.ts";
import {
  compareVersions,
  parseConstraint,
  parseVersion,
  satisfies,
} from "../../core/skillset/versions.ts";
import { KairosError } from "../../core/errors.ts";

const VECTORS = new URL("../../../shared/vectors/", import.meta.url);

function load<T>(path: string): T {
  return JSON.parse(Deno.readTextFileSync(new URL(path, VECTORS)));
}

function exists(): boolean {
  try {
    return Deno.statSync(VECTORS).isDirectory;
  } catch {
    return false;
  }
}

const ignore = !exists();

Deno.test({
  name: "checkSkillSetName() accepts and refuses the recorded names with the recorded phrases",
  ignore,
  fn() {
    const rows = load<{ name: unknown; result: string }[]>("misc/names.json");
    assert.ok(rows.length > 20);
    for (const { name, result } of rows) {
      const expected = result === "ok" ? null : result.replace("ArgumentError: ", "");
      const phrase = expected?.replaceAll(
        /[\0\n]/g,
        (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
      );
      assert.equal(messageOf(() => checkSkillSetName(name)), phrase ?? null, String(name));
    }
  },
});

interface ConstraintRow {
  constraint: string;
  satisfied?: Record<string, boolean>;
  message?: string;
}

Deno.test({
  name: "satisfies() decides every recorded pair of constraint and version",
  ignore,
  fn() {
    const { rows, versions } = load<
      { rows: ConstraintRow[]; versions: { version: string | null; result: string }[] }
    >("misc/version_constraints.json");
    for (const { constraint, satisfied, message } of rows) {
      if (satisfied === undefined) {
        assert.match(message!, /^Illformed requirement/);
        assert.match(messageOf(() => parseConstraint(constraint)) ?? "", /^Illformed requirement/);
        continue;
      }
      const parts = parseConstraint(constraint);
      for (const [version, expected] of Object.entries(satisfied)) {
        assert.equal(satisfies(parseVersion(version), parts), expected, `${constraint} ${version}`);
      }
    }
    for (const { version, result } of versions) {
      if (version === null) continue;
      const failure = messageOf(() => assert.equal(parseVersion(version).text, result));
      assert.equal(failure !== null, result.startsWith("ArgumentError"), version);
    }
  },
});

Deno.test({
  name: "contentHash() equals every recorded package, text and order included",
  ignore,
  fn() {
    const packages = load<
      {
        name: string;
        file_list: string[];
        all_file_hashes: [string, string][];
        canonical_json: string;
        content_hash: string;
      }[]
    >("packages/index.json");
    let compared = 0;
    for (const { name, file_list, all_file_hashes, canonical_json, content_hash } of packages) {
      if (canonical_json === undefined) continue;
      const shuffled = all_file_hashes.toReversed();
      assert.equal(hashedText(shuffled), canonical_json, name);
      assert.equal(contentHash(shuffled), content_hash, name);
      assert.deepEqual(inByteOrder(shuffled, ([path]) => path).map(([path]) => path), file_list);
      compared++;
    }
    assert.ok(compared >= 10, `${compared} compared`);
  },
});

Deno.test("compareVersions() orders numbers as numbers and pre-releases before releases", () => {
  const order = "0 0.9.9 1.0.a 1.0.0-beta.1 1.0 1.0.1 1.9 1.10 2.0.0-rc.1 2".split(" ").map(
    parseVersion,
  );
  for (const [at, left] of order.entries()) {
    for (const [other, right] of order.entries()) {
      const found = Math.sign(compareVersions(left, right));
      assert.equal(found, Math.sign(at - other), `${left.text} ${right.text}`);
    }
  }
  assert.equal(compareVersions(parseVersion("1"), parseVersion("1.0.0")), 0);
  assert.equal(compareVersions(parseVersion("1.0.a"), parseVersion("1.a")), 0);
  const huge = "9".repeat(100);
  assert.ok(compareVersions(parseVersion(`1.${huge}`), parseVersion(`1.${huge}1`)) < 0);
});

Deno.test("inByteOrder() sorts by UTF-8 bytes", () => {
  const paths = ["\u{1f600}", "\uff21", "a/z", "a.md", "a-b/x", "A", "10", "9", "__proto__"];
  assert.deepEqual(
    inByteOrder(paths, (path) => path),
    ["10", "9", "A", "__proto__", "a-b/x", "a.md", "a/z", "\uff21", "\u{1f600}"],
  );
});

function messageOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return error.message;
  }
}
