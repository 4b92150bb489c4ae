/**
 * Changes the law of an instance until it is killed: `law_worker.ts ROOT`. Prints what was
 * acknowledged, one object a line.
 *
 * @module
 */

import { openInstance } from "../../core/instance.ts";
import { AT_TERMINAL, skillRequest } from "../evolution/law.ts";

const instance = await openInstance(Deno.args[0]!, { mode: "write" });
const evolution = await instance.evolution();
// The limit counts by principal, and many of these run one after the other.
const actor = { principal: `test:${Deno.pid}` };
for (let at = 0;; at++) {
  const versions = evolution.versions();
  const { file } = await evolution.inForce();
  const earlier = versions.find(({ law }) => law !== null && law.ast !== file?.ast);
  const { proposal } = at % 3 === 2 && earlier !== undefined
    ? await evolution.rollback(earlier.name, "back", actor)
    : await evolution.propose(
      skillRequest("audit_rules", { content: `${crypto.randomUUID()}\n` }),
      actor,
    );
  await evolution.decide(proposal.id, "approve", AT_TERMINAL, actor);
  const { block, snapshot } = await evolution.apply(proposal.id, actor);
  const line = { id: proposal.id, block: block.index, hash: block.hash, snapshot };
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(line) + "\n"));
}
