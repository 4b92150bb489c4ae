/**
 * What one source file imports, touches and keeps, read from its syntax tree.
 *
 * The tree comes from the parser behind `deno lint`, which is there in every `deno test` run, so
 * neither comments nor strings, templates or JSX text can hide or fake anything.
 *
 * @module
 */

/** How an import is written. */
export type ImportKind = "static" | "type" | "reexport" | "dynamic" | "url";

/** One import of a file. */
export interface ImportFact {
  /** The specifier as written, or `null` when it is computed while running. */
  readonly specifier: string | null;
  /** How the import is written. */
  readonly kind: ImportKind;
  /** Line, from 1. */
  readonly line: number;
}

/** One name, or one piece of state, at a place in a file. */
export interface NameFact {
  /** For uses `Deno.<member>` or a global; for state the way it is kept. */
  readonly name: string;
  /** Line, from 1. */
  readonly line: number;
}

/** Everything the rules want to know of one file. */
export interface SourceFacts {
  /** Imports of every kind, in order. */
  readonly imports: readonly ImportFact[];
  /** `Deno` members and global names the file refers to. */
  readonly uses: readonly NameFact[];
  /** Module-level and static state. */
  readonly state: readonly NameFact[];
  /** Whether the file holds nothing but re-exports. */
  readonly barrel: boolean;
  /** Lines with `export * from`. */
  readonly stars: readonly number[];
  /** Names of `Deno.test` and `step` calls; of a template literal the part before its first hole. */
  readonly tests: readonly string[];
  /** Words of the text which the tree does not hold: code the other facts cannot speak for. */
  readonly unseen: readonly NameFact[];
}

/** Global names the rules speak of; `globalThis.x` and `self.x` count as `x`. */
export const GLOBALS: readonly string[] = [
  "EventSource",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "alert",
  "caches",
  "confirm",
  "console",
  "eval",
  "fetch",
  "localStorage",
  "prompt",
  "require",
  "sessionStorage",
];

/** Containers which are state when they start empty at module level: only later code fills them. */
const CONTAINERS = ["Map", "Set", "WeakMap", "WeakSet"];

/** Words of the grammar, which stand in the text without a node of their own. */
const GRAMMAR = new Set(
  ("abstract accessor any as asserts assert async await bigint boolean break case catch class const " +
    "continue debugger declare default delete do else enum export extends false finally for from " +
    "function get global if implements import in infer instanceof interface intrinsic is keyof let " +
    "module namespace never new null number object of out override private protected public readonly " +
    "return satisfies set static string super switch symbol this throw true try type typeof undefined " +
    "unique unknown using var void while with yield").split(" "),
);

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/**
 * Reads the facts of one source file. Works under `deno test` only.
 *
 * @param path Name of the file; its extension chooses TypeScript or JSX
 * @param text Its text
 * @returns What the file imports, uses and keeps
 * @throws {SyntaxError} When the text is not a program
 */
export function readSource(path: string, text: string): SourceFacts {
  const source = closeHoles(path, text);
  const lineOf = lineCounter(source);
  const imports: ImportFact[] = [];
  const uses: NameFact[] = [];
  const state: NameFact[] = [];
  const stars: number[] = [];
  const tests: string[] = [];
  const covered: [number, number][] = [];
  let barrel = false;

  const add = (kind: ImportKind, specifier: string | null, node: { range: [number, number] }) => {
    imports.push({ specifier, kind, line: lineOf(node.range[0]) });
  };
  const use = (name: string, node: { range: [number, number] }) => {
    uses.push({ name, line: lineOf(node.range[0]) });
  };
  const keep = (name: string, node: { range: [number, number] }) => {
    state.push({ name, line: lineOf(node.range[0]) });
  };

  const visitor: Deno.lint.LintVisitor = {
    "*"(node: Deno.lint.Node) {
      if (LEAVES.has(node.type)) covered.push(node.range);
    },
    Program(node) {
      barrel = isBarrel(node.body);
      for (const statement of node.body) {
        const inner = statement.type === "ExportNamedDeclaration"
          ? statement.declaration
          : statement;
        if (inner?.type === "VariableDeclaration") findState(inner, keep);
      }
    },
    PropertyDefinition(node) {
      if (node.static && !node.readonly) keep("writable static property", node);
    },
    AccessorProperty(node) {
      if (node.static) keep("writable static property", node);
    },
    ImportDeclaration(node) {
      add(node.importKind === "type" ? "type" : "static", node.source.value, node);
    },
    ExportAllDeclaration(node) {
      add(node.exportKind === "type" ? "type" : "reexport", node.source.value, node);
      stars.push(lineOf(node.range[0]));
    },
    ExportNamedDeclaration(node) {
      if (node.source === null) return;
      add(node.exportKind === "type" ? "type" : "reexport", node.source.value, node);
    },
    ImportExpression(node) {
      add("dynamic", textOf(node.source), node);
    },
    TSImportType(node) {
      add("type", /["']([^"']*)["']/.exec(source.slice(...node.range))?.[1] ?? null, node);
    },
    TSExternalModuleReference(node) {
      add("static", textOf(node.expression), node);
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier") return;
      if (node.callee.name === "Function") use("Function", node);
      if (node.callee.name !== "URL") return;
      const target = textOf(node.arguments[0]);
      const base = node.arguments[1];
      if (target === null || base === undefined || !/\.tsx?$/.test(target)) return;
      if (source.slice(...base.range) === "import.meta.url") add("url", target, node);
    },
    CallExpression(node) {
      const callee = source.slice(...node.callee.range);
      if (callee === "Function") use("Function", node);
      if (!/^Deno\.test(\.\w+)?$|\.step$/.test(callee)) return;
      const name = nameOf(node.arguments[0]);
      if (name !== null) tests.push(name);
    },
    Identifier(node) {
      if (isNameOnly(node)) return;
      if (node.name === "Deno" || node.name === "globalThis") {
        const member = memberOf(node);
        if (node.name === "Deno") use(member === null ? "Deno" : `Deno.${member}`, node);
        else if (member === null) use("globalThis", node);
        else if (member === "Deno") use("Deno", node);
        else if (GLOBALS.includes(member) || member === "process") use(member, node);
      } else if (node.name === "self") {
        const member = memberOf(node);
        if (member === "Deno") use("Deno", node);
        else if (member !== null && GLOBALS.includes(member)) use(member, node);
      } else if (node.name === "process") {
        if (memberOf(node) !== null) use("process", node);
      } else if (GLOBALS.includes(node.name)) {
        use(node.name, node);
      }
    },
  };

  walk(path, source, visitor, (comments) => covered.push(...comments));
  const unseen = unseenWords(source, covered).map(({ name, at }) => ({ name, line: lineOf(at) }));
  return { imports, uses, state, barrel, stars, tests, unseen };
}

/** Parses the text and lets the visitor see every node. */
function walk(
  path: string,
  source: string,
  visitor: Deno.lint.LintVisitor,
  seeComments: (ranges: [number, number][]) => void,
): void {
  Deno.lint.runPlugin(
    {
      name: "gate",
      rules: {
        facts: {
          create(context) {
            seeComments(context.sourceCode.getAllComments().map(({ range }) => range));
            return visitor;
          },
        },
      },
    },
    path,
    source,
  );
}

/**
 * Names the holes of arrays, as in `[, year]`: the parser's tree ends a list at a hole and drops
 * what follows. Lines stay what they were.
 */
function closeHoles(path: string, source: string): string {
  const holes: number[] = [];
  const comments: [number, number][] = [];
  const find = (node: Deno.lint.ArrayPattern | Deno.lint.ArrayExpression) => {
    const last = node.elements.at(-1);
    let at = skip(source, comments, last?.range[1] ?? node.range[0] + 1);
    if (last !== undefined && source[at] === ",") at = skip(source, comments, at + 1);
    if (source[at] === ",") holes.push(at);
  };
  walk(path, source, { ArrayPattern: find, ArrayExpression: find }, (all) => comments.push(...all));
  if (holes.length === 0) return source;
  let closed = source;
  for (const at of holes.sort((a, b) => b - a)) {
    closed = `${closed.slice(0, at)}_${closed.slice(at)}`;
  }
  return closeHoles(path, closed);
}

/** The next place at or after `at` with neither space nor comment. */
function skip(source: string, comments: readonly [number, number][], at: number): number {
  const comment = comments.find(([from]) => from === at);
  if (comment !== undefined) return skip(source, comments, comment[1]);
  return /\s/.test(source[at] ?? "") ? skip(source, comments, at + 1) : at;
}

/** Nodes that own the words of their whole range. */
const LEAVES = new Set<string>([
  "Identifier",
  "JSXIdentifier",
  "JSXText",
  "Literal",
  "PrivateIdentifier",
  "TemplateElement",
]);

/**
 * The parser's tree ends a list at an empty statement too, so the text is compared with the tree:
 * a word no node covers is code the rules have not seen.
 */
function unseenWords(
  source: string,
  covered: readonly (readonly [number, number])[],
): { name: string; at: number }[] {
  const blank = new Uint8Array(source.length);
  for (const [from, to] of covered) blank.fill(1, from, to);
  const found = [];
  for (const match of source.matchAll(WORD)) {
    const before = source[match.index - 1] ?? " ";
    if (blank[match.index] === 1 || GRAMMAR.has(match[0]) || /[0-9]/.test(before)) continue;
    if (match[0] === "$" && source[match.index + 1] === "{") continue;
    found.push({ name: match[0], at: match.index });
  }
  return found;
}

/** Whether the identifier merely names a member, a key or an import, and refers to nothing. */
function isNameOnly(node: Deno.lint.Identifier): boolean {
  const parent = node.parent;
  const here = (other: { range: [number, number] }) => other.range[0] === node.range[0];
  switch (parent.type) {
    case "MemberExpression":
      return !parent.computed && here(parent.property) && !here(parent.object);
    case "Property": // the one word of a shorthand is two nodes; the value refers
      return !parent.computed && node === parent.key;
    case "MethodDefinition":
    case "PropertyDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return !parent.computed && here(parent.key);
    case "TSQualifiedName":
      return here(parent.right) && !here(parent.left);
    case "ImportSpecifier":
    case "ExportSpecifier":
      return true;
    default:
      return false;
  }
}

/** The member taken from a global object, `null` when the object itself is passed on. */
function memberOf(node: Deno.lint.Identifier): string | null {
  const parent = node.parent;
  if (parent.type === "TSQualifiedName") return parent.right.name;
  if (parent.type !== "MemberExpression" || parent.object.range[0] !== node.range[0]) return null;
  if (parent.object.type !== "Identifier") return null;
  if (parent.computed) return textOf(parent.property);
  return parent.property.type === "Identifier" ? parent.property.name : null;
}

/** The text of a string literal or of a template without holes. */
function textOf(node: Deno.lint.Node | undefined): string | null {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "TemplateLiteral" || node.expressions.length > 0) return null;
  return node.quasis[0]?.cooked ?? null;
}

/** The name of a test: its text, the start of its template, or the `name` of its options. */
function nameOf(node: Deno.lint.Node | undefined): string | null {
  if (node?.type === "TemplateLiteral") return node.quasis[0]?.cooked ?? null;
  if (node?.type !== "ObjectExpression") return textOf(node);
  for (const property of node.properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    if (property.key.name === "name") return nameOf(property.value);
  }
  return null;
}

function isBarrel(body: readonly Deno.lint.Node[]): boolean {
  const onlyDoors = body.every((statement) =>
    statement.type === "ImportDeclaration" || statement.type === "ExportAllDeclaration" ||
    statement.type === "ExportNamedDeclaration" && statement.declaration === null
  );
  return onlyDoors && body.some((statement) => statement.type !== "ImportDeclaration");
}

function findState(
  declaration: Deno.lint.VariableDeclaration,
  keep: (name: string, node: Deno.lint.Node) => void,
): void {
  if (declaration.declare) return;
  if (declaration.kind === "let" || declaration.kind === "var") {
    keep(`module-level ${declaration.kind}`, declaration);
    return;
  }
  for (const { init } of declaration.declarations) {
    if (init?.type !== "NewExpression" || init.callee.type !== "Identifier") continue;
    if (CONTAINERS.includes(init.callee.name) && init.arguments.length === 0) {
      keep(`empty ${init.callee.name} at module level`, init);
    }
  }
}

function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (const match of source.matchAll(/\n/g)) starts.push(match.index + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
