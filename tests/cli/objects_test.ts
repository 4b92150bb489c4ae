import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import { ObjectStore } from "../../core/objects/objects.ts";
import { document, inInstance, kairos, kairosJson } from "./harness.ts";

Deno.test("objects gc shows, then removes, what nothing refers to", async () => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "one") });
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "two") });
    const objects = new ObjectStore(new Disk(), `${root}/storage/objects`);
    const hash = objects.put(new TextEncoder().encode("left over"));

    const look = await kairos(folder, ["objects", "gc", "--dry-run"]);
    assert.equal(look.out, `${hash}  9 B\nWould remove 1 object (9 B); 2 stay\n`);
    assert.match(look.err, /Next: kairos objects gc\n/);
    assert.notEqual(objects.get(hash), null);

    const { value } = await kairosJson(folder, ["objects", "gc"]);
    assert.deepEqual(value, { done: true, kept: 2, bytes: 9, objects: [{ hash, size: 9 }] });
    assert.equal(objects.get(hash), null);
    assert.equal((await kairos(folder, ["knowledge", "show", "a", "--version", "1"])).code, 0);
  });
});
