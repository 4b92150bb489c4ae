/**
 * Snapshots of the law, `skills/versions/`: each version that was in force, and those made by hand.
 *
 * A snapshot is `kairos_<YYYYMMDD>_<HHMMSS>_<8 digits of its hash>.ts` and, beside it, the same name
 * with `.meta.json`, which says which law it was. Neither is ever overwritten. See
 * `kairos_formats/evolution.md#versions`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { IntentStep } from "../disk/mod.ts";
import { Stage } from "../layers/stage.ts";
import type { View } from "../layers/view.ts";
import { recordTimestamp } from "../chain/timestamp.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import { quote } from "../text.ts";
import { isLawFile, type LawFile, MAX_LAW_SOURCE, MAX_POINTER_FILE } from "./law_file.ts";
import { parseObject } from "./shape.ts";

/** Where snapshots are, relative to the data directory. */
export const VERSIONS = "skills/versions";

/** One snapshot. */
export interface Version {
  /** Its file name. */
  readonly name: string;
  /** When it was made, as its note says, or `null` without one. */
  readonly timestamp: string | null;
  /** Why it was made, or `null`. */
  readonly reason: string | null;
  /** Which law it was; `null` when nothing says so, as with snapshots of other programs. */
  readonly law: LawFile | null;
}

/** Names that are snapshots, ours and those of the existing implementation. */
const NAME = /^kairos_\d{8}_\d{6}[0-9A-Za-z_-]*\.(?:ts|rb)$/;
const META = ".meta.json";

/**
 * The snapshots, newest first.
 *
 * @param view The files
 * @param most Most of them to look at
 * @returns What their notes say; nothing of it is proven
 */
export function listVersions(view: View, most = Infinity): Version[] {
  return view.list(VERSIONS)
    .filter(({ name, kind }) => kind === "file" && NAME.test(name))
    .map(({ name }) => name)
    .reverse()
    .slice(0, most)
    .map((name) => describe(view, name));
}

/**
 * One snapshot with its text.
 *
 * @param view The files
 * @param name Its file name
 * @returns What its note says, its text and the SHA-256 of it
 * @throws {KairosError} `invalid` for what is no name of a snapshot, `not_found`, `too_large`
 */
export function readVersion(
  view: View,
  name: string,
): { version: Version; source: string; hash: string } {
  const path = `${VERSIONS}/${name}`;
  if (!NAME.test(name) || !view.isInside(path, VERSIONS)) {
    throw new KairosError("invalid", `Cannot look for version ${quote(name)}: that is no name`, {
      hint: "List the versions with `kairos skills versions`",
    });
  }
  const bytes = view.stat(path)?.kind === "file" ? view.read(path, MAX_LAW_SOURCE) : null;
  if (bytes === null) {
    throw new KairosError("not_found", `Version ${quote(name)} not found`, {
      hint: "List the versions with `kairos skills versions`",
    });
  }
  const source = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return { version: describe(view, name), source, hash: sha256(bytes) };
}

/** What a snapshot will be. */
export interface Snapshot {
  /** Its source text. */
  readonly source: Uint8Array;
  /** Which law it is. */
  readonly law: LawFile;
  /** Why it is made. */
  readonly reason: string;
}

/**
 * A name for a snapshot that no other has. Needs the write lock.
 *
 * @param store Disk and clock
 * @param object SHA-256 of its text
 * @returns A file name
 */
export function freeVersionName({ disk, root, clock }: Store, object: string): string {
  const digits = new Date(clock()).toISOString().replace(/\D/g, "");
  const stem = `kairos_${digits.slice(0, 8)}_${digits.slice(8, 14)}_${object.slice(0, 8)}`;
  for (let count = 0;; count++) {
    const name = `${stem}${count === 0 ? "" : `-${count}`}.ts`;
    const at = `${root}/${VERSIONS}/${name}`;
    if (disk.statLink(at) === null && disk.statLink(at + META) === null) return name;
  }
}

/**
 * Stages a snapshot. Needs the write lock.
 *
 * @param store Where to
 * @param name A free name
 * @param snapshot What it is
 * @returns The renames that bring it into place
 */
export function stageVersion(store: Store, name: string, snapshot: Snapshot): IntentStep[] {
  const { law, reason, source } = snapshot;
  const timestamp = recordTimestamp(store.clock());
  const note = { timestamp, reason, filename: name, created_at: timestamp, law };
  const meta = new TextEncoder().encode(JSON.stringify(note, null, 2) + "\n");
  store.disk.makeFolder(`${store.root}/${VERSIONS}`);
  return ([[name + META, meta], [name, source]] as const).map(([file, bytes]) => ({
    from: Stage.fill(store, VERSIONS, (stage) => stage.file(bytes)).path,
    to: `${VERSIONS}/${file}`,
    base: null,
  }));
}

function describe(view: View, name: string): Version {
  const path = `${VERSIONS}/${name}${META}`;
  const size = view.stat(path)?.size ?? Infinity;
  const bytes = size > MAX_POINTER_FILE ? null : view.read(path, MAX_POINTER_FILE);
  const note = bytes === null ? null : parseObject(new TextDecoder().decode(bytes));
  const text = (value: unknown) => typeof value === "string" ? value : null;
  return {
    name,
    timestamp: text(note?.timestamp),
    reason: text(note?.reason),
    law: isLawFile(note?.law) ? note.law : null,
  };
}
