/**
 * Media types of resources by file name.
 *
 * @module
 */

/** What is known of a file by its name. */
export interface MediaType {
  /** The media type. */
  readonly mime: string;
  /** Whether it can be shown as text. */
  readonly isText: boolean;
  /** Name of its language for fenced blocks; empty when there is none. */
  readonly language: string;
}

const TEXT: Readonly<Record<string, readonly [mime: string, language: string]>> = {
  md: ["text/markdown", "markdown"],
  rb: ["text/x-ruby", "ruby"],
  py: ["text/x-python", "python"],
  sh: ["application/x-sh", "bash"],
  bash: ["application/x-sh", "bash"],
  js: ["text/javascript", "javascript"],
  mjs: ["text/javascript", "javascript"],
  ts: ["text/typescript", "typescript"],
  json: ["application/json", "json"],
  jsonl: ["application/jsonl", "json"],
  yaml: ["application/yaml", "yaml"],
  yml: ["application/yaml", "yaml"],
  toml: ["application/toml", "toml"],
  html: ["text/html", "html"],
  css: ["text/css", "css"],
  csv: ["text/csv", "csv"],
  sql: ["text/x-sql", "sql"],
  txt: ["text/plain", ""],
};

/** Pictures in SVG are not shown as text: they can carry scripts. */
const BINARY: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  svg: "image/svg+xml",
  pdf: "application/pdf",
};

/**
 * The media type of a file.
 *
 * @param name Its name
 * @returns What its extension says; `application/octet-stream` when it says nothing
 *
 * @example
 * ```ts
 * import { mediaTypeOf } from "./resource_mime.ts";
 *
 * if (mediaTypeOf("run.SH").mime !== "application/x-sh") throw new Error();
 * if (mediaTypeOf("picture.svg").isText) throw new Error();
 * ```
 */
export function mediaTypeOf(name: string): MediaType {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (Object.hasOwn(TEXT, extension)) {
    const [mime, language] = TEXT[extension]!;
    return { mime, isText: true, language };
  }
  const mime = Object.hasOwn(BINARY, extension) ? BINARY[extension]! : "application/octet-stream";
  return { mime, isText: false, language: "" };
}
