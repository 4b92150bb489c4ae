import assert from "node:assert/strict";
import { checkNewPassphrase, passphraseBytes } from "../../core/keys/passphrase.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("passphraseBytes() takes the same characters for the same, however they were typed", () => {
  const [composed, split] = ["\u00e9\u00e9 \u304c", "e\u0301e\u0301 \u304b\u3099"];
  assert.equal(
    passphraseBytes(bytes(composed)).toHex(),
    passphraseBytes(bytes(split)).toHex(),
  );
  assert.equal(
    new TextDecoder().decode(passphraseBytes(bytes("  kept as typed "))),
    "  kept as typed ",
  );
});

Deno.test("passphraseBytes() wipes what was typed, also when it refuses it", () => {
  const cases = [bytes("secret words"), new Uint8Array(1025).fill(65), Uint8Array.of(0x41, 0xff)];
  for (const typed of cases) {
    try {
      passphraseBytes(typed);
    } catch (error) {
      assert.match((error as Error).message, /^Cannot use the passphrase: it must be UTF-8/);
    }
    assert.ok(typed.every((byte) => byte === 0));
  }
  assert.throws(() => passphraseBytes(new Uint8Array(1025).fill(65)), { code: "invalid" });
  assert.throws(() => passphraseBytes(Uint8Array.of(0xff)), { code: "invalid" });
});

Deno.test("checkNewPassphrase() refuses what is guessed soon and never tells it", () => {
  for (
    const weak of [
      "",
      "short",
      "elevenchars",
      "aaaaaaaaaaaaaaaa",
      "abcabcabcabc",
      "道道道道道道道道道道道道",
    ]
  ) {
    assert.throws(() => checkNewPassphrase(bytes(weak)), (error: Error & { code: string }) => {
      assert.equal(error.code, "invalid");
      assert.ok(weak === "" || !JSON.stringify(error).includes(weak));
      return true;
    });
  }
  checkNewPassphrase(bytes("twelve chars"));
  checkNewPassphrase(bytes("いろはにほへとちりぬるを"));
});
