/**
 * From syntax to values: the subset of TypeScript a law is written in. See
 * `kairos_formats/law.md#the-source`.
 *
 * @module
 */

import { quote } from "../text.ts";
import { LAW_LIMITS } from "./limits.ts";
import type { Found } from "./problems.ts";
import { NODE_VERBS } from "./schema.ts";
import { type Expression, isDeep, isFunctionNode, type Statement } from "./syntax.ts";
import { readText } from "./text_literal.ts";
import { type Tree, TREE_DEPTH, type TreeField } from "./tree.ts";

type Place = Tree<number>;
type Argument = Extract<Expression, { type: "CallExpression" }>["arguments"][number];
type ObjectNode = Extract<Expression, { type: "ObjectExpression" }>;
/** How the value of a field is read. */
type Read = (this: SourceReader, node: Argument) => Place | null;

/** What to write instead of syntax that is no data. */
const HINTS: Readonly<Record<string, string>> = {
  SpreadElement: "Write every field and item out",
  CallExpression: "Only skill and the statements of a definition are called",
  Identifier: "Put text in quotes; leave a field out instead of undefined",
  RegExpLiteral: "Write it as text",
  BigIntLiteral: "Write it as text",
  ParenthesizedExpression: "Leave the parentheses out",
  ArrowFunctionExpression: "Functions stand in behavior, run, execute and conditions only",
  FunctionExpression: "Functions stand in behavior, run, execute and conditions only",
  ImportDeclaration: 'A law imports nothing; /// <reference path="./kairos.d.ts" /> is for editors',
};

/** Fields that are written in a shorter way than the tree holds them. */
const SUGAR: Readonly<Record<string, Read>> = {
  definition: function (node) {
    return this.list(node, (item) => this.statement(item));
  },
  effects: function (node) {
    return this.named(node, (value) => this.object(value, { run: READ_CODE }));
  },
  evolve: function (node) {
    return this.object(node, { conditions: READ_CONDITIONS });
  },
  tool: function (node) {
    return this.object(node, { properties: READ_PROPERTIES, execute: READ_CODE });
  },
  behavior: function (node) {
    return this.code(node);
  },
};
const READ_CODE: Read = function (node) {
  return this.code(node);
};
const READ_PROPERTIES: Read = function (node) {
  return this.named(node, (value) => this.value(value));
};
const READ_CONDITIONS: Read = function (node) {
  return this.named(node, (value) => {
    const test = this.code(value);
    const at = value.start ?? 0;
    return test && { at, kind: "object", fields: [{ key: "test", at, value: test }] };
  });
};

/** Reads the statements of one source; what is no law goes to `found`. */
export class SourceReader {
  readonly #source: string;
  readonly #found: Found<number>[];
  #depth = 0;

  /**
   * @param source The text the syntax was parsed from
   * @param found Where to add what is wrong
   */
  constructor(source: string, found: Found<number>[]) {
    this.#source = source;
    this.#found = found;
  }

  /**
   * @param statements The whole source
   * @returns The skills that could be read
   */
  skills(statements: readonly Statement[]): Place {
    const items: Place[] = [];
    for (const statement of statements) {
      const skill = this.#skill(statement);
      if (skill !== null) items.push(skill);
    }
    const skills: Place = { at: 0, kind: "list", items };
    return { at: 0, kind: "object", fields: [{ key: "skills", at: 0, value: skills }] };
  }

  #skill(statement: Statement): Place | null {
    if (statement.type !== "ExpressionStatement") {
      return this.#refuse(statement, 'Write skill("id", { ... });');
    }
    const call = this.#call(statement.expression, ["skill"]);
    if (call === null) return null;
    const { at, id, fields } = call;
    const read = this.object(fields, SUGAR);
    if (id === null || read?.kind !== "object") return null;
    return { at, kind: "object", fields: [{ key: "id", at: id.at, value: id }, ...read.fields] };
  }

  /** The one form of a call: a verb, a name, an object. */
  #call(
    node: Expression | Argument,
    verbs: readonly string[],
  ): { at: number; verb: string; id: Place | null; fields: ObjectNode } | null {
    const form = `Write ${verbs.join(" or ")}("name", { ... })`;
    if (node.type !== "CallExpression") return this.#refuse(node, form);
    const { callee, arguments: given } = node;
    if (callee.type !== "Identifier" || !verbs.includes(callee.name)) {
      return this.#refuse(callee, form);
    }
    const [name, fields] = given;
    if (name === undefined || fields?.type !== "ObjectExpression" || given.length !== 2) {
      const at = given[2]?.start ?? fields?.start ?? node.start ?? 0;
      return this.#add(at, `${quote(callee.name)} takes a name and an object`, form);
    }
    return { at: node.start ?? 0, verb: callee.name, id: this.value(name), fields };
  }

  /**
   * @param node A statement of a definition
   * @returns Its tree
   */
  statement(node: Argument): Place | null {
    const call = this.#call(node, [...Object.keys(NODE_VERBS), "node"]);
    if (call === null) return null;
    const { at, verb, id, fields } = call;
    const read = this.object(fields, {});
    if (id === null || read?.kind !== "object") return null;
    const own = verb === "node" ? ["type", "source_span"] : ["source_span"];
    const type = NODE_VERBS[verb];
    const typed: Place = { at, kind: "scalar", value: type ?? null };
    const options: Place = {
      at,
      kind: "object",
      fields: read.fields.filter(({ key }) => !own.includes(key)),
    };
    return {
      at,
      kind: "object",
      fields: [
        ...(type === undefined ? [] : [{ key: "type", at, value: typed }]),
        { key: "name", at: id.at, value: id },
        { key: "options", at, value: options },
        ...read.fields.filter(({ key }) => own.includes(key)),
      ],
    };
  }

  /**
   * @param node An object whose keys are names
   * @param read Reads what a name holds
   * @returns The list of objects with their names
   */
  named(node: Argument, read: (value: Argument) => Place | null): Place | null {
    if (node.type !== "ObjectExpression") return this.#scalarOnly(node);
    const items: Place[] = [];
    this.#fields(node, (key, at, value) => {
      const held = read(value);
      if (held === null) return;
      const name: TreeField<number> = {
        key: "name",
        at,
        value: { at, kind: "scalar", value: key },
      };
      items.push(held.kind === "object" ? { ...held, fields: [name, ...held.fields] } : held);
    });
    return { at: node.start ?? 0, kind: "list", items };
  }

  /** A list where an object of names was expected would pass for one; anything else is told later. */
  #scalarOnly(node: Argument): Place | null {
    if (node.type !== "ArrayExpression") return this.value(node);
    return this.#refuse(node, "Write an object whose keys are the names");
  }

  /**
   * @param node A function, or an object with language and text
   * @returns The code's tree, a function's text as it stands
   */
  code(node: Argument): Place | null {
    if (!isFunctionNode(node)) return this.value(node);
    if (isDeep(node)) {
      const message = `The function has more than ${LAW_LIMITS.codeDepth} levels`;
      return this.#add(node.start ?? 0, message, "Make it flatter");
    }
    const at = node.start ?? 0;
    const text = this.#source.slice(at, node.end ?? at);
    const field = (key: string, value: string): TreeField<number> => ({
      key,
      at,
      value: { at, kind: "scalar", value },
    });
    return { at, kind: "object", fields: [field("language", "typescript"), field("text", text)] };
  }

  /**
   * @param node A list
   * @param read Reads an item
   * @returns Its tree
   */
  list(node: Argument, read: (item: Argument) => Place | null): Place | null {
    if (node.type !== "ArrayExpression") return this.value(node);
    const items: Place[] = [];
    for (const item of node.elements) {
      if (item === null) {
        this.#add(node.start ?? 0, "The list has a hole", "Leave the comma out or write null");
        continue;
      }
      const value = read(item);
      if (value !== null) items.push(value);
    }
    return { at: node.start ?? 0, kind: "list", items };
  }

  /**
   * @param node An object
   * @param special Fields that are read in their own way
   * @returns Its tree
   */
  object(node: Argument, special: Readonly<Record<string, Read>>): Place | null {
    if (node.type !== "ObjectExpression") return this.value(node);
    const fields: TreeField<number>[] = [];
    this.#fields(node, (key, at, held) => {
      const read = Object.hasOwn(special, key) ? special[key] : undefined;
      const value = read === undefined ? this.value(held) : read.call(this, held);
      if (value !== null) fields.push({ key, at, value });
    });
    return { at: node.start ?? 0, kind: "object", fields };
  }

  #fields(node: ObjectNode, take: (key: string, at: number, value: Argument) => void): void {
    for (const property of node.properties) {
      const at = property.start ?? 0;
      if (property.type !== "ObjectProperty") {
        this.#refuse(property, "Write the field as name: value");
      } else if (property.computed || property.shorthand) {
        this.#add(at, "The field is no plain name with a value", "Write the field as name: value");
      } else if (property.key.type === "Identifier") {
        take(property.key.name, at, property.value as Argument);
      } else if (property.key.type === "StringLiteral") {
        const key = this.#text(property.key.start ?? 0, property.key.end ?? 0, false);
        if (key?.kind === "scalar") take(String(key.value), at, property.value as Argument);
      } else this.#add(at, "The field has no name", "Put the name in quotes");
    }
  }

  /**
   * @param node Any value
   * @returns Its tree, or `null` when it is no plain data
   */
  value(node: Argument): Place | null {
    const at = node.start ?? 0;
    switch (node.type) {
      case "StringLiteral":
        return this.#text(at, node.end ?? at, false);
      case "TemplateLiteral": {
        const hole = node.expressions[0];
        if (hole === undefined) return this.#text(at, node.end ?? at, true);
        return this.#add(
          hole.start ?? at,
          "The text has a substitution",
          "Write \\${ for the characters",
        );
      }
      case "BooleanLiteral":
        return { at, kind: "scalar", value: node.value };
      case "NullLiteral":
        return { at, kind: "scalar", value: null };
      case "NumericLiteral":
        return this.#number(at, node.end ?? at);
      case "UnaryExpression":
        if (node.operator === "-" && node.argument.type === "NumericLiteral") {
          return this.#number(at, node.end ?? at);
        }
        return this.#refuse(node);
      case "ArrayExpression":
        return this.#deeper(at, () => this.list(node, (item) => this.value(item)));
      case "ObjectExpression":
        return this.#deeper(at, () => this.object(node, {}));
      default:
        return this.#refuse(node);
    }
  }

  #deeper(at: number, read: () => Place | null): Place | null {
    if (this.#depth >= TREE_DEPTH) {
      const message = `The value has more than ${LAW_LIMITS.depth} levels`;
      return this.#add(at, message, "Make it flatter");
    }
    this.#depth++;
    const value = read();
    this.#depth--;
    return value;
  }

  #text(start: number, end: number, block: boolean): Place | null {
    const read = readText(this.#source.slice(start + 1, end - 1), block);
    if ("text" in read) return { at: start, kind: "scalar", value: read.text };
    return this.#add(start + 1 + read.at, read.message, read.hint);
  }

  #number(start: number, end: number): Place | null {
    const raw = this.#source.slice(start, end);
    const value = Number(raw);
    if (/^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-]?[0-9]+)?$/i.test(raw) && Number.isFinite(value)) {
      return { at: start, kind: "scalar", value };
    }
    return this.#add(
      start,
      `${quote(raw)} is no number of JSON`,
      "Write it in decimal, or as text",
    );
  }

  #refuse(node: { type: string; start?: number | null }, hint?: string): null {
    const words = node.type.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
    const advice = HINTS[node.type] ?? hint ??
      "Write text, numbers, true, false, null, lists or objects";
    return this.#add(node.start ?? 0, `A law holds no ${words} here`, advice);
  }

  #add(at: number, message: string, hint: string): null {
    if (this.#found.length < LAW_LIMITS.problems) this.#found.push({ at, message, hint });
    return null;
  }
}
