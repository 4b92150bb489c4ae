import assert from "node:assert/strict";
import { matchesGlob } from "../../core/config/glob.ts";
import { loadSafety, type Safety } from "../../core/config/safety.ts";
import { Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";

function load(text: string | null): Safety {
  const root = Deno.makeTempDirSync();
  try {
    if (text !== null) {
      Deno.mkdirSync(`${root}/config`);
      Deno.writeTextFileSync(`${root}/config/safety.yml`, text);
    }
    return loadSafety(new Disk(), root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("matchesGlob() matches whole names, letter case ignored", async (t) => {
  const cases: [string, string, boolean][] = [
    ["*.key", "server.key", true],
    ["*.key", ".key", true],
    ["*.key", "server.KEY", true],
    ["*.KEY", "server.key", true],
    ["*.key", "server.key.md", false],
    ["*.key", "serverkey", false],
    [".env*", ".env", true],
    [".env*", ".ENV.local", true],
    [".env*", "x.env", false],
    ["?.md", "a.md", true],
    ["?.md", "日.md", true],
    ["?.md", "😀.md", true],
    ["?.md", ".md", false],
    ["?.md", "ab.md", false],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "abcbc", true],
    ["a*b*c", "acb", false],
    ["*a?", "aaab", true],
    ["*", "", true],
    ["**", "anything", true],
    ["", "", true],
    ["", "a", false],
    ["a.c", "abc", false],
    ["a+", "a+", true],
    ["a+", "aa", false],
    ["*.pem", "a\n.pem", true],
  ];
  for (const [pattern, name, expected] of cases) {
    await t.step(`${JSON.stringify(pattern)} on ${JSON.stringify(name)}`, () => {
      assert.equal(matchesGlob(pattern, name), expected);
    });
  }
});

Deno.test("matchesGlob() ends soon on a pattern that would make others try all ways", () => {
  assert.equal(matchesGlob("*a".repeat(60) + "b", "a".repeat(10_000)), false);
});

Deno.test("loadSafety() gives the documented defaults without a file and with an empty one", () => {
  for (const text of [null, "", "limits:\nblocklist:\n"]) {
    const { isBlocked, ...rest } = load(text);
    assert.deepEqual(rest, {
      maxReadBytes: 100_000,
      maxSearchLines: 500,
      maxTreeDepth: 5,
      blocklist: [".env*", "*.key", "*.pem"],
    });
    assert.deepEqual([".env", "a.key", "A.PEM"].map(isBlocked), [true, true, true]);
    assert.equal(isBlocked("notes.md"), false);
  }
});

Deno.test("loadSafety() adds patterns and takes none away", async (t) => {
  const { isBlocked } = load('blocklist: ["*.secret"]\n');
  await t.step("added", () => assert.equal(isBlocked("a.secret"), true));
  await t.step("always", () => assert.equal(isBlocked("a.pem"), true));
  await t.step("with an empty list", () => {
    assert.equal(load("blocklist: []\n").isBlocked("a.key"), true);
  });
});

Deno.test("loadSafety() reads limits and leaves unknown keys alone", () => {
  const text = "safe_root: .\nallowed_paths: []\nlimits:\n  max_read_bytes: 5\n  other: 1\n";
  const { maxReadBytes, maxTreeDepth } = load(text);
  assert.deepEqual([maxReadBytes, maxTreeDepth], [5, 5]);
});

Deno.test("loadSafety() refuses what it cannot enforce", async (t) => {
  const cases: [string, string, string][] = [
    ["unreadable YAML", "blocklist:\n- *.key\n", "at line 2"],
    ["a list of limits", "limits: [1]\n", "Cannot use limits in "],
    ["zero bytes", "limits:\n  max_read_bytes: 0\n", "at line 2, column 3"],
    ["too many bytes", "limits:\n  max_read_bytes: 16777217\n", "expected a whole number from 1"],
    ["text for a number", 'limits:\n  max_tree_depth: "5"\n', "Cannot use limits.max_tree_depth"],
    ["one pattern instead of a list", "blocklist: .env\n", "expected a list"],
    ["a number as a pattern", "blocklist: [1]\n", "expected patterns"],
    ["an empty pattern", 'blocklist: [""]\n', "expected patterns"],
    ["a pattern with a folder", "blocklist: [secrets/x]\n", "expected patterns"],
    ["a wildcard we do not have", 'blocklist: ["*.p[e]m"]\n', "expected patterns"],
    ["a long pattern", `blocklist: [${"a".repeat(129)}]\n`, "expected patterns"],
    ["too many patterns", `blocklist: [${"a,".repeat(1001)}]\n`, "at most 1000"],
  ];
  for (const [name, text, part] of cases) {
    await t.step(name, () => {
      assert.throws(() => load(text), (error) => {
        assert.ok(error instanceof KairosError && error.code === "invalid");
        assert.ok(error.message.includes(part), error.message);
        return error.message.includes('"config/safety.yml"');
      });
    });
  }
});
