import assert from "node:assert/strict";
import {
  areSameFacts,
  Disk,
  type FileFacts,
  isSettled,
  stampOfFacts,
} from "../../core/disk/mod.ts";
import { withFolder } from "../support/instance.ts";

const FACTS: FileFacts = {
  kind: "file",
  device: 1,
  inode: 2,
  size: 3,
  modified: 10_000,
  changed: 20_000,
  mode: 0o644,
};

Deno.test("stampOfFacts() and areSameFacts() tell of any fact that is another", () => {
  const others: FileFacts[] = [
    { ...FACTS, kind: "link" },
    { ...FACTS, device: 2 },
    { ...FACTS, inode: 3 },
    { ...FACTS, size: 2 },
    { ...FACTS, modified: 10_001 },
    { ...FACTS, changed: 20_001 },
    { ...FACTS, mode: 0o600 },
  ];
  const all = [null, FACTS, ...others];
  assert.equal(new Set(all.map(stampOfFacts)).size, all.length);
  for (const a of all) {
    for (const b of all) assert.equal(areSameFacts(a, b === null ? null : { ...b }), a === b);
  }
});

Deno.test("isSettled() trusts no time that anybody can set", () => {
  const cases: [facts: FileFacts | null, now: number, settled: boolean][] = [
    [FACTS, 22_001, true],
    [FACTS, 22_000, false],
    [{ ...FACTS, modified: 0 }, 22_000, false],
    [{ ...FACTS, modified: 99_000 }, 22_001, true],
    [{ ...FACTS, changed: 0 }, 12_001, true],
    [{ ...FACTS, changed: 0 }, 12_000, false],
    [null, 0, true],
  ];
  for (const [facts, now, settled] of cases) assert.equal(isSettled(facts, now), settled);
});

Deno.test("stat() tells of a change whose time was set back", async () => {
  await withFolder((folder) => {
    const path = `${folder}/file`;
    const disk = new Disk();
    Deno.writeTextFileSync(path, "one");
    Deno.utimeSync(path, 1000, 1000);
    const { modified, changed } = disk.stat(path)!;
    assert.equal(modified, 1_000_000);
    // Where the platform has no such time it is 0, and nobody relies on it.
    if (Deno.build.os !== "windows") assert.ok(changed > 1_000_000_000_000);
  });
});
