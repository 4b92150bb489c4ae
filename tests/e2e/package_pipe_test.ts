import assert from "node:assert/strict";
import { skillSet } from "../skillset/sets.ts";
import { inEmptyFolder, PERMISSIONS, program, startProgram } from "./cli_program.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Two instances beside each other; `A` has a SkillSet with so many bytes of text. */
async function withTwo(length: number, test: (folder: string) => Promise<void>): Promise<void> {
  await inEmptyFolder(async (folder) => {
    for (const name of ["A", "B"]) {
      const { code, err } = await program(folder, ["init", `${folder}/${name}`]);
      assert.equal(code, 0, err);
    }
    const text = Array.from({ length: Math.ceil(length / 36) }, () => crypto.randomUUID());
    for (const { path, bytes } of skillSet("pack", {}, { "knowledge/設計.md": text.join("") })) {
      const at = `${folder}/src/${path}`;
      await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(at, bytes);
    }
    const { code, err } = await program(folder, [
      "skillset",
      "install",
      "./src",
      "--data-dir",
      "A",
    ]);
    assert.equal(code, 0, err);
    await test(folder);
  });
}

/** Runs a line of a shell in which `kairos` is the program. */
async function shell(cwd: string, line: string): Promise<{ code: number; err: string }> {
  const words = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...PERMISSIONS, MAIN];
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const script = `kairos() { ${quoted} "$@"; }\n${line}`;
  const { code, stderr } = await new Deno.Command("bash", {
    args: ["-c", script],
    cwd,
    env: { KAIROS_DATA_DIR: "" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "packages go through pipes of processes, packed or not, and arrive whole or not at all",
  ignore,
  async fn(t) {
    await withTwo(300_000, async (folder) => {
      const info = async (dir: string) => {
        const argv = ["skillset", "info", "pack", "--json", "--data-dir", dir];
        const { code, out } = await program(folder, argv);
        return code === 0 ? JSON.parse(out) as { content_hash: string; enabled: boolean } : null;
      };
      const sent = await info("A");
      await t.step("cut short by head", async () => {
        const line = "kairos package pack --data-dir A | head -c 100000 | " +
          "kairos install-archive - --data-dir B";
        const { code, err } = await shell(folder, line);
        assert.equal(code, 5, err);
        assert.doesNotMatch(err, /EPIPE|Broken| {4}at /);
        assert.equal(await info("B"), null);
      });
      await t.step("without an end", async () => {
        const { code, err } = await shell(folder, "yes | kairos install-archive - --data-dir B");
        assert.equal(code, 5, err);
        assert.match(err, /larger than the limits/);
        assert.equal(await info("B"), null);
      });
      await t.step("straight", async () => {
        const line = "set -o pipefail; kairos package pack --data-dir A | " +
          "kairos install-archive - --data-dir B";
        const { code, err } = await shell(folder, line);
        assert.equal(code, 0, err);
        const got = await info("B");
        assert.equal(got?.content_hash, sent?.content_hash);
        assert.equal(got?.enabled, false);
      });
      await t.step("through gzip", async () => {
        const line = "set -o pipefail; kairos package pack --data-dir A | gzip | gunzip | " +
          "kairos install-archive - --force --enable --data-dir B";
        const { code, err } = await shell(folder, line);
        assert.equal(code, 0, err);
        assert.equal((await info("B"))?.enabled, true);
      });
    });
  },
});

Deno.test("package ends quietly when nobody reads any more", async () => {
  await withTwo(3_000_000, async (folder) => {
    const child = await startProgram(folder, ["package", "pack", "--data-dir", "A"]);
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const { code, signal } = await child.status;
    const err = await new Response(child.stderr).text();
    assert.equal(err, "");
    assert.equal(signal, null);
    assert.ok([0, 141].includes(code), String(code));
  });
});
