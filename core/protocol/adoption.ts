/**
 * Taking over a definition of the protocol: the document it becomes here, where that is kept and what goes
 * on the chain about it. See `kairos_formats/meeting.md#adopting`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { type IntentStep, parentOf } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { formatEntryText, parseEntryText, splitFrontMatter } from "../layers/front_matter.ts";
import { KNOWLEDGE } from "../layers/knowledge_home.ts";
import { checkName } from "../layers/names.ts";
import { entryNameOf, stageNewEntry, type StagingHost } from "../layers/new_entry.ts";
import { fieldsAsGiven, isSetAside, readReceipt } from "../layers/provenance.ts";
import { knowledgeUpdate } from "../layers/records.ts";
import { Stage } from "../layers/stage.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import { isWellFormed, quote, visible } from "../text.ts";
import type { YamlMap } from "../yaml.ts";
import { type Definition, readDefinition } from "./definition.ts";
import { evaluateExtension } from "./evolution.ts";
import type { Protocol } from "./protocol.ts";

/** Where adopted definitions are, as their documents' paths. */
export const ADOPTED_PATHS = /^knowledge\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/\1\.md$/;

/** A definition as somebody gave it. */
export interface GivenDefinition {
  /** The document: of a received entry as it was before it was received, of anything else as it is. */
  readonly text: string;
  /** Instance id of who gave it, or `local`. */
  readonly from: string;
  /** SHA-256 of what was given. */
  readonly hash: string;
  /** Its front matter, without what receiving added. */
  readonly fields: YamlMap;
  /** When it was received and whether its giver proved its key; `null` for what was not received. */
  readonly receipt: { readonly at: string; readonly proof: "proven" | "none" } | null;
}

/** A definition as it would be kept. */
export interface Adoption {
  /** Its name, and the entry's. */
  readonly name: string;
  /** Its document's path, relative to the data directory. */
  readonly path: string;
  /** Its document. */
  readonly text: string;
  /** Where it comes from: `peer ID`, or `local`. */
  readonly origin: string;
  /** The actions it brings. */
  readonly actions: readonly string[];
}

/** Something a person is to look at before a definition is adopted. */
export interface Finding {
  /** Name of the check. */
  readonly name: string;
  /** What a person has to let pass. */
  readonly verdict: "person";
  /** What was found, a sentence without a trailing period. */
  readonly detail: string;
}

/** Longest name of who gave a definition. */
const MAX_FROM = 128;

/**
 * Reads a definition that is to be judged.
 *
 * @param document A document of any kind, a received entry among them
 * @returns The definition as it was given
 */
export function givenDefinition(document: string): GivenDefinition {
  const bytes = new TextEncoder().encode(document);
  const { fields, problem } = parseEntryText(bytes, "");
  const receipt = problem === null ? readReceipt(fields) : null;
  if (receipt === null) {
    return { text: document, from: "local", hash: sha256(bytes), fields, receipt: null };
  }
  const { at, proof, originalHash } = receipt;
  const given = fieldsAsGiven(fields);
  return {
    text: formatEntryText(given, splitFrontMatter(document).body.replace(/^(?:\r?\n)+/, "")),
    from: visible(receipt.from.slice(0, MAX_FROM)) || "unknown",
    hash: originalHash,
    fields: given,
    receipt: { at, proof },
  };
}

/**
 * The document a definition becomes. Its words stay; what would give it a rank or a say here is set aside:
 * it stands in L2 and comes last.
 *
 * @param given The definition
 * @param protocol The protocol as it is spoken here
 * @param now Milliseconds since the epoch
 * @returns What would be kept; whether it is, people decide. Where an adopted one of its name counts, it
 *   takes its place among the others
 * @throws {KairosError} `refused` for a definition that does not pass, with the reason in its data, and for a
 *   newer version of one that would take an action from another; `exists` when one of its name counts that
 *   is the same or was not adopted; `invalid` for a name that cannot name an entry and for what is no
 *   definition
 *
 * @example
 * ```ts
 * import { adoptionOf, givenDefinition } from "./adoption.ts";
 * import { assembleProtocol } from "./protocol.ts";
 *
 * const text = "---\nname: debate\ntype: protocol_extension\nactions: [argue]\n---\n\n# Debate\n";
 * const { path } = adoptionOf(givenDefinition(text), assembleProtocol([]), 0);
 * if (path !== "knowledge/debate/debate.md") throw new Error(path);
 * ```
 */
export function adoptionOf(given: GivenDefinition, protocol: Protocol, now: number): Adoption {
  const { text, from, hash, fields, receipt } = given;
  const name = typeof fields["name"] === "string" ? fields["name"] : "";
  const before = protocol.definitions.find((one) => one.name === name);
  const others = protocol.definitions.filter((one) => one !== before);
  const verdict = evaluateExtension(text, others.map((one) => one.name));
  if (verdict.status === "rejected") {
    const found = verdict.blocked_actions ?? verdict.missing ?? [];
    const which = found.length === 0 ? "" : `: ${found.map((one) => quote(one)).join(", ")}`;
    throw new KairosError("refused", `Cannot adopt the definition: ${verdict.reason}${which}`, {
      hint: "Only new words can be adopted, never new powers",
      data: { ...verdict },
    });
  }
  checkName(name, KNOWLEDGE);
  if (before !== undefined) checkNewer(before, verdict, fields, others);
  const { type, ...more } = fields;
  const aside = Object.entries(more).filter(isSetAside);
  const rest = Object.entries(more).filter((field) =>
    !isSetAside(field) && !["name", "_provenance", "_received", "adopted_from"].includes(field[0])
  );
  const written: YamlMap = {
    name,
    ...(type === undefined ? {} : { type }),
    ...Object.fromEntries(rest),
    layer: "L2",
    adopted_from: {
      from,
      original_hash: hash,
      ...(receipt === null ? {} : { received_at: receipt.at, proof: receipt.proof }),
      ...(before?.adopted
        // Its place among the others stays the one it has.
        ? { proposed_at: before.adopted.at, updated_at: new Date(now).toISOString() }
        : { proposed_at: new Date(now).toISOString() }),
      ...(aside.length === 0 ? {} : { set_aside: Object.fromEntries(aside) }),
    },
  };
  const body = splitFrontMatter(text).body.replace(/^(?:\r?\n)+/, "");
  const adopted = formatEntryText(written, body);
  const problem = definitionProblem(adopted, name);
  if (problem !== null || !isWellFormed(adopted)) {
    throw new KairosError("invalid", `Cannot adopt ${quote(name)}: ${problem ?? "it is no text"}`, {
      hint: "A definition has name, type: protocol_extension and actions in its front matter",
    });
  }
  return {
    name,
    path: `${KNOWLEDGE}/${name}/${name}.md`,
    text: adopted,
    origin: receipt === null ? "local" : `peer ${from}`,
    actions: verdict.actions,
  };
}

/** What keeps a definition from taking the place of one that counts. */
function checkNewer(
  before: Definition,
  { actions }: { readonly actions: readonly string[] },
  fields: YamlMap,
  others: readonly Definition[],
): void {
  const read = readDefinition(fields);
  const isSame = read !== null && typeof read === "object" && read.version === before.version &&
    JSON.stringify([read.actions, read.requires]) ===
      JSON.stringify([before.actions, before.requires]);
  if (before.adopted === null || isSame) {
    const what = before.adopted === null ? "a definition of that name counts" : "it counts already";
    throw new KairosError("exists", `Cannot adopt ${quote(before.name)}: ${what}`, {
      hint: "Look with `kairos protocol list`; give this one another name, or another version",
    });
  }
  const [taken] = takenActions({ name: before.name, actions }, { definitions: others });
  if (taken === undefined) return;
  throw new KairosError("refused", `Cannot adopt ${quote(before.name)}: ${taken.detail}`, {
    hint: "A newer version keeps its place among the others, and brings no action of theirs",
  });
}

/**
 * Which actions of a definition belong to others, where they stay.
 *
 * @param definition Its name and the actions it brings
 * @param protocol The protocol as it is spoken here
 * @returns One finding for each
 */
export function takenActions(
  { name, actions }: { readonly name: string; readonly actions: readonly string[] },
  { definitions }: Pick<Protocol, "definitions">,
): Finding[] {
  return actions.flatMap((action) => {
    const owner = definitions.find((one) => one.name !== name && one.actions.includes(action));
    if (owner === undefined) return [];
    const detail = `${quote(action)} belongs to ${quote(owner.name)} and stays there`;
    return [{ name: "Actions free", verdict: "person", detail } as const];
  });
}

/**
 * Whether a document is an adopted definition that may be kept, whoever wrote it.
 *
 * @param document The document
 * @param name The name it is to have
 * @returns What is wrong, or `null`
 */
export function definitionProblem(document: string, name: string): string | null {
  const { fields, problem, isPrivate } = parseEntryText(new TextEncoder().encode(document), "");
  if (problem !== null) return problem.message;
  if (isPrivate) return "it says that it is private, so that it would define nothing";
  const definition = readDefinition(fields);
  if (definition === null) return "its type is neither protocol_extension nor protocol_definition";
  if (typeof definition === "string") return definition;
  if (definition.name !== name) return `it calls itself ${quote(definition.name)}`;
  if (definition.adopted === null) return "nothing says where it comes from";
  const claims = ["_received", "_provenance"].filter((key) => Object.hasOwn(fields, key));
  if (claims.length > 0) return `it still has ${claims.join(" and ")}, so that it defines nothing`;
  return definition.layer === "L2" && !definition.bootstrap ? null : "it does not stand in L2";
}

/**
 * What goes on the chain about an adopted definition, from its document alone.
 *
 * @param store The store
 * @param path The document's path
 * @param bytes The document
 * @param actor Who adopts it
 * @param base SHA-256 of the document it takes the place of, or `null`
 * @returns That the entry was made, or that its document is another
 */
export function adoptedRecords(
  store: Store,
  path: string,
  bytes: Uint8Array,
  actor: Actor,
  base: string | null,
): [string] {
  const name = entryNameOf(path);
  const definition = readDefinition(parseEntryText(bytes, name).fields);
  const from = definition !== null && typeof definition === "object" && definition.adopted?.from;
  const made = knowledgeUpdate({
    name,
    action: base === null ? "create" : "update",
    previousHash: base,
    hash: sha256(bytes),
    reason: `Adopted from ${from || "local"}`,
  });
  return [store.record(made, actor)];
}

/**
 * Stages an adopted definition. Needs the write lock.
 *
 * @param host The instance
 * @param path The document's path
 * @param bytes The document
 * @param base SHA-256 of the document it takes the place of, or `null`
 * @returns The step that brings its folder, or its document, into place; its `from` is to be discarded when
 *   that fails
 * @throws {KairosError} `exists`, `refused` for a path that leads elsewhere
 */
export function stageAdopted(
  host: StagingHost,
  path: string,
  bytes: Uint8Array,
  base: string | null,
): IntentStep {
  const { store, view } = host;
  if (ADOPTED_PATHS.test(path) && base === null) return stageNewEntry(host, path, bytes);
  if (ADOPTED_PATHS.test(path) && view().isInside(path, KNOWLEDGE)) {
    const stage = Stage.fill(store, parentOf(path), (stage) => stage.file(bytes));
    return { from: stage.path, to: path, base };
  }
  throw new KairosError("refused", `Cannot keep a definition at ${quote(path)}`);
}
