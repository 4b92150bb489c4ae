import assert from "node:assert/strict";
import type { Disk } from "../../core/disk/mod.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { parseRubyLaw } from "../../core/dsl/ruby/parse.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { pick } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { AT_TERMINAL, evolve, PERSON, skillRequest, testLaw } from "../evolution/law.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { inState, recordEffects, type Replay, replays } from "./simulator.ts";

/** A change of the law, and what is there before it. */
interface Scenario {
  readonly prepare: (instance: Instance) => Promise<unknown>;
  readonly change: (instance: Instance) => Promise<unknown>;
}

const SOURCE = new TextEncoder().encode(printLaw(testLaw()));
const REQUEST = skillRequest("audit_rules", { content: "90 days.\n" });
const begin = async (instance: Instance) => (await instance.evolution()).begin(SOURCE, PERSON);

/** Finds the one proposal that waits, as another process would. */
async function waiting(instance: Instance): Promise<string> {
  return (await instance.evolution()).list()
    .find(({ stored }) => stored?.state === "pending" || stored?.state === "approved")!.id;
}

async function proposed(instance: Instance): Promise<void> {
  await begin(instance);
  await (await instance.evolution()).propose(REQUEST, ACTOR);
}

async function approve(instance: Instance): Promise<unknown> {
  const evolution = await instance.evolution();
  return await evolution.decide(await waiting(instance), "approve", AT_TERMINAL, PERSON);
}

async function apply(instance: Instance): Promise<unknown> {
  return await (await instance.evolution()).apply(await waiting(instance), PERSON);
}

async function rolledBack(instance: Instance): Promise<void> {
  await begin(instance);
  const evolution = await instance.evolution();
  await evolve(evolution, "audit_rules", { content: "90 days.\n" });
  const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
  await evolution.rollback(first.name, "back", PERSON);
  await approve(instance);
}

async function adopted(instance: Instance): Promise<void> {
  await begin(instance);
  Deno.writeTextFileSync(`${instance.root}/skills/kairos.ts`, EDITED);
  await (await instance.evolution()).adopt("edited", PERSON);
  await approve(instance);
}

/** What `kairos skills convert` does: the Ruby file stays, the law it says is proposed. */
async function convert(instance: Instance): Promise<void> {
  const bytes = instance.view().read("skills/kairos.rb", 1 << 20);
  const { law } = await parseRubyLaw(new TextDecoder().decode(bytes!), { file: "kairos.rb" });
  const evolution = await instance.evolution();
  const { file } = await evolution.inForce();
  const source = printLaw(law);
  if (file === null) await evolution.begin(new TextEncoder().encode(source), PERSON);
  else await evolution.adopt("converted", PERSON, source);
}

async function inRuby({ root }: Instance): Promise<void> {
  await Deno.writeTextFile(`${root}/skills/kairos.rb`, RUBY);
}

/** The core is immutable, so it says what it said. */
const RUBY = "skill :l0_governance do\n  version '1.0'\nend\nskill :audit_rules do\n" +
  "  content 'Look after 30 days.'\nend\nskill :core_safety do\n" +
  '  content "Do no harm.\\n"\nend\n';

const EDITED = printLaw({ skills: testLaw().skills.slice(0, 4) });

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "the first law": { prepare: async () => {}, change: begin },
  "a proposal": {
    prepare: begin,
    change: async (instance) => (await instance.evolution()).propose(REQUEST, ACTOR),
  },
  "a decision": { prepare: proposed, change: approve },
  "an application": {
    prepare: async (instance) => {
      await proposed(instance);
      await approve(instance);
    },
    change: apply,
  },
  "a rollback": { prepare: rolledBack, change: apply },
  "an adoption": { prepare: adopted, change: apply },
  "a conversion that is proposed": {
    prepare: async (instance) => {
      await begin(instance);
      await inRuby(instance);
    },
    change: convert,
  },
  "a conversion that is applied": {
    prepare: async (instance) => {
      await begin(instance);
      await inRuby(instance);
      await convert(instance);
      await approve(instance);
    },
    change: apply,
  },
  "a conversion that begins the law": { prepare: inRuby, change: convert },
  "a snapshot": {
    prepare: begin,
    change: async (instance) => (await instance.evolution()).snapshot("by hand", PERSON),
  },
};

const open = (root: string, mode: "read" | "write", disk?: Disk) =>
  openInstance(root, { mode, clock: () => NOON, ...(disk === undefined ? {} : { disk }) });

/** What a reader sees: the law, what proves it, the snapshots and how far every proposal is. */
async function seen(instance: Instance): Promise<unknown> {
  const evolution = await instance.evolution();
  const { status, problems, file, source, drift } = await evolution.inForce();
  const working = instance.view().read("skills/kairos.ts", 1 << 20);
  return {
    law: { status, problems, file, source: sha256(source), drift },
    working: working === null ? null : sha256(working),
    versions: evolution.versions().map(({ name, law }) => ({
      name,
      law,
      hash: evolution.version(name).hash,
    })),
    proposals: evolution.list().map(({ stored, problem }) => [
      stored?.hash,
      stored?.state,
      stored?.note,
      problem,
    ]),
    blocks: instance.store.ledger.head().length,
  };
}

async function assertWhole(root: string, state: Replay, allowed: readonly unknown[]) {
  const found = await seen(await open(root, "read"));
  const isAllowed = allowed.some((one) => JSON.stringify(one) === JSON.stringify(found));
  assert.ok(isAllowed, `${state.label}: a reader sees ${JSON.stringify(found, null, 1)}`);
  const writer = await open(root, "write");
  assert.deepEqual(await seen(writer), found, `${state.label}: a writer sees something else`);
  const { findings } = await (await writer.evolution()).audit();
  assert.deepEqual(findings, [], state.label);
  const { valid } = await auditLedger(writer.store);
  assert.ok(valid || writer.store.ledger.head().length === 0, state.label);
  await writer.store.recover();
  assert.deepEqual(leftovers(root), [], state.label);
}

/** Staged and trashed things that are still there, at any depth. */
function leftovers(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return /^\.(stage|trash)-/.test(name) ? [path] : isDirectory ? leftovers(path) : [];
  });
}

Deno.test("a change of the law and its record are both there or neither, after every crash", async (t) => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    await t.step(name, async () => {
      await inTempFolder(async (root) => {
        Deno.mkdirSync(`${root}/skills/versions`, { recursive: true });
        const before = await open(root, "write");
        await scenario.prepare(before);
        const old = await seen(before);
        const recording = await recordEffects(root, async (disk) => {
          await scenario.change(await open(root, "write", disk));
        });
        const young = await seen(await open(root, "read"));
        assert.notDeepEqual(young, old);
        const states = [...replays(recording)];
        for (const state of pick("crashReplays", states)) {
          const allowed = state.acknowledged ? [young] : [old, young];
          await inState(state, (folder) => assertWhole(folder, state, allowed));
        }
        for (const state of states.filter(({ acknowledged }) => acknowledged)) {
          await inState(state, (folder) => assertWhole(folder, state, [young]));
        }
      });
    });
  }
});
