import assert from "node:assert/strict";
import { conversionReport } from "../../core/dsl/ruby/conversion_report.ts";
import { parseRubyLaw } from "../../core/dsl/ruby/parse.ts";

Deno.test("conversionReport() tells what is lost and which code is never run", async () => {
  const source = [
    "# a comment",
    "skill :a do",
    "  behavior { 1 }",
    "  effect(:write) { run { 2 } }",
    "  evolve { when_condition(:asked) { true }; when_condition :open }",
    "  tool { execute { 3 } }",
    "  puts 1",
    "end",
    "skill(:b) { effect(:none) { } }",
  ].join("\n");
  assert.deepEqual(conversionReport(await parseRubyLaw(source, { file: "x.rb" })).split("\n"), [
    "Skills carried over: 2",
    "Comments left out: 1",
    "",
    "Lost: 1",
    "",
    '- 7:3 "puts" is no verb of a skill',
    "",
    "Code kept as text, never run by kairos: 4",
    "",
    "- a: behavior",
    "- a: effect write",
    "- a: condition asked",
    "- a: tool",
    "",
  ]);
});
