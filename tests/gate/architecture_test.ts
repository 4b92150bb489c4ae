import assert from "node:assert/strict";
import { CHECKS, checkSources, type Finding } from "./check_sources.ts";
import { readSources } from "./repository.ts";
import { EFFECTS, FREE, PACKAGES, STATELESS } from "./rules.ts";
import { GLOBALS } from "./source_facts.ts";

const show = (found: readonly Finding[]): string =>
  found.map(({ file, line, rule, text }) => `${file}:${line} [${rule}] ${text}`).join("\n");

const check = (sources: Record<string, string>): Finding[] =>
  checkSources(new Map(Object.entries(sources)));

/** Checks one file alone and returns `rule:line` of each finding about it. */
const only = (file: string, source: string): string[] =>
  check({ [file]: source }).map(({ rule, line }) => `${rule}:${line}`);

Deno.test("architecture holds for every source of the repository", async () => {
  const sources = await readSources();
  assert.ok(sources.has("core/errors.ts"), "the walk finds the sources");
  assert.equal(show(checkSources(sources)), "");
});

/** Files that break one rule each; the finding starts with the file and the rule. */
const BROKEN: readonly { name: string; files: Record<string, string>; expect: string }[] = [
  {
    name: "a wrong arrow",
    files: {
      "mmp/a.ts": `import { x } from "../server/b.ts";`,
      "server/b.ts": "export const x = 1;",
    },
    expect: "mmp/a.ts:1 [arrow] imports server/b.ts; mmp/ may not",
  },
  {
    name: "a wrong arrow of a type",
    files: {
      "core/a.ts": `\nimport type { X } from "../cli/b.ts";`,
      "cli/b.ts": "export type X = 1;",
    },
    expect: "core/a.ts:2 [arrow]",
  },
  {
    name: "a wrong arrow of an import type",
    files: {
      "core/a.ts": `export type X = import("../cli/b.ts").X;`,
      "cli/b.ts": "export type X = 1;",
    },
    expect: "core/a.ts:1 [arrow]",
  },
  {
    name: "a wrong arrow of a lazy import",
    files: {
      "main.ts": "export const x = async () => await import(`./core/instance.ts`);",
      "core/instance.ts": "export const x = 1;",
    },
    expect: "main.ts:1 [arrow]",
  },
  {
    name: "a wrong arrow of a re-export",
    files: {
      "core/disk/a.ts": `export { x } from "../chain/b.ts";\nexport const y = 1;`,
      "core/chain/b.ts": "export const x = 1;",
    },
    expect: "core/disk/a.ts:1 [arrow] imports core/chain/b.ts; core/disk/ may not",
  },
  {
    name: "a wrong arrow of a worker",
    files: {
      "core/a.ts": `export const w = () => new Worker(new URL("../cli/w.ts", import.meta.url));`,
      "cli/w.ts": "export const x = 1;",
    },
    expect: "core/a.ts:1 [arrow]",
  },
  {
    name: "chain that imports another room",
    files: {
      "core/chain/a.ts": `import { x } from "../journal/b.ts";`,
      "core/journal/b.ts": "export const x = 1;",
    },
    expect: "core/chain/a.ts:1 [arrow]",
  },
  {
    name: "the law that asks the index, lazily",
    files: {
      "core/evolution/a.ts": `export const x = () => import("../index/b.ts");`,
      "core/index/b.ts": "export const x = 1;",
    },
    expect: "core/evolution/a.ts:1 [arrow] imports core/index/b.ts; what verifies or decides",
  },
  {
    name: "the product that imports its tests",
    files: { "cli/a.ts": `import { x } from "../tests/b.ts";` },
    expect: "cli/a.ts:1 [arrow]",
  },
  {
    name: "a file that does not exist",
    files: { "core/a.ts": `import { x } from "./gone.ts";` },
    expect: "core/a.ts:1 [arrow] imports core/gone.ts, which does not exist",
  },
  {
    name: "a file in no room",
    files: { "utils/a.ts": "export const x = 1;" },
    expect: "utils/a.ts:1 [arrow] lies in no room",
  },
  {
    name: "a cycle of two files, one way by type and one lazily",
    files: {
      "cli/a.ts": `import type { X } from "./b.ts";`,
      "cli/b.ts": `export type X = 1; export const y = () => import("./a.ts");`,
    },
    expect: "cli/a.ts:0 [cycle] imports itself: cli/a.ts -> cli/b.ts -> cli/a.ts",
  },
  {
    name: "a file that imports itself",
    files: { "cli/a.ts": `import * as me from "./a.ts";` },
    expect: "cli/a.ts:0 [cycle]",
  },
  {
    name: "a cycle between rooms of core without a cycle of files",
    files: {
      "core/index/a.ts": `import { x } from "../layers/b.ts";`,
      "core/index/c.ts": "export const x = 1;",
      "core/layers/b.ts": "export const x = 1;",
      "core/layers/d.ts": `import { x } from "../index/c.ts";`,
    },
    expect: "core/index/:0 [cycle] rooms in a circle: core/index/ -> core/layers/ -> core/index/",
  },
  {
    name: "a package in chain",
    files: { "core/chain/a.ts": `import { z } from "zod";` },
    expect: "core/chain/a.ts:1 [package]",
  },
  {
    name: "a package past the import map",
    files: { "cli/a.ts": `import { z } from "npm:zod@4";` },
    expect: "cli/a.ts:1 [package]",
  },
  {
    name: "a heavy package at every start",
    files: {
      "main.ts": `import { x } from "./cli/a.ts";`,
      "cli/a.ts": `export { x } from "../core/b.ts";\nexport const y = 1;`,
      "core/b.ts": `import { z } from "zod";\nexport const x = z;`,
    },
    expect: "core/b.ts:1 [start]",
  },
  {
    name: "a barrel",
    files: { "core/a.ts": `export { x } from "./b.ts";`, "core/b.ts": "export const x = 1;" },
    expect: "core/a.ts:1 [barrel]",
  },
  {
    name: "a barrel of imports",
    files: {
      "core/a.ts": `import { x } from "./b.ts";\nexport { x };`,
      "core/b.ts": "export const x = 1;",
    },
    expect: "core/a.ts:1 [barrel]",
  },
  {
    name: "a re-export of everything",
    files: {
      "core/a.ts": `export const y = 1;\nexport * from "./b.ts";`,
      "core/b.ts": "export const x = 1;",
    },
    expect: "core/a.ts:2 [barrel]",
  },
  {
    name: "a computed import",
    files: { "core/a.ts": "export const x = (y: string) => import(y);" },
    expect: "core/a.ts:1 [sight] computes what it imports",
  },
  {
    name: "code after an empty statement, which the parser drops",
    files: { "core/a.ts": "export const x = 1;;\nDeno.exit(1);" },
    expect: `core/a.ts:2 [sight] "Deno" cannot be checked`,
  },
];

Deno.test("checkSources() reports each way to break a rule", async (t) => {
  for (const { name, files, expect } of BROKEN) {
    await t.step(name, () => {
      const found = show(check(files)).split("\n");
      assert.ok(found.some((line) => line.startsWith(expect)), found.join("\n") || "no finding");
    });
  }
  await t.step("has a broken example for every check", () => {
    const shown = BROKEN.map(({ expect }) => /\[(\w+)\]/.exec(expect)?.[1]);
    const elsewhere = ["effect", "state"];
    assert.deepEqual(Object.keys(CHECKS).filter((rule) => !shown.includes(rule)), elsewhere);
  });
});

Deno.test("checkSources() accepts what the rules allow", async (t) => {
  const cases: Record<string, Record<string, string>> = {
    "arrows that point the right way": {
      "main.ts": `import { x } from "./cli/a.ts";\nx();`,
      "cli/a.ts": `import { y } from "../server/b.ts";\nexport const x = () => y;`,
      "server/b.ts": `import type { Z } from "../mmp/c.ts";\nexport const y: Z = 1;`,
      "mmp/c.ts": `import { z } from "../core/journal/d.ts";\nexport type Z = typeof z;`,
      "core/journal/d.ts": `import { w } from "../chain/e.ts";\nexport const z = w;`,
      "core/chain/e.ts": `import { createHash } from "node:crypto";\nexport const w = createHash;`,
    },
    "a door that re-exports": {
      "core/journal/mod.ts": `export * from "./a.ts";`,
      "core/journal/a.ts": "export const x = 1;",
    },
    "a lazy import of a heavy package": {
      "main.ts": `import { x } from "./cli/a.ts";\nx();`,
      "cli/a.ts":
        `import type { z } from "zod";\nexport const x = () => import("zod") as unknown as z.ZodType;`,
    },
  };
  for (const [name, files] of Object.entries(cases)) {
    await t.step(name, () => assert.equal(show(check(files)), ""));
  }
});

/** A place no row of the effects allows anything in. */
const STRICT = "core/journal/x.ts";

Deno.test("checkSources() reports every effect outside its places", async (t) => {
  for (const { kind, deno, globals, modules, at } of EFFECTS) {
    await t.step(kind, () => {
      const sources = [
        ...deno.flatMap((name) => [`export const x = Deno.${name};`, `Deno.${name}Sync();`]),
        ...globals.map((name) => name === "process" ? "process.exit();" : `${name}();`),
        ...modules.map((name) => `import * as x from "${name.replace("*", "x")}";`),
      ];
      for (const source of sources) {
        assert.deepEqual(only(STRICT, source), ["effect:1"], source);
        for (const place of at) {
          const file = place.endsWith("/") ? `${place}x.ts` : place;
          const found = only(file, source).filter((line) => line.startsWith("effect"));
          assert.deepEqual(found, [], `${file}: ${source}`);
        }
      }
    });
  }
});

Deno.test("checkSources() sees an effect in every disguise", async (t) => {
  const disguises: Record<string, string> = {
    "a computed member": `Deno["readFile"]("x");`,
    "a template member": "Deno[`readFile`]('x');",
    "a member chosen while running": `export const x = (y: "cwd") => Deno[y];`,
    "an alias": "const d = Deno;",
    "a destructured global": "const { readFile } = Deno;",
    "a global passed on": "run(Deno);",
    "globalThis": "globalThis.Deno.exit();",
    "globalThis with a computed member": `globalThis["fetch"]("x");`,
    "globalThis passed on": "const { fetch: f } = globalThis;",
    "self": "self.fetch('x');",
    "an optional call": "Deno?.readFile?.('x');",
    "a type query": "export type F = typeof Deno.readFile;",
    "a type": "export type F = Deno.FsFile;",
    "a default value": "export function f(a = Deno.cwd()): string { return a; }",
    "a template hole": "export const x = `${Deno.cwd()}`;",
    "a shorthand property": "export const x = { fetch };",
    "an array after holes": "export const x = [, , 1, /* , */ , Deno.cwd(), [, 2]];",
    "a pattern after holes":
      "export function f([, , a = Deno.cwd()]: string[]): string { return a; }",
    "text beyond ASCII before it": `export const x = "\u{1f600}é"; Deno.cwd();`,
    "an expression between JSX text": "export const x = <p>Don't {fetch('x')} // can't</p>;",
    "a decorated or static block": "export class A { static { fetch('x'); } }",
    "a new function": `new Function("return 1");`,
    "a lazy module": `export const x = () => import("node:fs");`,
    "a type from a module": `import type { Stats } from "node:fs";`,
    "a member nobody classified": "Deno.brandNew();",
  };
  for (const [name, source] of Object.entries(disguises)) {
    await t.step(name, () => assert.deepEqual(only("core/journal/x.tsx", source), ["effect:1"]));
  }
});

Deno.test("checkSources() is not fooled by text that only looks like an effect", async (t) => {
  const harmless: Record<string, string> = {
    "a line comment": "// Deno.exit(); fetch('x')\nexport const x = 1;",
    "a block comment": "/* import 'node:fs'; let y = 1; */ export const x = 1;",
    "a string": `export const x = "Deno.exit(); fetch('x'); import 'node:fs'";`,
    "a template": "export const x = `Deno.exit(); ${1} fetch('x')`;",
    "a regular expression": "export const x = /Deno.exit() fetch('x')/;",
    "JSX text": "export const x = <p>Deno.exit() isn't `fetch`</p>;",
    "a method": "export const x = (app: { fetch(r: Request): void }) => app.fetch;",
    "a property": "export const x = { console: 1, process: 2, Deno: 3 };",
    "a free member": "export const x = (e: unknown) => e instanceof Deno.errors.NotFound;",
    "a type without an effect": "export type X = Deno.FileInfo;",
    "a local process": "export const x = (process: string) => process;",
  };
  for (const [name, source] of Object.entries(harmless)) {
    await t.step(name, () => assert.deepEqual(only("core/journal/x.tsx", source), []));
  }
});

Deno.test("checkSources() reports state kept outside an instance", async (t) => {
  const kept = [
    "let x = 1;",
    "export let x = 1;",
    "var x = 1;",
    "const cache = new Map<string, string>();",
    "export const seen = new WeakSet();",
    "export class A { static count = 0; }",
  ];
  for (const source of kept) {
    await t.step(source, () => {
      for (const place of STATELESS) {
        const file = place.endsWith("/") ? `${place}x.ts` : place;
        assert.deepEqual(only(file, source), ["state:1"], file);
      }
    });
  }
  await t.step("but not constants and locals", () => {
    const source = `export const x = new Map([["a", 1]]);
      export class A { static readonly max = 1; count = 0; }
      export function f(): number { let y = 1; y += 1; return y; }`;
    assert.deepEqual(only(STRICT, source), []);
  });
});

Deno.test("PACKAGES holds each package in its places", () => {
  for (const { names, at } of PACKAGES) {
    for (const name of names) {
      const source = `export const x = () => import("${name.replace("*", "x")}");`;
      assert.deepEqual(only(STRICT, source), ["package:1"], name);
      for (const place of at) {
        assert.deepEqual(only(place.endsWith("/") ? `${place}x.ts` : place, source), [], place);
      }
    }
  }
});

Deno.test("EFFECTS classifies every member of Deno once", () => {
  const listed = [...EFFECTS.flatMap(({ deno }) => deno), ...FREE];
  assert.deepEqual(listed.filter((name, at) => listed.indexOf(name) !== at), []);
  const unknown = Object.keys(Deno).filter((name) =>
    !listed.includes(name) && !listed.includes(name.replace(/Sync$/, ""))
  );
  assert.deepEqual(unknown, []);
});

Deno.test("EFFECTS names no global that the reader of sources passes over", () => {
  const read = [...GLOBALS, "process", "Function", "Deno", "globalThis"];
  assert.deepEqual(EFFECTS.flatMap(({ globals }) => globals).sort(), read.sort());
});
