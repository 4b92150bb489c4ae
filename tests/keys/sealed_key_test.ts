import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import {
  OpenKey,
  openSealedKey,
  parseSealedKey,
  type SealedKey,
  sealKey,
} from "../../core/keys/sealed_key.ts";
import { asSlot } from "../../core/keys/slot.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const encode = (value: unknown) => bytes(JSON.stringify(value));

const KEY = OpenKey.generate("愛");
const SECRETS = { passphrase: bytes("four words of it"), recovery: bytes("0000-1111") };
const SEALED = await sealKey(KEY, SECRETS);

Deno.test("openSealedKey() opens with either secret and gives the same key", async () => {
  for (const slot of ["passphrase", "recovery"] as const) {
    using key = await openSealedKey(parseSealedKey(encode(SEALED)), slot, SECRETS[slot]);
    assert.equal(key.id, KEY.id);
    assert.equal(key.sign("x"), KEY.sign("x"));
  }
});

Deno.test("openSealedKey() says the same whatever is wrong", async () => {
  using other = OpenKey.generate("Eve");
  const { passphrase } = SEALED;
  const bent = { ...passphrase, sealed: new Uint8Array(48).toBase64() };
  const right = SECRETS.passphrase;
  const cases: Record<string, readonly [SealedKey, Uint8Array]> = {
    "a wrong passphrase": [SEALED, bytes("four words of it ")],
    "the secret of the other slot": [SEALED, SECRETS.recovery],
    "changed bytes": [{ ...SEALED, passphrase: bent }, right],
    "slots exchanged": [{ ...SEALED, passphrase: SEALED.recovery }, SECRETS.recovery],
    "another public key": [{ ...SEALED, ...other.toJSON() }, right],
  };
  const messages = new Set<string>();
  for (const [name, [sealed, secret]] of Object.entries(cases)) {
    await assert.rejects(openSealedKey(sealed, "passphrase", secret), (error: KairosError) => {
      assert.equal(error.code, "refused", name);
      messages.add(JSON.stringify([error.message, error.hint, error.data, String(error.cause)]));
      return true;
    });
  }
  assert.equal(messages.size, 1);
});

Deno.test("sealKey() never uses a salt or nonce twice and keeps nothing of the key in clear", async () => {
  const again = await sealKey(KEY, {
    passphrase: SECRETS.passphrase,
    recovery: SECRETS.passphrase,
  });
  const slots = [SEALED.passphrase, SEALED.recovery, again.passphrase, again.recovery];
  assert.equal(new Set(slots.map(({ kdf }) => kdf.salt)).size, 4);
  assert.equal(new Set(slots.map(({ cipher }) => cipher.nonce)).size, 4);
  for (const { kdf } of slots) assert.ok(kdf.N >= 2 ** 17 && kdf.r === 8);
  assert.deepEqual(Object.keys(SEALED), [
    "version",
    "kind",
    "id",
    "name",
    "public_key",
    "passphrase",
    "recovery",
  ]);
});

Deno.test("asSlot() lets no file ask for more work than the bounds, nor for less", () => {
  assert.deepEqual(asSlot(SEALED.passphrase), SEALED.passphrase);
  const kdf = (change: object) => ({
    ...SEALED.passphrase,
    kdf: { ...SEALED.passphrase.kdf, ...change },
  });
  const costs = [
    2 ** 30,
    2 ** 20,
    2 ** 16,
    1,
    0,
    -1,
    131073,
    1e308,
    NaN,
    "131072",
    null,
    2 ** 17.5,
  ];
  const cases: unknown[] = [
    ...costs.map((N) => kdf({ N })),
    ...[1, 7, 9, 2 ** 20].map((r) => kdf({ r })),
    ...[0, 2, 2 ** 20].map((p) => kdf({ p })),
    kdf({ name: "pbkdf2" }),
    kdf({ salt: "AA==" }),
    kdf({ salt: "!".repeat(44) }),
    { ...SEALED.passphrase, cipher: { name: "none", nonce: "" } },
    { ...SEALED.passphrase, cipher: { name: "aes-256-gcm", nonce: "AAAA" } },
    { ...SEALED.passphrase, sealed: 1 },
    { ...SEALED.passphrase, sealed: "A".repeat(100_000) },
    null,
    "slot",
    [],
  ];
  for (const one of cases) assert.equal(typeof asSlot(one), "string", JSON.stringify(one));
});

Deno.test("parseSealedKey() refuses every file that is not exactly a key", () => {
  const text = JSON.stringify(SEALED);
  using other = OpenKey.generate("Eve");
  const cases: Record<string, Uint8Array> = {
    "empty": bytes(""),
    "cut": bytes(text.slice(0, -5)),
    "garbage": crypto.getRandomValues(new Uint8Array(500)),
    "too long": bytes(text + " ".repeat(20_000)),
    "deep": bytes("[".repeat(10_000)),
    "a list": bytes("[]"),
    "another version": encode({ ...SEALED, version: 2 }),
    "another kind": encode({ ...SEALED, kind: "mmp" }),
    "another id": encode({ ...SEALED, id: other.id }),
    "another key under the id": encode({ ...SEALED, public_key: other.public_key }),
    "a key of small order": encode({ ...SEALED, public_key: new Uint8Array(32).toBase64() }),
    "a hidden name": encode({ ...SEALED, name: "A\u202eb" }),
    "a long name": encode({ ...SEALED, name: "a".repeat(65) }),
    "no name": encode({ ...SEALED, name: "" }),
    "a name that divides": encode({ ...SEALED, name: "a|b" }),
    "no slot": encode({ ...SEALED, passphrase: undefined }),
    "a costly slot": encode({
      ...SEALED,
      recovery: { ...SEALED.recovery, kdf: { ...SEALED.recovery.kdf, N: 2 ** 30 } },
    }),
  };
  for (const [name, file] of Object.entries(cases)) {
    assert.throws(() => parseSealedKey(file), (error: KairosError) => {
      assert.equal(error.code, "invalid", name);
      assert.match(error.message, /^Cannot use the key file: /);
      return true;
    }, name);
  }
});

Deno.test("OpenKey never prints its private part and does not sign once it is closed", () => {
  const key = OpenKey.generate("Ada");
  const shown = JSON.stringify(key) + Deno.inspect(key, { depth: 9 });
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(key))), ["id", "name", "public_key"]);
  assert.doesNotMatch(shown, /seed|Uint8Array/);
  key[Symbol.dispose]();
  assert.throws(() => key.sign("x"), { code: "internal" });
});
