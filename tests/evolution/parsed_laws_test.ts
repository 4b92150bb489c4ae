import { deepEqual, equal, notEqual, ok, throws } from "node:assert/strict";
import { emptySkill, type Skill } from "../../core/dsl/ast.ts";
import { bindingsOf } from "../../core/dsl/formal/bindings.ts";
import { drift } from "../../core/dsl/formal/drift.ts";
import { verifyDefinition } from "../../core/dsl/formal/verify_definition.ts";
import { verifyLaw } from "../../core/dsl/formal/verify_law.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { ParsedLaws } from "../../core/evolution/parsed_laws.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { evolve, testLaw, withLaw } from "./law.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("Evolution.inForce() reads each source once, however often it is asked", () =>
  withLaw(async ({ evolution, reopen }) => {
    const { law, source } = await evolution.inForce();
    equal((await evolution.inForce()).law, law);
    deepEqual(law, parseLaw(source, { file: "law" }));
    // Another instance of the same process shares nothing.
    notEqual((await (await reopen()).inForce()).law, law);
    await evolve(evolution, "audit_rules", { content: "Another.\n" });
    const after = await evolution.inForce();
    notEqual(after.law, law);
    deepEqual(after.law, parseLaw(after.source, { file: "law" }));
  }));

Deno.test("Evolution.inForce() serves no law from memory whose source on the disk is another", () =>
  withLaw(async ({ evolution, root }) => {
    const { file } = await evolution.inForce();
    const path = `${root}/storage/objects/${file!.object.slice(0, 2)}/${file!.object}`;
    Deno.writeTextFileSync(path, printLaw(testLaw({ evolution_enabled: false })));
    const { status, law } = await evolution.inForce();
    notEqual(status, "decided");
    equal(law.skills.length, 0);
  }));

Deno.test("Evolution.coverage() keeps what it worked out of skills nobody can change, and no other", () =>
  withLaw(async ({ evolution }) => {
    const definition = [{ type: "Check", name: "days", options: {}, source_span: null }];
    await evolve(evolution, "audit_rules", { content: "90 days.\n", definition });
    const { law } = await evolution.inForce();
    const skill = law.skills.find(({ id }) => id === "audit_rules")!;
    for (const _ of [1, 2]) equal(evolution.coverage(skill), 1);
    for (const _ of [1, 2]) equal(evolution.coverage(law.skills[0]!), null);
    const draft = { ...skill };
    equal(evolution.coverage(draft), 1);
    draft.content = "Never.\n";
    equal(evolution.coverage(draft), 0);
  }));

Deno.test("ParsedLaws.read() gives a law nobody can change, and keeps a bounded amount", () => {
  const laws = new ParsedLaws();
  const source = bytesOf(printLaw(testLaw()));
  const { law, ast } = laws.read(sha256(source), source);
  throws(() => (law.skills as Skill[]).push(emptySkill("smuggled")), TypeError);
  throws(() => ((law.skills[0]!.law as Record<string, unknown>)["x"] = 1), TypeError);
  equal(laws.read(sha256(source), source).ast, ast);
  for (let at = 0; at < 6; at++) {
    const long = bytesOf(`skill("s${at}", { content: "${"x".repeat(1_000_000)}" });\n`);
    laws.read(sha256(long), long);
  }
  notEqual(laws.read(sha256(source), source).law, law);
});

Deno.test("ParsedLaws.read() refuses what is no UTF-8 and what has a byte order mark", () => {
  const laws = new ParsedLaws();
  for (const bytes of [Uint8Array.of(0xff, 0xfe), bytesOf('\ufeffskill("s", {});')]) {
    for (const _ of [1, 2]) {
      throws(() => laws.read(sha256(bytes), bytes), { name: "KairosError", code: "invalid" });
    }
  }
});

Deno.test("verifyLaw() says of each skill what verifying it alone says", () => {
  const node = (condition: string) => ({
    type: "Check",
    name: "bare truth",
    options: { condition },
    source_span: null,
  });
  const conditions = ["a == 1", "skill.can_evolve?(:content)", "skill.has_tool?", "open == true"];
  const skills = conditions.map((condition, at): Skill => ({
    ...emptySkill(`skill_${at}`),
    content: at % 2 === 0 ? "The bare truth.\n" : "Barely.\n",
    definition: [node(condition)],
    evolve: { allow: at === 1 ? ["content"] : ["title"], deny: [], conditions: [] },
  }));
  const known = { facts: { open: { true: true } }, skills, tools: [] };
  const all = verifyLaw(known, [...skills, emptySkill("empty")]);
  for (const [at, skill] of skills.entries()) {
    const { skill_id, has_definition, coverage, slips, ...report } = all[at]!;
    deepEqual(report, verifyDefinition(skill, bindingsOf(known, { subject: skill })));
    equal(coverage, drift(skill).by_words.summary.coverage_ratio);
    deepEqual(slips, []);
    ok(has_definition && skill_id === skill.id);
  }
  equal(all[1]!.outcomes.satisfied, 1);
  equal(all.at(-1)!.coverage, null);
});
