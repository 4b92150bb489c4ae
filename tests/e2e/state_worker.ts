/**
 * Works on an instance until it is killed: `state_worker.ts commit|restore|convert ROOT`. Prints what was
 * acknowledged, one object a line.
 *
 * @module
 */

import { parseRubyLaw } from "../../core/dsl/ruby/parse.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { restoreState } from "../../core/state/restore.ts";
import { AT_TERMINAL, skillRequest } from "../evolution/law.ts";
import { document } from "../support/instance.ts";

// The limit counts by principal, and many of these run one after the other.
const ACTOR = { principal: `test:${Deno.pid}` };

async function change({ knowledge, context, evolution }: Instance, at: number): Promise<void> {
  const name = `note_${at % 3}`;
  await knowledge.set({ name, content: document(name, crypto.randomUUID()) }, ACTOR);
  await context.save({ session: `s${at % 2}`, name, content: document(name, `${at}`) }, ACTOR);
  if (at % 4 !== 3) return;
  await knowledge.archive(name, ACTOR);
  const law = await evolution();
  const { proposal: { id } } = await law.propose(
    skillRequest("audit_rules", { content: `${crypto.randomUUID()}\n` }),
    ACTOR,
  );
  await law.decide(id, "approve", AT_TERMINAL, ACTOR);
  await law.apply(id, ACTOR);
}

/** What each of them does over and over; what it gives is printed. */
const WORK: Readonly<Record<string, (instance: Instance, at: number) => Promise<unknown>>> = {
  async commit(instance, at) {
    await change(instance, at);
    const { block, hash, snapshot } = await (await instance.state()).commit("work", ACTOR);
    return { block, hash, snapshot };
  },
  async restore(instance, at) {
    const state = await instance.state();
    const earlier = state.history(20).flatMap(({ snapshot }) => snapshot?.snapshot_hash ?? []);
    await change(instance, at);
    await state.commit("work", ACTOR);
    const hash = earlier[at % Math.max(1, earlier.length)];
    if (hash === undefined) return null;
    const { after, failed, proposals } = await restoreState(instance, state, hash, ACTOR);
    return { hash, after: after?.hash ?? null, failed: failed.length, proposals };
  },
  async convert(instance) {
    // The core is immutable, so it says what it said.
    const text = `skill :l0_governance do\n  version '1.0'\nend\nskill :core_safety do\n` +
      `  content "Do no harm.\\n"\nend\nskill :audit_rules do\n` +
      `  content '${crypto.randomUUID()}'\nend\n`;
    Deno.writeTextFileSync(`${instance.root}/skills/kairos.rb`, text);
    const { law } = await parseRubyLaw(text, { file: "skills/kairos.rb" });
    const evolution = await instance.evolution();
    const { proposal } = await evolution.adopt("converted", ACTOR, printLaw(law));
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, ACTOR);
    const { block } = await evolution.apply(proposal.id, ACTOR);
    return { id: proposal.id, block: block.index, new: proposal.new_hash };
  },
};

if (import.meta.main) {
  const [kind = "", root = ""] = Deno.args;
  for (let at = Deno.pid % 7;; at++) {
    const done = await WORK[kind]!(await openInstance(root, { mode: "write" }), at);
    Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(done) + "\n"));
  }
}
