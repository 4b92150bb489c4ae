import assert from "node:assert/strict";
import {
  isPublicKey,
  isSignature,
  newSeed,
  publicKeyOf,
  signText,
} from "../../core/keys/ed25519.ts";

const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("signText() makes the signatures of RFC 8032", () => {
  const seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  assert.equal(
    publicKeyOf(seed).toHex(),
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  );
  assert.equal(
    signText(seed, "").toHex(),
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
      "d25bf5f0595bbe24655141438e7a100b",
  );
});

Deno.test("isSignature() refuses what is not exactly the signature", () => {
  const seed = newSeed();
  const key = publicKeyOf(seed);
  const signature = signText(seed, "yes");
  assert.ok(isSignature(key, "yes", signature));
  assert.ok(!isSignature(key, "yes ", signature));
  assert.ok(!isSignature(publicKeyOf(newSeed()), "yes", signature));
  for (const at of [0, 31, 32, 63]) {
    const flipped = signature.slice();
    flipped[at]! ^= 1;
    assert.ok(!isSignature(key, "yes", flipped), `byte ${at}`);
  }
  for (const length of [0, 63]) assert.ok(!isSignature(key, "yes", signature.subarray(0, length)));
  assert.ok(!isSignature(key, "yes", new Uint8Array(65)));
});

Deno.test("isSignature() refuses a second half beyond the order of the group", () => {
  const seed = newSeed();
  const signature = signText(seed, "yes");
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const half = BigInt(`0x${signature.slice(32).reverse().toHex()}`) + order;
  const other = signature.slice();
  other.set(hex(half.toString(16).padStart(64, "0")).reverse(), 32);
  assert.ok(!isSignature(publicKeyOf(seed), "yes", other));
});

Deno.test("isPublicKey() refuses keys under which anything verifies, in every encoding", () => {
  const bad = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    // The same points written with the prime added.
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ].flatMap((key) => {
    const signed = hex(key);
    signed[31]! |= 0x80;
    return [hex(key), signed];
  });
  for (const key of bad) assert.ok(!isPublicKey(key), key.toHex());
  assert.ok(!isPublicKey(new Uint8Array(31).fill(7)));
  // Identity as the first half and zero as the second: what a key of small order lets pass.
  const forged = new Uint8Array(64);
  forged[0] = 1;
  for (const key of bad) assert.ok(!isSignature(key, "anything", forged), key.toHex());
  for (let i = 0; i < 50; i++) assert.ok(isPublicKey(publicKeyOf(newSeed())));
});
