/**
 * What other instances ask for, against a bare JSON route of the same library that answers the same.
 *
 * @module
 */

import { withHttpServer } from "../e2e/mcp_process.ts";
import { introductionOf, somebody } from "../mmp/people.ts";
import { writeSettings } from "../mmp/meet.ts";
import { corpus, documentOf } from "./corpus.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import { type Figure, figure } from "./measure.ts";
import { processorTime, type Served } from "./served.ts";

const ENTRIES = 1000;
const CONNECTIONS = 8;
const ROUNDS = 12;
const ROUND_TIME = 300;
const WARM_UP = 4;
/** Milliseconds after which files count as settled. */
const SETTLING = 2500;
const LOAD = new URL("load.ts", import.meta.url).pathname;
const SERVER = new URL("meeting_server.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/**
 * Measures introductions and contents with 1,000 public entries.
 *
 * @param folder A folder on the disk to measure
 * @returns Throughput and tail of each request
 */
export async function benchMeeting(folder: string): Promise<Figure[]> {
  const root = `${folder}/meeting`;
  await Deno.mkdir(`${root}/storage`, { recursive: true });
  for (const entry of corpus(ENTRIES)) {
    const home = `${root}/knowledge/${entry.name}`;
    await Deno.mkdir(home, { recursive: true });
    const text = documentOf(entry).replace("\nversion:", "\npublic: true\nversion:");
    await Deno.writeTextFile(`${home}/${entry.name}.md`, text);
  }
  await writeSettings(root, "enabled: true\n");
  await new Promise((resolve) => setTimeout(resolve, SETTLING));
  const found: Figure[] = [];
  const answers = `${folder}/meeting_answers.json`;
  await withHttpServer(root, async (url, pid) => {
    const ours = { url, pid };
    const requests = await prepare(new URL(url).origin, answers);
    await withHttpServer(root, async (url, pid) => {
      const both = [ours, { url, pid }] as const;
      for (const [name, { route, body, token }] of Object.entries(requests)) {
        const request = requestText(route, body, token);
        found.push(...await load(name, request, both));
      }
    }, program("bare", answers));
  }, program("ours", root));
  return found;
}

interface Asked {
  readonly route: string;
  readonly body: string;
  readonly token: string;
}

/** Asks everything once; the answers are what the bare routes answer. */
async function prepare(
  origin: string,
  file: string,
): Promise<Readonly<Record<string, Asked>>> {
  const introduction = JSON.stringify(introductionOf(await somebody("bench")));
  const content = JSON.stringify({ skill_id: "entry_00500" });
  const ask = async (route: string, body: string, token: string) => {
    const [method, path] = route.split(" ") as [string, string];
    const response = await fetch(`${origin}/meeting/v1/${path}`, {
      method,
      ...(body === "" ? {} : { body }),
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  const introduced = await ask("POST introduce", introduction, "");
  const token: string = introduced.session_token;
  const introduce = await ask("GET introduce", "", "");
  if (introduce.skills.length !== ENTRIES) throw new Error("not all entries are offered");
  const answers = {
    introduce,
    introduced,
    content: await ask("POST skill_content", content, token),
  };
  await Deno.writeTextFile(file, JSON.stringify(answers));
  return {
    introduce: { route: "GET introduce", body: "", token },
    skill_content: { route: "POST skill_content", body: content, token },
    "introduce, signed": { route: "POST introduce", body: introduction, token },
  };
}

function requestText(route: string, body: string, token: string): string {
  const [method, path] = route.split(" ");
  const length = new TextEncoder().encode(body).length;
  return `${method} /meeting/v1/${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n` +
    `authorization: Bearer ${token}\r\ncontent-type: application/json\r\n` +
    (body === "" ? "" : `content-length: ${length}\r\n`) + `\r\n${body}`;
}

function program(side: string, path: string): { command: string; args: string[] } {
  const args = ["run", "--no-prompt", "--no-check", "-A", "--config", CONFIG, SERVER, side, path];
  return { command: Deno.execPath(), args };
}

async function load(
  name: string,
  request: string,
  both: readonly [ours: Served, bare: Served],
): Promise<Figure[]> {
  const targets = both.map(({ url }) => ({ port: Number(new URL(url).port), request }));
  const order = { targets, connections: CONNECTIONS, rounds: ROUNDS, time: ROUND_TIME };
  await drive({ ...order, rounds: WARM_UP });
  const times = () => Promise.all(both.map(processorTime));
  const before = await times();
  const [ours, floor] = await drive(order) as [LoadResult, LoadResult];
  const after = await times();
  const figures = { floorName: "a bare JSON route", unit: "ms" as const };
  return [
    figure({
      ...figures,
      name: `${name}, 1,000 public entries, time a request at full load`,
      ours: ours.each,
      floor: floor.each,
      target: 2,
    }),
    figure({
      ...figures,
      name: `${name}, processor time a request`,
      ours: (after[0]! - before[0]!) / ours.answers,
      floor: (after[1]! - before[1]!) / floor.answers,
      target: 2,
    }),
  ];
}

async function drive(order: LoadOrder): Promise<LoadResult[]> {
  const args = ["run", "--no-check", "--allow-net=127.0.0.1", LOAD, JSON.stringify(order)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
