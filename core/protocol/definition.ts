/**
 * Protocol definitions: documents that say which actions a protocol or an extension has. They are data
 * and never bring code. See `kairos_formats/meeting.md#messages`.
 *
 * @module
 */

import type { YamlMap, YamlValue } from "../yaml.ts";
import { asBoolean } from "../yaml_boolean.ts";
import { quote } from "../text.ts";

/** What a document defines. */
export interface Definition {
  /** Its name. */
  readonly name: string;
  /** Its version, as written. */
  readonly version: string;
  /** Whether it is an extension, which is told to others, or part of the protocol itself. */
  readonly isExtension: boolean;
  /** Where it stands; nearer to the constitution comes first. */
  readonly layer: "L0" | "L1" | "L2";
  /** Whether it comes before those that are not. */
  readonly bootstrap: boolean;
  /** The actions it brings. */
  readonly actions: readonly string[];
  /** Definitions that must be there before it. */
  readonly requires: readonly string[];
  /** Whose it was and when it was taken over; `null` for one that was written here. */
  readonly adopted: { readonly from: string; readonly at: string } | null;
}

/** Most actions of one definition. */
export const MAX_ACTIONS = 20;
/** Most definitions another one may need. */
const MAX_REQUIRED = 20;
/** Longest name of who gave a definition. */
const MAX_FROM = 128;
const TYPES = ["protocol_definition", "protocol_extension"];
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const ACTION = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The name of an extension must be able to name a file, as those that adopt it keep it. */
export function isDefinitionName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Whether a text can be an action: what is told to others, printed and compared.
 *
 * @param action The text
 * @returns `false` for everything but a short word of letters, digits and `_`
 */
export function isActionName(action: string): boolean {
  return ACTION.test(action);
}

/**
 * Reads what a document defines.
 *
 * @param fields Its front matter
 * @returns The definition; `null` when it defines nothing; what is wrong with it, as a sentence
 *
 * @example
 * ```ts
 * import { readDefinition } from "./definition.ts";
 *
 * const fields = { type: "protocol_extension", name: "debate", actions: ["argue", "concede"] };
 * const read = readDefinition(fields);
 * if (read === null || typeof read === "string" || read.layer !== "L2") throw new Error("misread");
 * if (readDefinition({ name: "notes" }) !== null) throw new Error("an ordinary document");
 * ```
 */
export function readDefinition(fields: YamlMap): Definition | string | null {
  const type = own(fields, "type");
  if (typeof type !== "string" || !TYPES.includes(type)) return null;
  const name = own(fields, "name");
  const wrong = (what: string) => `Cannot use the protocol definition ${quote(name)}: ${what}`;
  if (typeof name !== "string" || !NAME.test(name)) return wrong("its name is no short plain word");
  const actions = texts(own(fields, "actions"));
  if (actions === null || actions.length > MAX_ACTIONS) {
    return wrong(`actions is no list of at most ${MAX_ACTIONS} texts`);
  }
  const odd = actions.find((action) => !ACTION.test(action));
  if (odd !== undefined) return wrong(`the action ${quote(odd)} is no word of letters, digits, _`);
  const requires = texts(own(fields, "requires"));
  if (requires === null || requires.length > MAX_REQUIRED) {
    return wrong(`requires is no list of at most ${MAX_REQUIRED} texts`);
  }
  const layer = own(fields, "layer");
  const version = own(fields, "version");
  return {
    name,
    version: typeof version === "string" && version.length <= 64 ? version : "1.0.0",
    isExtension: type === "protocol_extension",
    layer: layer === "L0" || layer === "L1" ? layer : "L2",
    bootstrap: asBoolean(own(fields, "bootstrap")) === true,
    actions,
    requires,
    adopted: adoptedFrom(own(fields, "adopted_from")),
  };
}

/** Only the order and what people see hang on it, so that whatever it says does no harm. */
function adoptedFrom(value: YamlValue): Definition["adopted"] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const text = (key: string) => {
    const found = own(value, key);
    return typeof found === "string" ? found.slice(0, MAX_FROM) : "";
  };
  return { from: text("from"), at: text("proposed_at") };
}

function own(fields: YamlMap, key: string): YamlValue {
  return Object.hasOwn(fields, key) ? fields[key] ?? null : null;
}

/** A list of texts; nothing is an empty one. */
function texts(value: YamlValue): string[] | null {
  if (value === null) return [];
  if (!Array.isArray(value)) return null;
  const found = value.filter((one) => typeof one === "string");
  return found.length === value.length ? found : null;
}
