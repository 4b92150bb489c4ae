/**
 * Holds what a front end read against the schema.
 *
 * @module
 */

import { isWellFormed, quote } from "../text.ts";
import type { Json } from "./ast.ts";
import { LAW_LIMITS } from "./limits.ts";
import type { Found } from "./problems.ts";
import {
  type Field,
  type Fields,
  NODE_FIELDS,
  NODE_OPTIONS,
  NODE_VERBS,
  OTHER_OPTIONS,
  type Shape,
} from "./schema.ts";
import { nearest } from "../nearest.ts";
import type { Tree, TreeField } from "./tree.ts";

/**
 * Checks a tree and gives its value with every field in place.
 *
 * @param tree What was read
 * @param shape What it must be
 * @param found Where to add what is wrong
 * @returns The value; of use only when nothing was added
 */
export function check<Where>(tree: Tree<Where>, shape: Shape, found: Found<Where>[]): Json {
  return new Checker(found).value(tree, shape, "The value");
}

/** Places are only passed on, so it need not know what they are. */
class Checker {
  readonly #found: Found<unknown>[];

  constructor(found: Found<unknown>[]) {
    this.#found = found;
  }

  value(tree: Tree<unknown>, shape: Shape, what: string): Json {
    switch (shape.is) {
      case "text":
        if (tree.kind !== "scalar" || typeof tree.value !== "string") {
          return this.#wrong(tree, what, shape.says ?? "a text");
        }
        if (shape.pattern?.test(tree.value) === false) return this.#wrong(tree, what, shape.says!);
        return this.#text(tree.value, tree.at);
      case "word": {
        const word = tree.kind === "scalar" ? tree.value : null;
        if (typeof word === "string" && shape.of.includes(word)) return word;
        return this.#wrong(tree, what, shape.of.map((one) => quote(one)).join(" or "));
      }
      case "words":
        if (tree.kind === "list") return this.#list(tree.items, { is: "text" }, what);
        if (tree.kind === "scalar" && typeof tree.value === "string") {
          return this.#text(tree.value, tree.at);
        }
        return this.#wrong(tree, what, "a text or a list of texts");
      case "json":
        return this.#json(tree, LAW_LIMITS.depth);
      case "json object":
        if (tree.kind !== "object") return this.#wrong(tree, what, "an object");
        return this.#json(tree, LAW_LIMITS.depth);
      case "list":
        return this.#uniqueList(tree, shape, what);
      case "record":
        if (tree.kind !== "object") return this.#wrong(tree, what, shape.says);
        return this.#record(tree.at, tree.fields, shape.fields, shape.says);
      case "node":
        if (tree.kind !== "object") return this.#wrong(tree, what, "a statement");
        return this.#node(tree.at, tree.fields);
    }
  }

  #add(at: unknown, message: string, hint: string): null {
    if (this.#found.length < LAW_LIMITS.problems) this.#found.push({ at, message, hint });
    return null;
  }

  #wrong(tree: Tree<unknown>, what: string, expected: string): null {
    const is = tree.kind === "list"
      ? "a list"
      : tree.kind === "object"
      ? "an object"
      : quote(tree.value);
    return this.#add(tree.at, `${what} is ${is}`, `Expected ${expected}`);
  }

  #text(text: string, at: unknown): string {
    if (!isWellFormed(text)) {
      this.#add(at, "The text holds half a surrogate pair", "Write whole characters");
    }
    return text;
  }

  #list(items: readonly Tree<unknown>[], of: Shape, what: string): Json[] {
    return items.map((item) =>
      this.value(item, of, `An item of ${what[0]!.toLowerCase()}${what.slice(1)}`)
    );
  }

  #uniqueList(tree: Tree<unknown>, shape: Shape & { is: "list" }, what: string): Json {
    if (tree.kind !== "list") {
      return this.#wrong(tree, what, shape.unique === "name" ? "an object of names" : "a list");
    }
    const { unique } = shape;
    const seen = new Set<Json>();
    for (const item of unique === undefined || tree.kind !== "list" ? [] : tree.items) {
      const key = item.kind === "object"
        ? item.fields.find((one) => one.key === unique)
        : undefined;
      const name = key?.value.kind === "scalar" ? key.value.value : null;
      if (name === null) continue;
      if (seen.has(name)) {
        this.#add(key!.value.at, `The ${unique} ${quote(name)} is there twice`, "Choose another");
      }
      seen.add(name);
    }
    return this.#list(tree.items, shape.of, what);
  }

  #record(
    at: unknown,
    found: readonly TreeField<unknown>[],
    fields: Fields,
    says: string,
  ): Record<string, Json> {
    const given = this.#keys(found);
    for (const [key, field] of given) {
      if (!Object.hasOwn(fields, key)) this.#unknown(key, field.at, Object.keys(fields));
    }
    const entries = Object.entries(fields).map(([key, field]) =>
      [key, this.#field(at, key, given.get(key)?.value, field, says)] as const
    );
    return Object.fromEntries(entries);
  }

  #field(
    at: unknown,
    key: string,
    tree: Tree<unknown> | undefined,
    field: Field,
    says: string,
  ): Json {
    const { shape, absent } = field;
    if (tree === undefined) {
      if (absent !== undefined) return absent;
      return this.#add(at, `The field ${quote(key)} is missing`, `Expected ${says} to have it`);
    }
    if (absent === null && tree.kind === "scalar" && tree.value === null) return null;
    return this.value(tree, shape, `Field ${quote(key)}`);
  }

  #unknown(key: string, at: unknown, known: readonly string[]): void {
    const near = nearest(key, known);
    this.#add(
      at,
      `Field ${quote(key)} is unknown`,
      near === undefined ? `Known: ${known.join(", ")}` : `Did you mean ${quote(near)}?`,
    );
  }

  /** Fields by key; a key that is there twice or has a meaning of its own is told. */
  #keys(fields: readonly TreeField<unknown>[]): Map<string, TreeField<unknown>> {
    const keys = new Map<string, TreeField<unknown>>();
    for (const field of fields) {
      if (keys.has(field.key)) {
        this.#add(field.at, `Field ${quote(field.key)} is there twice`, "Keep one of the two");
      }
      keys.set(this.#text(field.key, field.at), field);
    }
    return keys;
  }

  #json(tree: Tree<unknown>, levels: number): Json {
    if (tree.kind === "scalar") {
      if (typeof tree.value === "string") return this.#text(tree.value, tree.at);
      // Zero has one form, so that equal laws have equal hashes and print alike.
      return tree.value === 0 ? 0 : tree.value;
    }
    if (levels === 0) {
      return this.#add(
        tree.at,
        `The value has more than ${LAW_LIMITS.depth} levels`,
        "Make it flatter",
      );
    }
    if (tree.kind === "list") return tree.items.map((item) => this.#json(item, levels - 1));
    const entries: [string, Json][] = [];
    for (const [key, field] of this.#keys(tree.fields)) {
      if (key === "__proto__") {
        this.#add(field.at, `Field ${quote(key)} has a meaning of its own`, "Choose another name");
      } else entries.push([key, this.#json(field.value, levels - 1)]);
    }
    return Object.fromEntries(entries);
  }

  #node(at: unknown, fields: readonly TreeField<unknown>[]): Json {
    const node = this.#record(at, fields, NODE_FIELDS, "a statement");
    const options = fields.find(({ key }) => key === "options")?.value;
    if (options?.kind !== "object") return node;
    const type = String(node["type"]);
    const isShort = Object.values(NODE_VERBS).includes(type);
    const rules = isShort ? NODE_OPTIONS[type]! : OTHER_OPTIONS;
    const given = new Map(options.fields.map((field) => [field.key, field]));
    for (const [key, rule] of Object.entries(rules)) {
      if (key in rules && (given.has(key) || rule.absent === undefined)) {
        this.#field(options.at, key, given.get(key)?.value, rule, `a statement of type ${type}`);
      }
    }
    // These words are fields of the statement where it is written, so no option can be told by them.
    for (const key of isShort ? ["source_span"] : ["source_span", "type"]) {
      const field = given.get(key);
      if (field !== undefined) {
        this.#add(
          field.at,
          `Option ${quote(key)} is a field of the statement`,
          "Choose another name",
        );
      }
    }
    return node;
  }
}
