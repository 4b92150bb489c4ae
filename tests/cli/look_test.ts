import assert from "node:assert/strict";
import { document, inFolder, inInstance, kairos, kairosJson, leaveHalfway } from "./harness.ts";

interface Status {
  readonly version: string;
  readonly chain: { readonly length: number };
  readonly last_verify: { readonly outcome: string } | null;
  readonly knowledge: number;
  readonly archived: number;
  readonly sessions: number;
  readonly pending_changes: number;
  readonly journal_bytes: number;
  readonly lock: string | null;
}

interface Doctor {
  readonly ok: boolean;
  readonly checks: readonly { name: string; status: string; found: string; fix: string | null }[];
}

Deno.test("status tells everything at a glance", async (t) => {
  await inInstance(async (folder, root) => {
    for (const name of ["a", "b"]) {
      await kairos(folder, ["knowledge", "set", name], { stdin: document(name) });
    }
    await kairos(folder, ["knowledge", "archive", "b"]);
    await kairos(folder, ["context", "save", "c", "--session", "s"], { stdin: document("c") });
    await kairos(folder, ["chain", "verify"]);
    await t.step("for programs", async () => {
      const { code, value } = await kairosJson<Status>(folder, ["status"]);
      assert.equal(code, 0);
      // Archiving makes a state commit.
      assert.equal(value.chain.length, 5);
      assert.equal(value.knowledge, 3);
      assert.equal(value.archived, 1);
      assert.equal(value.sessions, 1);
      assert.equal(value.pending_changes, 0);
      assert.ok(value.journal_bytes > 0);
      assert.equal(value.lock, null);
      assert.equal(value.last_verify?.outcome, "ok");
    });
    await t.step("for people", async () => {
      const { out, err } = await kairos(folder, ["status"]);
      assert.match(out, /Chain +5 blocks\n/);
      assert.match(out, /Knowledge +3 entries, 1 archived\n/);
      assert.match(out, /Lock +free\n/);
      assert.match(err, /Next: /);
    });
    await t.step("a change left halfway", async () => {
      await leaveHalfway(root);
      assert.equal((await kairosJson<Status>(folder, ["status"])).value.pending_changes, 1);
      const { value } = await kairosJson<Doctor>(folder, ["doctor"]);
      assert.equal(value.checks.find(({ name }) => name === "changes")?.status, "warn");
    });
  });
});

Deno.test("doctor finds nothing in a new data directory", async () => {
  await inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    const { code, value } = await kairosJson<Doctor>(folder, ["doctor"]);
    assert.equal(code, 0);
    assert.equal(value.ok, true);
    assert.deepEqual(value.checks.filter(({ status }) => status !== "ok"), []);
  });
});

Deno.test("doctor names the entries that were edited since their last record", async () => {
  await inInstance(async (folder, root) => {
    for (const name of ["same", "edited", "道", "archived"]) {
      await kairos(folder, ["knowledge", "set", name], { stdin: document(name) });
      await kairos(folder, ["knowledge", "set", name], { stdin: document(name, "newer") });
    }
    await kairos(folder, ["knowledge", "archive", "archived"]);
    await Deno.mkdir(`${root}/knowledge/by_hand`);
    await Deno.writeTextFile(`${root}/knowledge/by_hand/by_hand.md`, document("by_hand"));
    const found = async () => {
      const { code, value } = await kairosJson<Doctor>(folder, ["doctor"]);
      assert.equal(code, 0);
      return value.checks.filter(({ name, status }) => name === "knowledge" && status !== "ok")
        .map(({ status, found }) => [status, found.split(" ")[0]]);
    };
    assert.deepEqual(await found(), []);
    // An older version is not what the last record says either.
    for (const [name, body] of [["edited", "mine"], ["道", "text"]] as const) {
      await Deno.writeTextFile(`${root}/knowledge/${name}/${name}.md`, document(name, body));
    }
    assert.deepEqual(await found(), [["note", '"edited"'], ["note", '"道"']]);
    const { out } = await kairos(folder, ["doctor"]);
    assert.match(out, / {2}note {2}knowledge: "edited" was edited since its last record/);
  });
});

Deno.test("doctor names every entry that is no skill to programs, and some to people", async () => {
  await inInstance(async (folder, root) => {
    for (let at = 10; at < 23; at++) {
      await Deno.mkdir(`${root}/knowledge/bare_${at}`);
      await Deno.writeTextFile(`${root}/knowledge/bare_${at}/bare_${at}.md`, "# Bare\n");
    }
    const { code, value } = await kairosJson<Doctor>(folder, ["doctor"]);
    assert.deepEqual([code, value.ok], [0, true]);
    const skills = value.checks.filter(({ name }) => name === "skills");
    assert.equal(skills.length, 13);
    assert.equal(skills[0]!.found, '"bare_10" is not served as one: it has no description');
    const { out } = await kairos(folder, ["doctor"]);
    assert.equal(out.match(/ {2}note {2}skills: "bare_/g)?.length, 10);
    assert.match(out, /\n {8}and 3 more; `--json` has all of them\n/);
  });
});

Deno.test("doctor names what is wrong and how to mend it", async (t) => {
  const cases: [string, (root: string) => Promise<void>, string, RegExp, RegExp, number][] = [
    [
      "settings that cannot be read",
      (root) => Deno.writeTextFile(`${root}/skills/config.yml`, "http:\n  port: many\n"),
      "settings",
      /port/,
      /./,
      3,
    ],
    [
      "a key of the approval settings that means nothing",
      (root) =>
        Deno.writeTextFile(`${root}/skills/config.yml`, "approval:\n  allow_clients: false\n"),
      "settings",
      /says "approval\.allow_clients", which means nothing/,
      /./,
      0,
    ],
    [
      "safety rules that cannot be read",
      (root) => Deno.writeTextFile(`${root}/config/safety.yml`, "blocklist: 1\n"),
      "safety rules",
      /blocklist/,
      /./,
      3,
    ],
    [
      "objects that others may read",
      (root) => Deno.chmod(`${root}/storage/objects`, 0o755),
      "storage/objects",
      /others may read/,
      /^chmod 700 /,
      0,
    ],
    [
      "no git ignore file",
      (root) => Deno.remove(`${root}/.gitignore`),
      "git",
      /no \.gitignore/,
      /^kairos init$/,
      0,
    ],
    [
      "a damaged end of the chain",
      (root) => Deno.writeTextFile(`${root}/storage/blockchain.json`, "[]"),
      "chain",
      /empty/,
      /chain repair/,
      3,
    ],
    [
      "a failed verification",
      (root) => Deno.writeTextFile(`${root}/storage/verify_failed.json`, "{}"),
      "verification",
      /failed at/,
      /chain repair/,
      3,
    ],
    [
      "instructions that are missing",
      (root) => Deno.writeTextFile(`${root}/skills/config.yml`, "instructions_mode: nonsense\n"),
      "instructions",
      /mode "nonsense": skills\/nonsense\.md is missing/,
      /config\.yml/,
      0,
    ],
    [
      "an entry that cannot be read",
      (root) => Deno.mkdir(`${root}/knowledge/empty`),
      "knowledge",
      /"empty": Cannot find a document/,
      /./,
      0,
    ],
    [
      "a context that cannot be read",
      (root) => Deno.mkdir(`${root}/context/s/empty`, { recursive: true }),
      "context",
      /"empty": Cannot find a document/,
      /./,
      0,
    ],
  ];
  for (const [name, harm, check, found, fix, exit] of cases) {
    await t.step(name, async () => {
      await inInstance(async (folder, root) => {
        await harm(root);
        const { code, value } = await kairosJson<Doctor>(folder, ["doctor"]);
        const result = value.checks.find(({ status }) => status !== "ok" && status !== "note");
        assert.equal(result?.name, check);
        assert.match(result!.found, found);
        assert.match(result!.fix ?? "", fix);
        assert.equal(code, exit);
        assert.equal(value.ok, exit === 0);
        const { out } = await kairos(folder, ["doctor"]);
        assert.match(out, exit === 0 ? /\n {2}warn {2}/ : /\n {2}FAIL {2}/);
        assert.match(out, /\n {8}Mend: /);
      });
    });
  }
});
