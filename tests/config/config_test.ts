import assert from "node:assert/strict";
import { type Config, defaultConfig, loadConfig } from "../../core/config/config.ts";
import { keyPosition } from "../../core/config/key_position.ts";
import { type SettingKey, SETTINGS } from "../../core/config/settings.ts";
import { Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";

/** Loads a settings file that holds the given text or bytes; none at all for null. */
function load(content: string | Uint8Array | null): Config {
  const root = Deno.makeTempDirSync();
  try {
    if (content !== null) {
      Deno.mkdirSync(`${root}/skills`);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      Deno.writeFileSync(`${root}/skills/config.yml`, bytes);
    }
    return loadConfig(new Disk(), root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

function refusal(content: string | Uint8Array): KairosError {
  try {
    load(content);
  } catch (error) {
    if (error instanceof KairosError) return error;
    throw error;
  }
  return assert.fail(`accepted ${JSON.stringify(content)}`);
}

/** A settings file with one value. */
function settingText(key: string, value: string): string {
  const segments = key.split(".");
  return segments.map((segment, depth) => {
    const isLast = depth === segments.length - 1;
    return `${"  ".repeat(depth)}${segment}:${isLast ? ` ${value}` : ""}\n`;
  }).join("");
}

Deno.test("loadConfig() gives the documented defaults without a file", () => {
  assert.deepEqual(load(null), {
    "http.host": "127.0.0.1",
    "http.port": 8080,
    "layers.L1.enabled": true,
    instructions_mode: "user",
    evolution_enabled: true,
    max_evolutions_per_session: 1000,
    immutable_skills: [],
    "approval.required": 1,
    "approval.allow_client": true,
    "approval.allow_asserted": true,
    "approval.expires_days": 365,
    "state_commit.enabled": true,
    "state_commit.max_snapshots": 100,
    "state_commit.auto_commit.enabled": true,
    "state_commit.auto_commit.on_events.l0_change": true,
    "state_commit.auto_commit.on_events.promotion": true,
    "state_commit.auto_commit.on_events.demotion": true,
    "state_commit.auto_commit.on_events.session_end": true,
    "state_commit.auto_commit.change_threshold.l1_changes": 5,
    "state_commit.auto_commit.change_threshold.total_changes": 10,
    "storage.lock_timeout_ms": 10_000,
    "journal.rotate_bytes": 8_388_608,
    "exchange.allowed_types": "md txt yml yaml json csv tsv bib toml png jpg gif webp pdf".split(
      " ",
    ),
    "exchange.input_bytes": 16_777_216,
    "exchange.output_bytes": 67_108_864,
    "exchange.file_bytes": 8_388_608,
    "exchange.bytes_per_hour": 256 * 1024 * 1024,
    "exchange.entries": 2000,
    "exchange.depth": 16,
    "exchange.ratio": 200,
    "exchange.sign": false,
    "exchange.require_signature": false,
    "exchange.trusted_keys": [],
    "limits.entry_bytes": 1_048_576,
    "limits.request_bytes": 1_048_576,
    "verify.background": true,
    "verify.interval_minutes": 60,
    "tools.families": [
      "hello",
      "knowledge",
      "search",
      "context",
      "resource",
      "skillset",
      "chain",
      "law",
      "state",
      "guide",
    ],
  });
});

Deno.test("loadConfig() takes the default for what says nothing", async (t) => {
  const cases = ["", "# only a comment\n", "http:\n", "http:\n  port:\n", "layers: {L1: }\n", "{}"];
  for (const text of cases) {
    await t.step(JSON.stringify(text), () => assert.deepEqual(load(text), defaultConfig()));
  }
});

Deno.test("loadConfig() reads what is accepted", async (t) => {
  const cases: [SettingKey, string, Config[SettingKey]][] = [
    ["http.host", "0.0.0.0", "0.0.0.0"],
    ["http.host", '"::1"', "::1"],
    ["http.host", "localhost", "localhost"],
    ["http.port", "1", 1],
    ["http.port", "65535", 65535],
    ["layers.L1.enabled", "no", false],
    ["layers.L1.enabled", "Off", false],
    ["layers.L1.enabled", "on", true],
    ["verify.background", "false", false],
    ["instructions_mode", "tutorial", "tutorial"],
    ["instructions_mode", "設計 1", "設計 1"],
    ["storage.lock_timeout_ms", "0", 0],
    ["storage.lock_timeout_ms", "600000", 600_000],
    ["limits.entry_bytes", "1024", 1024],
    ["tools.families", "[guide, knowledge, guide]", ["knowledge", "guide"]],
    ["tools.families", "[]", []],
    ["immutable_skills", "[core_safety, 安全]", ["core_safety", "安全"]],
  ];
  for (const [key, written, expected] of cases) {
    await t.step(`${key}: ${written}`, () => {
      const config = load(settingText(key, written));
      assert.deepEqual(config, { ...defaultConfig(), [key]: expected });
    });
  }
});

Deno.test("loadConfig() leaves unknown keys alone", () => {
  const text =
    "enabled: true\nhttp:\n  port: 9000\n  tls:\n    enabled: false\nother: [1, {a: b}]\n";
  assert.deepEqual(load(text), { ...defaultConfig(), "http.port": 9000 });
});

Deno.test("loadConfig() refuses every value outside of the bounds", async (t) => {
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const wrong = setting.kind === "boolean"
      ? ["1", '"true"', "maybe", "[true]", "{a: 1}"]
      : setting.kind === "integer"
      ? [`${setting.min - 1}`, `${setting.max + 1}`, "1.5", '"80"', "many", "true", "[1]", ".inf"]
      : setting.kind === "names"
      ? ["1", "chain", "[chain, 1]", "[[chain]]", "{chain: true}", "true"]
      : ["1", "true", "[a]", '""', '"a\\nb"', "../x", "a/b", '" "'];
    for (const written of wrong) {
      await t.step(`${key}: ${written}`, () => {
        const error = refusal(settingText(key, written));
        assert.equal(error.code, "invalid");
        const depth = key.split(".").length;
        const place = `line ${depth}, column ${depth * 2 - 1}`;
        const start = `Cannot use ${key} in "skills/config.yml" at ${place}: found `;
        assert.ok(error.message.startsWith(start), error.message);
        assert.match(error.message, /, expected .+/);
        assert.match(error.hint ?? "", /remove it to use /);
      });
    }
  }
});

Deno.test("loadConfig() names file, place and finding of what it cannot read", async (t) => {
  const cases: [string, string | Uint8Array, string][] = [
    ["broken YAML", "http:\n  port: [1\n", 'Cannot read "skills/config.yml": found '],
    ["a tab", "http:\n\tport: 1\n", "indentation"],
    [
      "a key twice",
      "http:\n  port: 1\nhttp:\n  port: 2\n",
      'the key "http" a second time at line 3',
    ],
    ["an alias", "a: &x 1\nb: *x\n", "at line 1, column 4"],
    ["a list", "- a\n", "found a list instead of fields"],
    ["a text", "hello\n", "found a single value instead of fields"],
    ["no UTF-8", new Uint8Array([0x61, 0x3a, 0x20, 0xff]), "found bytes that are no UTF-8"],
    ["a value where a group is expected", "http: 8080\n", "Cannot use http in "],
    ["a list where a group is expected", "layers:\n  L1: [a]\n", "Cannot use layers.L1 in "],
  ];
  for (const [name, content, part] of cases) {
    await t.step(name, () => {
      const error = refusal(content);
      assert.equal(error.code, "invalid");
      assert.ok(error.message.includes(part), error.message);
      assert.ok(error.message.includes('"skills/config.yml"'), error.message);
    });
  }
  await t.step("line and column as data", () => {
    const { file, line, column } = refusal("a: 1\nb: [\n").data ?? {};
    assert.deepEqual([file, typeof line, typeof column], ["skills/config.yml", "number", "number"]);
  });
});

Deno.test("loadConfig() refuses a huge file unread", () => {
  assert.equal(refusal("#".repeat(300_000)).code, "too_large");
});

Deno.test("loadConfig() reads the key that the existing implementation writes twice", async (t) => {
  const block = (item: string) => `kairos_meta_skills:\n  - ${item}\n\n`;
  const text = `enabled: true\n${block("a")}# note\n${block("b")}http:\n  port: 9000\n`;
  await t.step("in block style", () => assert.equal(load(text)["http.port"], 9000));
  await t.step("with CR LF", () => {
    assert.equal(load(text.replaceAll("\n", "\r\n"))["http.port"], 9000);
  });
  await t.step("three times, lists not indented", () => {
    const thrice = `${block("a")}${block("b")}${block("c")}`.replaceAll("  - ", "- ");
    assert.equal(load(`${thrice}http: {port: 9000}\n`)["http.port"], 9000);
  });
  await t.step("and keeps the lines of messages", () => {
    assert.match(refusal(`${text}  host: 1\n`).message, /at line 11, column 3/);
  });
  await t.step("also those of broken YAML", () => {
    assert.match(refusal(`${text}other: @\n`).message, /at line 11, column 8/);
  });
  await t.step("but no other key", () => {
    assert.equal(refusal("kairos_meta:\n- a\nkairos_meta:\n- b\n").code, "invalid");
  });
});

Deno.test("keyPosition() finds keys in block style and nothing else", async (t) => {
  const cases: [string, string, string, [number, number] | null][] = [
    ["a quoted key", "\"a\":\n    'b': 1\n", "a.b", [2, 5]],
    ["past comments and blank lines", "# a: 1\n\na: # x\n  # b: 1\n\n  b: 1\n", "a.b", [6, 3]],
    ["not in the group before", "x:\n  b: 1\na:\n  c: 2\n", "a.b", null],
    ["not in the group behind", "a:\n  c: 2\nx:\n  b: 1\n", "a.b", null],
    ["not deeper than asked", "a:\n  b: 2\n  c:\n    b: 1\n", "a.b", [2, 3]],
    ["not in a block text", "x: |\n  a: 1\na: 2\n", "a", [3, 1]],
    ["behind a list that is not indented", "x:\n- a: 1\ny: 2\n", "y", [3, 1]],
    ["not in flow style", "a: {b: 1}\n", "a.b", null],
    ["after a document start", "---\na: 1\n", "a", [2, 1]],
  ];
  for (const [name, text, path, expected] of cases) {
    await t.step(name, () => {
      const found = keyPosition(text, path);
      assert.deepEqual(found === null ? null : [found.line, found.column], expected);
    });
  }
});
