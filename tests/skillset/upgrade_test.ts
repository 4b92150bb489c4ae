import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { differenceText } from "../../core/skillset/difference_text.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { packed, skillSet, withBundled } from "./sets.ts";

const NEW = skillSet("pack", { version: "2.0" }, {
  "config/c.yml": "new: 1\n",
  "config/deep/d.yml": "new: 2\n",
  "config/fresh.yml": "new: 3\n",
  "knowledge/新.md": "新しい\n",
});
const OLD = skillSet("pack", {}, {
  "config/c.yml": "mine: 1\n",
  "config/deep/d.yml": "mine: 2\n",
  "knowledge/own.md": "own\n",
});

const refused = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof KairosError && error.code === code && message.test(error.message);

const changes = (found: readonly { path: string; change: string }[]) =>
  found.map(({ path, change }) => `${change} ${path}`);

Deno.test("upgrades() shows what would change and changes nothing", async () => {
  await withInstance(async (instance) => {
    const sets = withBundled(instance, NEW);
    await sets.install(OLD, ACTOR);
    await sets.install(skillSet("other"), ACTOR);
    const { length } = instance.store.ledger.head();
    const [upgrade, ...more] = await sets.upgrades();
    assert.deepEqual(more, []);
    assert.deepEqual([upgrade?.name, upgrade?.from, upgrade?.to], ["pack", "1.0.0", "2.0"]);
    assert.deepEqual(changes(upgrade!.differences), [
      "added config/fresh.yml",
      "added knowledge/新.md",
      "changed skillset.json",
    ]);
    assert.match(differenceText(upgrade!.differences[1]!), /^\+新しい$/m);
    assert.equal(instance.store.ledger.head().length, length);
    assert.deepEqual(await sets.upgrades("pack"), [upgrade]);
    await assert.rejects(sets.upgrades("other"), refused("not_found", /does not ship/));
    await assert.rejects(sets.upgrades("nobody"), refused("not_found", /'nobody' not found/));
  });
});

Deno.test("upgrade() changes files, state and record as one and keeps what is the user's", async () => {
  await withInstance(async (instance, root) => {
    const sets = withBundled(instance, NEW);
    await sets.install(OLD, ACTOR);
    await sets.disable("pack", ACTOR);
    Deno.writeTextFileSync(`${root}/skillsets/pack/.mine`, "hidden\n");
    const change = await sets.upgrade("pack", ACTOR);
    assert.deepEqual([change.action, change.version, change.enabled], ["upgrade", "2.0", false]);
    assert.equal(change.differences.length, 3);
    const text = (path: string) => Deno.readTextFileSync(`${root}/skillsets/pack/${path}`);
    assert.equal(text("config/c.yml"), "mine: 1\n");
    assert.equal(text("config/deep/d.yml"), "mine: 2\n");
    assert.equal(text("config/fresh.yml"), "new: 3\n");
    assert.equal(text("knowledge/own.md"), "own\n");
    assert.equal(text("knowledge/新.md"), "新しい\n");
    assert.equal(text(".mine"), "hidden\n");
    assert.equal(sets.info("pack").contentHash, change.contentHash);
    const record = JSON.parse([...instance.store.ledger.newest()][0]!.data[0]!);
    assert.deepEqual([record.action, record.skillset_version], ["upgrade", "2.0"]);
    const { objects } = instance.store;
    const { files } = JSON.parse(new TextDecoder().decode(objects.get(record.previous)!));
    assert.notEqual(objects.get(files["skillset.json"]), null, "the old version is kept");
    assert.deepEqual(await sets.upgrades(), []);
    assert.equal((await sets.upgrade("pack", ACTOR)).action, "none");
  });
});

Deno.test("upgrade() puts no older version back and is no way around a decision", async () => {
  await withInstance(async (instance) => {
    const sets = withBundled(instance, NEW);
    await sets.install(skillSet("pack", { version: "2.0.1" }), ACTOR);
    assert.deepEqual(await sets.upgrades(), []);
    await assert.rejects(sets.upgrade("pack", ACTOR), refused("refused", /v2\.0\.1 to v2\.0$/));
    await sets.install(skillSet("pack", { layer: "L0" }), ACTOR, { force: true });
    await assert.rejects(
      sets.upgrade("pack", ACTOR),
      refused("refused", /^L0 SkillSet 'pack' requires human approval to replace$/),
    );
    await assert.rejects(sets.upgrade("other", ACTOR), refused("not_found", /'other' not found/));
  });
});

Deno.test("upgrades() passes over a SkillSet that is broken and tells of it by its name", async () => {
  await withInstance(async (instance, root) => {
    const sets = withBundled(instance, NEW);
    await sets.install(OLD, ACTOR);
    Deno.symlinkSync("/etc/hostname", `${root}/skillsets/pack/knowledge/h.md`);
    assert.deepEqual(await sets.upgrades(), []);
    await assert.rejects(sets.upgrades("pack"), refused("refused", /Link/));
    Deno.writeTextFileSync(`${root}/skillsets/pack/skillset.json`, "{");
    assert.deepEqual(await sets.upgrades(), []);
    await assert.rejects(sets.upgrades("pack"), refused("invalid", /skillset\.json/));
  });
});

Deno.test("installing over a SkillSet says what that would change, and then what it changed", async () => {
  await withInstance(async (instance) => {
    const sets = await instance.skillsets();
    await sets.install(OLD, ACTOR);
    const counted =
      /already installed at skillsets\/pack; by this 2 files added, 1 changed, 2 remov/;
    const two = skillSet("pack", { version: "2.0" }, { "knowledge/a.md": "", "assets/b.txt": "b" });
    for (const change of [sets.install(two, ACTOR), sets.installPackage(packed(two), ACTOR)]) {
      await assert.rejects(change, (error) => {
        assert.ok(error instanceof KairosError);
        assert.match(error.message, counted);
        assert.match(error.hint ?? "", /kairos skillset diff pack .*--force/);
        assert.deepEqual(
          changes(error.data!["changes"] as { path: string; change: string }[]),
          [
            "added assets/b.txt",
            "removed config/deep/d.yml",
            "added knowledge/a.md",
            "removed knowledge/own.md",
            "changed skillset.json",
          ],
        );
        return true;
      });
    }
    const same = sets.install(OLD, ACTOR);
    await assert.rejects(same, refused("exists", /; nothing would change$/));
    const { differences } = await sets.install(two, ACTOR, { force: true });
    assert.equal(differences.length, 5);
    assert.deepEqual((await sets.install(skillSet("first"), ACTOR)).differences, []);
  });
});
