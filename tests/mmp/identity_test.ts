import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { openMeetingKey, ownIdentity } from "../../mmp/identity.ts";
import { withInstance } from "../support/instance.ts";
import { isPeer, readIntroduction } from "../../mmp/introduction.ts";
import { arrived, DEFAULTS } from "./people.ts";

const FILE = "keys/mmp_keypair.pem";

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}

Deno.test("openMeetingKey() makes one key, for its owner only, also when many ask at once", async () => {
  await withInstance(async (instance, root) => {
    const other = await openInstance(root, { mode: "write" });
    const keys = await Promise.all(
      [instance, other, instance].map(({ store }) => openMeetingKey(store)),
    );
    assert.equal(new Set(keys.map(({ publicKey }) => publicKey.spki)).size, 1);
    assert.deepEqual([modeOf(`${root}/keys`), modeOf(`${root}/${FILE}`)], [0o700, 0o600]);
    assert.match(Deno.readTextFileSync(`${root}/${FILE}`), /^-----BEGIN RSA PRIVATE KEY-----\n/);
    assert.equal(Deno.readTextFileSync(`${root}/${FILE}.pub`), keys[0]!.publicKey.pem);
    const reading = await openInstance(root, { mode: "read" });
    assert.equal((await openMeetingKey(reading.store)).publicKey.spki, keys[0]!.publicKey.spki);
  });
});

Deno.test("openMeetingKey() makes no key where nothing may be written", async () => {
  await withInstance(async ({ store }) => {
    await assert.rejects(openMeetingKey(store), { code: "refused" });
  }, { mode: "read" });
});

Deno.test("openMeetingKey() refuses a key that others may read, a link, and what is no key", async () => {
  await withInstance(async ({ store }, root) => {
    await openMeetingKey(store);
    const path = `${root}/${FILE}`;
    const pem = Deno.readTextFileSync(path);
    Deno.chmodSync(path, 0o640);
    await assert.rejects(openMeetingKey(store), { code: "refused", message: /mode is 640/ });
    Deno.chmodSync(path, 0o600);
    Deno.writeTextFileSync(path, pem.slice(0, 500));
    await assert.rejects(openMeetingKey(store), (error: Error) => {
      assert.match(error.message, /it is no private key/);
      assert.ok(!error.message.includes(pem.slice(100, 150)));
      return true;
    });
    Deno.renameSync(path, `${root}/keys/elsewhere`);
    Deno.symlinkSync("elsewhere", path);
    await assert.rejects(openMeetingKey(store), { code: "refused" });
  });
});

Deno.test("ownIdentity() is an introduction others verify, and keeps its id when the name changes", async () => {
  await withInstance(async ({ store }) => {
    const key = await openMeetingKey(store);
    const ids = ["Ada", "日本の記憶"].map((name) => {
      const own = ownIdentity(key, { ...DEFAULTS, "identity.name": name });
      const { identity, publicKey, signature } = own;
      const introduced = readIntroduction(
        arrived({ identity, public_key: publicKey.pem, identity_signature: signature }),
      );
      assert.ok(isPeer(introduced) && introduced.bound);
      assert.equal(introduced.name, name);
      return introduced.instanceId;
    });
    assert.equal(ids[0], ids[1]);
  });
});
