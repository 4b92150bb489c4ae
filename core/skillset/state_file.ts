/**
 * `skillsets/config.yml`: which SkillSets are enabled, and in which layer they are kept. See
 * `kairos_formats/skillsets.md#installed`.
 *
 * @module
 */

import { isMap } from "../config/yaml_file.ts";
import { KairosError } from "../errors.ts";
import { SKILLSETS } from "../layers/entry_place.ts";
import type { View } from "../layers/view.ts";
import { sha256 } from "../objects/objects.ts";
import { parseYaml, stringifyYaml, type YamlMap, type YamlValue } from "../yaml.ts";
import { asBoolean } from "../yaml_boolean.ts";
import { type Giver, giverFields, readGiver } from "./giver.ts";
import { SKILLSET_LAYERS, type SkillSetLayer } from "./manifest.ts";
import type { KeptSignature } from "./signature.ts";

/** The state file, relative to the data directory. */
export const STATE_FILE = `${SKILLSETS}/config.yml`;

const MAX_BYTES = 1024 * 1024;

/** What is known of one SkillSet beside its files. */
export interface SkillSetState {
  /** Whether it is in use. */
  readonly enabled: boolean;
  /** The layer it is kept in here, whatever its manifest says; `null` for the manifest's. */
  readonly layerOverride: SkillSetLayer | null;
  /** Whether its user shares it with other instances; only a plain yes is one. */
  readonly shared: boolean;
  /** Whether it came from somebody else, as a package. */
  readonly received: boolean;
  /** Who vouched for it when it came, `null` for nobody; left as it was unless given. */
  readonly signature?: KeptSignature | null;
  /** The instance it was fetched from, `null` for none; left as it was unless given. */
  readonly giver?: Giver | null;
}

/** A state that is to be. What is not said of its origin stays. */
export type NextState = Omit<SkillSetState, "received"> & { readonly received?: boolean };

/** What counts while nothing can be read. */
const NOTHING: SkillSetState = {
  enabled: false,
  layerOverride: null,
  shared: false,
  received: false,
};

/** The state file, read once. */
export class StateFile {
  /** Why it cannot be read, or `null`. Every SkillSet counts as disabled then. */
  readonly problem: string | null;
  /** SHA-256 of its bytes, or `null` when it is missing. */
  readonly hash: string | null;
  readonly #fields: YamlMap;

  /**
   * Reads the state file. One that cannot be read disables everything: what was never reviewed must not
   * come into use because of a typing error.
   *
   * @param view The files
   */
  constructor(view: View) {
    const bytes = view.read(STATE_FILE, MAX_BYTES);
    this.hash = bytes === null ? null : sha256(bytes);
    let fields: YamlMap = {};
    let problem: string | null = null;
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes ?? new Uint8Array(0));
      const value = parseYaml(text);
      if (isMap(value)) fields = value;
      else if (value !== null) problem = "it holds no fields";
      const sets = fields["skillsets"] ?? {};
      if (!isMap(sets)) problem = "skillsets is no group of fields";
    } catch (error) {
      problem = error instanceof KairosError ? error.message : "it is no UTF-8";
    }
    this.problem = problem === null ? null : `Cannot read ${STATE_FILE}: ${problem}`;
    this.#fields = fields;
  }

  /**
   * What is said about a SkillSet. One that is not named is enabled.
   *
   * @param name Its name
   * @returns Its state
   */
  of(name: string): SkillSetState {
    if (this.problem !== null) return NOTHING;
    const entry = valueOf(this.#sets(), name);
    const fields = isMap(entry) ? entry : {};
    const layer = fields["layer_override"];
    return {
      enabled: asBoolean(fields["enabled"] ?? true) !== false,
      layerOverride: SKILLSET_LAYERS.find((known) => known === layer) ?? null,
      shared: asBoolean(fields["exchange"]) === true,
      received: asBoolean(fields["received"] ?? false) !== false,
      signature: keptSignature(fields["signature"]),
      giver: readGiver(fields["received_from"]),
    };
  }

  /**
   * The file as it is once a SkillSet's state is another; everything else stays.
   *
   * @param name The SkillSet
   * @param state Its state, or `null` to forget it
   * @returns The bytes of the file
   * @throws {KairosError} `invalid` when the present file cannot be read
   */
  with(name: string, state: NextState | null): Uint8Array {
    if (this.problem !== null) {
      throw new KairosError("invalid", this.problem, { hint: "Correct the file, or remove it" });
    }
    const sets = this.#sets();
    const old = valueOf(sets, name);
    const others = Object.entries(sets).filter(([key]) => key !== name);
    const {
      layer_override: _,
      exchange: __,
      received: before,
      received_from: from,
      signature: signed,
      ...rest
    } = isMap(old) ? old : {} as YamlMap;
    const received = state?.received === undefined ? before : state.received || undefined;
    const giver = state?.giver === undefined ? from : giverFields(state.giver);
    const signature = state?.signature === undefined ? signed : fieldsOf(state.signature);
    const entry: YamlMap = state === null ? {} : {
      ...rest,
      ...(received === undefined ? {} : { received }),
      ...(giver === undefined ? {} : { received_from: giver }),
      ...(signature === undefined ? {} : { signature }),
      ...(state.layerOverride === null ? {} : { layer_override: state.layerOverride }),
      enabled: state.enabled,
      ...(state.shared ? { exchange: true } : {}),
    };
    const skillsets = Object.fromEntries([
      ...others,
      ...(state === null ? [] : [[name, entry] as const]),
    ]);
    const fields = { ...this.#fields, skillsets };
    return new TextEncoder().encode(stringifyYaml(fields, { start: true }));
  }

  #sets(): YamlMap {
    const sets = this.#fields["skillsets"];
    return isMap(sets) ? sets : {};
  }
}

/** A signature as it is kept. */
function fieldsOf(signature: KeptSignature | null): YamlMap | undefined {
  if (signature === null) return undefined;
  const { key, sig, version, contentHash, archiveHash } = signature;
  return { key, sig, version, content_hash: contentHash, archive_sha256: archiveHash };
}

/** A kept signature, read; what is wrong with it shows when it is verified. */
function keptSignature(value: YamlValue | undefined): KeptSignature | null {
  if (value === undefined || value === null) return null;
  const fields = isMap(value) ? value : {};
  const text = (name: string) => {
    const field = fields[name];
    return typeof field === "string" ? field : "";
  };
  return {
    key: text("key"),
    sig: text("sig"),
    version: text("version"),
    contentHash: text("content_hash"),
    archiveHash: text("archive_sha256"),
  };
}

/** A field of a map; a SkillSet may be called `constructor`. */
function valueOf(map: YamlMap, key: string): YamlValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
