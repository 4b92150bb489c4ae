/**
 * What the tool guide knows beyond the tools themselves: categories and workflows, as data.
 *
 * @module
 */

/** Categories a tool can be in, and what they are about. */
export const CATEGORIES = {
  chain: "Records that cannot be changed: state, notes, verification, history",
  knowledge: "Project knowledge (L1): what the project has learned and keeps",
  context: "Session context (L2): free notes of the present work",
  skills: "The law (L0): constitution and skills",
  resource: "Files of all layers under addresses",
  skillset: "SkillSets: packages of knowledge",
  state: "Snapshots of the whole instance",
  meeting: "Other instances: who is there, what they offer",
  definition: "Statements of the law: do they hold, what do they say",
  formalization: "Which sentences became rules, and which did not",
  instructions: "What agents are told when they connect",
  guide: "Finding the right tool",
  utility: "Everything else",
} as const satisfies Readonly<Record<string, string>>;

/** A category of {@linkcode CATEGORIES}. */
export type Category = keyof typeof CATEGORIES;

/** One step of a workflow. */
export interface WorkflowStep {
  /** The tool to call. */
  readonly tool: string;
  /** Why. */
  readonly purpose: string;
}

/** A way of working, as an order of calls. */
export interface Workflow {
  /** What it is for. */
  readonly description: string;
  /** Its steps. */
  readonly steps: readonly WorkflowStep[];
}

const step = (tool: string, purpose: string): WorkflowStep => ({ tool, purpose });

/** Workflows by name. */
export const WORKFLOWS = {
  knowledge_lifecycle: {
    description: "From a note of one session to knowledge that stays",
    steps: [
      step("knowledge_search", "see whether somebody has written it down already"),
      step("context_save", "collect what you learn while you work"),
      step("context_get", "read the note again once it has proved true"),
      step("knowledge_update", "create the entry, with a reason that will make sense in a year"),
      step("skills_promote", "or let the note itself become the entry"),
      step("knowledge_get", "read it back; its hash is the base_hash of the next update"),
      step("knowledge_history", "see how it came to say what it says"),
      step("knowledge_restore", "bring back a version that was better"),
      step("context_delete", "clear away the note"),
    ],
  },
  health_check: {
    description: "Is this instance sound, and does the live knowledge match its records",
    steps: [
      step("chain_status", "state and length, and when the chain was last verified"),
      step("chain_verify", "recompute every hash"),
      step("state_status", "what changed since the last state commit"),
      step("knowledge_list", "entries with a problem are marked"),
      step("knowledge_get", "a banner tells when a document is not the recorded one"),
      step("chain_history", "who changed what lately"),
    ],
  },
  skill_evolution: {
    description: "Proposing a change of the law; a person decides",
    steps: [
      step("capability_status", "see what may be proposed, and who decides"),
      step("skills_dsl_get", "read the skill; its source is what you change"),
      step("knowledge_search", "find the experience that speaks for the change"),
      step(
        "skills_evolve",
        "propose the changed skill with a reason, then apply it: a person is asked",
      ),
      step("skills_rollback", "see the versions, and propose to go back"),
    ],
  },
  tool_onboarding: {
    description: "Learning what kairos can do",
    steps: [
      step("hello_world", "see that kairos answers and what it holds"),
      step("tool_guide", "read the catalog, then recommend with your goal"),
      step("resource_read", "read l0://kairos.md"),
      step("knowledge_list", "see what the project knows"),
    ],
  },
} as const satisfies Readonly<Record<string, Workflow>>;

/** A name of {@linkcode WORKFLOWS}. */
export type WorkflowName = keyof typeof WORKFLOWS;

/** Which tool speaks for a word of a goal. */
export const HINTS: readonly (readonly [word: RegExp, tools: readonly string[]])[] = [
  [/^(save|store|keep|remember|write|note)/, ["knowledge_update", "context_save", "chain_record"]],
  [/^(snapshot|commit|checkpoint|state)/, ["state_commit", "state_status", "state_history"]],
  [/^(check|verify|audit|health|trust|integrity)/, ["chain_verify", "chain_status"]],
  [/^(law|rule|constitution|govern|permit|allow)/, ["skills_dsl_list", "skills_list"]],
  [/^(propos|evolve|approv|decide|decision)/, ["skills_evolve", "capability_status"]],
  [/^(list|show|find|search|browse)/, ["knowledge_search", "knowledge_list", "resource_list"]],
  [/^(undo|restore|revert|back|rollback)/, ["knowledge_restore", "knowledge_history"]],
];

/**
 * The category a tool's name puts it in.
 *
 * @param name The tool's name
 * @returns The category
 */
export function categoryOf(name: string): Category {
  if (name === "tool_guide" || name.startsWith("hello") || name === "capability_status") {
    return "guide";
  }
  const prefix = name.slice(0, name.indexOf("_"));
  return Object.hasOwn(CATEGORIES, prefix) ? prefix as Category : "utility";
}
