/**
 * Holds a value from a settings file against what the setting accepts.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { YamlValue } from "../yaml.ts";
import { asBoolean } from "../yaml_boolean.ts";
import { keyPosition } from "./key_position.ts";
import type { Setting, SettingValue } from "./settings.ts";

/** Where a value comes from. */
export interface ValueSource {
  /** The file, relative to the data directory. */
  readonly file: string;
  /** The file's text, to name the line. */
  readonly text: string;
  /** Dotted key of the value. */
  readonly key: string;
}

/**
 * Checks one value.
 *
 * @param value The value as read; yes, no, on and off count as booleans
 * @param setting What is accepted
 * @param source Where it stands
 * @returns The value
 * @throws {KairosError} `invalid`, see {@linkcode invalidValue}
 *
 * @example
 * ```ts
 * import { checkValue } from "./check_value.ts";
 *
 * const setting = { kind: "boolean", default: true, meaning: "" } as const;
 * const source = { file: "a.yml", text: "a: off", key: "a" };
 * if (checkValue("off", setting, source) !== false) throw new Error("misread");
 * ```
 */
export function checkValue(
  value: YamlValue,
  setting: Setting,
  source: ValueSource,
): SettingValue {
  if (setting.kind === "boolean") {
    const boolean = asBoolean(value);
    if (boolean !== null) return boolean;
    throw invalidValue(value, "true or false", source, setting.default);
  }
  if (setting.kind === "integer") {
    const { min, max } = setting;
    if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) {
      return Number(value);
    }
    const expected = `a whole number from ${min} to ${max}`;
    throw invalidValue(value, expected, source, setting.default);
  }
  if (setting.kind === "names") return checkNames(value, setting, source);
  if (typeof value === "string" && setting.pattern.test(value)) return value;
  throw invalidValue(value, setting.expected, source, setting.default);
}

function checkNames(
  value: YamlValue,
  setting: Extract<Setting, { kind: "names" }>,
  source: ValueSource,
): readonly string[] {
  const { of } = setting;
  const expected = of === null ? "a list of names" : `a list of names out of ${of.join(", ")}`;
  if (!Array.isArray(value)) throw invalidValue(value, expected, source, setting.default);
  const isName = (one: YamlValue) => typeof one === "string" && (of === null || of.includes(one));
  const wrong = value.find((one) => !isName(one));
  if (wrong !== undefined) throw invalidValue(wrong, expected, source, setting.default);
  return of === null ? value as string[] : of.filter((name) => value.includes(name));
}

/**
 * The error for a value that is not accepted.
 *
 * @param value What was found
 * @param expected What is accepted, in words
 * @param source Where it stands
 * @param fallback The default, to be named in the hint
 * @returns `invalid` with `data: {file, key, line?, column?, expected}`
 */
export function invalidValue(
  value: YamlValue,
  expected: string,
  source: ValueSource,
  fallback?: SettingValue,
): KairosError {
  const { file, text, key } = source;
  const at = keyPosition(text, key);
  const place = at === null ? "" : ` at line ${at.line}, column ${at.column}`;
  const change = fallback === undefined
    ? "Correct the value"
    : `Correct the value, or remove it to use ${
      typeof fallback === "object" ? fallback.join(", ") : quote(fallback)
    }`;
  return new KairosError(
    "invalid",
    `Cannot use ${key} in ${quote(file)}${place}: found ${shown(value)}, expected ${expected}`,
    { hint: change, data: { file, key, ...at, expected } },
  );
}

function shown(value: YamlValue): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a group of fields" : quote(value);
}
