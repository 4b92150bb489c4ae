import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { withPeer } from "../mmp/fake_peer.ts";
import { somebody } from "../mmp/people.ts";
import { inFolder, kairos, kairosJson, snapshot } from "./harness.ts";

const ADA = await somebody("Ada");
const ID = ADA.identity.instance_id;
const definition = (name: string, actions: string) =>
  `---\nname: ${name}\ntype: protocol_extension\nactions: [${actions}]\n---\n\n# 討論\n`;

interface Listed {
  readonly definitions: readonly {
    readonly name: string;
    readonly owner: string;
    readonly layer: string;
    readonly actions: readonly string[];
  }[];
  readonly warnings: readonly string[];
}

/** Runs a test in a folder with a data directory and a definition in a file. */
function inInstance(test: (folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    assert.equal((await kairos(folder, ["init"])).code, 0);
    await Deno.writeTextFile(`${folder}/debate.md`, definition("debate", "argue, concede"));
    await test(folder);
  });
}

async function listed(folder: string): Promise<Listed> {
  const { code, value, err } = await kairosJson<Listed>(folder, ["protocol", "list"]);
  assert.equal(code, 0, err);
  return value;
}

async function adopt(folder: string, what: string): Promise<string> {
  const { code, out, err } = await kairos(folder, ["protocol", "adopt", what]);
  assert.equal(code, 0, err);
  const [, id] = /^Proposed: protocol_adopt of \S+, (\S+)$/m.exec(out) ?? assert.fail(out);
  assert.match(err, new RegExp(`^Next: kairos proposals approve ${id}$`, "m"));
  return id!;
}

async function approve(folder: string, id: string): Promise<void> {
  const around = { terminal: true, answers: ["yes"] };
  const { code, err } = await kairos(folder, ["proposals", "approve", id], around);
  assert.equal(code, 0, err);
}

Deno.test("kairos protocol: a definition counts once a person approved it", async () => {
  await inInstance(async (folder) => {
    const builtIn = (await listed(folder)).definitions;
    assert.deepEqual(builtIn.map(({ owner, layer }) => [owner, layer]), [
      ["kairos", "L0"],
      ["kairos", "L1"],
    ]);
    const id = await adopt(folder, "debate.md");
    assert.deepEqual((await listed(folder)).definitions, builtIn);
    await approve(folder, id);
    const { definitions: [, , debate], warnings } = await listed(folder);
    assert.deepEqual(debate, {
      name: "debate",
      version: "1.0.0",
      layer: "L2",
      owner: "here, adopted",
      adopted: true,
      extension: true,
      actions: ["argue", "concede"],
      requires: [],
    });
    assert.deepEqual(warnings, []);
    const { out } = await kairos(folder, ["protocol", "list"]);
    assert.match(out, /debate +1\.0\.0 +L2 +here, adopted +argue, concede/);
    const again = await kairos(folder, ["protocol", "adopt", "debate.md"]);
    assert.equal(again.code, 1);
    assert.match(again.err, /it counts already/);
    // A newer version takes its place, by a decision again.
    const newer = definition("debate", "argue, concede, agree");
    await Deno.writeTextFile(`${folder}/debate.md`, newer);
    const next = await adopt(folder, "debate.md");
    assert.deepEqual((await listed(folder)).definitions[2]!.actions, ["argue", "concede"]);
    await approve(folder, next);
    assert.deepEqual((await listed(folder)).definitions[2]!.actions, ["argue", "concede", "agree"]);
  });
});

Deno.test("kairos protocol: an action that belongs to another stays there, and everybody is told", async () => {
  await inInstance(async (folder) => {
    await approve(folder, await adopt(folder, "debate.md"));
    await Deno.writeTextFile(`${folder}/a.md`, definition("a_first", "argue, hum"));
    const look = await kairos(folder, ["protocol", "evaluate", "a.md"]);
    assert.equal(look.code, 0);
    assert.match(look.err, /Warning: "argue" belongs to "debate" and stays there/);
    const { out, err } = await kairos(folder, ["protocol", "adopt", "a.md"]);
    assert.match(err, /person +Actions free +"argue" belongs to "debate"/);
    await approve(folder, /, (\S+)$/m.exec(out)![1]!);
    const { definitions, warnings } = await listed(folder);
    assert.deepEqual(definitions.slice(2).map(({ name, actions }) => [name, actions]), [
      ["debate", ["argue", "concede"]],
      ["a_first", ["hum"]],
    ]);
    assert.deepEqual(warnings, [
      'Cannot give the action "argue" to "a_first": it belongs to "debate"',
    ]);
    assert.match(
      (await kairos(folder, ["protocol", "list"])).err,
      /^Warning: Cannot give the action/m,
    );
    assert.match(
      (await kairos(folder, ["doctor"])).out,
      /^ *warn +protocol: Cannot give the action "argue" to "a_first"/m,
    );
  });
});

Deno.test("kairos protocol evaluate keeps nothing, and says why a definition is rejected", async () => {
  await inInstance(async (folder) => {
    const before = await snapshot(folder);
    const cases: readonly [text: string, reason: string, found: RegExp][] = [
      [definition("debate", "eval"), "blocked_actions", /\(eval\)/],
      [definition("debate", "introduce"), "core_action_override", /\(introduce\)/],
      [definition('"../../x"', "argue"), "invalid_name", /invalid_name$/m],
      [definition("a\nrequires: [nobody]", "argue"), "incompatible", /\(nobody\)/],
      ["# Debate\n", "invalid_format", /invalid_format$/m],
    ];
    for (const [stdin, reason, found] of cases) {
      const argv = ["protocol", "evaluate", "-"];
      const { code, out } = await kairos(folder, argv, { stdin });
      assert.equal(code, 5, reason);
      assert.match(out, new RegExp(`^rejected: ${reason}`));
      assert.match(out, found);
      const { value } = await kairosJson<Record<string, unknown>>(folder, argv, { stdin });
      assert.deepEqual([value["status"], value["reason"]], ["rejected", reason]);
      const adopted = await kairos(folder, ["protocol", "adopt", "-"], { stdin });
      assert.equal(adopted.code, 5, reason);
      assert.match(adopted.err, new RegExp(reason));
    }
    assert.deepEqual(await snapshot(folder), before);
    const { out } = await kairos(folder, ["protocol", "evaluate", "debate.md"]);
    assert.equal(out, "passed: debate brings argue, concede\n");
    assert.equal((await kairos(folder, ["protocol", "evaluate", "nothing.md"])).code, 1);
  });
});

Deno.test("kairos protocol adopts what a peer gave, from either layer, by the name of its entry", async () => {
  for (const layer of ["l1", "l2"]) {
    await inInstance(async (folder) => {
      const skills = { debate: definition("debate", "argue") };
      await withPeer(ADA, { skills }, async ({ url }) => {
        const argv = ["meet", url, "get", "debate", "--layer", layer];
        const { value } = await kairosJson<{ name: string }>(folder, argv);
        await Deno.writeTextFile(`${folder}/${value.name}`, definition("evil", "smile"));
        assert.equal((await listed(folder)).definitions.length, 2);
        const look = await kairos(folder, ["protocol", "evaluate", value.name]);
        assert.equal(look.out, "passed: debate brings argue\n");
        assert.match(look.err, /is the entry; write \.\//);
        await approve(folder, await adopt(folder, value.name));
        const { definitions: [, , debate] } = await listed(folder);
        assert.deepEqual([debate!.name, debate!.owner], ["debate", ID]);
        const { out } = await kairos(folder, ["knowledge", "show", "debate"]);
        assert.match(out, new RegExp(`adopted_from:\n  from: '?${ID}`));
        assert.doesNotMatch(out, /_received|_provenance/);
      });
    });
  }
});

Deno.test("kairos protocol propose prints what others are told of a definition, and keeps nothing", async () => {
  await inInstance(async (folder) => {
    const before = await snapshot(folder);
    const { code, value } = await kairosJson(folder, ["protocol", "propose", "debate.md"]);
    const hash = createHash("sha256").update(definition("debate", "argue, concede")).digest("hex");
    assert.deepEqual([code, value], [0, {
      extension_name: "debate",
      extension_version: "1.0.0",
      actions: ["argue", "concede"],
      requires: [],
      description: null,
      content_hash: `sha256:${hash}`,
      layer: "L2",
    }]);
    const { out, err } = await kairos(folder, ["protocol", "propose", "debate.md"]);
    assert.match(out, /^Actions +argue, concede$/m);
    assert.equal(err, "");
    assert.deepEqual(await snapshot(folder), before);
    const stdin = definition("core", "introduce");
    const warned = await kairos(folder, ["protocol", "propose", "-"], { stdin });
    assert.match(warned.err, /^Warning: rejected: core_action_override/m);
    const nothing = await kairos(folder, ["protocol", "propose", "-"], { stdin: "# Text" });
    assert.equal(nothing.code, 1);
  });
});
