/**
 * From the tree of a Ruby source to the law.
 *
 * @module
 */

import type { Node } from "@ruby/prism/nodes";
import { KairosError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { emptySkill, type Law, type Skill } from "../ast.ts";
import { Statements } from "./calls.ts";
import { type Draft, skillVerbs } from "./skill_verbs.ts";
import { NotCarried, type RubySource } from "./source.ts";

/** Most skills of a law. */
const MAX_SKILLS = 1000;

const ID = /^[a-z][a-z0-9_]{0,99}$/;

/**
 * Reads the statements of a source.
 *
 * @param source The source; what cannot be carried over is noted in it
 * @param body Its statements
 * @returns The law
 * @throws {KairosError} `too_large` for too many skills
 */
export function readLaw(source: RubySource, body: readonly Node[]): Law {
  const skills = new Map<string, Skill>();
  const statements = new Statements(source);
  statements.run(body, {
    skill(call) {
      const id = statements.name(call);
      if (!ID.test(id)) throw new NotCarried(call.node, `${quote(id)} is no name of a skill`);
      if (skills.has(id)) {
        throw new NotCarried(call.node, `a second skill ${quote(id)}; the first one counts`);
      }
      if (skills.size === MAX_SKILLS) {
        throw new KairosError("too_large", `Cannot read Ruby: more than ${MAX_SKILLS} skills`);
      }
      if (call.named.length > 0) throw new NotCarried(call.node, "a skill with named arguments");
      const draft: Draft = emptySkill(id);
      statements.run(statements.inside(call), skillVerbs(statements, draft), "a skill");
      skills.set(id, draft);
    },
  }, "a law");
  return { skills: [...skills.values()] };
}
