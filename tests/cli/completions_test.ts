import assert from "node:assert/strict";
import { bashWord, powershellWord, readLine } from "../../cli/complete/shell_line.ts";
import { SCRIPTS, SHELLS } from "../../cli/complete/scripts.ts";
import { COMMANDS, GROUPS } from "../../cli/contents.ts";
import { parentOf } from "../../core/disk/mod.ts";
import { TOOLS } from "../../server/mcp/tools/mod.ts";
import { lendingSet } from "../skillset/lending.ts";
import { inFolder, inInstance, kairos, snapshot } from "./harness.ts";

/** Names as a hostile or merely human hand makes them; a shell must see each as one plain word. */
const NAMES = [
  "my notes",
  "it's",
  "$(touch hacked)",
  "`touch hacked`",
  "道 の書",
  "a;b&c",
  "x:y=z",
];

/** Ids of peers. */
const [ADA, BEN] = ["0123456789abcdef", "fedcba9876543210"];

async function makeEntries(root: string, names: readonly string[] = NAMES): Promise<void> {
  for (const name of names) await Deno.mkdir(`${root}/knowledge/${name}`);
}

/** What follows in zsh, whose protocol is the plainest: what names are added, then the words. */
async function follow(
  folder: string,
  words: readonly string[],
  current = "",
): Promise<{ names: string; words: string[]; about: string[] }> {
  const argv = ["__complete", "zsh", ...words, `=${current}`];
  const { code, out, err } = await kairos(folder, argv);
  assert.equal(code, 0);
  assert.equal(err, "");
  const [names = "", ...lines] = out.replace(/\n$/, "").split("\n");
  const parts = lines.map((line) => line.split("\t"));
  return { names, words: parts.map(([word]) => word!), about: parts.map(([, about]) => about!) };
}

Deno.test("__complete proposes commands, options and names", async (t) => {
  await inInstance(async (folder, root) => {
    await makeEntries(root, ["alpha", "beta", ".staged", "old.bak"]);
    await Deno.mkdir(`${root}/knowledge/.archived/gamma`, { recursive: true });
    await Deno.mkdir(`${root}/context/s 1/plan`, { recursive: true });
    await Deno.writeTextFile(`${root}/knowledge/file`, "no entry");
    await Deno.mkdir(`${root}/skills/proposals`);
    for (
      const name of ["20260120-103000-0a1b2c3d.json", "20260120-103000-0a1b2c3d.state.json", "x"]
    ) {
      await Deno.writeTextFile(`${root}/skills/proposals/${name}`, "");
    }
    await Deno.writeTextFile(`${root}/skills/kairos.ts`, 'skill("core_safety", {});\n');
    await Deno.mkdir(`${root}/storage/snapshots`, { recursive: true });
    for (const name of ["snapshot_20260120_103000_3d5493ab.json", "snapshot_x.json"]) {
      await Deno.writeTextFile(`${root}/storage/snapshots/${name}`, "{}");
    }
    await Deno.writeTextFile(
      `${root}/peers.json`,
      JSON.stringify([{ id: BEN, name: "e\x1b[31mvil" }, { id: ADA, name: "Ada's" }]),
    );
    const entries = ["alpha", "beta", "getting_started", "kairos_formats"];
    const tools = TOOLS.map(({ name }) => name).filter((name) => name.startsWith("chain_"));
    const cases: [words: string[], current: string, expected: string[] | string][] = [
      [[], "kno", ["knowledge"]],
      [[], "--he", ["--help"]],
      [["knowledge"], "arch", ["archive"]],
      [["help", "knowledge"], "arch", ["archive"]],
      [["help"], "exit", ["exit-codes"]],
      [["knowledge", "show"], "", entries],
      [["--json", "knowledge", "show"], "al", ["alpha"]],
      [["--no-pager", "knowledge"], "arch", ["archive"]],
      [["knowledge", "--no-pager", "show"], "al", ["alpha"]],
      [["knowledge", "--data-dir", ".kairos", "show"], "al", ["alpha"]],
      [["knowledge", "show", "--", "--data-dir"], "", []],
      [["peers", "show"], "", ["Ada's", ADA, BEN]],
      [["peers", "trust"], "Ad", ["Ada's"]],
      [["peers", "forget"], BEN.slice(0, 4), [BEN]],
      [["peers", "block", BEN], "", []],
      [["knowledge", "show", "--version", "3"], "al", ["alpha"]],
      [["knowledge", "show", "--version=3"], "al", ["alpha"]],
      [["knowledge", "show", "--version"], "", []],
      [["knowledge", "show", "alpha"], "", []],
      [["skills", "show"], "core", ["core_safety"]],
      [["skills", "rollback"], "", []],
      [["proposals", "approve"], "", ["20260120-103000-0a1b2c3d"]],
      [["proposals", "list", "--state"], "ap", ["approved", "applied"]],
      [["knowledge", "unarchive"], "", ["gamma"]],
      [["knowledge", "archive", "alpha", "--superseded-by"], "b", ["beta"]],
      [["knowledge", "archive", "alpha"], "--superseded-by=b", ["--superseded-by=beta"]],
      [["knowledge", "archive", "alpha"], "--sup", ["--superseded-by"]],
      [["knowledge", "set", "alpha"], "", "files"],
      [["blame"], "al", ["alpha"]],
      [["history"], "be", ["beta"]],
      [["chain", "log", "--entry"], "al", ["alpha"]],
      [["chain", "log", "--layer"], "", ["l0", "l1", "l2"]],
      [["chain", "log", "--type"], "state", ["state_commit"]],
      [["state", "restore"], "", ["3d5493ab"]],
      [["state", "diff", "3d54"], "3", ["3d5493ab"]],
      [["state", "commit"], "", []],
      [["context", "show"], "", ["s 1"]],
      [["context", "show", "s 1"], "", ["plan"]],
      [["context", "save", "--session", "s 1"], "", ["plan"]],
      [["context", "save", "--session=s 1"], "", ["plan"]],
      [["context", "show", ".."], "", []],
      [["call"], "chain_", tools],
      [["call", "chain_status"], "", []],
      [["completions"], "", [...SHELLS]],
      [["init"], "", "folders"],
      [["--data-dir"], "", "folders"],
      [["status"], "--data-dir=x", "folders"],
      [["nonsense"], "", []],
      [["knowledge", "nonsense"], "", []],
      [["toString"], "", []],
    ];
    for (const [words, current, expected] of cases) {
      await t.step(`${words.join(" ")} ${current}`, async () => {
        const found = await follow(folder, words, current);
        assert.deepEqual(found.words, typeof expected === "string" ? [] : expected);
        assert.equal(found.names, typeof expected === "string" ? expected : "none");
      });
    }
    await t.step("all commands and groups, with what they are for", async () => {
      const { words, about } = await follow(folder, []);
      const singles = Object.keys(COMMANDS).filter((path) => !path.includes(" "));
      assert.deepEqual(words.sort(), [...singles, ...Object.keys(GROUPS)].sort());
      assert.ok(about.every((text) => text !== ""));
      assert.ok(!words.includes("__complete"));
    });
    await t.step("nothing is changed", async () => {
      const before = await snapshot(folder);
      await follow(folder, ["knowledge", "show"]);
      assert.deepEqual(await snapshot(folder), before);
    });
  });
});

Deno.test("__complete proposes what SkillSets lend where it can be read, and nowhere else", async () => {
  await inInstance(async (folder, root) => {
    await makeEntries(root, ["alpha"]);
    const sets = { birds: ["alpha", "kingfisher"], off: ["unused"] };
    for (const [set, entries] of Object.entries(sets)) {
      for (
        const { path, bytes } of lendingSet(set, Object.fromEntries(entries.map((e) => [e, e])))
      ) {
        const at = `${root}/skillsets/${set}/${path}`;
        await Deno.mkdir(parentOf(at), { recursive: true });
        await Deno.writeFile(at, bytes);
      }
    }
    await Deno.mkdir(`${root}/skillsets/broken`);
    await Deno.writeTextFile(`${root}/skillsets/broken/skillset.json`, "{");
    await Deno.writeTextFile(
      `${root}/skillsets/config.yml`,
      "skillsets: {off: {enabled: false}}\n",
    );
    const own = ["alpha", "getting_started", "kairos_formats"];
    const all = ["alpha", "getting_started", "kairos_formats", "kingfisher"];
    assert.deepEqual((await follow(folder, ["knowledge", "show"])).words, all);
    // What is lent has no history here, and nobody can change it.
    for (const path of ["knowledge set", "knowledge history", "history", "blame"]) {
      assert.deepEqual((await follow(folder, path.split(" "))).words, own, path);
    }
  });
});

Deno.test("__complete never proposes hidden characters or what would be read as an option", async () => {
  await inInstance(async (folder, root) => {
    await makeEntries(root, ["e\x1b[31mvil", "two\nlines", "tab\there", "rtl\u202ename", "--yes"]);
    assert.deepEqual((await follow(folder, ["knowledge", "show"])).words, [
      "getting_started",
      "kairos_formats",
    ]);
    assert.deepEqual((await follow(folder, ["knowledge", "show", "--"], "--")).words, ["--yes"]);
  });
});

Deno.test("__complete says nothing where nothing can be found, and never too much", async (t) => {
  await t.step("no data directory", async () => {
    await inFolder(async (folder) => {
      for (const argv of [[], ["bash"], ["zsh", "knowledge", "show", "="], ["elvish", "x"]]) {
        const { code, out, err } = await kairos(folder, ["__complete", ...argv]);
        assert.equal(code, 0);
        assert.equal(err, "");
        assert.doesNotMatch(out, /Error/);
      }
      assert.equal((await follow(folder, ["knowledge", "show"])).names, "");
    });
  });
  await t.step("very many entries", async () => {
    await inInstance(async (folder, root) => {
      await makeEntries(root, Array.from({ length: 1200 }, (_, at) => `entry ${at}`));
      assert.equal((await follow(folder, ["knowledge", "show"])).words.length, 1000);
    });
  });
});

Deno.test("completions prints a script, or says which there are", async (t) => {
  await inFolder(async (folder) => {
    for (const shell of SHELLS) {
      await t.step(shell, async () => {
        const { code, out, err } = await kairos(folder, ["completions", shell]);
        assert.deepEqual([code, out, err], [0, SCRIPTS[shell], ""]);
        assert.match(out, new RegExp(`__complete ${shell}`));
        assert.doesNotMatch(out, /\beval\b/);
      });
    }
    await t.step("another", async () => {
      const { code, err } = await kairos(folder, ["completions", "toString"]);
      assert.equal(code, 2);
      assert.match(err, /"toString"[^]*bash, zsh, fish, powershell/);
    });
  });
});

Deno.test("readLine() and bashWord() continue what was typed", async (t) => {
  const cases: [line: string, name: string, expected: string][] = [
    ["k show my", "my notes", "my\\ notes"],
    ["k show my\\ n", "my notes", "my\\ notes"],
    ['k show "my n', "my notes", "my notes"],
    ['k show "a$', 'a$"b', 'a\\$\\"b'],
    ["k show 'it", "it's", "it'\\''s"],
    ["k save --session=a", "--session=a b", "a\\ b"],
    ["k save --session=a:b", "--session=a:b:c", "b:c"],
    ["k save '--session=a:b", "--session=a:b c", "--session=a:b c"],
    ['k save --session="a', "--session=a b", "a b"],
    ["k show ", "道", "道"],
  ];
  for (const [line, name, expected] of cases) {
    await t.step(line, () => {
      const typed = readLine(line, "=:");
      assert.ok(name.startsWith(typed.current), typed.current);
      assert.equal(bashWord(name, typed), expected);
      assert.deepEqual(typed.words, line.split(" ").slice(0, 2));
    });
  }
});

Deno.test("powershellWord() quotes what PowerShell would read otherwise", () => {
  assert.equal(powershellWord("chain_status"), "chain_status");
  assert.equal(powershellWord("--session=a-1"), "--session=a-1");
  assert.equal(powershellWord("my notes"), "'my notes'");
  assert.equal(powershellWord("it's $(x)"), "'it''s $(x)'");
  assert.equal(powershellWord("a\u2019b"), "'a\u2019\u2019b'");
});

/** Whether a shell is there to try a script in. */
function isInstalled(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

/** Runs a script of a shell where `kairos` is on the path, beside a data directory with names. */
async function inShell(
  shell: string,
  args: readonly string[],
  script: string,
): Promise<string[]> {
  let lines: string[] = [];
  await inInstance(async (folder, root) => {
    await makeEntries(root);
    await Deno.mkdir(`${folder}/bin`);
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const flags = "--quiet --no-check --no-prompt --allow-read --allow-env --allow-sys";
    await Deno.writeTextFile(
      `${folder}/bin/kairos`,
      `#!/bin/sh\nexec '${Deno.execPath()}' run ${flags} '${main}' "$@"\n`,
      { mode: 0o755 },
    );
    const { code, stdout, stderr } = await new Deno.Command(shell, {
      args: [...args, script],
      cwd: folder,
      env: {
        PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
        KAIROS_DATA_DIR: "",
        LC_ALL: "C.UTF-8",
      },
    }).output();
    const decoder = new TextDecoder();
    assert.equal(decoder.decode(stderr), "");
    assert.equal(code, 0);
    lines = decoder.decode(stdout).trimEnd().split("\n");
    await assert.rejects(Deno.stat(`${folder}/hacked`), Deno.errors.NotFound);
  });
  return lines;
}

const SORTED = ["getting_started", "kairos_formats", ...NAMES].sort();

Deno.test({
  name: "the script for bash completes in bash, which must be installed",
  ignore: !isInstalled("bash"),
  fn: async () => {
    const lines = await inShell(
      "bash",
      ["--norc", "-c"],
      `
      source <(kairos completions bash)
      complete -p kairos
      COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
      try() {
        COMP_LINE=$1 COMP_POINT=\${#1}
        _kairos_complete
        # Bash reads what was typed again before it runs it.
        for word in "\${COMPREPLY[@]}"; do eval "printf '%s\\n' $2$word$2"; done
        echo .
      }
      try 'kairos knowl' ''
      try 'kairos knowledge show ' ''
      try 'kairos knowledge show "' '"'
      try "kairos knowledge show '" "'"
      try 'kairos knowledge archive a --superseded-by=x:' ''
      try 'kairos nonsense ' ''
    `,
    );
    const [registered, ...words] = lines;
    assert.equal(registered, "complete -F _kairos_complete kairos");
    const all = [...SORTED, "."];
    assert.deepEqual(words, ["knowledge", ".", ...all, ...all, ...all, "y=z", ".", "."]);
  },
});

Deno.test({
  name: "the script for zsh completes in zsh, which must be installed",
  ignore: !isInstalled("zsh"),
  fn: async () => {
    // Stand-ins for what zsh offers only while a line is being edited.
    const lines = await inShell(
      "zsh",
      ["-f", "-c"],
      `
      compdef() { print -r -- "compdef $*" }
      compadd() { print -rl -- "\${(@)\${(P)argv[-1]}}" . }
      compset() { }
      _files() { print -r -- "files $*" }
      source <(kairos completions zsh) 2>/dev/null
      try() {
        local -a words
        words=("$@")
        local CURRENT=$# PREFIX=$argv[-1]
        _kairos
      }
      try kairos knowl
      try kairos knowledge show ''
      try kairos --data-dir "'.kairos'" knowledge show my
      try kairos knowledge set a ''
      try kairos init ''
    `,
    );
    assert.deepEqual(lines, [
      ...["compdef _kairos kairos", "knowledge", ".", ...SORTED, ".", "my notes", "."],
      ...["files ", "files -/"],
    ]);
  },
});

Deno.test({
  name: "the script for fish completes in fish, which must be installed",
  ignore: !isInstalled("fish"),
  fn: async () => {
    const lines = await inShell(
      "fish",
      ["--no-config", "-c"],
      `
      kairos completions fish | source
      for line in 'kairos chai' 'kairos knowledge show ' 'kairos knowledge show "my'
        complete -C $line
        echo .
      end
    `,
    );
    const [chain, ...words] = lines;
    assert.match(chain!, /^chain\tThe chain/);
    assert.deepEqual(words.slice(1, 1 + SORTED.length).sort(), SORTED);
    assert.deepEqual(words.slice(1 + SORTED.length), [".", "my notes", "."]);
  },
});

Deno.test({
  name: "the script for PowerShell completes in PowerShell, which must be installed",
  ignore: !isInstalled("pwsh"),
  fn: async () => {
    const lines = await inShell(
      "pwsh",
      ["-NoProfile", "-Command"],
      `
      kairos completions powershell | Out-String | Invoke-Expression
      foreach ($line in 'kairos chai', 'kairos knowledge show ', 'kairos knowledge show my') {
        (TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText }
        '.'
      }
    `,
    );
    const quoted = SORTED.map(powershellWord);
    assert.deepEqual(lines, ["chain", ".", ...quoted, ".", "'my notes'", "."]);
  },
});
