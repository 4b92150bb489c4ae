import assert from "node:assert/strict";
import { lawRules } from "../../cli/law_rules.ts";
import type { LawView } from "../../cli/law_view.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { FALLBACK, type LawSettings, lawSettings } from "../../core/evolution/law_settings.ts";
import { openInstance } from "../../core/instance.ts";
import type { StateNote } from "../../core/evolution/proposal_store.ts";
import { TOOLS } from "../../server/mcp/tools/mod.ts";
import { swapDocument } from "../evolution/law.ts";
import { type Around, inFolder, inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

/** A law in force, with a skill in a file that says something else. */
async function withDraft(test: (folder: string, root: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    const { out } = await kairos(folder, ["skills", "show", "audit_rules"]);
    await Deno.writeTextFile(
      `${folder}/draft.ts`,
      out.replace('version: "1.0"', 'version: "1.1"'),
    );
    await test(folder, `${folder}/.kairos`);
  });
}

const at = (answers: readonly string[], rest: Around = {}): Around => ({
  terminal: true,
  answers,
  ...rest,
});

interface Proposed {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly decided: StateNote | null;
}

async function propose(folder: string): Promise<string> {
  const argv = ["skills", "propose", "draft.ts", "--reason", "版を上げる"];
  const { code, value, err } = await kairosJson<Proposed>(folder, argv);
  assert.equal(code, 0, err);
  return value.id;
}

const versionOf = async (folder: string) => {
  const argv = ["skills", "show", "audit_rules"];
  return (await kairosJson<{ version: string }>(folder, argv)).value.version;
};

Deno.test("proposals: a person decides at the terminal, and nothing else does", async (t) => {
  await withDraft(async (folder) => {
    const id = await propose(folder);
    const short = id.slice(-8);
    await t.step("list and show tell what waits", async () => {
      const list = await kairos(folder, ["proposals", "list", "--state", "pending"]);
      assert.ok(list.out.includes(id) && list.out.includes("版を上げる"), list.out);
      const show = await kairos(folder, ["proposals", "show", short]);
      assert.match(show.out, /^\+ {2}version: "1\.1",$/m);
      assert.match(show.out, /audit_rules +version +- +changed/);
      assert.match(show.out, /passed +Skill not immutable/);
      const json = await kairosJson<Proposed>(folder, ["proposals", "show", id]);
      assert.deepEqual([json.value.id, json.value.state, json.value.kind], [
        id,
        "pending",
        "skill",
      ]);
    });
    await t.step("without a terminal it is refused, whatever is piped", async () => {
      const before = await snapshot(folder);
      for (const verdict of ["approve", "reject"]) {
        const argv = ["proposals", verdict, id];
        const { code, err } = await kairos(folder, argv, { stdin: "yes\n", answers: ["yes"] });
        assert.equal(code, 5);
        assert.match(err, /this is no terminal/);
        assert.equal((await kairos(folder, [...argv, "--yes"], at(["yes"]))).code, 2);
      }
      assert.deepEqual(await snapshot(folder), before);
    });
    await t.step("another answer than the id or yes decides nothing", async () => {
      const before = await snapshot(folder);
      for (const answer of ["", "y", "no", "00000000"]) {
        const { code, err } = await kairos(folder, ["proposals", "approve", id], at([answer]));
        assert.equal(code, 5, answer);
        assert.match(err, /Nothing was decided/);
      }
      assert.deepEqual(await snapshot(folder), before);
    });
    await t.step("what is not approved cannot be applied", async () => {
      assert.equal((await kairos(folder, ["proposals", "apply", id])).code, 5);
      assert.equal(await versionOf(folder), "1.0");
    });
    await t.step("the short id says yes, and apply puts it in force", async () => {
      const { code, out, err } = await kairos(
        folder,
        ["proposals", "approve", short, "--no-apply"],
        at([short]),
      );
      assert.equal(code, 0, err);
      assert.ok(err.includes('\x1b[32m+  version: "1.1",'), "the difference is shown, in colour");
      assert.match(out, /is approved/);
      assert.equal(await versionOf(folder), "1.0");
      assert.equal((await kairos(folder, ["proposals", "apply", short])).code, 0);
      assert.equal(await versionOf(folder), "1.1");
    });
    await t.step("a decision is made once", async () => {
      for (const verdict of ["approve", "reject"]) {
        assert.equal((await kairos(folder, ["proposals", verdict, id], at(["yes"]))).code, 1);
      }
    });
  });
});

Deno.test("proposals: what the terminal showed is decided, and nothing put in its place", async (t) => {
  const words = "ada has four words";
  for (const approvers of [false, true]) {
    for (const verdict of ["approve", "reject"]) {
      await t.step(
        `${verdict}, ${approvers ? "with" : "without"} approvers`,
        () =>
          withDraft(async (folder, root) => {
            const env = { HOME: `${folder}/home` };
            const secrets = [words, words];
            if (approvers) {
              const init = ["approver", "init", "--name", "ada"];
              assert.equal((await kairos(folder, init, at([], { env, secrets }))).code, 0);
            }
            const id = await propose(folder);
            let isAsked = false;
            const { code, err } = await kairos(
              folder,
              ["proposals", verdict, id],
              at(["yes"], {
                env,
                secrets,
                onSay: (text) => {
                  if (isAsked || !/, type |^Passphrase/m.test(text)) return;
                  isAsked = true;
                  swapDocument(root, id);
                },
              }),
            );
            assert.ok(isAsked && code !== 0, err);
            assert.match(err, /not the one that was shown|made for another proposal/);
            const { value } = await kairosJson<Proposed>(folder, ["proposals", "show", id]);
            assert.deepEqual([value.state, value.decided], ["pending", null]);
            assert.equal(await versionOf(folder), "1.0");
          }),
      );
    }
  }
});

Deno.test("proposals reject turns a proposal down for good", async () => {
  await withDraft(async (folder) => {
    const id = await propose(folder);
    const { code, out } = await kairos(folder, ["proposals", "reject", id], at(["yes"]));
    assert.deepEqual([code, out], [0, `Proposal ${id} is rejected\n`]);
    assert.equal((await kairos(folder, ["proposals", "approve", id], at(["yes"]))).code, 1);
    assert.equal(await versionOf(folder), "1.0");
  });
});

Deno.test("proposals approve signs with the keys of the approvers, and only so", async (t) => {
  await withDraft(async (folder, root) => {
    const words = "ada has four words";
    const env = { HOME: `${folder}/home` };
    const init = await kairos(folder, ["approver", "init", "--name", "ada", "--json"], {
      ...at([], { env, secrets: [words, words] }),
    });
    const { fingerprint } = JSON.parse(init.out) as { fingerprint: string };
    const id = await propose(folder);
    const approve = (around: Around, more: string[] = []) =>
      kairos(folder, ["proposals", "approve", id, ...more], around);
    await t.step("a yes without the passphrase decides nothing", async () => {
      const before = await snapshot(`${folder}/.kairos`);
      const wrong = await approve(at(["yes"], { env, secrets: ["not the passphrase"] }));
      assert.equal(wrong.code, 5);
      assert.equal((await approve(at(["yes"]))).code, 5, "without the key file");
      assert.equal((await approve({ env, secrets: [words] })).code, 5, "without a terminal");
      assert.deepEqual(await snapshot(`${folder}/.kairos`), before);
    });
    await t.step("another pin than these approvers decides nothing", async () => {
      const KAIROS_APPROVER = "0000-1111-2222-3333-4444-5555-6666-7777";
      const { code, err } = await approve(
        at([], { env: { ...env, KAIROS_APPROVER }, secrets: [words] }),
      );
      assert.equal(code, 5);
      assert.match(err, /not those KAIROS_APPROVER asks for/);
    });
    await t.step("a server says whose signatures count", async () => {
      const serve = (more: Record<string, string>) =>
        kairos(folder, ["serve", "--http", "--port", "0"], {
          env: { ...env, ...more },
          signal: AbortSignal.abort(),
        });
      assert.ok((await serve({})).err.includes(`Approvers: ${fingerprint} (not pinned)`));
      assert.match((await serve({ KAIROS_APPROVER: "x" })).err, /Cannot read the approver pin/);
    });
    await t.step(
      "nor does a yes after the list of approvers was removed, many blocks later",
      async () => {
        const list = `${root}/skills/approvers.json`;
        const kept = await Deno.readTextFile(list);
        const { store } = await openInstance(root, { mode: "write" });
        await store.exclusive(() => {
          for (let n = 0; n < 300; n++) store.append([`${n}`]);
        });
        await Deno.remove(list);
        const yes = await approve(at(["yes"]));
        assert.equal(yes.code, 5);
        assert.match(yes.err, /approvers\.json names other approvers than the chain/);
        const agent = await kairos(folder, ["approver", "init", "--name", "agent"], {
          ...at([], { env: { HOME: `${folder}/agent` }, secrets: [words, words] }),
        });
        assert.equal(agent.code, 5, agent.out);
        for (const look of [["doctor"], ["verify"]]) {
          const { code, out } = await kairos(folder, look);
          assert.equal(code, 3);
          assert.match(out, /approvers\.json names other approvers than the chain/);
        }
        await Deno.writeTextFile(list, kept);
      },
    );
    await t.step("the passphrase decides", async () => {
      const pinned = { ...env, KAIROS_APPROVER: fingerprint };
      const { code, out, err } = await approve(at([], { env: pinned, secrets: [words] }), [
        "--json",
      ]);
      assert.equal(code, 0, err);
      const value = JSON.parse(out);
      assert.deepEqual([value.strength, value.approvers], ["key", fingerprint]);
      assert.equal(await versionOf(folder), "1.1");
      const { value: status } = await kairosJson<{ law: LawView }>(folder, ["status"], {
        env: pinned,
      });
      assert.deepEqual([status.law.strength, status.law.seq, status.law.epoch], ["key", 1, 1]);
      const verify = await kairos(folder, ["chain", "verify"], { env: pinned });
      assert.equal(verify.code, 0, verify.out);
    });
  });
});

Deno.test("status, doctor and chain verify show the law in force and what does not fit", async (t) => {
  await withDraft(async (folder, root) => {
    await kairos(folder, ["proposals", "approve", await propose(folder)], at(["yes"]));
    const law = async () => (await kairosJson<{ law: LawView }>(folder, ["status"])).value.law;
    await t.step("as decided", async () => {
      const { status, seq, strength, drift, problems } = await law();
      assert.deepEqual([status, seq, strength, drift, problems], [
        "decided",
        1,
        "terminal",
        null,
        [],
      ]);
      const { out } = await kairos(folder, ["status"]);
      assert.match(out, /Law +decision 1, epoch 0, asked at a terminal/);
      const verify = await kairosJson<{ law: { in_force: { seq: number } } }>(folder, [
        "chain",
        "verify",
      ]);
      assert.deepEqual([verify.code, verify.value.law.in_force.seq], [0, 1]);
    });
    await t.step("on the chain", async () => {
      const { out } = await kairos(folder, ["chain", "log"]);
      for (
        const line of [
          / {2}law_genesis +cli:tester +the law this instance begins with$/m,
          / {2}law_proposal +cli:tester +skill of audit_rules: 版を上げる$/m,
          / {2}law_decision +cli:tester +approve, decision 1, of \d{8}-\S+$/m,
          / {2}skill_transition +cli:tester +skill of audit_rules in force, decision 1$/m,
        ]
      ) assert.match(out, line);
    });
    await t.step("edited", async () => {
      const path = `${root}/skills/kairos.ts`;
      const source = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, source.replace('version: "1.1"', 'version: "9.9"'));
      assert.deepEqual((await law()).drift, { same_law: false, problem: null, places: null });
      assert.equal(await versionOf(folder), "1.1");
      const doctor = await kairos(folder, ["doctor"]);
      assert.equal(doctor.code, 0);
      assert.match(doctor.out, /warn {2}law: skills\/kairos\.ts was edited and is not in force/);
      await Deno.writeTextFile(path, source);
    });
    await t.step("with the law of another program beside it", async () => {
      const path = `${root}/skills/kairos.rb`;
      await Deno.writeTextFile(path, "skill(:a) { }\n");
      const line = /skills\/kairos\.rb is the law of another program and is not obeyed here$/m;
      for (const word of ["doctor", "status"]) {
        const { code, out } = await kairos(folder, [word]);
        assert.equal(code, 0);
        assert.match(out, line, word);
      }
      assert.equal((await law()).foreign, "skills/kairos.rb");
      await Deno.remove(path);
      assert.equal((await law()).foreign, null);
      assert.doesNotMatch((await kairos(folder, ["doctor"])).out, line);
    });
    await t.step("changed past the gate", async () => {
      const path = `${root}/skills/law.json`;
      const file = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify({ ...file, seq: 2 }));
      assert.equal((await law()).status, "last_proven");
      const doctor = await kairos(folder, ["doctor"]);
      assert.deepEqual([doctor.code, /FAIL {2}law: /.test(doctor.out)], [3, true]);
      const verify = await kairos(folder, ["chain", "verify"]);
      assert.equal(verify.code, 3);
      assert.match(verify.out, /Finding +skills\/law\.json/);
    });
  });
});

Deno.test("a pin of other approvers stops every change of the law, through any command", async () => {
  await withDraft(async (folder) => {
    const KAIROS_APPROVER = "0000-1111-2222-3333-4444-5555-6666-7777";
    const around = { env: { KAIROS_APPROVER } };
    const { value } = await kairosJson<{ law: LawView }>(folder, ["status"], around);
    assert.equal(value.law.status, "last_proven");
    const { code, err } = await kairos(folder, ["skills", "propose", "draft.ts"], around);
    assert.equal(code, 5);
    assert.match(err, /not those KAIROS_APPROVER asks for/);
    assert.equal((await kairos(folder, ["chain", "verify"], around)).code, 3);
    // A pin that cannot be read stops what has to do with the law and nothing else.
    const bad = { env: { KAIROS_APPROVER: "nobody" } };
    assert.equal((await kairos(folder, ["skills", "list"], bad)).code, 1);
    assert.equal((await kairos(folder, ["knowledge", "list"], bad)).code, 0);
    assert.match((await kairos(folder, ["doctor"], bad)).out, /Cannot read the approver pin/);
  });
});

Deno.test("skills verify judges every statement of the law in force", async (t) => {
  await withDraft(async (folder) => {
    interface Verified {
      readonly skills: readonly {
        readonly skill_id: string;
        readonly coverage: number;
        readonly results: readonly { type: string; outcome: string; detail: string }[];
      }[];
    }
    const tools = TOOLS.map(({ name }) => name);
    await t.step("all of it", async () => {
      const { value } = await kairosJson<Verified>(folder, ["skills", "verify"]);
      assert.equal(value.skills.length, 8);
      for (const { skill_id, coverage, results } of value.skills) {
        assert.equal(coverage, 1, skill_id);
        for (const { type, outcome, detail } of results) {
          const command = /^Command recognized: (\S+?),?(?: |$)/.exec(detail)?.[1];
          if (type === "ToolCall") {
            assert.equal(outcome === "satisfied", tools.includes(command!), detail);
          } else if (type !== "SemanticReasoning") assert.equal(outcome, "satisfied", detail);
        }
      }
    });
    await t.step("one, in full", async () => {
      const { code, out } = await kairos(folder, ["skills", "verify", "core_safety"]);
      assert.equal(code, 0, out);
      assert.match(out, /core_safety\.evidence_kept +satisfied/);
      const { code: none, err } = await kairos(folder, ["skills", "verify", "core_safty"]);
      assert.equal(none, 1);
      assert.match(err, /Did you mean core_safety/);
    });
    await t.step("a source that does not hold", async () => {
      const stdin =
        'skill("a", { definition: [check("c", { condition: "chain_length == 0" })] });\n';
      const argv = ["skills", "verify", "--file", "-"];
      const { code, out } = await kairos(folder, argv, { stdin });
      assert.equal(code, 3);
      assert.match(out, /a\.c +unsatisfied/);
    });
  });
});

Deno.test("skills: versions are compared, kept and come back by a proposal", async () => {
  await withDraft(async (folder) => {
    await kairos(folder, ["proposals", "approve", await propose(folder)], at(["yes"]));
    const versions = async () =>
      (await kairosJson<{ versions: { name: string; law: { seq: number } }[] }>(folder, [
        "skills",
        "versions",
      ])).value.versions;
    const first = (await versions()).find(({ law }) => law.seq === 0)!.name;
    const diff = await kairos(folder, ["skills", "diff", first]);
    assert.match(diff.out, /^\+ {2}version: "1\.1",$/m);
    const kept = await kairos(folder, ["skills", "snapshot", "--reason", "x"]);
    assert.equal(kept.code, 0, kept.err);
    assert.equal((await versions()).length, 3);
    const { value } = await kairosJson<Proposed>(folder, ["skills", "rollback", first]);
    assert.deepEqual([value.kind, await versionOf(folder)], ["rollback", "1.1"]);
    assert.equal((await kairos(folder, ["proposals", "approve", value.id], at(["yes"]))).code, 0);
    assert.equal(await versionOf(folder), "1.0");
    for (const name of ["../law.json", "kairos_20200101_000000_00000000.ts"]) {
      assert.equal((await kairos(folder, ["skills", "rollback", name])).code, 1);
    }
  });
});

Deno.test("skills adopt proposes an edit, and begins where there was no law", async (t) => {
  await withDraft(async (folder, root) => {
    const path = `${root}/skills/kairos.ts`;
    const source = await Deno.readTextFile(path);
    await t.step("an edit", async () => {
      await Deno.writeTextFile(path, source.replace('version: "1.0"', 'version: "2.0"'));
      const { value } = await kairosJson<Proposed>(folder, ["skills", "adopt"]);
      assert.equal(value.kind, "adopt");
      const done = await kairos(folder, ["proposals", "approve", value.id], at(["yes"]));
      assert.equal(done.code, 0, done.err);
      assert.equal((await kairosJson<{ law: LawView }>(folder, ["status"])).value.law.drift, null);
    });
    await t.step("no law: only a person begins", () =>
      inInstance(async (folder, root) => {
        await Deno.writeTextFile(`${root}/skills/kairos.ts`, source);
        assert.equal((await kairos(folder, ["skills", "adopt"], { stdin: "yes" })).code, 5);
        assert.equal((await kairos(folder, ["skills", "adopt"], at(["no"]))).code, 5);
        const begun = await kairos(folder, ["skills", "adopt"], at(["yes"]));
        assert.equal(begun.code, 0, begun.err);
        const { law } = (await kairosJson<{ law: LawView }>(folder, ["status"])).value;
        assert.deepEqual([law.status, law.seq], ["decided", 0]);
      }));
  });
});

Deno.test("lawRules() writes every rule as a law says it", () => {
  const own: LawSettings = {
    allowedSkills: ["a"],
    immutableSkills: ["b"],
    evolutionEnabled: true,
    evolutionsPerSession: 5,
    required: 2,
    allowClient: false,
    allowAsserted: true,
    expiresDays: 9,
    acquireFrom: ["c"],
  };
  for (const settings of [FALLBACK, own]) {
    assert.deepEqual(lawSettings(parseLaw(lawRules(settings), { file: "x.ts" })), settings);
  }
});

const RUBY = 'skill :l0_governance do\n  title "統治"\n  puts "hello"\nend\n';

Deno.test("skills convert begins with a law in Ruby where there is no other", async () => {
  await inInstance(async (folder, root) => {
    await Deno.writeTextFile(`${root}/skills/kairos.rb`, RUBY);
    const status = () => kairosJson<{ law: LawView }>(folder, ["status"]);
    const { law } = (await status()).value;
    assert.deepEqual([law.status, law.skills], ["ruby", ["l0_governance"]]);
    assert.equal((await kairos(folder, ["skills", "convert"])).code, 5);
    const begun = await kairos(folder, ["skills", "convert"], at(["yes"]));
    assert.equal(begun.code, 0, begun.err);
    assert.match(begun.err, /"puts" is no verb of a skill/);
    assert.equal((await status()).value.law.status, "decided");
  });
});

Deno.test("skills convert proposes a law in Ruby and tells what is lost", async () => {
  await withDraft(async (folder, root) => {
    await Deno.writeTextFile(`${root}/skills/kairos.rb`, RUBY);
    const before = await snapshot(folder);
    const dry = await kairos(folder, ["skills", "convert", "--dry-run"]);
    assert.equal(dry.code, 0, dry.err);
    assert.match(dry.out, /skill\("l0_governance", \{\n {2}title: "統治"/);
    assert.match(dry.err, /"puts" is no verb of a skill/);
    const { skills } = parseLaw(/^skill\([^]*\n}\);$/m.exec(dry.err)![0], { file: "the report" });
    assert.deepEqual(lawSettings({ skills }), FALLBACK, "the rules that hold without a field law");
    assert.deepEqual(await snapshot(folder), before);
    const refused = await kairos(folder, ["skills", "convert"]);
    assert.equal(refused.code, 5);
    assert.match(refused.err, /"Skill not immutable" failed: Immutable, .*: core_safety/);
  });
  await inInstance(async (folder, root) => {
    await Deno.writeTextFile(`${root}/skills/kairos.rb`, RUBY);
    await kairos(folder, ["skills", "convert"], at(["yes"]));
    const ruby = RUBY.replace("統治", "規則");
    await Deno.writeTextFile(`${root}/skills/kairos.rb`, ruby);
    const { code, value } = await kairosJson<Proposed & { lost: { what: string }[] }>(folder, [
      "skills",
      "convert",
    ]);
    assert.equal(code, 0, JSON.stringify(value));
    assert.deepEqual([value.kind, value.lost.length], ["adopt", 1]);
    assert.equal(await Deno.readTextFile(`${root}/skills/kairos.rb`), ruby);
  });
});
