/**
 * A file of settings, held against a table of what there is.
 *
 * @module
 */

import type { YamlMap, YamlValue } from "../yaml.ts";
import { checkValue, invalidValue } from "./check_value.ts";
import type { SettingTable, SettingValue, ValuesOf } from "./settings.ts";
import { isMap, type YamlFile } from "./yaml_file.ts";

/**
 * Reads the values of all settings of a table. A missing key and a key without a value mean the
 * default; keys that are not in the table are left alone; everything else has to be right.
 *
 * @param table Dotted key to setting
 * @param file The file as read, `null` when it is missing
 * @param name The file, relative to the data directory
 * @returns Every key of the table with its value
 * @throws {KairosError} `invalid`, naming file, key and place, what was found and what is expected
 */
export function readSettings<Table extends SettingTable>(
  table: Table,
  file: YamlFile | null,
  name: string,
): ValuesOf<Table> {
  const entries = Object.entries(table).map(([key, setting]): [string, SettingValue] => {
    const value = file === null ? null : valueAt(file, name, key);
    if (file === null || value === null) return [key, setting.default];
    return [key, checkValue(value, setting, { file: name, text: file.text, key })];
  });
  return Object.fromEntries(entries) as ValuesOf<Table>;
}

/** The value at a dotted key, or `null` when it is missing or empty. */
function valueAt({ fields, text }: YamlFile, file: string, path: string): YamlValue {
  let value: YamlValue = fields;
  let walked = "";
  for (const segment of path.split(".")) {
    if (value === null) return null;
    if (!isMap(value)) {
      throw invalidValue(value, "a group of fields", { file, text, key: walked });
    }
    value = own(value, segment);
    walked = walked === "" ? segment : `${walked}.${segment}`;
  }
  return value;
}

function own(map: YamlMap, key: string): YamlValue {
  return Object.hasOwn(map, key) ? map[key] ?? null : null;
}
