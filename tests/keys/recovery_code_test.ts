import assert from "node:assert/strict";
import { newRecoveryCode, recoverySecret } from "../../core/keys/recovery_code.ts";
import { KairosError } from "../../core/errors.ts";

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const mistyped = (code: string) => {
  try {
    recoverySecret(code);
  } catch (error) {
    assert.ok(error instanceof KairosError && error.code === "invalid");
    const told = JSON.stringify(error);
    assert.ok(code.length < 5 || !told.includes(code), "the code is told");
    return true;
  }
  return false;
};

Deno.test("newRecoveryCode() holds 130 random bits in seven groups of four", () => {
  const codes = Array.from({ length: 200 }, () => newRecoveryCode());
  for (const code of codes) {
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  }
  assert.equal(new Set(codes).size, 200);
  // Every digit takes many values: none of them is fixed.
  const plain = codes.map((code) => code.replaceAll("-", ""));
  for (let at = 0; at < 28; at++) {
    assert.ok(new Set(plain.map((code) => code[at])).size > 16, `digit ${at}`);
  }
});

Deno.test("recoverySecret() reads a code however it is typed", () => {
  const code = newRecoveryCode();
  const secret = recoverySecret(code).toHex();
  const ways = [
    code.toLowerCase(),
    code.replaceAll("-", ""),
    ` ${code.replaceAll("-", "  ")}\n`,
    code.replaceAll("1", "l").replaceAll("0", "o"),
    code.replaceAll("1", "I"),
  ];
  for (const way of ways) assert.equal(recoverySecret(way).toHex(), secret, way);
});

Deno.test("recoverySecret() notices every wrong digit, every exchange and every other length", () => {
  for (let round = 0; round < 20; round++) {
    const code = newRecoveryCode().replaceAll("-", "");
    for (let at = 0; at < code.length; at++) {
      for (const digit of DIGITS) {
        if (digit === code[at]) continue;
        assert.ok(mistyped(code.slice(0, at) + digit + code.slice(at + 1)), `digit ${at}`);
      }
      for (let other = at + 1; other < code.length; other++) {
        if (code[at] === code[other]) continue;
        const digits = [...code];
        [digits[at], digits[other]] = [digits[other]!, digits[at]!];
        assert.ok(mistyped(digits.join("")), `digits ${at} and ${other} exchanged`);
      }
    }
    for (
      const other of [code.slice(1), code + "0", "", `${code}${code}`, `${code.slice(1)}U`, "道"]
    ) {
      assert.ok(mistyped(other), other);
    }
  }
});
