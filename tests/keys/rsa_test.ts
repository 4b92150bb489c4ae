import assert from "node:assert/strict";
import { keptRsaPublicKey, newRsaKey, readRsaPublicKey, RsaKey } from "../../core/keys/rsa.ts";

Deno.test("keptRsaPublicKey() reads what readRsaPublicKey() wrote, and nothing that is torn", async () => {
  const key = RsaKey.open(await newRsaKey());
  if (typeof key === "string") throw new Error(key);
  const { pem } = key.publicKey;
  assert.deepEqual(keptRsaPublicKey(pem), key.publicKey);
  assert.deepEqual(keptRsaPublicKey(pem), readRsaPublicKey(pem));
  const lines = pem.split("\n");
  const torn = [
    lines.toSpliced(3, 1).join("\n"),
    pem.replace("BEGIN PUBLIC", "BEGIN NO"),
    pem.slice(0, -30),
    "",
    null,
  ];
  for (const text of torn) assert.equal(typeof keptRsaPublicKey(text), "string", `${text}`);
});
