import assert from "node:assert/strict";
import { readSecretLine } from "../../cli/secret_line.ts";

/** Types a text into the reader; what follows the line is left over. */
function type(text: string | Uint8Array) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let at = 0;
  const line = readSecretLine(() => Promise.resolve(at < bytes.length ? bytes[at++]! : null));
  return line.then((typed) => new TextDecoder().decode(typed));
}

Deno.test("readSecretLine() edits a line as terminals do", async () => {
  const cases: [string, string][] = [
    ["secret\n", "secret"],
    ["secret\r", "secret"],
    ["\n", ""],
    ["secx\x7fret\n", "secret"],
    ["secx\bret\n", "secret"],
    ["道路\x7f標\n", "道標"],
    ["😀\x7fa\n", "a"],
    ["\x7f\x7fa\n", "a"],
    ["wrong\x15right\n", "right"],
    ["a\nb\n", "a"],
  ];
  for (const [typed, line] of cases) assert.equal(await type(typed), line, JSON.stringify(typed));
});

Deno.test("readSecretLine() gives up when the person does, and tells nothing of the line", async () => {
  for (const typed of ["hidden words\x03", "hidden words\x04", "\x04", "hidden words", ""]) {
    await assert.rejects(type(typed), (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, "refused");
      assert.doesNotMatch(error.message + error.hint, /hidden/);
      return true;
    });
  }
});

Deno.test("readSecretLine() holds no more than a passphrase may have, and one byte", async () => {
  assert.equal((await type(new Uint8Array(100_000).fill(0x61).fill(0x0a, 99_999))).length, 1025);
});
