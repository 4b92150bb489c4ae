import assert from "node:assert/strict";
import { arrange } from "../../cli/arrange.ts";
import { asksForJson, type Globals, takeGlobals } from "../../cli/globals.ts";
import { jsonObject, toolArguments } from "../../cli/tool_arguments.ts";
import { wholeNumber } from "../../cli/parameters.ts";

Deno.test("takeGlobals() takes its options from anywhere before --", async (t) => {
  const none = { dataDir: undefined, json: false, pager: true };
  const cases: [string, string[], Globals][] = [
    ["nothing", ["status"], { ...none, rest: ["status"] }],
    ["in front", ["--data-dir", "x", "status"], { ...none, dataDir: "x", rest: ["status"] }],
    [
      "behind",
      ["status", "--json", "--data-dir=x y"],
      { ...none, dataDir: "x y", json: true, rest: ["status"] },
    ],
    ["between", ["knowledge", "--json", "list"], {
      ...none,
      json: true,
      rest: ["knowledge", "list"],
    }],
    ["without pages", ["help", "--no-pager"], { ...none, pager: false, rest: ["help"] }],
    ["behind --", ["call", "--", "--json", "--no-pager"], {
      ...none,
      rest: ["call", "--", "--json", "--no-pager"],
    }],
    ["the same twice", ["--data-dir=x", "--data-dir", "x"], { ...none, dataDir: "x", rest: [] }],
    ["an empty value", ["a", "--reason="], { ...none, rest: ["a", "--reason", ""] }],
    ["a value of lines", ["--reason=a\nb"], { ...none, rest: ["--reason", "a\nb"] }],
    ["any other value", ["--reason=--x"], { ...none, rest: ["--reason=--x"] }],
  ];
  for (const [name, argv, globals] of cases) {
    await t.step(name, () => assert.deepEqual(takeGlobals(argv), globals));
  }
});

Deno.test("takeGlobals() refuses --data-dir without one folder", async (t) => {
  for (const argv of [["--data-dir"], ["--data-dir="], ["--data-dir", "a", "--data-dir=b"]]) {
    await t.step(argv.join(" "), () => {
      assert.throws(() => takeGlobals(argv), { code: "usage" });
    });
  }
});

Deno.test("asksForJson() looks before -- only", () => {
  assert.equal(asksForJson(["x", "--json"]), true);
  assert.equal(asksForJson(["x", "--", "--json"]), false);
});

Deno.test("arrange() writes the short ways out", async (t) => {
  const cases: [string, boolean, string][] = [
    ["", false, "serve"],
    ["", true, "--help"],
    ["--http --port 8080", true, "serve --http --port 8080"],
    ["--http", false, "serve --http"],
    ["-v", true, "version"],
    ["--version", false, "version"],
    ["-h", true, "-h"],
    ["--help", false, "--help"],
    ["help", true, "--help"],
    ["help knowledge set", true, "knowledge set --help"],
    ["help exit-codes", true, "help exit-codes"],
    ["help --help", true, "--help"],
    ["status", false, "status"],
  ];
  for (const [line, isTerminal, expected] of cases) {
    const words = line === "" ? [] : line.split(" ");
    await t.step(`"${line}" ${isTerminal ? "typed" : "piped"}`, () => {
      assert.equal(arrange(words, isTerminal).join(" "), expected);
    });
  }
});

Deno.test("toolArguments() understands key=text, key:=JSON and one object", () => {
  assert.deepEqual(toolArguments([]), {});
  assert.deepEqual(toolArguments(["a=1", "b:=1", 'c:={"d":[true]}', "e=", "f=x=y\nz"]), {
    a: "1",
    b: 1,
    c: { d: [true] },
    e: "",
    f: "x=y\nz",
  });
  assert.deepEqual(toolArguments(['{"a": 1}']), { a: 1 });
  assert.equal(Object.getPrototypeOf(toolArguments(["__proto__=x"])), Object.prototype);
});

Deno.test("toolArguments() refuses what is of no form", async (t) => {
  for (
    const words of [["plain"], ["a:=x"], ["a=1", "a=2"], ["=x"], ["{oops"], ['{"a":1}', "b=2"]]
  ) {
    await t.step(words.join(" "), () => {
      assert.throws(() => toolArguments(words), { code: "usage" });
    });
  }
  assert.throws(() => jsonObject("[1]"), { code: "usage" });
});

Deno.test("wholeNumber() takes decimal digits within the range", () => {
  assert.equal(wholeNumber("10", { min: 0, max: 10 }), 10);
  for (const text of ["", "-1", "11", "1.5", "1e1", " 1", "0x1"]) {
    assert.throws(() => wholeNumber(text, { min: 0, max: 10 }), { code: "usage" }, text);
  }
});
