/**
 * One YAML file of the data directory, read as a map.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { parseYaml, type ParseYamlOptions, type YamlMap, type YamlValue } from "../yaml.ts";

/** Largest file that is read, in bytes. */
const MAX_BYTES = 256 * 1024;

/** A file as read. */
export interface YamlFile {
  /** Its text without a BOM. */
  readonly text: string;
  /** Its fields; none when it holds nothing but comments. */
  readonly fields: YamlMap;
}

/** How {@linkcode readYamlFile} reads. */
export interface ReadYamlFileOptions extends Pick<ParseYamlOptions, "scalars"> {
  /** Rewrites the text before it is parsed; line breaks must stay where they are. */
  readonly prepare?: (text: string) => string;
}

/**
 * Reads a file that holds one map.
 *
 * @param disk The disk
 * @param root The data directory
 * @param file The file, relative to the data directory
 * @param options How scalars are read
 * @returns Text and fields, or `null` when there is no such file
 * @throws {KairosError} `invalid` or `too_large` with `data: {file, line, column, found}`, naming the
 *   file and, where there is one, the place
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { readYamlFile } from "./yaml_file.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * Deno.writeTextFileSync(`${folder}/a.yml`, "port: 1\n");
 * const file = readYamlFile(new Disk(), folder, "a.yml");
 * if (file?.fields["port"] !== 1) throw new Error("not read");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function readYamlFile(
  disk: Disk,
  root: string,
  file: string,
  options: ReadYamlFileOptions = {},
): YamlFile | null {
  const { prepare = (text) => text, ...parse } = options;
  const bytes = disk.read(`${root}/${file}`, MAX_BYTES);
  if (bytes === null) return null;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new KairosError("invalid", `Cannot read ${quote(file)}: found bytes that are no UTF-8`, {
      hint: "Save the file as UTF-8",
      data: { file, found: "bytes that are no UTF-8" },
      cause,
    });
  }
  let value: YamlValue;
  try {
    value = parseYaml(prepare(text), parse);
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    const { line, column, found } = error.data ?? {};
    throw new KairosError(
      error.code,
      `Cannot read ${quote(file)}: found ${found} at line ${line}, column ${column}`,
      { hint: "Correct the file there", data: { file, line, column, found }, cause: error },
    );
  }
  if (value === null) return { text, fields: {} };
  if (isMap(value)) return { text, fields: value };
  const found = Array.isArray(value) ? "a list" : "a single value";
  throw new KairosError("invalid", `Cannot read ${quote(file)}: found ${found} instead of fields`, {
    hint: 'Write one field to a line, as "name: value"',
    data: { file, found },
  });
}

/**
 * Whether a value is a map.
 *
 * @param value A value of `parseYaml`
 * @returns `false` for lists, scalars, null and what is missing
 */
export function isMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
