/**
 * The rules of the repository as data: rooms and arrows, packages, effects, state. What a rule
 * means is in its row; {@linkcode checkSources} holds the code that reads the rows.
 *
 * A place is a path from the root: one that ends in `/` means everything below it.
 *
 * @module
 */

/** The two files every room may use: error vocabulary and safe text. */
const WORDS = ["core/errors.ts", "core/text.ts"];

/** Release scripts act on files and start programs; they are no part of the product. */
const RELEASE = ".release/";

/** Where the arrows of a place may point. The row with the longest matching place counts. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["cli/", "deno.json", ...WORDS],
  "cli/": ["cli/", "server/", "mmp/", "core/", "deno.json"],
  "server/": ["server/", "mmp/", "core/"],
  "mmp/": ["mmp/", "core/"],
  "core/": ["core/", "deno.json"],
  "core/assets.ts": ["core/", "deno.json", "templates/"],
  "core/chain/": ["core/chain/", ...WORDS],
  "core/disk/": ["core/disk/", ...WORDS],
  "core/errors.ts": ["core/text.ts"],
  "core/text.ts": [],
  [RELEASE]: [RELEASE, "main.ts", "cli/", "core/", "deno.json", "templates/"],
};

/** What verifies, decides or recovers never asks what is derived from that: it may be told lies. */
export const UNASKED: {
  readonly places: readonly string[];
  readonly never: readonly string[];
} = {
  places: [
    "core/chain/",
    "core/ledger/",
    "core/objects/",
    "core/evolution/",
    "core/state/",
    "core/store.ts",
    "cli/verify_instance.ts",
    "cli/verify_kinds.ts",
    "cli/commands/chain/verify.ts",
    "cli/commands/chain/repair.ts",
    "server/patient_audit.ts",
  ],
  never: ["core/index/"],
};

/** The room whose subfolders and loose files must not depend on each other in a circle. */
export const LAYERED = "core/";

/** Packages (a trailing `*` stands for the rest) and the only places that may import them. */
export const PACKAGES: readonly { readonly names: readonly string[]; readonly at: string[] }[] = [
  { names: ["@stricli/core"], at: ["main.ts", "cli/"] },
  { names: ["hono", "hono/*"], at: ["server/", "mmp/"] },
  { names: ["@modelcontextprotocol/server", "@modelcontextprotocol/server/*"], at: ["server/"] },
  {
    names: ["@modelcontextprotocol/client", "@modelcontextprotocol/client/*"],
    at: ["cli/", "server/"],
  },
  { names: ["@babel/parser"], at: ["core/dsl/"] },
  { names: ["@zip.js/zip.js"], at: ["core/skillset/"] },
  { names: ["@ruby/prism/*"], at: ["core/dsl/ruby/"] },
  { names: ["htmx*", "markdown-it*"], at: ["server/"] },
  { names: ["fast-check", "playwright-core"], at: [] },
];

/** Places that import no package at all, only built-ins. */
export const WITHOUT_PACKAGES: readonly string[] = ["core/chain/", ...WORDS];

/** Heavy packages that most calls can do without. */
const HEAVY = [
  "@babel/parser",
  "@modelcontextprotocol/*",
  "@ruby/prism/*",
  "hono",
  "hono/*",
  "zod",
  "node:sqlite",
];

/** What must not be loaded with a file: it is on the way of each start, or of a small change. */
export const START_UP: readonly { readonly file: string; readonly without: readonly string[] }[] = [
  { file: "main.ts", without: [...HEAVY, "diff", "js-yaml"] },
  { file: "cli/commands/skillset/install_archive.ts", without: [...HEAVY, "diff", "js-yaml"] },
  { file: "core/instance.ts", without: [...HEAVY, "diff"] },
  { file: "core/skillset/manager.ts", without: [...HEAVY, "diff", "@zip.js/zip.js"] },
  { file: "core/skillset/decode_worker.ts", without: [...HEAVY, "diff", "js-yaml", "node:crypto"] },
];

/** One kind of effect: the names that have it and the only places that may use them. */
export interface Effect {
  /** Name of the kind, as findings print it. */
  readonly kind: string;
  /** Members of `Deno`; `xSync` goes with `x`. */
  readonly deno: readonly string[];
  /** Global names. */
  readonly globals: readonly string[];
  /** Modules; a trailing `*` stands for the rest. */
  readonly modules: readonly string[];
  /** Places that may; everywhere else is a finding. */
  readonly at: readonly string[];
}

const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");

/** Every effect of the runtime. A `Deno` member in no row and not in {@linkcode FREE} fails too. */
export const EFFECTS: readonly Effect[] = [
  {
    kind: "file effect",
    deno: words(
      "FsFile SeekMode chmod chown copyFile create link lstat makeTempDir makeTempFile mkdir open " +
        "openKv readDir readFile readLink readTextFile realPath remove rename stat symlink truncate " +
        "umask utime watchFs writeFile writeTextFile",
    ),
    globals: ["caches", "localStorage", "sessionStorage"],
    modules: ["node:fs", "node:fs/*", "fs", "fs/*"],
    at: ["core/disk/", RELEASE],
  },
  {
    kind: "database",
    deno: [],
    globals: [],
    modules: ["node:sqlite"],
    at: ["core/index/"],
  },
  {
    kind: "socket",
    deno: words(
      "HttpClient QuicEndpoint connect connectQuic connectTls createHttpClient listen " +
        "listenDatagram listenTls resolveDns serve serveHttp startTls upgradeWebSocket " +
        "upgradeWebTransport",
    ),
    globals: ["EventSource", "WebSocket", "WebSocketStream", "WebTransport", "fetch"],
    modules: words(
      "node:dgram node:dns node:dns/* node:http node:http2 node:https node:net node:tls",
    ),
    at: ["mmp/", "server/", RELEASE],
  },
  {
    kind: "process spawn",
    deno: words("ChildProcess Command Process kill run spawn spawnAndWait"),
    globals: [],
    modules: ["node:child_process", "node:cluster"],
    at: [RELEASE],
  },
  {
    kind: "exit",
    deno: ["exit", "exitCode"],
    globals: [],
    modules: [],
    at: ["main.ts", RELEASE],
  },
  {
    kind: "ambient input",
    deno: ["args", "cwd", "env"],
    globals: [],
    modules: [],
    at: ["main.ts", "cli/", RELEASE],
  },
  {
    kind: "change of the process",
    deno: ["chdir"],
    globals: ["process"],
    modules: ["node:process"],
    at: [],
  },
  {
    kind: "knowledge of the machine",
    deno: words(
      "build gid hostname loadavg networkInterfaces osRelease osUptime systemMemoryInfo uid",
    ),
    globals: [],
    modules: ["node:os"],
    at: ["main.ts", "cli/", "mmp/", "core/disk/", RELEASE],
  },
  {
    kind: "terminal",
    deno: words("consoleSize isatty noColor stderr stdin stdout"),
    globals: ["alert", "confirm", "prompt"],
    modules: ["node:readline", "node:readline/*", "node:tty"],
    at: ["main.ts", "cli/", "server/", RELEASE],
  },
  {
    kind: "console",
    deno: [],
    globals: ["console"],
    modules: ["node:console"],
    // It turns the console away from standard output, whatever code prints there.
    at: ["main.ts", "cli/", "server/mcp/quiet_console.ts", RELEASE],
  },
  {
    kind: "permission",
    deno: words("PermissionStatus Permissions permissions"),
    globals: [],
    modules: [],
    // It says that it has none.
    at: ["main.ts", "cli/", "core/skillset/decode_worker.ts"],
  },
  {
    kind: "signal",
    deno: ["addSignalListener", "removeSignalListener"],
    globals: [],
    modules: [],
    at: ["main.ts", "cli/", "server/"],
  },
  {
    kind: "foreign code",
    deno: words("UnsafeCallback UnsafeFnPointer UnsafePointer UnsafePointerView dlopen"),
    globals: ["Function", "eval", "require"],
    modules: ["node:module", "node:vm", "node:inspector", "node:inspector/*", "node:repl"],
    at: [],
  },
  {
    kind: "test tool",
    deno: ["bench", "jupyter", "lint", "test"],
    globals: [],
    modules: ["node:test", "node:test/*", "node:assert", "node:assert/*"],
    at: [],
  },
  {
    kind: "a global passed on, which hides what is used of it",
    deno: [],
    globals: ["Deno", "globalThis"],
    modules: [],
    at: [],
  },
];

/** Members of `Deno` without an effect on anything outside the process. */
export const FREE: readonly string[] = words(
  "cpuUsage errors execPath inspect internal mainModule memoryUsage pid ppid refTimer telemetry " +
    "unrefTimer version",
);

/** Places that keep no module-level state: an instance is passed in, so two can live together. */
export const STATELESS: readonly string[] = ["main.ts", "cli/", "server/", "mmp/", "core/"];

/** The only file name for a room's door; no other file may hold nothing but re-exports. */
export const DOOR = "mod.ts";
