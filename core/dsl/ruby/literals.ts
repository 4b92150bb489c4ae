/**
 * Values that stand in a Ruby source as they are.
 *
 * @module
 */

import * as ruby from "@ruby/prism/nodes";
import { quote } from "../../text.ts";
import type { Json } from "../ast.ts";
import { NotCarried, type RubySource } from "./source.ts";

/** Most lists and maps inside each other; fewer than a law may hold. */
const MAX_DEPTH = 24;
/** Most of a part that a message shows. */
const SHOWN = 60;

/**
 * Reads a literal: text, symbols (which become text), numbers, truths, `nil`, lists, maps.
 *
 * @param source The source
 * @param node The part
 * @param depth How many lists and maps it lies in
 * @returns Its value
 * @throws {NotCarried} For anything that would have to be computed
 */
export function literal(source: RubySource, node: ruby.Node, depth = 0): Json {
  if (depth > MAX_DEPTH) throw new NotCarried(node, "values nest too deep");
  if (node instanceof ruby.StringNode || node instanceof ruby.SymbolNode) return plain(node);
  if (node instanceof ruby.InterpolatedStringNode) return joinedText(source, node, depth);
  if (node instanceof ruby.IntegerNode || node instanceof ruby.FloatNode) return number(node);
  if (node instanceof ruby.TrueNode) return true;
  if (node instanceof ruby.FalseNode) return false;
  if (node instanceof ruby.NilNode) return null;
  if (node instanceof ruby.ArrayNode) {
    return node.elements.map((element) => literal(source, element, depth + 1));
  }
  if (node instanceof ruby.HashNode) {
    return Object.fromEntries(
      pairs(source, node.elements).map(([key, value]) => [key, literal(source, value, depth + 1)]),
    );
  }
  const inner = node instanceof ruby.ParenthesesNode && node.body instanceof ruby.StatementsNode
    ? node.body.body
    : [];
  if (inner.length === 1) return literal(source, inner[0]!, depth + 1);
  if (node instanceof ruby.InterpolatedSymbolNode) throw new NotCarried(node, INTERPOLATION);
  throw new NotCarried(node, `${shown(source, node)} is no literal value, and nothing is computed`);
}

/**
 * The keys and values of a map or of arguments with names.
 *
 * @param source The source
 * @param elements The elements
 * @returns Each key with its value, in order
 * @throws {NotCarried} For a key that is no text, a value left out, or another map spread into it
 */
export function pairs(
  source: RubySource,
  elements: readonly ruby.Node[],
): (readonly [key: string, value: ruby.Node])[] {
  return elements.map((element) => {
    if (!(element instanceof ruby.AssocNode) || element.value instanceof ruby.ImplicitNode) {
      throw new NotCarried(element, `${shown(source, element)} is no key with a value`);
    }
    const key = literal(source, element.key);
    if (typeof key !== "string") {
      throw new NotCarried(element, `the key ${shown(source, element.key)} is no text`);
    }
    return [key, element.value] as const;
  });
}

/**
 * A part of the source for a message.
 *
 * @param source The source
 * @param node The part
 * @returns Its text, quoted and cut
 */
export function shown(
  source: RubySource,
  { location: { startOffset, length } }: ruby.Node,
): string {
  const cut = source.text(startOffset, startOffset + Math.min(length, SHOWN));
  return quote(length > SHOWN ? `${cut.replace(/\ufffd+$/, "")}…` : cut);
}

const INTERPOLATION = "text with #{…} in it would have to be computed";

function plain(node: ruby.StringNode | ruby.SymbolNode): string {
  const { value, encoding, validEncoding } = node.unescaped;
  const isText = encoding === "utf-8" || /^\p{ASCII}*$/u.test(value);
  if (!validEncoding || !isText) throw new NotCarried(node, "a text that is no UTF-8");
  return value;
}

/** Heredocs whose indentation is taken away and texts beside each other come in parts. */
function joinedText(
  source: RubySource,
  node: ruby.InterpolatedStringNode,
  depth: number,
): string {
  return node.parts.map((part) => {
    const isText = part instanceof ruby.StringNode || part instanceof ruby.InterpolatedStringNode;
    if (!isText) throw new NotCarried(part, INTERPOLATION);
    return literal(source, part, depth + 1);
  }).join("");
}

function number(node: ruby.IntegerNode | ruby.FloatNode): number {
  const isExact = node instanceof ruby.FloatNode
    ? Number.isFinite(node.value)
    : Number.isSafeInteger(node.value);
  if (!isExact) throw new NotCarried(node, "a number too large to be exact");
  return node.value;
}
