import assert from "node:assert/strict";
import { widthOf } from "../../core/text_width.ts";
import { inFolder, kairos, kairosJson } from "./harness.ts";

/** Two things are wrong; one stands behind wide characters, a mark on one of them, and a tab. */
const WRONG = `skill("a", {
  titel: "T",
\t/* 知識か\u3099😀 */ version: 1,
});
`;

/** What every door shows of it, but for the name of the file. */
const SHOWN = [
  ':2:3 Field "titel" is unknown',
  '  titel: "T",',
  "  ^",
  'Did you mean "title"?',
  "",
  ':3:23 Field "version" is 1',
  "\t/* 知識か\u3099😀 */ version: 1,",
  "\t   \u3000\u3000\u3000\u3000             ^",
  "Expected a text",
];

Deno.test("a law that cannot be read is shown place by place", async (t) => {
  assert.equal(widthOf(SHOWN[7]!.slice(0, -1)), widthOf("\t/* 知識か\u3099😀 */ version: "));
  await inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    await Deno.writeTextFile(`${folder}/a.ts`, WRONG);
    const source = `${folder}/.kairos/skills/kairos.ts`;
    const lines = (file: string) => SHOWN.map((line) => line.replace(/^:/, `${file}:`));
    await t.step("skills propose", async () => {
      const { code, err } = await kairos(folder, ["skills", "propose", "a.ts"]);
      assert.equal(code, 1);
      assert.equal(
        err,
        'Error: Cannot read the law "a.ts": line 2, column 3: Field "titel" is unknown ' +
          `(and 1 more problem)\n\n${lines("a.ts").join("\n")}\n`,
      );
    });
    await t.step("skills propose, on a terminal, in colour", async () => {
      const { err } = await kairos(folder, ["skills", "propose", "a.ts"], { terminal: true });
      assert.ok(err.includes("\x1b[31m  ^\x1b[39m"), err);
    });
    await t.step("skills propose from a model", async () => {
      const args = { command: "propose", skill_id: "a", definition: WRONG, reason: "r" };
      const { code, out, err } = await kairos(folder, ["call", "skills_evolve", "-"], {
        stdin: JSON.stringify(args),
      });
      assert.equal(code, 1, err);
      assert.ok((out + err).includes(`\n\n${lines("definition").join("\n")}\n`), out + err);
    });
    await Deno.writeTextFile(source, WRONG);
    await t.step("skills adopt", async () => {
      const { code, err } = await kairos(folder, ["skills", "adopt"]);
      assert.equal(code, 1);
      assert.ok(err.endsWith(`\n\n${lines("skills/kairos.ts").join("\n")}\n`), err);
    });
    await t.step("doctor", async () => {
      const { out } = await kairos(folder, ["doctor"]);
      const indented = lines("skills/kairos.ts").map((line) => line && `        ${line}`);
      assert.ok(out.includes(`\n${indented.join("\n")}\n        Mend: `), out);
    });
    await t.step("more than ten are counted, and programs get all of them", async () => {
      await Deno.writeTextFile(`${folder}/a.ts`, `skill("a", {\n${"x: 1,\n".repeat(12)}});\n`);
      const { err } = await kairos(folder, ["skills", "propose", "a.ts"]);
      assert.equal(err.match(/^a\.ts:/gm)?.length, 10);
      assert.match(err, /\nand \d+ more\n$/);
      const { value } = await kairosJson<{ error: { data: { problems: unknown[] } } }>(folder, [
        "skills",
        "propose",
        "a.ts",
      ]);
      assert.ok(value.error.data.problems.length > 10);
    });
  });
});
