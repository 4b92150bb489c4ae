/**
 * Another instance on loopback that does what a test wants, honest unless told otherwise.
 *
 * @module
 */

import { createHash, randomUUID } from "node:crypto";
import type { OwnIdentity } from "../../mmp/identity.ts";
import { readIntroduction } from "../../mmp/introduction.ts";
import { makeProof, proofProblem } from "../../mmp/proof.ts";
import { signSkill } from "../../mmp/skill_signature.ts";
import { isWireMap, parseWire, textAt } from "../../mmp/wire_json.ts";
import { introductionOf } from "./people.ts";

/** One request it got. */
export interface Asked {
  /** Method, path and query. */
  readonly line: string;
  /** The body, or nothing. */
  readonly body: string;
  /** Its `Authorization`. */
  readonly authorization: string | null;
}

/** How it behaves. */
export interface Behaviour {
  /** Whether it knows proofs; existing peers do not. */
  readonly proves?: boolean;
  /** Entries it gives by name. */
  readonly skills?: Readonly<Record<string, string>>;
  /** SkillSets it gives by name: their envelopes. */
  readonly skillsets?: Readonly<Record<string, unknown>>;
  /** Takes the place of the answer to a path; `null` leaves it as it is. */
  readonly instead?: (path: string, request: Asked, honest: unknown) => Response | unknown | null;
}

/** A peer that is running. */
export interface FakePeer {
  /** Its address. */
  readonly url: string;
  /** What it was asked. */
  readonly asked: Asked[];
}

/** The token it gives. */
export const TOKEN = "0123456789abcdef".repeat(4);

/**
 * Runs a test with a peer.
 *
 * @param own Who it is
 * @param behaviour How it behaves
 * @param test Gets the peer
 */
export async function withPeer(
  own: OwnIdentity,
  behaviour: Behaviour,
  test: (peer: FakePeer) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const challenge = randomUUID();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    const one: Asked = {
      line: `${request.method} ${pathname}${search}`,
      body: await request.text(),
      authorization: request.headers.get("authorization"),
    };
    asked.push(one);
    const path = `${request.method} ${pathname.replace("/meeting/v1/", "")}`;
    const honest = answer(own, behaviour, { path, one, searchParams, challenge });
    const instead = await behaviour.instead?.(path, one, honest) ?? null;
    if (instead instanceof Response) return instead;
    const body = instead ?? honest;
    if (body !== null) return Response.json(body);
    return Response.json({ error: "not_found", message: "Skill not found: x" }, { status: 404 });
  });
  try {
    await test({ url: `http://127.0.0.1:${server.addr.port}`, asked });
  } finally {
    await server.shutdown();
  }
}

interface Question {
  readonly path: string;
  readonly one: Asked;
  readonly searchParams: URLSearchParams;
  readonly challenge: string;
}

function answer(own: OwnIdentity, behaviour: Behaviour, question: Question): unknown {
  const { path, one, searchParams, challenge } = question;
  const { skills = {}, skillsets = {} } = behaviour;
  if (path === "GET introduce") {
    const [nonce, audience] = [searchParams.get("nonce") ?? "", searchParams.get("aud") ?? ""];
    const terms = { role: "answer", nonce, audience, now: Date.now() } as const;
    const more = behaviour.proves === false
      ? {}
      : { proof: makeProof(own, terms), challenge: { nonce: challenge, expires: "" } };
    return { ...introductionOf(own), ...more };
  }
  if (path === "POST introduce") return introduced(own, one.body, challenge);
  if (path === "POST goodbye") return { status: "goodbye", message: "Session ended" };
  if (one.authorization !== `Bearer ${TOKEN}`) return null;
  const rows = Object.entries(skills).map(([name, content]) => row(name, content));
  if (path === "GET skills") return { skills: rows, count: rows.length };
  if (path === "GET skill_details") {
    const found = rows.find(({ name }) => name === searchParams.get("skill_id"));
    return found === undefined ? null : { metadata: { ...found, available: true } };
  }
  if (path === "POST skill_content") {
    const name: string = JSON.parse(one.body).skill_id;
    const content = skills[name];
    if (content === undefined) return null;
    const given = skillContent(name, content);
    const signature = behaviour.proves === false
      ? null
      : signSkill(own, { name, hash: sha256(content) });
    return { ...given, signature };
  }
  if (path === "GET skillsets") {
    return { skillsets: Object.keys(skillsets).map((name) => ({ name, version: "1.0.0" })) };
  }
  if (path === "POST skillset_content") {
    const found = skillsets[JSON.parse(one.body).name];
    return found === undefined ? null : { skillset_package: found };
  }
  return null;
}

function introduced(own: OwnIdentity, body: string, challenge: string): unknown {
  const sent = parseWire(body);
  if (!isWireMap(sent)) return null;
  const asker = readIntroduction(sent);
  const problem = asker.key === null ? "no key" : proofProblem(sent.get("proof"), asker.key, {
    role: "introduce",
    nonce: challenge,
    audience: own.identity.instance_id,
    now: Date.now(),
  });
  return {
    status: "received",
    peer_identity: introductionOf(own),
    identity_verified: asker.verified,
    ...(asker.verified ? { session_token: TOKEN } : {}),
    proof: problem === null ? "proven" : "none",
    asked_by: textAt(sent, "from"),
  };
}

function row(name: string, content: string) {
  return {
    id: sha256(name).slice(0, 16),
    name,
    layer: "L1",
    format: "markdown",
    summary: `About ${name}`,
    tags: ["a"],
    content_hash: sha256(content),
  };
}

/**
 * The answer that carries an entry.
 *
 * @param name Its name
 * @param content Its document
 * @returns What an honest peer answers
 */
export function skillContent(name: string, content: string): {
  message: { payload: Record<string, unknown> };
  packaged_skill: Record<string, unknown>;
} {
  const content_hash = sha256(content);
  const format = content.startsWith("---") ? "yaml_frontmatter" : "markdown";
  return {
    message: { payload: { skill_name: name, format: "markdown", content, content_hash } },
    packaged_skill: { name, format, content, content_hash, size_bytes: content.length },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
