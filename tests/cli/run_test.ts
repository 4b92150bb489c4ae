import assert from "node:assert/strict";
import { COMMANDS } from "../../cli/contents.ts";
import { styleFor } from "../../cli/render/style.ts";
import { errorText } from "../../cli/report.ts";
import { VERSION } from "../../cli/version.ts";
import { KairosError } from "../../core/errors.ts";
import { document, inFolder, inInstance, kairos, kairosJson } from "./harness.ts";

Deno.test("run() prints the version", async (t) => {
  await inFolder(async (folder) => {
    for (const argv of [["version"], ["-v"], ["--version"]]) {
      await t.step(argv.join(" "), async () => {
        assert.deepEqual(await kairos(folder, argv), {
          code: 0,
          out: `kairos ${VERSION}\n`,
          err: "",
        });
      });
    }
    const { value } = await kairosJson(folder, ["version"]);
    assert.deepEqual(value, { name: "kairos", version: VERSION, deno: Deno.version.deno });
  });
});

Deno.test("run() explains itself, examples first", async (t) => {
  await inFolder(async (folder) => {
    await t.step("the whole program", async () => {
      for (const argv of [["--help"], ["-h"], ["help"]]) {
        const { code, out, err } = await kairos(folder, argv);
        assert.equal(code, 0);
        assert.equal(err, "");
        assert.ok(out.indexOf("EXAMPLES") < out.indexOf("COMMANDS"));
        assert.match(out, /knowledge .*\(list, search, show, set/);
      }
    });
    await t.step("a person without a command", async () => {
      const { code, out } = await kairos(folder, [], { terminal: true });
      assert.equal(code, 0);
      assert.match(out, /EXAMPLES/);
    });
    await t.step("a group", async () => {
      for (const argv of [["knowledge"], ["knowledge", "--help"], ["help", "knowledge"]]) {
        const { code, out } = await kairos(folder, argv);
        assert.equal(code, 0);
        assert.match(out, /^Project knowledge.*\n\nEXAMPLES\n.*knowledge set[^]*knowledge restore/);
      }
    });
    for (const path of Object.keys(COMMANDS)) {
      await t.step(path, async () => {
        if (path === "help") return;
        const { code, out, err } = await kairos(folder, [...path.split(" "), "--help"]);
        assert.equal(code, 0);
        assert.equal(err, "");
        assert.match(out, new RegExp(`^EXAMPLES\\n(  .*\\n)*?  kairos ${path}\\b`));
        assert.match(out, /\nUSAGE\n {2}kairos .*\[OPTIONS\]\n[^]*--data-dir DIR/);
        assert.equal(out, (await kairos(folder, ["help", ...path.split(" ")])).out);
        assert.ok(out.split("\n").every((line) => line.length <= 110), out);
      });
    }
  });
});

Deno.test("run() names exit codes for every error", async () => {
  await inFolder(async (folder) => {
    const { out } = await kairos(folder, ["help", "exit-codes"]);
    assert.match(out, /\n {3}3 {2}Verification found something +corrupt\n/);
    assert.match(out, /\n {3}4 .* locked, busy\n/);
    assert.match(out, /\n {3}5 .* refused\n/);
    assert.match(out, /\n 130 /);
    const { value } = await kairosJson<{ code: number }[]>(folder, ["help", "exit-codes"]);
    assert.deepEqual(value.map(({ code }) => code), [0, 1, 2, 3, 4, 5, 130]);
  });
});

Deno.test("run() answers a call it does not understand with exit code 2 and a suggestion", async (t) => {
  const cases: [string, string[], RegExp, RegExp][] = [
    ["a command", ["knowlege"], /Unknown command "knowlege"/, /Did you mean `kairos knowledge`/],
    ["a subcommand", ["chain", "verfy"], /Unknown command "chain verfy"/, /`kairos chain verify`/],
    ["one of several", ["stat"], /Unknown command "stat"/, /Did you mean `kairos state`\?$/],
    ["a topic", ["help", "exit-codse"], /Unknown command "exit-c/, /`kairos help exit-codes`\?$/],
    ["nothing as near", ["nope"], /Unknown command "nope"/, /kairos --help/],
    ["nothing near", ["qqqqqqqqqq"], /Unknown command "qqqqqqqqqq"/, /kairos --help/],
    ["an option", ["chain", "log", "--limt", "1"], /Unknown option "--limt"/, /--limit\?/],
    ["an option of all", ["status", "--jsn"], /Unknown option "--jsn"/, /--json\?/],
    ["an option too far", ["status", "--jupiter"], /Unknown option "--jupiter"/, /^See/],
    ["a letter", ["status", "-x"], /Unknown option "-x"/, /behind --/],
    ["a server option", ["--htpp"], /Unknown option "--htpp"/, /--http/],
    ["a value", ["chain", "log", "--limit", "no"], /"no" for --limit: expected a whole/, /--help/],
    ["no value", ["chain", "log", "--limit"], /--limit needs a value/, /--help/],
    ["twice", ["chain", "log", "--limit=1", "--limit=2"], /--limit stands twice/, /--help/],
    ["too much", ["status", "now"], /Unexpected argument "now"/, /kairos status --help/],
    ["too little", ["knowledge", "show"], /Missing argument NAME/, /knowledge show --help/],
    ["an inherited name", ["constructor"], /Unknown command "constructor"/, /--help/],
    ["an inherited option", ["status", "--constructor"], /Unknown option "--con/, /--help/],
    ["one in kebab case", ["status", "--has-own-property"], /Unknown option "--has/, /--help/],
    ["an inherited subcommand", ["chain", "toString"], /Unknown command "chain toS/, /--help/],
    ["an escape", ["st\x1b[31m"], /Unknown command "st\\u\{1b\}\[31m"/, /./],
    ["no folder", ["status", "--data-dir"], /no folder follows/, /--data-dir FOLDER/],
  ];
  await inFolder(async (folder) => {
    for (const [name, argv, message, hint] of cases) {
      await t.step(name, async () => {
        const { code, out, err } = await kairos(folder, argv);
        assert.equal(code, 2, err);
        assert.equal(out, "");
        const [first, second] = err.split("\n");
        assert.match(first!, message);
        assert.match(second ?? "", hint);
      });
    }
  });
});

Deno.test("run() prints errors as JSON on standard output when it was asked for JSON", async () => {
  await inInstance(async (folder) => {
    const { code, value, err } = await kairosJson(folder, ["knowledge", "show", "none"]);
    assert.equal(code, 1);
    assert.equal(err, "");
    assert.deepEqual(value, {
      error: {
        code: "not_found",
        message: 'Knowledge "none" not found',
        hint: 'Available: "getting_started", "kairos_formats"',
      },
    });
    const near = await kairosJson<{ error: { hint: string } }>(folder, [
      "knowledge",
      "show",
      "kairos_formts",
    ]);
    assert.equal(near.value.error.hint, 'Available: "kairos_formats", "getting_started"');
    const usage = await kairosJson<{ error: { code: string } }>(folder, ["chain", "lgo"]);
    assert.equal(usage.code, 2);
    assert.equal(usage.value.error.code, "usage");
  });
});

const PLAIN = styleFor(false, () => undefined);

Deno.test("errorText() leaves no message power over the screen", () => {
  const error = new KairosError("invalid", "a\x1b[31m\nb", { hint: "c\u202e" });
  assert.equal(errorText(error, PLAIN), "Error: a\\u{1b}[31m\nb\nc\\u{202e}\n");
  assert.equal(errorText(new KairosError("invalid", "a"), PLAIN), "Error: a\n");
});

Deno.test("run() ends quietly when the reader has seen enough", async () => {
  await inInstance(async (folder) => {
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a") });
    for (const argv of [["chain", "log"], ["--help"], ["knowledge", "show", "a", "--json"]]) {
      const { code, err } = await kairos(folder, argv, { closesAfter: 0 });
      assert.equal(code, 0);
      assert.doesNotMatch(err, /Error/);
    }
    const failed = await kairos(folder, ["knowledge", "show", "b", "--json"], { closesAfter: 0 });
    assert.equal(failed.code, 1, "a failure stays one");
  });
});

Deno.test("run() shows no colour and no control character outside a terminal", async () => {
  await inInstance(async (folder) => {
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "one") });
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "two") });
    const plain = { terminal: true, env: { NO_COLOR: "1" } };
    for (const argv of [["chain", "log"], ["knowledge", "diff", "a"], ["doctor"], ["status"]]) {
      assert.ok(!(await kairos(folder, argv)).out.includes("\x1b"));
      assert.ok(!(await kairos(folder, argv, plain)).out.includes("\x1b"));
    }
    const { out } = await kairos(folder, ["knowledge", "diff", "a"], { terminal: true });
    assert.ok(out.includes("\x1b[32m+two\x1b[39m"));
  });
});
