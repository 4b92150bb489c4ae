/**
 * One update of knowledge against the writes and syncs it cannot do without.
 *
 * @module
 */

import { encodeBlock } from "../../core/chain/block.ts";
import { openInstance } from "../../core/instance.ts";
import { type Figure, figure, inTurn } from "./measure.ts";

const ACTOR = { principal: "bench:ada", agentId: "bench" };

/**
 * Measures an update.
 *
 * @param folder A folder on the disk to measure
 * @returns The figure
 */
export async function benchUpdate(folder: string): Promise<Figure[]> {
  const root = `${folder}/update`;
  await Deno.mkdir(root);
  for (let byte = 0; byte < 256; byte++) {
    const prefix = byte.toString(16).padStart(2, "0");
    await Deno.mkdir(`${root}/storage/objects/${prefix}`, { recursive: true });
  }
  const { knowledge, store } = await openInstance(root, { mode: "write" });
  const content = (version: number) =>
    `---\nname: note\nversion: 1.${version}\n---\n\n# Note\n\n${"Some text. ".repeat(150)}\n`;
  await knowledge.create({ name: "note", content: content(0) }, ACTOR);
  let version = 0;
  const update = () => knowledge.update({ name: "note", content: content(++version) }, ACTOR);
  await update();
  const document = new TextEncoder().encode(content(1));
  const block = new TextEncoder().encode(encodeBlock(store.ledger.head().last!));
  const floor = necessarySyncs(`${folder}/floor-update`, document, block);
  const [ours, needed] = await inTurn(300, update, floor);
  return [figure({
    name: "knowledge_update",
    ours: ours!,
    floorName: "its files, synced: object, stage, intent, block, and the names of three",
    floor: needed!,
    unit: "ms",
    target: 1 / 0.6,
  })];
}

/** What a durable update needs: four pieces of content, and names before and after the switch. */
function necessarySyncs(folder: string, document: Uint8Array, block: Uint8Array): () => void {
  for (const name of ["objects", "intents", "entry"]) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
  }
  using chain = Deno.openSync(`${folder}/chain`, { write: true, create: true });
  chain.syncSync();
  let round = 0;
  const put = (path: string, bytes: Uint8Array) => {
    using file = Deno.openSync(path, { write: true, createNew: true });
    file.writeSync(bytes);
    file.syncSync();
  };
  const syncFolder = (path: string) => {
    using handle = Deno.openSync(path, { read: true });
    handle.syncSync();
  };
  return () => {
    round++;
    put(`${folder}/objects/.stage`, document);
    Deno.renameSync(`${folder}/objects/.stage`, `${folder}/objects/${round}`);
    syncFolder(`${folder}/objects`);
    put(`${folder}/entry/.stage`, document);
    syncFolder(`${folder}/entry`);
    put(`${folder}/intents/${round}`, block);
    syncFolder(`${folder}/intents`);
    using ledger = Deno.openSync(`${folder}/chain`, { append: true });
    ledger.writeSync(block);
    ledger.syncSync();
    Deno.renameSync(`${folder}/entry/.stage`, `${folder}/entry/note.md`);
    syncFolder(`${folder}/entry`);
    Deno.removeSync(`${folder}/intents/${round}`);
  };
}
