/**
 * Statements of the Ruby form of the law: a verb, its arguments, its block.
 *
 * @module
 */

import * as ruby from "@ruby/prism/nodes";
import { quote } from "../../text.ts";
import type { Code, Json, Words } from "../ast.ts";
import { literal, pairs, shown } from "./literals.ts";
import { NotCarried, type RubySource } from "./source.ts";

/** One statement. */
export interface Call {
  /** Where it stands. */
  readonly node: ruby.CallNode;
  /** Its verb. */
  readonly verb: string;
  /** Arguments without a name. */
  readonly args: readonly ruby.Node[];
  /** Arguments with a name, in order. */
  readonly named: readonly (readonly [name: string, value: ruby.Node])[];
  /** Its block, or `null`. */
  readonly block: ruby.BlockNode | null;
}

/** What each verb of a block does with a statement. */
export type Verbs = Readonly<Record<string, (call: Call) => void>>;

/** Reads the statements of one source. */
export class Statements {
  /** The source. */
  readonly source: RubySource;

  /**
   * @param source The source
   */
  constructor(source: RubySource) {
    this.source = source;
  }

  /**
   * Does what the verbs say, statement by statement; what is none of them is noted as lost.
   *
   * @param statements The statements
   * @param verbs What to do for each verb
   * @param where What the verbs belong to, for messages
   */
  run(statements: readonly ruby.Node[], verbs: Verbs, where: string): void {
    this.source.each(statements, (node) => {
      const call = this.#call(node);
      if (!Object.hasOwn(verbs, call.verb)) {
        throw new NotCarried(node, `${quote(call.verb)} is no verb of ${where}`);
      }
      verbs[call.verb]!(call);
    });
  }

  /**
   * The statements in a block.
   *
   * @param call A statement that must have one
   * @returns Those inside
   * @throws {NotCarried} Without a block, or with one that takes arguments or rescues
   */
  inside(call: Call): readonly ruby.Node[] {
    const { block } = call;
    if (block === null) throw new NotCarried(call.node, `${quote(call.verb)} without a block`);
    if (block.parameters !== null) {
      throw new NotCarried(call.node, `${quote(call.verb)} with a block that takes arguments`);
    }
    if (block.body === null) return [];
    if (block.body instanceof ruby.StatementsNode) return block.body.body;
    throw new NotCarried(block.body, "a block that rescues would have to be run");
  }

  /**
   * The one value of a statement that takes no more.
   *
   * @param call The statement
   * @returns The value's part
   * @throws {NotCarried} For more, less, names or a block
   */
  single(call: Call): ruby.Node {
    if (call.args.length !== 1 || call.named.length > 0 || call.block !== null) {
      throw new NotCarried(call.node, `${quote(call.verb)} takes one value and no block`);
    }
    return call.args[0]!;
  }

  /**
   * The name a statement begins with.
   *
   * @param call The statement
   * @returns Its only argument without a name
   * @throws {NotCarried} When it is none
   */
  name(call: Call): string {
    const value = call.args.length === 1 ? literal(this.source, call.args[0]!) : null;
    if (typeof value === "string") return value;
    throw new NotCarried(call.node, `${quote(call.verb)} takes one name`);
  }

  /**
   * The text of a statement; a number is taken as it is written.
   *
   * @param call The statement
   * @returns The text, `null` for `nil`
   * @throws {NotCarried} For any other value
   */
  text(call: Call): string | null {
    const node = this.single(call);
    const value = literal(this.source, node);
    if (value === null || typeof value === "string") return value;
    if (typeof value === "number") return this.source.textOf(node);
    throw new NotCarried(node, `${quote(call.verb)} takes text, found ${shown(this.source, node)}`);
  }

  /**
   * The word or words of a statement.
   *
   * @param call The statement
   * @returns A word, a list of words, or `null`
   * @throws {NotCarried} For any other value
   */
  words(call: Call): Words {
    const node = this.single(call);
    const value = literal(this.source, node);
    return Array.isArray(value) ? wordsIn(value, node) : this.text(call);
  }

  /**
   * All words of a statement, lists opened.
   *
   * @param call The statement
   * @returns The words
   * @throws {NotCarried} For names, a block, or a value that is no word
   */
  list(call: Call): string[] {
    if (call.named.length > 0 || call.block !== null) {
      throw new NotCarried(call.node, `${quote(call.verb)} takes words only`);
    }
    return wordsIn(call.args.map((arg) => literal(this.source, arg)), call.node);
  }

  /**
   * The block of a statement as text that is kept and never run.
   *
   * @param call The statement
   * @returns The block with its braces or `do` and `end`; `null` without one
   * @throws {NotCarried} When a part of it stands outside it
   */
  code({ block }: Call): Code | null {
    if (block === null) return null;
    const { startOffset, length } = block.location;
    if (reach(block) > startOffset + length) {
      throw new NotCarried(block, "a block with a heredoc that goes on behind its end");
    }
    return { language: "ruby", text: this.source.textOf(block) };
  }

  #call(node: ruby.Node): Call {
    if (!(node instanceof ruby.CallNode) || node.receiver !== null) {
      throw new NotCarried(node, `${shown(this.source, node)} would have to be run`);
    }
    if (node.block !== null && !(node.block instanceof ruby.BlockNode)) {
      throw new NotCarried(node.block, "a block that is handed on would have to be run");
    }
    const given = node.arguments_?.arguments_ ?? [];
    const last = given.at(-1);
    const named = last instanceof ruby.KeywordHashNode ? last : null;
    return {
      node,
      verb: node.name,
      args: named === null ? given : given.slice(0, -1),
      named: pairs(this.source, named?.elements ?? []),
      block: node.block,
    };
  }
}

function wordsIn(values: readonly Json[], node: ruby.Node): string[] {
  return values.flatMap((value): string[] => {
    if (typeof value === "string") return [value];
    if (Array.isArray(value)) return wordsIn(value, node);
    throw new NotCarried(node, `${quote(value)} is no word`);
  });
}

/** Where the last part of a node ends; the body of a heredoc stands behind its line. */
function reach(node: ruby.Node): number {
  let last = 0;
  for (const waiting = [node]; waiting.length > 0;) {
    const next = waiting.pop()!;
    const closing = "closingLoc" in next ? next.closingLoc : null;
    for (const place of [next.location, closing]) {
      if (place !== null) last = Math.max(last, place.startOffset + place.length);
    }
    for (const child of next.compactChildNodes()) waiting.push(child);
  }
  return last;
}
