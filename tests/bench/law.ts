/**
 * Verification of a law of 200 skills of 4 KiB against reading and hashing its bytes.
 *
 * Warm is what a server does from its second call on; cold is the first call of a process that has
 * loaded the program. The time of the processor is measured, that of all threads: nothing here waits,
 * and whoever else is on the machine would lengthen ours more than the floor.
 *
 * @module
 */

import { createHash } from "node:crypto";
import process from "node:process";
import { type DefinitionNode, emptySkill, type Skill } from "../../core/dsl/ast.ts";
import { verifyLaw } from "../../core/dsl/formal/verify_law.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { lawFacts } from "../../core/evolution/facts.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { type Figure, figure, inTurn } from "./measure.ts";

const SKILLS = 200;
const SIZE = 4096;
const ROUNDS = 25;
const COLD = 7;

/**
 * Measures the verification of a law.
 *
 * @param folder A folder on the disk to measure
 * @returns Warm against its target, and cold
 */
export async function benchLaw(folder: string): Promise<Figure[]> {
  const root = `${folder}/law`;
  await Deno.mkdir(root);
  const instance = await openInstance(root, { mode: "write" });
  const source = printLaw({ skills: Array.from({ length: SKILLS }, (_, at) => skill(at)) });
  const first = await instance.evolution();
  await first.begin(new TextEncoder().encode(source), { principal: "cli:bench" });
  const read = () =>
    createHash("sha256").update(Deno.readFileSync(`${root}/skills/kairos.ts`)).digest("hex");
  const [warm, floor] = await inTurn(ROUNDS, ...[() => verify(instance), read].map(worked));
  const anew = async () => await verify(await openInstance(root, { mode: "read" }));
  const [cold, coldFloor] = await inTurn(COLD, ...[anew, read].map(worked));
  const size = `${SKILLS} skills of ${Math.round(source.length / SKILLS / 1024)} KiB`;
  const shared = { floorName: "reading and hashing their source", unit: "ms" } as const;
  return [
    figure({ ...shared, name: `verify ${size}, warm`, ours: warm!, floor: floor!, target: 10 }),
    figure({
      ...shared,
      name: `verify ${size}, the source read for the first time`,
      ours: cold!,
      floor: coldFloor!,
      target: 120,
    }),
  ];
}

/** A step that tells how long the processor worked for it, in milliseconds. */
function worked(step: () => unknown): () => Promise<number> {
  return async () => {
    const before = process.cpuUsage();
    await step();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** What `kairos skills verify` does between opening and printing. */
async function verify(instance: Instance): Promise<void> {
  const evolution = await instance.evolution();
  const found = await evolution.inForce();
  const { skills } = found.law;
  const facts = await lawFacts(instance, found);
  const known = { facts, skills, tools: ["skills_list"] };
  const verified = verifyLaw(known, skills, (one) => evolution.coverage(one));
  const isWhole = verified.length === SKILLS && found.status === "decided" &&
    verified.every(({ outcomes }) => outcomes.satisfied === DEFINITION.length);
  if (!isWhole) throw new Error("not verified");
}

const node = (type: string, name: string, options: DefinitionNode["options"]): DefinitionNode => ({
  type,
  name,
  options,
  source_span: null,
});

const DEFINITION: readonly DefinitionNode[] = [
  node("Constraint", "law_decided", { required: true, condition: "law_in_force == true" }),
  node("Check", "chain", { condition: "chain_intact == true && chain_length > 0" }),
  node("Plan", "change", { steps: ["propose", "decide", "apply"] }),
  node("ToolCall", "look", { command: "skills_list" }),
];

function skill(at: number): Skill {
  const id = at === 0 ? "l0_governance" : `skill_${at}`;
  const line = `A person decides about ${id} before a change of the chain is made, rule`;
  const lines = Array.from(
    { length: Math.ceil(SIZE / (line.length + 9)) },
    (_, rule) => `${line} ${rule}.`,
  );
  return {
    ...emptySkill(id),
    version: "1.0",
    title: `Skill ${at}`,
    law: at === 0 ? {} : null,
    content: `${lines.join("\n")}\n`,
    definition: [...DEFINITION],
  };
}
