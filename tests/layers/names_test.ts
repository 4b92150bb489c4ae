import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { checkName, isListed } from "../../core/layers/names.ts";

Deno.test("checkName() accepts one path segment in any script", () => {
  for (
    const name of ["note", "a-b_c.d", "設計メモ", "naïve note", "x".repeat(200), "v1.0", "bake"]
  ) {
    checkName(name, "knowledge");
  }
});

Deno.test("checkName() refuses what leaves the folder, hides or collides", async (t) => {
  const refused: Record<string, string> = {
    "the empty name": "",
    "the folder itself": ".",
    "the folder above": "..",
    "a path": "a/b",
    "a way up": "../evil",
    "a backslash": "..\\evil",
    "a NUL": "a\0b",
    "a newline": "a\nb",
    "an escape sequence": "a\u001b[31m",
    "a direction override": "a\u202eb",
    "a zero-width character": "a\u200bb",
    "half a character": "a\ud800",
    "a leading dot": ".hidden",
    "the archive": ".archived",
    "a backup": "note.bak",
    "a backup with a date": "note.bak.20260101",
    "a device": "CON",
    "a device with an ending": "nul.md",
    "a stream": "a:b",
    "a trailing dot": "a.",
    "a trailing space": "a ",
    "201 bytes": "x".repeat(201),
    "201 bytes of Japanese": "設".repeat(67),
  };
  for (const [what, name] of Object.entries(refused)) {
    await t.step(what, () => {
      assert.throws(
        () => checkName(name, "knowledge"),
        (error) => error instanceof KairosError && error.code === "invalid",
      );
    });
  }
});

Deno.test("checkName() says the name and the rule without control characters", () => {
  assert.throws(() => checkName("a\u001b]0;x\u0007", "session"), {
    message: 'Invalid session name "a\\u{1b}]0;x\\u{7}": it holds hidden characters',
  });
});

Deno.test("isListed() leaves out stages, the archive and backups", () => {
  for (const name of [".archived", ".stage-1", ".trash-1", "a.bak", "bak", "a.bak.1"]) {
    assert.equal(isListed(name), false, name);
  }
  for (const name of ["a", "bakery", "a.b"]) assert.equal(isListed(name), true, name);
});
