/** The recorded exchanges of the existing implementation, replayed against ours. */

import assert from "node:assert/strict";
import { ACTOR } from "../support/instance.ts";
import { type Met, withMeeting, writeSettings } from "./meet.ts";

const VECTORS = new URL("../../../shared/vectors/", import.meta.url);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Exchange {
  readonly n: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
  readonly response: { readonly status: number; readonly body: { [key: string]: Json } };
}

function load(path: string): Exchange[] | null {
  try {
    const text = Deno.readTextFileSync(new URL(path, VECTORS));
    return text.trim().split("\n").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const recorded = load("http/p2p_meeting_v1.jsonl");
const disabled = load("http/disabled_modes.jsonl");

const SETTINGS = `enabled: true
identity:
  name: Agent Alpha
  description: A memory-capable, evolvable agent framework
  scope: bioinformatics
`;

/** SkillSets that hold names which cannot lie side by side on every system: not offered here. */
const UNFIT = ["js_trap_pack", "nested_pack", "unicode_pack"];

/** Where we are stricter: number of the exchange to what we answer and why. */
const STRICTER: Readonly<
  Record<number, { readonly status: number; readonly error: string; readonly why: string }>
> = {
  7: { status: 400, error: "invalid_request", why: "a body that is no JSON is said to be none" },
  8: { status: 400, error: "invalid_request", why: "a list is no fault of the server" },
  30: { status: 404, error: "not_found", why: "what is not public is handed out to nobody" },
  37: {
    status: 403,
    error: "not_exchangeable",
    why: "names that fit no other system do not travel",
  },
  44: {
    status: 403,
    error: "not_exchangeable",
    why: "names that fit no other system do not travel",
  },
  45: {
    status: 403,
    error: "not_exchangeable",
    why: "names that fit no other system do not travel",
  },
  63: { status: 400, error: "invalid_request", why: "a body that is no JSON is said to be none" },
};

/** Weak keys are not verified, so they get no session. */
const UNVERIFIED: readonly number[] = [19];

/** Not of `/meeting`. */
const ELSEWHERE: readonly number[] = [1, 71, 72, 73];

/** Members of an answer that differ from one instance, moment or archive to the next. */
const OWN_VALUES = [
  "instance_id",
  "timestamp",
  "public_key",
  "key_fingerprint",
  "identity_signature",
  "session_token",
  "packaged_at",
  "archive_base64",
  "id",
];

/** Members we add; others leave unknown ones alone. */
const ADDED = ["proof", "compatibility", "problem", "signature"];

async function prepare({ instance, root }: Met): Promise<void> {
  const entries: Record<string, string> = {};
  for (const { response: { body } } of recorded!) {
    const packaged = body["packaged_skill"] as { name: string; content: string } | undefined;
    if (packaged !== undefined) entries[packaged.name] = packaged.content;
  }
  for (const [name, content] of Object.entries(entries)) {
    await instance.knowledge.create({ name, content }, ACTOR);
  }
  const sets = await instance.skillsets();
  const list = recorded!.find(({ n }) => n === 34)!.response.body["skillsets"] as {
    name: string;
    layer: "L0" | "L1" | "L2";
  }[];
  for (const { name, layer } of list) {
    if (UNFIT.includes(name)) continue;
    const bytes = Deno.readFileSync(new URL(`packages/${name}.package.json`, VECTORS));
    await sets.installPackage(bytes, ACTOR, { layer, enable: true });
    await sets.share(name, ACTOR);
  }
  // Shared by hand, as only who writes the file himself can share what may not travel.
  const config = `${root}/skillsets/config.yml`;
  for (const [name, file] of [["exec_tools_pack", "tools/a.rb"], ["mmp", "tools/b.rb"]] as const) {
    await folder(root, name, file);
  }
  for (const name of UNFIT) await folder(root, name, "knowledge/a:b.md");
  const shared = ["exec_tools_pack", "mmp", ...UNFIT]
    .map((name) => `  ${name}:\n    enabled: true\n    exchange: true\n`).join("");
  await Deno.writeTextFile(config, Deno.readTextFileSync(config) + shared);
}

async function folder(root: string, name: string, file: string): Promise<void> {
  const home = `${root}/skillsets/${name}`;
  await Deno.mkdir(`${home}/${file.slice(0, file.indexOf("/"))}`, { recursive: true });
  const manifest = { name, version: "1.0.0", layer: "L2", description: "" };
  await Deno.writeTextFile(`${home}/skillset.json`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${home}/${file}`, "puts 1\n");
}

/** What was recorded, without what is not told any more. */
function expected(exchange: Exchange): { [key: string]: Json } {
  const body = structuredClone(exchange.response.body);
  const trim = (introduction: { [key: string]: Json }) => {
    delete introduction["_skills_trimmed_in_this_vector"];
    introduction["skills"] = (introduction["skills"] as { [key: string]: Json }[])
      .filter((skill) => skill["public"] === true)
      .map(({ path: _, ...skill }) => skill);
    introduction["exchangeable_skillsets"] = withoutUnfit(introduction["exchangeable_skillsets"]!);
  };
  if ("identity" in body) trim(body);
  const peer = body["peer_identity"];
  if (exchange.request.path.endsWith("/introduce") && typeof peer === "object" && peer !== null) {
    trim(peer as { [key: string]: Json });
  }
  if (Array.isArray(body["skillsets"])) {
    body["skillsets"] = withoutUnfit(body["skillsets"]);
    body["count"] = (body["skillsets"] as Json[]).length;
  }
  if (UNVERIFIED.includes(exchange.n)) {
    body["identity_verified"] = false;
    delete body["session_token"];
  }
  return body;
}

const withoutUnfit = (list: Json) =>
  (list as { name: string }[]).filter(({ name }) => !UNFIT.includes(name));

/** Compares keys and their order, types, and values that are not one's own. */
function compare(ours: Json, theirs: Json, at: string, from: string): void {
  if (theirs === null || typeof theirs !== "object") {
    assert.equal(typeof ours, typeof theirs, at);
    const key = at.slice(at.lastIndexOf(".") + 1);
    // Who sends is known by the session, whatever the message says.
    if (key === "from" && theirs !== null && !at.includes(".message.")) {
      assert.equal(ours, from, at);
    } else if (key === "from") return;
    else if (!OWN_VALUES.includes(key)) assert.deepEqual(ours, theirs, at);
    return;
  }
  if (Array.isArray(theirs)) {
    assert.ok(Array.isArray(ours) && ours.length === theirs.length, `${at}: ${ours}`);
    theirs.forEach((one, index) => compare(ours[index]!, one, `${at}[${index}]`, from));
    return;
  }
  assert.ok(ours !== null && typeof ours === "object" && !Array.isArray(ours), at);
  const keys = Object.keys(ours).filter((key) => at !== "" || !ADDED.includes(key));
  assert.deepEqual(keys, Object.keys(theirs), at);
  for (const key of keys) compare(ours[key]!, theirs[key]!, `${at}.${key}`, from);
}

Deno.test({
  name: "meetingApp() answers the recorded exchanges as they were answered, or stricter",
  ignore: recorded === null,
  async fn(t) {
    await withMeeting(async (met) => {
      await prepare(met);
      const tokens = new Map<string, string>();
      const ids = new Map<string, string>();
      for (const exchange of recorded!) {
        const { n, request, response } = exchange;
        if (ELSEWHERE.includes(n)) continue;
        await t.step(`${n} ${request.method} ${request.path}`, async () => {
          const sent = request.headers["authorization"]?.slice("Bearer ".length);
          const token = sent === undefined ? undefined : tokens.get(sent) ?? sent;
          const ask = () =>
            met.ask(`${request.method} ${request.path}`, {
              ...(token === undefined ? {} : { token }),
              ...(request.body === null || request.body === "" ? {} : { body: request.body }),
            });
          met.pass(n === 70 ? 60_000 : 7_000);
          for (let before = 0; n === 70 && before < 100; before++) {
            assert.equal((await ask()).status, 200);
          }
          const { status, body, headers } = await ask();
          assert.equal(
            headers.get("content-type"),
            response.status === 0 ? "" : "application/json",
          );
          assert.equal(headers.get("cache-control"), "no-cache");
          const stricter = STRICTER[n];
          if (stricter !== undefined) {
            assert.deepEqual([status, body.error], [stricter.status, stricter.error], stricter.why);
            return;
          }
          assert.equal(status, response.status);
          const isIntroduction = request.path.endsWith("/introduce");
          const from = isIntroduction
            ? String((response.body["result"] as { from?: string } | undefined)?.from)
            : ids.get(token ?? "") ?? "";
          // Asking without a name of one's own gets the name of the session.
          const theirs = expected(exchange);
          if (theirs["from"] === null) theirs["from"] = from;
          compare(body, theirs, "", from);
          const issued = response.body["session_token"];
          if (typeof issued === "string" && body.session_token !== undefined) {
            tokens.set(issued, body.session_token);
            ids.set(body.session_token, JSON.parse(request.body!).identity.instance_id);
          }
        });
      }
    }, { settings: SETTINGS });
  },
});

Deno.test({
  name: "meetingApp() answers nobody where meetings are not installed or switched off",
  ignore: disabled === null,
  async fn() {
    await withMeeting(async ({ ask, root }) => {
      const check = async () => {
        for (const { request, response } of disabled!) {
          if (!request.path.startsWith("/meeting")) continue;
          const body = request.body === null ? {} : { body: request.body };
          const answered = await ask(`${request.method} ${request.path}`, body);
          assert.deepEqual([answered.status, answered.body], [response.status, response.body]);
        }
      };
      await check();
      await Deno.remove(`${root}/skillsets/mmp`, { recursive: true });
      await check();
      await writeSettings(root, "enabled: yes please\n");
      await check();
      await writeSettings(root, "enabled: true\n");
      assert.equal((await ask("GET introduce")).status, 200);
      await Deno.writeTextFile(
        `${root}/skillsets/config.yml`,
        "skillsets:\n  mmp:\n    enabled: false\n",
      );
      await check();
    }, { settings: "enabled: false\n" });
  },
});
