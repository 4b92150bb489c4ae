import assert from "node:assert/strict";
import { comparePins, parsePin } from "../../core/evolution/pin.ts";

const ONE = "0000-1111-2222-3333-4444-5555-6666-7777";
const TWO = "AAAA-1111-2222-3333-4444-5555-6666-7777";

Deno.test("comparePins() lets only the expected approvers pass, and every source must agree", () => {
  const one = parsePin("KAIROS_APPROVER", ONE);
  const both = parsePin("config.yml", [ONE, TWO]);
  const cases: [Parameters<typeof comparePins>, string][] = [
    [[[], null], "unpinned"],
    [[[], ONE], "unpinned"],
    [[[one], ONE], "matches"],
    [[[one], TWO], "differs"],
    [[[one], null], "differs"],
    [[[both], TWO], "matches"],
    [[[one, both], ONE], "matches"],
    [[[one, both], TWO], "differs"],
  ];
  for (const [args, state] of cases) assert.equal(comparePins(...args), state);
});

Deno.test("parsePin() reads a fingerprint as people copy it and passes over nothing unreadable", () => {
  for (const way of [ONE, ONE.toLowerCase(), ONE.replaceAll("-", " "), ` ${ONE}\n`]) {
    assert.deepEqual(parsePin("x", way).allowed, [ONE]);
  }
  assert.deepEqual(parsePin("x", TWO.replaceAll("1", "l")).allowed, [TWO]);
  for (const bad of ["", ONE.slice(1), `${ONE}0`, [], [ONE, ""], 7, null, {}, "U".repeat(32)]) {
    assert.throws(() => parsePin("x", bad), { code: "invalid" }, JSON.stringify(bad));
  }
});
