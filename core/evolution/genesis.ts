/**
 * The law an instance begins with: source, pointer, snapshot and record as one unit.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { lawHash } from "../dsl/canonical.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import { KairosError } from "../errors.ts";
import { Stage } from "../layers/stage.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import { encodeLawFile, LAW_FILE, LAW_SOURCE, type LawFile, MAX_LAW_SOURCE } from "./law_file.ts";
import { lawSettings } from "./law_settings.ts";
import { readLawRecord } from "./records.ts";
import { freeVersionName, stageVersion } from "./versions.ts";

/**
 * Makes a law the first one of an instance. Needs the write lock.
 *
 * Only an instance that never had a law can begin with one: whoever removes `skills/law.json` must not
 * get a new beginning for it. So the chain is searched, once in the life of an instance.
 *
 * @param store The store
 * @param source The source text
 * @param actor Who begins
 * @returns What `skills/law.json` says now
 * @throws {KairosError} `exists` when the chain tells of a law, `invalid`, `too_large`, `corrupt`, `io`
 */
export function beginLaw(store: Store, source: Uint8Array, actor: Actor): LawFile {
  if (source.length > MAX_LAW_SOURCE) {
    throw new KairosError("too_large", `Cannot begin with a law of ${source.length} bytes`);
  }
  const law = parseLaw(new TextDecoder("utf-8", { ignoreBOM: true }).decode(source), {
    file: LAW_SOURCE,
  });
  lawSettings(law);
  const { disk, root } = store;
  if (disk.statLink(`${root}/${LAW_FILE}`) !== null || knowsLaw(store)) {
    throw new KairosError("exists", "Cannot begin with a law: this instance has had one", {
      hint: "See `kairos doctor`; changes of the law are proposed and decided",
    });
  }
  const object = store.objects.put(source);
  const ast = lawHash(law);
  const record = store.record({ type: "law_genesis", object, ast, epoch: 0 }, actor);
  const { pointer, at } = store.foresee(record);
  const file: LawFile = {
    version: 1,
    epoch: 0,
    seq: 0,
    object,
    ast,
    proposal: null,
    decision: pointer,
    applied: pointer,
  };
  const there = disk.read(`${root}/${LAW_SOURCE}`, MAX_LAW_SOURCE);
  const name = freeVersionName(store, object);
  const steps = [
    ...stageVersion(store, name, { source, law: file, reason: "the first law" }),
    {
      from: stage(store, source),
      to: LAW_SOURCE,
      base: there === null ? null : sha256(there),
    },
    { from: stage(store, encodeLawFile(file)), to: LAW_FILE, base: null },
  ];
  if (there !== null) store.objects.put(there);
  store.commit({ record, at, steps, discard: steps.map(({ from }) => from) });
  return file;
}

/**
 * Whether the chain tells of a law. Reads all of it.
 *
 * @param store The store
 * @returns `true` at the first record that has to do with one
 */
export function knowsLaw({ ledger }: Pick<Store, "ledger">): boolean {
  for (const { data } of ledger.newest()) {
    for (const item of data) {
      const sort = readLawRecord(item)?.sort;
      if (sort !== undefined && sort !== "foreign") return true;
    }
  }
  return false;
}

function stage(store: Store, bytes: Uint8Array): string {
  return Stage.fill(store, "skills", (stage) => stage.file(bytes)).path;
}
