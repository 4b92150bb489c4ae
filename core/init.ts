/**
 * Makes an instance: its folders, its constitution, its settings and its first knowledge.
 *
 * @module
 */

import { templateFiles } from "./assets.ts";
import type { Actor } from "./actor.ts";
import { baseName, type Disk, parentOf, STAGE_PREFIX, writeDurable } from "./disk/mod.ts";
import { KairosError } from "./errors.ts";
import { LAW_FILE, LAW_SOURCE, RUBY_SOURCE } from "./evolution/law_file.ts";
import { sha256 } from "./objects/objects.ts";
import { openStore } from "./open_store.ts";
import { quote } from "./text.ts";
import { stringifyYaml } from "./yaml.ts";

/** What {@linkcode initInstance} needs to know. */
export interface InitOptions {
  /** Version of kairos, noted in the instance. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Longest wait for another writer in milliseconds; 10 seconds unless given. */
  readonly lockTimeout?: number;
  /** What others see who wait for the lock. */
  readonly holder?: string;
  /** Who begins with the law; nobody in particular unless given. */
  readonly actor?: Actor;
}

/** What was made and what was there, relative to the data directory; folders end in `/`. */
export interface InitReport {
  /** The data directory. */
  readonly root: string;
  /** What was made. */
  readonly created: readonly string[];
  /** What was there already and is as it was. */
  readonly kept: readonly string[];
}

/** Folders with their mode bits. What holds bytes of every version is for the owner only. */
const FOLDERS: readonly (readonly [path: string, permissions: number])[] = [
  ["skills", 0o755],
  ["skills/versions", 0o755],
  ["knowledge", 0o755],
  ["context", 0o755],
  ["config", 0o755],
  ["storage", 0o755],
  ["storage/objects", 0o700],
  ["storage/intents", 0o700],
];

/** The baseline of later upgrades; written last, so it also says that everything else is there. */
const META_FILE = ".kairos_meta.yml";

/** The law, ours or that of the existing implementation: where any of these is, none is made. */
const LAW_FILES = [LAW_SOURCE, LAW_FILE, RUBY_SOURCE];

/** Fixed names, so that what an interrupted run left is found again; the lock keeps them ours. */
const INIT_STAGE = `${STAGE_PREFIX}init-`;

/** A file, or a knowledge entry with several; made as a whole or not at all. */
interface Unit {
  /** Relative to the data directory. */
  readonly path: string;
  /** Its bytes, or those of the files below it by their path inside. */
  readonly content: Uint8Array | ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes an instance, or completes one. What is there already is never touched, whatever it holds; a
 * run after one that was interrupted completes it.
 *
 * @param disk The disk
 * @param root The data directory; it and the folders above it may be missing
 * @param options Version and clock
 * @returns What was made and what was kept
 * @throws {KairosError} `invalid` when something else stands where a folder must be, `locked`, `io`
 *
 * @example
 * ```ts
 * import { Disk } from "./disk/mod.ts";
 * import { initInstance } from "./init.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const options = { version: "0.1.0", clock: () => 0 };
 * await initInstance(new Disk(), `${folder}/.kairos`, options);
 * const again = await initInstance(new Disk(), `${folder}/.kairos`, options);
 * if (again.created.length > 0) throw new Error("the second run changed something");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function initInstance(
  disk: Disk,
  root: string,
  options: InitOptions,
): Promise<InitReport> {
  const { units, law } = await planUnits(options);
  const report = { root, created: [] as string[], kept: [] as string[] };
  const tell = (path: string, isNew: boolean) => (isNew ? report.created : report.kept).push(path);
  const isNew = (path: string) => disk.statLink(`${root}/${path}`) === null;
  const hasLaw = () => LAW_FILES.some((path) => !isNew(path));
  const isComplete = hasLaw() && !FOLDERS.some(([path]) => isNew(path)) &&
    !units.some(({ path }) => isNew(path));
  if (isComplete) {
    const laws = LAW_FILES.filter((path) => !isNew(path));
    const shown = units.map(shownPath);
    report.kept.push(...FOLDERS.map(([path]) => `${path}/`), ...shown.toSpliced(-1, 0, ...laws));
    return report;
  }
  ensureFolder(disk, root, 0o755);
  const newFolders = FOLDERS.filter(([path, permissions]) =>
    ensureFolder(disk, `${root}/${path}`, permissions)
  );
  for (const folder of FOLDERS) tell(`${folder[0]}/`, newFolders.includes(folder));
  const store = openStore(root, {
    disk,
    clock: options.clock,
    lockTimeout: options.lockTimeout ?? 10_000,
    holder: options.holder ?? "kairos init",
    writable: true,
  });
  const { beginLaw, knowsLaw } = await import("./evolution/genesis.ts");
  const begin = () => {
    const isFirstLaw = !hasLaw() && !knowsLaw(store);
    if (isFirstLaw) beginLaw(store, law, options.actor ?? { principal: "init" });
    for (const path of LAW_FILES) if (!isNew(path)) tell(path, isFirstLaw);
  };
  const isFirst = isNew(META_FILE);
  // An interrupted run may have left what it staged for the law, or its record without its files.
  if (isFirst) await store.recover();
  await store.exclusive(() => {
    for (const unit of units) {
      if (unit.path === META_FILE) begin();
      // What an interrupted run named may not be durable yet; the baseline vouches for it.
      if (unit.path === META_FILE && isFirst) syncFolders(disk, root, units);
      const isMissing = isNew(unit.path);
      if (isMissing) place(disk, root, unit);
      tell(shownPath(unit), isMissing);
    }
  });
  return report;
}

/** What is made, the baseline last, and the source of the first law. */
async function planUnits(options: InitOptions): Promise<{ units: Unit[]; law: Uint8Array }> {
  const units: Unit[] = [];
  let law = new Uint8Array(0);
  const entries = new Map<string, Map<string, Uint8Array>>();
  const templateHashes: Record<string, string> = {};
  const knowledgeHashes: Record<string, string> = {};
  for (const template of templateFiles().filter(({ role }) => role !== "skillset")) {
    const bytes = new TextEncoder().encode(await template.load());
    const digest = `sha256:${sha256(bytes)}`;
    if (template.role !== "knowledge") templateHashes[template.path] = digest;
    if (template.role === "law") {
      law = bytes;
      continue;
    }
    if (template.role === "file") {
      units.push({ path: template.path, content: bytes });
      continue;
    }
    const [room, name, ...inner] = template.path.split("/");
    const path = `${room}/${name}`;
    const files = entries.get(path) ?? new Map<string, Uint8Array>();
    entries.set(path, files.set(inner.join("/"), bytes));
    if (inner.join("/") === `${name}.md`) knowledgeHashes[name!] = digest;
  }
  for (const [path, content] of entries) units.push({ path, content });
  const meta = stringifyYaml({
    kairos_mcp_version: options.version,
    initialized_at: new Date(options.clock()).toISOString().replace(/\.\d+Z$/, "Z"),
    template_hashes: templateHashes,
    knowledge_hashes: knowledgeHashes,
  });
  return {
    units: [...units, { path: META_FILE, content: new TextEncoder().encode(meta) }],
    law,
  };
}

function shownPath({ path, content }: Unit): string {
  return content instanceof Uint8Array ? path : `${path}/`;
}

/** Makes a folder; tells whether it was missing. */
function ensureFolder(disk: Disk, path: string, permissions: number): boolean {
  if (disk.stat(path)?.kind !== "folder" && disk.statLink(path) !== null) {
    throw new KairosError(
      "invalid",
      `Cannot make the folder ${quote(path)}: found something else`,
      {
        hint: "Move it away and run `kairos init` again",
      },
    );
  }
  return disk.makeFolder(path, permissions);
}

/** Stages a unit beside its place and renames it there. */
function place(disk: Disk, root: string, { path, content }: Unit): void {
  const target = `${root}/${path}`;
  const folder = parentOf(target);
  const stage = `${folder}/${INIT_STAGE}${baseName(target)}`;
  disk.remove(stage);
  if (content instanceof Uint8Array) writeDurable(disk, stage, content);
  else {
    for (const [inner, bytes] of content) {
      const file = `${stage}/${inner}`;
      disk.makeFolder(parentOf(file));
      writeDurable(disk, file, bytes);
      disk.syncFolder(parentOf(file));
    }
  }
  disk.rename(stage, target);
  disk.syncFolder(folder);
}

function syncFolders(disk: Disk, root: string, units: readonly Unit[]): void {
  const paths = [...FOLDERS.map(([path]) => path), ...units.map(({ path }) => path)];
  const folders = new Set(paths.map((path) => parentOf(`${root}/${path}`)));
  for (const folder of [parentOf(root), ...folders]) disk.syncFolder(folder);
}
