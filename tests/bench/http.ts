/**
 * Tools over HTTP against a bare server on the same SDK that answers the same results as constants.
 *
 * @module
 */

import { openInstance } from "../../core/instance.ts";
import { corpus, writeCorpus } from "./corpus.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import { type Figure, figure } from "./measure.ts";
import {
  bundled,
  processorTime,
  residentMemory,
  type Served,
  SOURCES,
  withBoth,
} from "./served.ts";

const ENTRIES = 10_000;
const CONNECTIONS = 8;
const ROUNDS = 15;
const ROUND_TIME = 300;
/** Rounds before the first that counts: code that runs for the first time is made faster meanwhile. */
const WARM_UP = 4;
/** Milliseconds until a server that was started does nothing any more. */
const SETTLING = 10_000;
const NEWEST = "2026-07-28";
const OLDER = "2025-11-25";
const LOAD = new URL("load.ts", import.meta.url).pathname;
const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

type Headers = Readonly<Record<string, string>>;

/** How a call is made. */
const DOORS: Readonly<Record<string, (url: string, name: string) => Promise<Headers>>> = {
  [NEWEST]: (_url, name) =>
    Promise.resolve({
      "mcp-protocol-version": NEWEST,
      "mcp-method": "tools/call",
      "mcp-name": name,
    }),
  "legacy alone": () => Promise.resolve({}),
  "legacy, in a session": async (url) => ({ "mcp-session-id": await openSession(url) }),
};

const CALLS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  knowledge_get: { name: "four_kib" },
  chain_status: {},
};

/**
 * Measures tools over HTTP.
 *
 * @param folder A folder on the disk to measure
 * @returns Throughput and tail of each call by each door, and the memory of an idle server
 */
export async function benchHttp(folder: string): Promise<Figure[]> {
  const root = `${folder}/http`;
  await writeCorpus(root, corpus(ENTRIES));
  const instance = await openInstance(root, { mode: "write" });
  const content = `---\ndescription: Four KiB\n---\n\n${"Some text. ".repeat(400)}`.slice(0, 4096);
  await instance.knowledge.create({ name: "four_kib", content }, { principal: "bench:ada" });
  const found: Figure[] = [];
  const answers = async ({ url }: Served) => {
    const path = `${folder}/answers.json`;
    await Deno.writeTextFile(path, JSON.stringify(await constants(url)));
    return path;
  };
  await withBoth(root, answers, async (ours, bare) => {
    // The first answer has set it looking at every entry.
    await pause(SETTLING);
    for (const door of Object.keys(DOORS)) {
      for (const name of Object.keys(CALLS)) found.push(...await load(ours, bare, door, name));
    }
    found.push(await memory("after the load", ours, bare));
  });
  const known = () => Promise.resolve(`${folder}/answers.json`);
  const forms = { "from source": SOURCES, "as it ships": await bundled(folder) };
  for (const [form, scripts] of Object.entries(forms)) {
    // The first start compiles; every later one finds what was compiled.
    await withBoth(root, known, () => Promise.resolve(), scripts);
    await withBoth(root, known, async (ours, bare) => {
      await pause(SETTLING);
      found.push(await memory(`idle, ${form}`, ours, bare));
      for (const { url } of [ours, bare]) await askOnce(url);
      await pause(SETTLING);
      found.push(await memory(`idle after every entry was looked at, ${form}`, ours, bare));
    }, scripts);
  }
  return found;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function load(ours: Served, bare: Served, door: string, name: string): Promise<Figure[]> {
  const order: LoadOrder = {
    targets: [await target(ours, door, name), await target(bare, door, name)],
    connections: CONNECTIONS,
    rounds: ROUNDS,
    time: ROUND_TIME,
  };
  await drive({ ...order, rounds: WARM_UP });
  const before = [await processorTime(ours), await processorTime(bare)];
  const [our, floor] = await drive(order);
  const after = [await processorTime(ours), await processorTime(bare)];
  const figures = { floorName: "the same as a constant", unit: "ms" as const };
  const call = `${name} over HTTP (${door})`;
  return [
    figure({
      ...figures,
      name: `${call}, time a call at full load`,
      ours: our!.each,
      floor: floor!.each,
      target: 1 / 0.6,
    }),
    figure({
      ...figures,
      name: `${call}, processor time a call`,
      ours: (after[0]! - before[0]!) / our!.answers,
      floor: (after[1]! - before[1]!) / floor!.answers,
      target: 1 / 0.6,
    }),
    figure({ ...figures, name: `${call}, p99`, ours: our!.p99, floor: floor!.p99, target: 3 }),
  ];
}

async function target({ url }: Served, door: string, name: string): Promise<
  LoadOrder["targets"][number]
> {
  return { port: Number(new URL(url).port), request: await requestText(url, door, name) };
}

async function drive(order: LoadOrder): Promise<LoadResult[]> {
  const args = ["run", "--no-check", "--allow-net=127.0.0.1", LOAD, JSON.stringify(order)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** What the product answers, for the bare server to answer the same. */
async function constants(url: string): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const name of Object.keys(CALLS)) {
    const headers = { ...HEADERS, ...await DOORS[NEWEST]!(url, name) };
    const body = JSON.stringify(message(NEWEST, name));
    const response = await fetch(url, { method: "POST", headers, body });
    const { content, structuredContent } = (await response.json()).result;
    answers[name] = { content, structuredContent };
  }
  return answers;
}

/** The first question sets our server looking at every entry. */
async function askOnce(url: string): Promise<void> {
  const body = JSON.stringify(message("legacy alone", "chain_status"));
  await (await fetch(url, { method: "POST", headers: HEADERS, body })).text();
}

async function requestText(url: string, door: string, name: string): Promise<string> {
  const body = JSON.stringify(message(door, name));
  const headers = { ...HEADERS, ...await DOORS[door]!(url, name) };
  const lines = Object.entries({ host: "127.0.0.1", "content-length": body.length, ...headers })
    .map(([field, value]) => `${field}: ${value}\r\n`);
  return `POST /mcp HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

function message(door: string, name: string): unknown {
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": NEWEST,
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { name, arguments: CALLS[name], ...(door === NEWEST ? { _meta: envelope } : {}) };
  return { jsonrpc: "2.0", id: 1, method: "tools/call", params };
}

async function openSession(url: string): Promise<string> {
  const clientInfo = { name: "bench", version: "1" };
  const params = { protocolVersion: OLDER, capabilities: {}, clientInfo };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  const response = await fetch(url, { method: "POST", headers: HEADERS, body });
  await response.text();
  return response.headers.get("mcp-session-id")!;
}

async function memory(when: string, ours: Served, bare: Served): Promise<Figure> {
  return figure({
    name: `memory of the HTTP server, ${when}`,
    ours: await residentMemory(ours),
    floorName: "the bare server",
    floor: await residentMemory(bare),
    unit: "MiB",
    target: 1.2,
  });
}
