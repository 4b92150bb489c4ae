import assert from "node:assert/strict";
import { inEmptyFolder } from "./cli_program.ts";
import { served, sharePack, someone, TIP } from "./someone.ts";

const GUIDE = new URL(
  "../../templates/knowledge/kairos_formats/references/meeting.md",
  import.meta.url,
);

/** What a line printed. */
// deno-lint-ignore no-explicit-any -- answers of every shape
type Body = any;

/** One line of the guide: what is to stand in it, and what it has to print. */
type Line = readonly [says: string, check: (printed: string, body: () => Body) => void];

const isIdentity = (body: Body) => assert.match(body.identity.instance_id, /^[0-9a-f]{16}$/);

/** The lines behind the first one, in their order. */
const LINES: readonly Line[] = [
  ["/introduce", (_, body) => isIdentity(body())],
  ["-i", (printed) => {
    assert.match(printed, /^HTTP\/1\.1 401 /);
    assert.match(
      printed,
      /"authentication_required".+Use POST \/meeting\/v1\/introduce to obtain a session token/,
    );
  }],
  ["identity export", (_, body) => {
    const { identity_verified, proof, session_token, peer_identity } = body();
    assert.deepEqual([identity_verified, proof], [true, "none"]);
    assert.match(session_token, /^[0-9a-f]{64}$/);
    isIdentity(peer_identity);
  }],
  ["peers token", (printed) => assert.equal(printed, "")],
  ["/skills", (_, body) => {
    const { skills, count } = body();
    assert.deepEqual([count, skills[0].name, skills[0].summary], [1, "tip", "役に立つ知識"]);
  }],
  ["/skill_details", (_, body) => {
    const { name, available } = body().metadata;
    assert.deepEqual([name, available], ["tip", true]);
  }],
  ["/skill_content", (_, body) => assert.equal(body().packaged_skill.content, TIP)],
  ["/skillsets", (_, body) => assert.equal(body().skillsets[0].name, "pack")],
  ["/skillset_details", (_, body) => assert.equal(body().metadata.exchangeable, true)],
  ["/skillset_content", (printed) => assert.equal(printed, "")],
  ["install-archive", (printed) => assert.match(printed, /^Installed SkillSet 'pack'/)],
  ["/request_skill", (_, body) => assert.equal(body().status, "received")],
  ["/reflect", (_, body) => assert.equal(body().interaction_complete, true)],
  ["/message", (_, body) => assert.equal(body().can_accept, true)],
  ["/goodbye", (_, body) => assert.equal(body().status, "goodbye")],
  ["/skills", (printed) => {
    assert.match(printed, /^HTTP\/1\.1 401 /);
    assert.match(printed, /"invalid_or_expired_token"/);
  }],
];

/** The lines a reader of the guide would type. */
async function linesOfGuide(): Promise<string[]> {
  const text = await Deno.readTextFile(GUIDE);
  const [, block = ""] = /^## By hand\n[^]*?^```sh\n([^]*?)^```$/m.exec(text) ?? [];
  return block.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

function hasCurl(): boolean {
  try {
    return new Deno.Command("curl", { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test("the guide's meeting by hand has the lines that are tested", async () => {
  const [first, ...lines] = await linesOfGuide();
  assert.match(first!, /^URL=http:\/\/127\.0\.0\.1:8080$/);
  assert.equal(lines.length, LINES.length);
  for (const [at, [says]] of LINES.entries()) assert.ok(lines[at]!.includes(says), lines[at]);
});

Deno.test({
  name: "the guide's meeting by hand works line by line, and says how to get a token",
  ignore: Deno.build.os === "windows" || !hasCurl(),
  fn: (t) =>
    inEmptyFolder(async (folder) => {
      const ada = await someone(folder, "Ada");
      const ben = await someone(folder, "Ben");
      await ada.run(["knowledge", "set", "tip"], TIP);
      await sharePack(ada);
      const bin = `${folder}/bin`;
      await Deno.mkdir(bin);
      const quoted = ben.words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
      await Deno.writeTextFile(`${bin}/kairos`, `#!/bin/sh\nexec ${quoted} "$@"\n`);
      await Deno.chmod(`${bin}/kairos`, 0o755);
      await served(ada, async (url) => {
        const lines = (await linesOfGuide()).slice(1);
        // One shell for all of them, as they are typed one after the other.
        const script = [`URL=${url}`, ...lines.map((line, at) => `{ ${line}\n} > '${bin}/${at}'`)];
        const { success, stderr } = await new Deno.Command("bash", {
          args: ["-c", script.join("\n")],
          cwd: ben.folder,
          env: { KAIROS_DATA_DIR: "", PATH: `${bin}:${Deno.env.get("PATH")}` },
          stdin: "null",
        }).output();
        assert.ok(success, new TextDecoder().decode(stderr));
        for (const [at, [, check]] of LINES.entries()) {
          await t.step(lines[at]!, async () => {
            const printed = await Deno.readTextFile(`${bin}/${at}`);
            check(printed, () => JSON.parse(printed));
          });
        }
      });
      assert.match(await ben.run(["skillset", "info", "pack"]), /State +disabled/);
    }),
});
