/**
 * What skills/kairos.ts may hold. Editors complete and check the law with this file; kairos itself
 * reads the law as text and runs nothing of it. The format is told in the knowledge kairos_formats,
 * references/law.md.
 */

declare namespace kairos {
  /** Any plain data. */
  type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

  /** A text, or a list of texts. */
  type Words = string | readonly string[];

  /** Code in another language, or code kept as text; it is shown and never run. */
  interface CodeText {
    /** What it is written in. */
    readonly language: "typescript" | "ruby";
    /** The code. */
    readonly text: string;
  }

  /** Code is kept as text, hashed and shown, and never run by kairos. */
  type Code<Arguments extends readonly unknown[] = readonly []> =
    | ((...args: Arguments) => unknown)
    | CodeText
    | null;

  /** Which fields of the skill may change. */
  interface Evolve {
    /** Fields that may; every field when left out. */
    readonly allow?: readonly string[];
    /** Fields that may not, whatever `allow` says; "all" names every field. */
    readonly deny?: readonly string[];
    /** Conditions a person judges, by name. */
    readonly conditions?: { readonly [name: string]: Code };
  }

  /** A change outside that the skill may make. */
  interface Effect {
    /** What must be given first. */
    readonly requires?: readonly string[];
    /** What is recorded when it happens. */
    readonly records?: readonly string[];
    /** What does it. */
    readonly run?: Code;
  }

  /** An argument of a tool. */
  interface Property {
    /** JSON Schema type, such as "string". */
    readonly type: string;
    /** What it is. */
    readonly description?: string | null;
  }

  /** A tool that the skill describes. */
  interface Tool {
    /** Its name; made of the skill's id when left out. */
    readonly name?: string | null;
    /** What it does. */
    readonly description?: string | null;
    /** Its arguments, by name. */
    readonly properties?: { readonly [name: string]: Property };
    /** Names of the arguments that must be given. */
    readonly required?: readonly string[];
    /** What does it. */
    readonly execute?: Code<readonly [args: { readonly [name: string]: Json }]>;
  }

  /** Options every statement may have. */
  interface Options {
    /** The words of the content it was drawn from. */
    readonly source_span?: string | null;
    readonly [option: string]: Json | undefined;
  }

  /** Options of a constraint. */
  interface ConstraintOptions extends Options {
    /** What must be true. */
    readonly condition?: string | null;
  }

  /** Options of a plan. */
  interface PlanOptions extends Options {
    /** What is done, in order. */
    readonly steps: readonly string[];
  }

  /** Options of a tool call. */
  interface ToolCallOptions extends Options {
    /** The tool. */
    readonly command: string;
  }

  /** Options of a statement of another type. */
  interface NodeOptions extends Options {
    /** Its type, usually "SemanticReasoning". */
    readonly type: string;
    /** What a person is asked. */
    readonly prompt: string;
  }

  /** A statement of a definition, made by one of the functions below. */
  interface Statement {
    /** Only the functions below make statements. */
    readonly statement: never;
  }

  /** What a skill says; everything may be left out. */
  interface Skill {
    /** Its version. */
    readonly version?: string | null;
    /** Its title. */
    readonly title?: string | null;
    /** When to read it. */
    readonly use_when?: string | null;
    /** What it works on. */
    readonly inputs?: readonly string[];
    /** What must be there. */
    readonly requires?: Words | null;
    /** Skills it builds on. */
    readonly depends_on?: Words | null;
    /** What it promises. */
    readonly guarantees?: Words | null;
    /** Which of its fields may change; all of them when left out. */
    readonly evolve?: Evolve | null;
    /** What the instance itself obeys; read from the skill l0_governance. */
    readonly law?: { readonly [key: string]: Json } | null;
    /** Changes outside that it may make, by name. */
    readonly effects?: { readonly [name: string]: Effect };
    /** Its formal statements. */
    readonly definition?: readonly Statement[] | null;
    /**
     * Its prose, Markdown. A text between backticks that begins with a line break loses the
     * indentation of its closing backtick.
     */
    readonly content?: string | null;
    /** What it would compute. */
    readonly behavior?: Code;
    /** A tool it describes. */
    readonly tool?: Tool | null;
    /** Remarks on how the definition was found. */
    readonly formalization_notes?: string | null;
  }
}

/** A skill of the law. Its id is a small letter, then small letters, digits and _. */
declare function skill(id: string, fields: kairos.Skill): void;

/** Something that must hold. */
declare function constraint(name: string, options: kairos.ConstraintOptions): kairos.Statement;

/** Something that is checked. */
declare function check(name: string, options: kairos.ConstraintOptions): kairos.Statement;

/** Steps in their order. */
declare function plan(name: string, options: kairos.PlanOptions): kairos.Statement;

/** A call of a tool. */
declare function toolCall(name: string, options: kairos.ToolCallOptions): kairos.Statement;

/** A statement of another type, usually one a person judges. */
declare function node(name: string, options: kairos.NodeOptions): kairos.Statement;
