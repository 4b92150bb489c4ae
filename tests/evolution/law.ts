/**
 * Instances with a small law, for tests.
 *
 * @module
 */

import { emptySkill, type JsonObject, type Law, type Skill } from "../../core/dsl/ast.ts";
import { canonicalJson } from "../../core/dsl/canonical.ts";
import { printLaw, printSkill } from "../../core/dsl/print.ts";
import type { ChangeRequest } from "../../core/evolution/change.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import {
  encodeProposal,
  filesHash,
  parseProposal,
  type Proposal,
} from "../../core/evolution/proposal.ts";
import type { StoredProposal } from "../../core/evolution/proposal_store.ts";
import { type Instance, openInstance, type OpenOptions } from "../../core/instance.ts";
import { ACTOR, NOON, withInstance } from "../support/instance.ts";

/** Who decides in tests. */
export const PERSON = { principal: "cli:grace" };

/** A yes at the terminal. */
export const AT_TERMINAL = { strength: "terminal" } as const;

/** What the law of tests asks. */
export const ASKED: JsonObject = {
  evolution_enabled: true,
  limits: { evolutions_per_session: 50 },
};

/** A law with open, half open and closed skills. */
export function testLaw(asked: JsonObject = ASKED): Law {
  return {
    skills: [
      { ...emptySkill("l0_governance"), version: "1.0", law: asked },
      { ...emptySkill("core_safety"), content: "Do no harm.\n" },
      { ...emptySkill("audit_rules"), content: "Look after 180 days.\n" },
      {
        ...emptySkill("chain_awareness"),
        content: "The chain.\n",
        evolve: { allow: ["content"], deny: [], conditions: [] },
      },
      {
        ...emptySkill("evolution_rules"),
        content: "Closed.\n",
        evolve: { allow: [], deny: ["all"], conditions: [] },
      },
    ],
  };
}

/** A skill of the test law with some fields changed. */
export function changedSkill(id: string, fields: Partial<Skill>): Skill {
  const skill = testLaw().skills.find((one) => one.id === id) ?? emptySkill(id);
  return { ...skill, ...fields };
}

/** A proposal of one changed skill. */
export function skillRequest(
  id: string,
  fields: Partial<Skill>,
  reason = "because",
): ChangeRequest {
  return {
    kind: "skill",
    subject: id,
    definition: printSkill(changedSkill(id, fields)),
    reason,
  };
}

/** What a test with a law works with. */
export interface LawFixture {
  readonly instance: Instance;
  readonly root: string;
  readonly evolution: Evolution;
  /** Opens the instance again, as another process would. */
  readonly open: (mode?: "read" | "write") => Promise<Instance>;
  /** The law of the instance opened again. */
  readonly reopen: (mode?: "read" | "write") => Promise<Evolution>;
  /** Moves the clock. */
  readonly wait: (milliseconds: number) => void;
}

/** Options of {@linkcode withLaw}. */
export interface LawOptions extends Partial<OpenOptions> {
  /** The first law. */
  readonly law?: Law;
  /** Content of `skills/config.yml`. */
  readonly config?: string;
}

/**
 * Runs a test with an instance that begins with a law.
 *
 * @param test Gets the fixture
 * @param options The law
 */
export async function withLaw(
  test: (fixture: LawFixture) => Promise<void> | void,
  options: LawOptions = {},
): Promise<void> {
  let now = NOON;
  const clock = () => now;
  await withInstance(async (_, root) => {
    Deno.mkdirSync(`${root}/skills`);
    if (options.config !== undefined) {
      Deno.writeTextFileSync(`${root}/skills/config.yml`, options.config);
    }
    const instance = await openInstance(root, { mode: "write", clock });
    const evolution = await instance.evolution();
    const source = new TextEncoder().encode(printLaw(options.law ?? testLaw()));
    await evolution.begin(source, PERSON);
    const open = (mode: "read" | "write" = "write") => openInstance(root, { mode, clock });
    const reopen = async (mode: "read" | "write" = "write") => await (await open(mode)).evolution();
    await test({ instance, root, evolution, open, reopen, wait: (by) => void (now += by) });
  });
}

/** Proposes, approves at the terminal and applies. */
export async function evolve(
  evolution: Evolution,
  id: string,
  fields: Partial<Skill>,
): Promise<StoredProposal> {
  const { proposal } = await evolution.propose(skillRequest(id, fields), ACTOR);
  await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
  return (await evolution.apply(proposal.id, PERSON)).stored;
}

/** The content of a skill in the law in force. */
export async function contentInForce(evolution: Evolution, id: string): Promise<string | null> {
  const { law } = await evolution.inForce();
  return law.skills.find((skill) => skill.id === id)?.content ?? null;
}

/**
 * Puts another document in the place of a proposal's, whole in itself and about the same change.
 *
 * @param root The data directory
 * @param id The proposal
 */
export function swapDocument(root: string, id: string): void {
  const path = `${root}/skills/proposals/${id}.json`;
  const document = JSON.parse(Deno.readTextFileSync(path));
  Deno.writeTextFileSync(path, canonicalJson({ ...document, reason: "because you asked" }));
}

/**
 * A proposal about other files, whole in itself, as it is read back.
 *
 * @param proposal The proposal
 * @param changes What differs from its first file, for each file it is to have
 * @returns The proposal, or `null` when it is taken for none
 */
export function withFiles(
  proposal: Proposal,
  changes: readonly { readonly path?: string; readonly base?: string; readonly new?: null }[],
): Proposal | null {
  const files = changes.map((change) => ({ ...proposal.files[0]!, ...change }));
  const [base_hash, new_hash] = [filesHash(files, "base"), filesHash(files, "new")];
  return parseProposal(encodeProposal({ ...proposal, files, base_hash, new_hash }));
}
