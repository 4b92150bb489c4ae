/**
 * Every setting of kairos as data: key, default, what it accepts, what it means.
 *
 * @module
 */

/** What a setting accepts. */
export type Setting =
  | { readonly kind: "boolean"; readonly default: boolean; readonly meaning: string }
  | {
    readonly kind: "integer";
    readonly default: number;
    /** Smallest value accepted. */
    readonly min: number;
    /** Largest value accepted; where it is a limit, the limit that nothing loosens. */
    readonly max: number;
    readonly meaning: string;
  }
  | {
    readonly kind: "text";
    readonly default: string;
    /** What the whole text must match. */
    readonly pattern: RegExp;
    /** The pattern in words. */
    readonly expected: string;
    readonly meaning: string;
  }
  | {
    readonly kind: "names";
    readonly default: readonly string[];
    /** The names there are; `null` where any may be. */
    readonly of: readonly string[] | null;
    readonly meaning: string;
  };

/** A value of some setting. */
export type SettingValue = boolean | number | string | readonly string[];

/** Families of tools, in the order lists show them. */
export const TOOL_FAMILIES = [
  "hello",
  "knowledge",
  "search",
  "context",
  "resource",
  "skillset",
  "chain",
  "law",
  "state",
  "meeting",
  "guide",
] as const;

/** A family of {@linkcode TOOL_FAMILIES}. */
export type ToolFamily = typeof TOOL_FAMILIES[number];

const KIB = 1024;
const MIB = 1024 * KIB;

/** Dotted key of `skills/config.yml` to setting. Keys that are not listed are left alone. */
export const SETTINGS = {
  "http.host": {
    kind: "text",
    default: "127.0.0.1",
    pattern: /^[0-9A-Za-z_.:%[\]-]{1,255}$/,
    expected: "a host name or an IP address",
    meaning: "Address the HTTP server listens on",
  },
  "http.port": {
    kind: "integer",
    default: 8080,
    min: 1,
    max: 65535,
    meaning: "Port the HTTP server listens on",
  },
  "layers.L1.enabled": {
    kind: "boolean",
    default: true,
    meaning: "Whether project knowledge may be changed",
  },
  instructions_mode: {
    kind: "text",
    default: "user",
    // A mode is also the name of a file in skills/, so it must not lead anywhere else.
    pattern: /^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,127}$/u,
    expected: "a name of letters, digits, _, -, . and spaces",
    meaning:
      "Instructions an agent gets when it connects: developer, user, none or a name in skills/",
  },
  evolution_enabled: {
    kind: "boolean",
    default: true,
    meaning: "Whether changes of the law may be proposed, as far as the law lets them",
  },
  max_evolutions_per_session: {
    kind: "integer",
    default: 1000,
    min: 0,
    max: 1000,
    meaning: "Most changes of the law one principal proposes in 24 hours, if the law lets it",
  },
  immutable_skills: {
    kind: "names",
    default: [],
    of: null,
    meaning: "Skills that stay as they are, besides those the law names",
  },
  "approval.required": {
    kind: "integer",
    default: 1,
    min: 1,
    max: 16,
    meaning: "How many approvers must sign, if neither the law nor their set asks for more",
  },
  "approval.allow_client": {
    kind: "boolean",
    default: true,
    meaning: "Whether a yes given inside the agent's client counts, if the law lets it",
  },
  "approval.allow_asserted": {
    kind: "boolean",
    default: true,
    meaning: "Whether a yes the agent itself reports counts, if the law lets it",
  },
  "approval.expires_days": {
    kind: "integer",
    default: 365,
    min: 1,
    max: 365,
    meaning: "Most days a proposal waits, if the law does not say fewer",
  },
  "state_commit.enabled": {
    kind: "boolean",
    default: true,
    meaning: "Whether the state of all layers may be committed",
  },
  "state_commit.max_snapshots": {
    kind: "integer",
    default: 100,
    min: 1,
    max: 10_000,
    meaning: "Most snapshots that are kept; older ones are removed",
  },
  "state_commit.auto_commit.enabled": {
    kind: "boolean",
    default: true,
    meaning: "Whether state commits are made without anybody asking",
  },
  "state_commit.auto_commit.on_events.l0_change": {
    kind: "boolean",
    default: true,
    meaning: "Whether a change of the law makes one",
  },
  "state_commit.auto_commit.on_events.promotion": {
    kind: "boolean",
    default: true,
    meaning: "Whether a promotion makes one",
  },
  "state_commit.auto_commit.on_events.demotion": {
    kind: "boolean",
    default: true,
    meaning: "Whether archiving makes one",
  },
  "state_commit.auto_commit.on_events.session_end": {
    kind: "boolean",
    default: true,
    meaning: "Whether the end of a server with changes makes one",
  },
  "state_commit.auto_commit.change_threshold.l1_changes": {
    kind: "integer",
    default: 5,
    min: 1,
    max: 1000,
    meaning: "How many changes of knowledge make one",
  },
  "state_commit.auto_commit.change_threshold.total_changes": {
    kind: "integer",
    default: 10,
    min: 1,
    max: 1000,
    meaning: "How many changes of all layers make one",
  },
  "storage.lock_timeout_ms": {
    kind: "integer",
    default: 10_000,
    min: 0,
    max: 600_000,
    meaning: "Longest wait for another writer, in milliseconds",
  },
  "journal.rotate_bytes": {
    kind: "integer",
    default: 8 * MIB,
    min: 64 * KIB,
    max: 1024 * MIB,
    meaning: "Size at which the journal begins a new file, in bytes",
  },
  "limits.entry_bytes": {
    kind: "integer",
    default: MIB,
    min: KIB,
    max: 16 * MIB,
    meaning: "Largest Markdown file of an entry, in bytes",
  },
  "exchange.allowed_types": {
    kind: "names",
    default: "md txt yml yaml json csv tsv bib toml png jpg gif webp pdf".split(" "),
    of: null,
    meaning: "Endings of files a package may hold; programs stay out whatever stands here",
  },
  "exchange.input_bytes": {
    kind: "integer",
    default: 16 * MIB,
    min: KIB,
    max: 64 * MIB,
    meaning: "Largest package as it comes in, in bytes",
  },
  "exchange.output_bytes": {
    kind: "integer",
    default: 64 * MIB,
    min: KIB,
    max: 256 * MIB,
    meaning: "Most bytes of a package, unpacked",
  },
  "exchange.file_bytes": {
    kind: "integer",
    default: 8 * MIB,
    min: KIB,
    max: 64 * MIB,
    meaning: "Largest file of a package, in bytes",
  },
  "exchange.entries": {
    kind: "integer",
    default: 2000,
    min: 1,
    max: 20_000,
    meaning: "Most files and folders of a package",
  },
  "exchange.depth": {
    kind: "integer",
    default: 16,
    min: 1,
    max: 64,
    meaning: "Most names in a path of a package",
  },
  "exchange.ratio": {
    kind: "integer",
    default: 200,
    min: 1,
    // gzip cannot pack more than this into a byte.
    max: 1032,
    meaning: "Most bytes a package unpacks to for each byte of its archive",
  },
  "exchange.bytes_per_hour": {
    kind: "integer",
    default: 256 * MIB,
    min: KIB,
    max: 64 * 1024 * MIB,
    meaning: "Most bytes unpacked in an hour for one agent or peer",
  },
  "exchange.sign": {
    kind: "boolean",
    default: false,
    meaning: "Whether packages for others are signed without anybody asking",
  },
  "exchange.require_signature": {
    kind: "boolean",
    default: false,
    meaning: "Whether a package must be signed to be installed",
  },
  "exchange.trusted_keys": {
    kind: "names",
    default: [],
    of: null,
    meaning: "Fingerprints of the only keys whose packages are installed; none for every key",
  },
  "limits.request_bytes": {
    kind: "integer",
    default: MIB,
    min: KIB,
    max: 16 * MIB,
    meaning: "Largest HTTP request, in bytes",
  },
  "verify.background": {
    kind: "boolean",
    default: true,
    meaning: "Whether a running server verifies the chain from time to time",
  },
  "verify.interval_minutes": {
    kind: "integer",
    default: 60,
    min: 1,
    max: 10_080,
    meaning: "Pause between two such verifications, in minutes",
  },
  "tools.families": {
    kind: "names",
    // A server that lets agents call other instances keeps the permission to use the network.
    default: TOOL_FAMILIES.filter((family) => family !== "meeting"),
    of: TOOL_FAMILIES,
    meaning: "Families of tools that agents are given; all but meeting unless it is set",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** A key of {@linkcode SETTINGS}. */
export type SettingKey = keyof typeof SETTINGS;

/** Type of a setting's value. */
export type ValueOf<S extends Setting> = S["kind"] extends "boolean" ? boolean
  : S["kind"] extends "integer" ? number
  : S extends { readonly kind: "names"; readonly of: null } ? readonly string[]
  : S extends { readonly kind: "names"; readonly of: readonly (infer Name)[] } ? readonly Name[]
  : string;

/** A table of settings: dotted key to setting. */
export type SettingTable = Readonly<Record<string, Setting>>;

/** Values of all settings of a table, by their dotted keys. */
export type ValuesOf<Table extends SettingTable> = {
  readonly [Key in keyof Table]: ValueOf<Table[Key]>;
};

/** Values of all settings of `skills/config.yml`. */
export type Config = ValuesOf<typeof SETTINGS>;
