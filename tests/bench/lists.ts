/**
 * Late pages of lists over ten thousand entries: against the looks they take, and against the same
 * page where there is no other.
 *
 * @module
 */

import { type Instance, openInstance } from "../../core/instance.ts";
import { resourcePage } from "../../server/mcp/resource_list.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { corpus, type CorpusEntry, writeCorpus } from "./corpus.ts";
import { type Figure, figure, inTurn } from "./measure.ts";

const ENTRIES = 10_000;
const ROUNDS = 41;
/** Milliseconds after which the facts of what was written last tell of every change. */
const SETTLING = 2500;
const ACTOR = { principal: "bench:ada", agentId: "bench" };

/** A list in pages. */
interface List {
  /** What it is called. */
  readonly name: string;
  /** Entries of one page. */
  readonly page: number;
  /** Its last page, for who asks again and again; the pages before are gone through first. */
  last(instance: Instance): Promise<() => unknown>;
}

const LISTS: readonly List[] = [
  {
    name: "knowledge_list",
    page: 200,
    async last(instance) {
      const { structured } = await callTool(instance, ACTOR, "knowledge_list", {});
      const cursor = `p${(Number(structured!.total) - 200).toString(36)}`;
      return async () => {
        const answer = await callTool(instance, ACTOR, "knowledge_list", { cursor });
        return JSON.stringify(answer);
      };
    },
  },
  {
    name: "resources/list",
    page: 500,
    last(instance) {
      let cursor: string | undefined;
      for (let next = resourcePage(instance).nextCursor; next !== undefined;) {
        cursor = next;
        next = resourcePage(instance, cursor).nextCursor;
      }
      return Promise.resolve(() => JSON.stringify(resourcePage(instance, cursor)));
    },
  },
];

/**
 * Measures pages of lists.
 *
 * @param folder A folder on the disk to measure
 * @returns For each list its last page against two floors
 */
export async function benchLists(folder: string): Promise<Figure[]> {
  const entries = corpus(ENTRIES);
  const root = `${folder}/lists`;
  await writeCorpus(root, entries);
  const found: Figure[] = [];
  for (const list of LISTS) {
    const last = entries.slice(-list.page);
    const alone = `${folder}/${list.page}`;
    await writeCorpus(alone, last);
    await new Promise((resolve) => setTimeout(resolve, SETTLING));
    const open = async (at: string) => await list.last(await openInstance(at, { mode: "write" }));
    const [ours, looks, only] = await inTurn(
      ROUNDS,
      await open(root),
      () => lookAt(root, last),
      await open(alone),
    );
    const figures = { ours: ours!, unit: "ms" as const };
    const name = `${list.name}, last page (${list.page}) of ${ENTRIES} entries`;
    found.push(
      figure({
        ...figures,
        name,
        floorName: "its entries' folders and documents looked at",
        floor: looks!,
        target: 6,
      }),
      figure({
        ...figures,
        name,
        floorName: "the same page, no other entries",
        floor: only!,
        target: 1.5,
      }),
    );
  }
  return found;
}

function lookAt(root: string, entries: readonly CorpusEntry[]): void {
  for (const { name } of entries) {
    Deno.statSync(`${root}/knowledge/${name}`);
    Deno.statSync(`${root}/knowledge/${name}/${name}.md`);
  }
}
