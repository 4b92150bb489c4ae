import assert from "node:assert/strict";
import { document, inFolder, inInstance, kairos, kairosJson } from "./harness.ts";

interface Commit {
  readonly hash: string;
  readonly block: number;
  readonly type: string;
  readonly reason: string;
}

const set = (folder: string, name: string, body: string) =>
  kairos(folder, ["knowledge", "set", name], { stdin: document(name, body) });
const save = (folder: string, name: string, body: string) =>
  kairos(folder, ["context", "save", name, "--session", "s"], { stdin: document(name, body) });

Deno.test("state commit, history and diff tell what all layers hold", async () => {
  await inInstance(async (folder) => {
    const none = await kairos(folder, ["state", "diff"]);
    assert.equal(none.code, 1);
    assert.match(none.err, /Commit not found: "last"/);
    assert.match((await kairos(folder, ["state", "history"])).out, /^No state commits yet\n$/);
    await set(folder, "a", "one");
    await save(folder, "n", "会議");
    const first = await kairosJson<Commit>(folder, ["state", "commit", "the first"]);
    assert.equal(first.code, 0);
    assert.equal(first.value.type, "explicit");
    const again = await kairos(folder, ["state", "commit", "the same"]);
    assert.equal(again.code, 5);
    assert.match(again.err, /No changes since last commit\. Use force=true to commit anyway/);
    await save(folder, "n", "決定");
    await set(folder, "b", "one");
    const diff = await kairos(folder, ["state", "diff"]);
    assert.equal(diff.out, "+ L1 b\n~ L2 s\nL1: +1; L2: ~1 sessions\n");
    const second = await kairos(folder, ["state", "commit", "the second", "--force"]);
    assert.match(second.out, /^Committed [0-9a-f]{12} as block \d+: L1: \+1; L2: ~1 sessions\n$/);
    const { value } = await kairosJson<Commit[]>(folder, ["state", "history"]);
    assert.deepEqual(value.map(({ reason }) => reason), ["the second", "the first"]);
    const between = ["state", "diff", value[1]!.hash.slice(0, 8), value[0]!.hash.slice(0, 8)];
    assert.equal((await kairos(folder, between)).out, diff.out);
    const shown = await kairosJson<{ reason: string }>(folder, ["state", "history", "last"]);
    assert.equal(shown.value.reason, "the second");
    assert.match((await kairos(folder, ["state", "history"])).out, /the first/);
  });
});

Deno.test("state diff names the constitution, and the law's source where no skill differs", async () => {
  await inFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    await kairos(folder, ["init"]);
    await kairos(folder, ["state", "commit", "first"]);
    await Deno.writeTextFile(`${root}/skills/kairos.md`, "# 憲法\n");
    const diff = await kairos(folder, ["state", "diff"]);
    assert.equal(diff.out, "~ L0 kairos.md\nL0: changed\n");
    const source = await Deno.readTextFile(`${root}/skills/kairos.ts`);
    await Deno.writeTextFile(`${root}/skills/kairos.ts`, `${source}// A remark\n`);
    const adopt = await kairosJson<{ id: string }>(folder, ["skills", "adopt"]);
    const yes = { terminal: true, answers: ["yes"] };
    const done = await kairos(folder, ["proposals", "approve", adopt.value.id], yes);
    assert.equal(done.code, 0, done.err);
    const first = (await kairosJson<Commit[]>(folder, ["state", "history"])).value.at(-1)!.hash;
    const both = await kairos(folder, ["state", "diff", first]);
    assert.equal(both.out, "~ L0 kairos.ts\n~ L0 kairos.md\nL0: changed\n");
  });
});

Deno.test("state status tells what is pending", async () => {
  await inInstance(async (folder) => {
    await kairos(folder, ["state", "commit", "first"]);
    await set(folder, "a", "one");
    await save(folder, "n", "one");
    const { out, err } = await kairos(folder, ["state", "status"]);
    assert.match(out, /Last commit +[0-9a-f]{12}, .+: first\n/);
    assert.match(out, /Pending +2 changes \(L0 0, L1 1, L2 1\)\n/);
    assert.match(out, /Due +no\n/);
    assert.match(err, /Next: kairos state commit/);
    const { value } = await kairosJson<{ has_changes: boolean; pending: { total: number } }>(
      folder,
      ["state", "status"],
    );
    assert.deepEqual([value.has_changes, value.pending.total], [true, 2]);
  });
});

Deno.test("a command that makes a state commit due makes it, and says nothing of it", async () => {
  await inInstance(async (folder, root) => {
    for (const name of "abcd") await set(folder, name, "one");
    assert.deepEqual((await kairosJson<Commit[]>(folder, ["state", "history"])).value, []);
    const { code, err } = await set(folder, "e", "one");
    assert.equal(code, 0);
    assert.doesNotMatch(err, /commit/i);
    const { value } = await kairosJson<Commit[]>(folder, ["state", "history"]);
    assert.deepEqual(value.map(({ reason }) => reason), [
      "Auto-commit (l1_threshold): L0 changed, L1: 7 changes",
    ]);
    await Deno.remove(`${root}/storage/snapshots`, { recursive: true });
    await Deno.writeTextFile(`${root}/storage/snapshots`, "no folder");
    const archived = await kairos(folder, ["knowledge", "archive", "a"]);
    assert.equal(archived.code, 0, archived.err);
    assert.match((await kairos(folder, ["state", "status"])).out, /Last attempt +failed: /);
  });
});

Deno.test("state restore shows what it does, asks, and can be taken back", async () => {
  await inInstance(async (folder) => {
    await set(folder, "a", "one");
    await save(folder, "n", "one");
    const { value: { hash } } = await kairosJson<Commit>(folder, ["state", "commit", "first"]);
    await set(folder, "a", "two");
    await save(folder, "n", "two");
    const restore = ["state", "restore", hash.slice(0, 12)];
    const dry = await kairos(folder, [...restore, "--dry-run"]);
    assert.equal(dry.out, "set L1 a\nset L2 s/n\n");
    assert.equal((await kairos(folder, restore)).code, 5);
    const no = await kairos(folder, restore, { terminal: true, answers: ["n"] });
    assert.equal(no.code, 5);
    assert.match((await kairos(folder, ["knowledge", "show", "a"])).out, /two/);
    const yes = await kairos(folder, restore, { terminal: true, answers: ["y"] });
    assert.equal(yes.code, 0, yes.err);
    assert.match((await kairos(folder, ["knowledge", "show", "a"])).out, /one/);
    assert.match((await kairos(folder, ["context", "show", "s", "n"])).out, /one/);
    const back = /kairos state restore ([0-9a-f]{12}) takes it back/.exec(yes.err)![1]!;
    const { code, value } = await kairosJson<{ done: boolean; failed: unknown[] }>(
      folder,
      ["state", "restore", back, "--yes"],
    );
    assert.deepEqual([code, value.done, value.failed], [0, true, []]);
    assert.match((await kairos(folder, ["knowledge", "show", "a"])).out, /two/);
  });
});

Deno.test("state restore of what is there does nothing", async () => {
  await inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    await kairos(folder, ["state", "commit", "the beginning"]);
    const same = await kairos(folder, ["state", "restore", "last", "--yes"]);
    assert.equal(same.code, 0, same.err);
    assert.match(same.out, /^Nothing to do/);
  });
});

Deno.test("status and doctor tell of state commits, from the ends of files", async () => {
  await inInstance(async (folder, root) => {
    const line = async (word: string) => (await kairos(folder, [word])).out;
    assert.match(await line("status"), /State commit +none yet; 0 changes since\n/);
    await set(folder, "a", "one");
    await kairos(folder, ["state", "commit", "the first"]);
    await set(folder, "a", "two");
    await save(folder, "n", "会議");
    const told = /[0-9a-f]{12}, \d{4}-\d\d-\d\d \d\d:\d\d.*; 2 changes since\n/;
    assert.match(await line("status"), new RegExp(`State commit +${told.source}`));
    assert.match(await line("doctor"), new RegExp(`ok +state commits: ${told.source}`));
    const { value } = await kairosJson<{ state_commits: { pending: number } }>(folder, ["status"]);
    assert.equal(value.state_commits.pending, 2);
    const [{ name }] = [...Deno.readDirSync(`${root}/storage/snapshots`)] as [Deno.DirEntry];
    await Deno.writeTextFile(`${root}/storage/snapshots/${name}`, "{}");
    assert.match(await line("doctor"), /warn +state commits: none yet; 2 changes since; Cannot/);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "state_commit:\n  enabled: false\n");
    assert.match(await line("status"), /State commit +switched off\n/);
  });
});
