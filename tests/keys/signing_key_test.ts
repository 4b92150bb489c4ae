import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import { isSignature } from "../../core/keys/ed25519.ts";
import { SIGNING_KEY_FILE, SigningKey } from "../../core/keys/signing_key.ts";
import { inTempFolder } from "../disk/temp_folder.ts";

const POSIX = Deno.build.os !== "windows";

Deno.test("SigningKey.make() keeps a key for its owner only and never overwrites one", async () => {
  await inTempFolder((root) => {
    using made = SigningKey.make(new Disk(), root);
    if (POSIX) {
      assert.equal(Deno.statSync(`${root}/${SIGNING_KEY_FILE}`).mode! & 0o777, 0o600);
      assert.equal(Deno.statSync(`${root}/storage/keys`).mode! & 0o777, 0o700);
    }
    assert.throws(() => SigningKey.make(new Disk(), root), { code: "exists" });
    using read = SigningKey.open(new Disk(), root);
    assert.equal(read.publicKey, made.publicKey);
    const bytes = (text: string) => Uint8Array.fromBase64(text);
    assert.ok(isSignature(bytes(made.publicKey), "a text", bytes(read.sign("a text"))));
  });
});

Deno.test("SigningKey.make() survives a disk that fails at any point: a whole key or none", async () => {
  for (let failing = 0;; failing++) {
    const isDone = await inTempFolder((root) => {
      let left = failing;
      const error = new Deno.errors.PermissionDenied("no");
      const disk = new Disk({ onEffect: () => left-- <= 0 ? { error } : undefined });
      let isMade = true;
      try {
        SigningKey.make(disk, root)[Symbol.dispose]();
      } catch {
        isMade = false;
      }
      if (!SigningKey.exists(new Disk(), root)) SigningKey.make(new Disk(), root)[Symbol.dispose]();
      SigningKey.open(new Disk(), root)[Symbol.dispose]();
      return isMade;
    });
    if (isDone) break;
    assert.ok(failing < 50);
  }
});

Deno.test("SigningKey shows nothing of its private part", async () => {
  await inTempFolder((root) => {
    using key = SigningKey.make(new Disk(), root);
    const stored = JSON.parse(Deno.readTextFileSync(`${root}/${SIGNING_KEY_FILE}`));
    const shown = JSON.stringify(key) + Deno.inspect(key);
    assert.ok(!shown.includes(stored.private_key));
    assert.deepEqual(JSON.parse(JSON.stringify(key)), { id: key.id, public_key: key.publicKey });
  });
});

Deno.test("SigningKey.open() refuses what is no key of its own", async (t) => {
  const cases: readonly [what: string, change: (fields: Record<string, unknown>) => unknown][] = [
    ["no object", () => "text"],
    ["another version", (fields) => ({ ...fields, version: 2 })],
    ["the key of an approver", (fields) => ({ ...fields, kind: "approver" })],
    ["a short key", (fields) => ({ ...fields, private_key: btoa("short") })],
    ["another public key", (fields) => ({ ...fields, public_key: btoa("x".repeat(32)) })],
    ["another fingerprint", (fields) => ({ ...fields, id: "0000-0000-0000-0000-0000" })],
  ];
  for (const [what, change] of cases) {
    await t.step(what, async () => {
      await inTempFolder((root) => {
        SigningKey.make(new Disk(), root)[Symbol.dispose]();
        const path = `${root}/${SIGNING_KEY_FILE}`;
        const fields = JSON.parse(Deno.readTextFileSync(path));
        Deno.writeTextFileSync(path, JSON.stringify(change(fields)));
        assert.throws(() => SigningKey.open(new Disk(), root), (error: Error) => {
          assert.ok(!error.message.includes(fields.private_key));
          assert.ok("code" in error && error.code === "invalid", String(error));
          return true;
        });
      });
    });
  }
});

Deno.test({
  name: "SigningKey.open() refuses links and files that others may read",
  ignore: !POSIX,
  async fn() {
    await inTempFolder((root) => {
      assert.throws(() => SigningKey.open(new Disk(), root), { code: "not_found" });
      SigningKey.make(new Disk(), root)[Symbol.dispose]();
      const path = `${root}/${SIGNING_KEY_FILE}`;
      Deno.chmodSync(path, 0o640);
      assert.throws(() => SigningKey.open(new Disk(), root), { code: "refused" });
      Deno.chmodSync(path, 0o600);
      Deno.renameSync(path, `${root}/elsewhere.json`);
      Deno.symlinkSync(`${root}/elsewhere.json`, path);
      assert.throws(() => SigningKey.open(new Disk(), root), { code: "refused" });
    });
  },
});
