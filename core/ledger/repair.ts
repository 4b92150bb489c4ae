/**
 * Repair of a damaged chain: the intact part goes on, the damaged file stays, and the chain says so.
 * See `kairos_formats/chain.md#repair`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Block, encodeBlock, GENESIS, nextBlock } from "../chain/block.ts";
import { blockTimestamp } from "../chain/timestamp.ts";
import type { VerifyReport } from "../chain/verify.ts";
import { type DiskFile, parentOf, transitName } from "../disk/mod.ts";
import type { Actor } from "../actor.ts";
import { auditOnly } from "./audit.ts";
import type { LedgerHost } from "./host.ts";
import { KairosError } from "../errors.ts";
import { clearMarker } from "./marker.ts";

/** What a repair will do, or did. */
export interface Repair {
  /** Whether there is anything to repair. */
  readonly needed: boolean;
  /** What the verification says of the file. */
  readonly report: VerifyReport;
  /** Blocks that stay. */
  readonly kept: number;
  /** Blocks that could be read and go, as something before or in them is damaged. */
  readonly dropped: number;
  /** SHA-256 of the damaged file; `null` when there is none. */
  readonly damagedHash: string | null;
  /** Where the damaged file is kept, relative to the data directory; `null` when there is none. */
  readonly keptAs: string | null;
  /** The block that records the repair. */
  readonly block: { readonly index: number; readonly hash: string } | null;
}

const PIECE = 1024 * 1024;

/**
 * Tells what a repair would do. Changes nothing.
 *
 * @param store The instance's store
 * @returns The plan
 */
export async function planRepair(store: LedgerHost): Promise<Repair> {
  const report = await auditOnly(store);
  const isGone = report.state === "absent" && store.ledger.acknowledgedHeight() > 0;
  if (report.state === "absent" && !isGone) {
    throw new KairosError("not_found", "Cannot repair the ledger: there is none yet");
  }
  return {
    needed: !report.compatible,
    report,
    kept: report.intact,
    dropped: report.length - report.intact,
    damagedHash: null,
    keptAs: null,
    block: null,
  };
}

/** What a person decided. */
export interface RepairOrder {
  /** Why; goes on the chain. */
  readonly reason: string;
  /** The plan that was agreed to; any other one is refused. */
  readonly plan: Repair;
}

/**
 * Repairs the chain: the blocks before the damage and one block that records the repair become the
 * ledger, in one step; the damaged file is kept beside it.
 *
 * @param store The instance's store, open for writing
 * @param actor The person who decided it
 * @param order Why, and on which plan
 * @returns What was done; with nothing damaged only the marker is taken away
 * @throws {KairosError} `not_found` without a ledger, `conflict` when the damage is another by now,
 *   `locked`, `io`
 */
export function repairLedger(
  store: LedgerHost,
  actor: Actor,
  { reason, plan: agreed }: RepairOrder,
): Promise<Repair> {
  return store.locked(async () => {
    const plan = await planRepair(store);
    if (plan.needed !== agreed.needed || plan.kept !== agreed.kept) {
      throw new KairosError(
        "conflict",
        "Cannot repair the ledger: it has changed since the look at it",
        {
          hint: "Look at it again and decide on what it is now",
        },
      );
    }
    if (!plan.needed) {
      clearMarker(store.disk, store.root);
      return plan;
    }
    const { damagedHash, keptAs } = plan.report.state === "absent" ? NOTHING : keepDamaged(store);
    const record = store.record(
      {
        type: "ledger_repair",
        reason,
        damaged_sha256: damagedHash,
        kept_as: keptAs,
        blocks_kept: plan.kept,
        blocks_dropped: plan.dropped,
      },
      actor,
    );
    const block = await rebuild(store, plan.kept, record);
    clearMarker(store.disk, store.root);
    const { index, hash } = block;
    return { ...plan, damagedHash, keptAs, block: { index, hash } };
  });
}

/** What is kept of a ledger that is gone. */
const NOTHING = { damagedHash: null, keptAs: null } as const;

/** Copies the damaged file, durably, before anything else happens. */
function keepDamaged(store: LedgerHost): { damagedHash: string; keptAs: string } {
  const { disk, ledger, root } = store;
  const folder = `${root}/storage/damaged`;
  if (disk.makeFolder(folder, 0o700)) disk.syncFolder(parentOf(folder));
  const stage = `${folder}/${transitName("stage")}`;
  const digest = createHash("sha256");
  {
    using source = disk.open(ledger.path, "read");
    using copy = disk.open(stage, "createNew", 0o600);
    const { size } = source.facts();
    for (let at = 0; at < size; at += PIECE) {
      const bytes = source.readAt(at, PIECE);
      digest.update(bytes);
      copy.writeAt(at, bytes);
    }
    copy.sync();
  }
  const damagedHash = digest.digest("hex");
  const keptAs = `storage/damaged/blockchain-${damagedHash.slice(0, 16)}.json`;
  disk.rename(stage, `${root}/${keptAs}`);
  disk.syncFolder(folder);
  return { damagedHash, keptAs };
}

/** Writes the intact blocks and the record into a new file and puts it in place. */
async function rebuild(store: LedgerHost, kept: number, record: string): Promise<Block> {
  const { disk, ledger } = store;
  const stage = `${parentOf(ledger.path)}/${transitName("stage")}`;
  try {
    let last: Block = GENESIS;
    {
      using file = disk.open(stage, "createNew", 0o644);
      const writer = new PieceWriter(file);
      writer.add(`[\n${encodeBlock(GENESIS)}`);
      if (kept > 0) {
        for await (const block of ledger.oldest()) {
          if (block.index > 0) writer.add(`,\n${encodeBlock(block)}`);
          last = block;
          if (block.index + 1 >= kept) break;
        }
      }
      last = nextBlock(last, [record], blockTimestamp(store.clock()));
      writer.add(`,\n${encodeBlock(last)}\n]`);
      writer.end();
    }
    ledger.replace(stage, last.index);
    return last;
  } catch (error) {
    disk.remove(stage);
    throw error;
  }
}

/** Gathers text into pieces, so that a long chain is not written block by block. */
class PieceWriter {
  readonly #file: DiskFile;
  #at = 0;
  #text = "";

  constructor(file: DiskFile) {
    this.#file = file;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.#flush();
  }

  end(): void {
    this.#flush();
    this.#file.sync();
  }

  #flush(): void {
    const bytes = new TextEncoder().encode(this.#text);
    this.#file.writeAt(this.#at, bytes);
    this.#at += bytes.length;
    this.#text = "";
  }
}
