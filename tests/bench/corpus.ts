/**
 * Ten thousand entries that look like somebody's notes, the same ones in every run.
 *
 * @module
 */

/** One entry of the corpus. */
export interface CorpusEntry {
  /** Its name. */
  readonly name: string;
  /** What it is about. */
  readonly description: string;
  /** Its tags. */
  readonly tags: readonly string[];
  /** The body. */
  readonly body: string;
}

/** Queries that are asked: few documents, many documents, Japanese, one or two characters. */
export const QUERIES: readonly string[] = [
  ...Array.from({ length: 15 }, (_, at) => `marker${at * 631}`),
  ...["deploy", "release notes", "naming convention", "cache index", "retry after timeout"],
  ...["schema migration", "error budget", "token", "config file", "open review", "snake_case"],
  ...["readEntry", "memory", "rollback plan", '"the index"'],
  ...[
    "検索",
    "設計",
    "索引の",
    "全文検索",
    "記録",
    "監査ログ",
    "日本語",
    "知識の共有",
    "移行 手順",
  ],
  ...["設計メモ", "パスワード"],
  ...["a", "go", "ci", "検", "索", "db", "知識", "x", "変更"],
];

const WORDS =
  ("deploy release notes naming convention cache index retry timeout schema migration " +
    "error budget token config file open review snake_case readEntry memory rollback plan branch " +
    "merge queue worker thread socket buffer stream parser lexer syntax module import export build " +
    "test fixture vector proof chain block hash digest record ledger audit policy law agent context " +
    "session layer entry folder path link mode owner group read write lock sync atomic rename crash " +
    "go ci db api url key value map set list tree graph node edge cost limit bound size byte the of " +
    "and to in is for with on that by as it from at or be this are an not").split(" ");

const KANJI = [
  "検索",
  "設計",
  "索引の",
  "全文",
  "記録",
  "監査ログ",
  "日本語で",
  "知識の共有",
  "移行",
]
  .concat(["手順を", "確認", "変更は", "設計メモ", "パスワード", "履歴", "。", "、", "する"]);

/**
 * Makes entries.
 *
 * @param count How many
 * @returns The entries, about two kilobytes each
 */
export function corpus(count: number): CorpusEntry[] {
  let state = 20260120;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  // Squared, so that some words are everywhere and others are rare.
  const words = (many: number, from: readonly string[]) =>
    Array.from({ length: many }, () => from[Math.floor(below(1000) ** 2 / 1e6 * from.length)]!);
  return Array.from({ length: count }, (_, at) => {
    const isJapanese = at % 5 === 0;
    const lines = Array.from(
      { length: 20 },
      () => isJapanese ? words(14, KANJI).join("") : words(16, WORDS).join(" "),
    );
    return {
      name: `entry_${String(at).padStart(5, "0")}`,
      description: words(8, isJapanese ? KANJI : WORDS).join(" "),
      tags: words(2, WORDS),
      body: `# Entry marker${at}\n\n${lines.join("\n")}`,
    };
  });
}

/**
 * The document of an entry.
 *
 * @param entry The entry
 * @returns Its text
 */
export function documentOf({ name, description, tags, body }: CorpusEntry): string {
  return `---\nname: ${name}\ndescription: ${description}\nversion: 1.0\ntags: [${
    tags.join(", ")
  }]\n---\n\n${body}\n`;
}

/**
 * Writes entries as knowledge.
 *
 * @param root The data directory
 * @param entries The entries
 */
export async function writeCorpus(root: string, entries: readonly CorpusEntry[]): Promise<void> {
  await Deno.mkdir(`${root}/storage`, { recursive: true });
  const long = new Date(Date.now() - 86_400_000);
  for (const entry of entries) {
    const folder = `${root}/knowledge/${entry.name}`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/${entry.name}.md`, documentOf(entry));
    await Deno.utime(`${folder}/${entry.name}.md`, long, long);
  }
}
