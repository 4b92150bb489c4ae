/**
 * The verbs inside `skill`.
 *
 * @module
 */

import { quote } from "../../text.ts";
import type {
  Code,
  DefinitionNode,
  Effect,
  EvolveCondition,
  EvolveRules,
  Skill,
  Words,
} from "../ast.ts";
import type { Call, Statements, Verbs } from "./calls.ts";
import { definitionVerbs } from "./definition_verbs.ts";
import { NotCarried } from "./source.ts";
import { readTool } from "./tool_verbs.ts";

/** A skill while it is read: the last statement of a verb counts. */
export type Draft = { -readonly [Field in keyof Skill]: Skill[Field] };

/**
 * The verbs of a skill.
 *
 * @param statements Reads the statements
 * @param draft Where what they say goes
 * @returns What each verb does
 */
export function skillVerbs(statements: Statements, draft: Draft): Verbs {
  return {
    version: (call) => draft.version = statements.text(call),
    title: (call) => draft.title = statements.text(call),
    use_when: (call) => draft.use_when = statements.text(call),
    content: (call) => draft.content = statements.text(call),
    formalization_notes: (call) => draft.formalization_notes = statements.text(call),
    requires: (call) => draft.requires = statements.words(call),
    depends_on: (call) => draft.depends_on = statements.words(call),
    guarantees: (call) => draft.guarantees = readGuarantees(statements, call),
    inputs: (call) => draft.inputs = statements.list(call),
    behavior: (call) => draft.behavior = codeOnly(statements, call),
    effect: (call) => draft.effects = withEffect(draft.effects, readEffect(statements, call)),
    evolve: (call) => draft.evolve = readRules(statements, call),
    tool: (call) => draft.tool = readTool(statements, call),
    definition(call) {
      const nodes: DefinitionNode[] = [];
      const verbs = definitionVerbs(statements, nodes);
      statements.run(statements.inside(call), verbs, "a definition");
      draft.definition = nodes;
    },
  };
}

/** One value, or a block with a bare word on each line. */
function readGuarantees(statements: Statements, call: Call): Words {
  if (call.block === null) return statements.words(call);
  if (call.args.length > 0 || call.named.length > 0) {
    throw new NotCarried(call.node, `${quote(call.verb)} takes one value or a block`);
  }
  const words: string[] = [];
  const { source } = statements;
  source.each(statements.inside(call), (node) => {
    const word = source.textOf(node);
    if (!/^[a-z_][A-Za-z0-9_]*[?!]?$/.test(word)) {
      throw new NotCarried(node, "a guarantee that is no bare word");
    }
    words.push(word);
  });
  return words;
}

function codeOnly(statements: Statements, call: Call): Code | null {
  if (call.args.length > 0 || call.named.length > 0) {
    throw new NotCarried(call.node, `${quote(call.verb)} takes a block only`);
  }
  return statements.code(call);
}

function readEffect(statements: Statements, call: Call): Effect {
  const name = statements.name(call);
  const requires: string[] = [];
  const records: string[] = [];
  let run: Code | null = null;
  statements.run(statements.inside(call), {
    requires: (inner) => {
      requires.push(...statements.list(inner));
    },
    records: (inner) => {
      records.push(...statements.list(inner));
    },
    run: (inner) => run = codeOnly(statements, inner),
  }, "an effect");
  return { name, requires, records, run };
}

/** What several blocks say of one effect adds up. */
function withEffect(effects: readonly Effect[], effect: Effect): readonly Effect[] {
  const before = effects.find(({ name }) => name === effect.name);
  if (before === undefined) return [...effects, effect];
  const joined: Effect = {
    name: effect.name,
    requires: [...before.requires, ...effect.requires],
    records: [...before.records, ...effect.records],
    run: effect.run ?? before.run,
  };
  return effects.map((one) => one === before ? joined : one);
}

function readRules(statements: Statements, call: Call): EvolveRules {
  const allow: string[] = [];
  const deny: string[] = [];
  const conditions: EvolveCondition[] = [];
  statements.run(statements.inside(call), {
    allow: (inner) => {
      allow.push(...statements.list(inner));
    },
    deny: (inner) => {
      deny.push(...statements.list(inner));
    },
    when_condition: (inner) => {
      conditions.push({ name: statements.name(inner), test: statements.code(inner) });
    },
  }, "the rules of evolution");
  return { allow, deny, conditions };
}
