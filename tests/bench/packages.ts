/**
 * Packing a SkillSet and installing the package, against `tar`, `gzip` and `sha256sum` over the same
 * files.
 *
 * @module
 */

import { openInstance } from "../../core/instance.ts";
import { writeEnvelope } from "../../core/skillset/envelope_write.ts";
import { corpus } from "./corpus.ts";
import { type Figure, figure, inTurn } from "./measure.ts";
import { kairos, peakMemory, shell } from "./programs.ts";

const FILES = 500;
const BYTES = 16 * 1024 * 1024;
const ROUNDS = 7;
const MIB = 1024 * 1024;
/** What installing one small file may take, in milliseconds. */
const BUDGET = 250;
const utf8 = (text: string) => new TextEncoder().encode(text);
const ACTOR = { principal: "bench:ada" };

/**
 * Measures packages.
 *
 * @param folder A folder on the disk to measure
 * @returns Time of processes and in process, and memory
 */
export async function benchPackages(folder: string): Promise<Figure[]> {
  const source = `${folder}/pack`;
  await writeSkillSet(source, FILES);
  await writeSkillSet(`${folder}/one`, 1);
  const from = `${folder}/from`;
  await kairos(["init", from]);
  for (const name of ["pack", "one"]) {
    await kairos(["skillset", "install", `${folder}/${name}`, "--data-dir", from]);
    await kairos(["package", name, "--data-dir", from], `${folder}/${name}.json`);
  }
  const places = new Places(folder);
  const processes = async () => {
    const to = await places.instance();
    const packing = await kairos(["package", "pack", "--data-dir", from], `${to}.json`);
    return packing + await kairos(["install-archive", `${to}.json`, "--data-dir", to]);
  };
  const inProcess = async () => {
    const to = await places.instance();
    const start = performance.now();
    const sets = await (await openInstance(from, { mode: "read" })).skillsets();
    const bytes = utf8([...writeEnvelope(sets.package("pack"))].join(""));
    const target = await openInstance(to, { mode: "write" });
    await (await target.skillsets()).installPackage(bytes, ACTOR);
    return performance.now() - start;
  };
  /** The tools, and whether what they leave is as durable as what we leave. */
  const floor = (isDurable: boolean) => async () => {
    const to = await places.fresh();
    const files = `find '${to}' -type f -print0 | xargs -0`;
    return await shell(
      `tar c -C '${source}' . | gzip > '${to}.tgz'; gzip -d < '${to}.tgz' | tar x -C '${to}'; ` +
        `${isDurable ? `${files} sync; ` : ""}${files} sha256sum`,
    );
  };
  const [ours, inside, tools, durable] = await inTurn(
    ROUNDS,
    processes,
    inProcess,
    floor(false),
    floor(true),
  );
  const one = async () => {
    const to = await places.instance();
    return await kairos(["install-archive", `${folder}/one.json`, "--data-dir", to]);
  };
  const [small] = await inTurn(2 * ROUNDS, one);
  const what = `package and install-archive of ${FILES} files, ${BYTES / MIB} MiB`;
  const common = {
    floorName: "tar, gzip, sha256sum",
    floor: tools!,
    unit: "ms",
    target: 3,
  } as const;
  return [
    figure({ ...common, name: what, ours: ours! }),
    figure({ ...common, name: `${what}, in process`, ours: inside! }),
    figure({
      ...common,
      name: `${what}, beside tools that sync`,
      ours: ours!,
      floorName: "tar, gzip, sync, sha256sum",
      floor: durable!,
    }),
    figure({
      name: "install-archive of one small file",
      ours: small!,
      floorName: "what it may take",
      floor: BUDGET,
      unit: "ms",
      target: 1,
    }),
    ...await memory("package", (name) => ["package", name, "--data-dir", from]),
    ...await memory("install-archive", async (name) => {
      const to = await places.instance();
      return ["install-archive", `${folder}/${name}.json`, "--data-dir", to];
    }),
  ];
}

/** What the large SkillSet takes beyond the small one, for which the program itself is all. */
async function memory(
  command: string,
  args: (name: string) => readonly string[] | Promise<readonly string[]>,
): Promise<Figure[]> {
  const large = await peakMemory(await args("pack"));
  const small = await peakMemory(await args("one"));
  if (large === null || small === null) return [];
  return [figure({
    name: `memory of ${command} beyond one small file's, ${large.toFixed(0)} MiB in all`,
    ours: large - small,
    floorName: "the files",
    floor: BYTES / MIB,
    unit: "MiB",
    target: 4,
  })];
}

/** Empty folders, of which there is one at a time. */
class Places {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes the last one and everything beside it that has its name. */
  async fresh(): Promise<string> {
    const old = `place${this.#count}`;
    for await (const { name } of Deno.readDir(this.#folder)) {
      if (name === old || name.startsWith(`${old}.`)) {
        await Deno.remove(`${this.#folder}/${name}`, { recursive: true });
      }
    }
    const path = `${this.#folder}/place${++this.#count}`;
    await Deno.mkdir(path);
    return path;
  }

  /** The same with an instance in it. */
  async instance(): Promise<string> {
    const path = await this.fresh();
    await kairos(["init", path]);
    return path;
  }
}

/** A SkillSet of so many files, each as long as one of many. */
async function writeSkillSet(folder: string, files: number): Promise<void> {
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  await Deno.mkdir(folder);
  const manifest = { name, version: "1.0.0", layer: "L1", description: "Notes" };
  await Deno.writeTextFile(`${folder}/skillset.json`, JSON.stringify(manifest));
  const notes = corpus(files * 20).map(({ body }) => body).values();
  for (let at = 0; at < files; at++) {
    const topic = `${folder}/knowledge/topic_${at % 25}`;
    await Deno.mkdir(topic, { recursive: true });
    let text = "";
    // An entry is about two kilobytes: the files come to their size on average.
    while (utf8(text).length < BYTES / FILES - 1024) text += `${notes.next().value}\n\n`;
    await Deno.writeTextFile(`${topic}/note_${at}.md`, text);
  }
}
