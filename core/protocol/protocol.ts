/**
 * The protocol as this instance speaks it: the core, and what definitions add to it. See
 * `kairos_formats/meeting.md#messages`.
 *
 * @module
 */

import { quote } from "../text.ts";
import type { Definition } from "./definition.ts";

/** The protocol, put together. */
export interface Protocol {
  /** Every action, the core's first. */
  readonly actions: readonly string[];
  /** The definitions that count, each with the actions that are its own. */
  readonly definitions: readonly Definition[];
  /** Extensions as introductions tell them. */
  readonly extensions: readonly {
    readonly name: string;
    readonly version: string;
    readonly actions: readonly string[];
  }[];
  /** What was left out, and why: sentences without a trailing period. */
  readonly warnings: readonly string[];
}

/** The actions every instance understands. Nothing can take them over. */
export const CORE: Definition = {
  name: "meeting_protocol_core",
  version: "1.0.0",
  isExtension: false,
  layer: "L0",
  bootstrap: true,
  actions: [
    "introduce",
    "goodbye",
    "error",
    "offer_skill",
    "request_skill",
    "accept",
    "decline",
    "reflect",
    "skill_content",
  ],
  requires: [],
  adopted: null,
};

/** Messages about SkillSets. They travel by requests of their own; the messages have no handler. */
export const SKILLSET_EXCHANGE: Definition = {
  name: "meeting_protocol_skillset_exchange",
  version: "1.0.0",
  isExtension: true,
  layer: "L1",
  bootstrap: false,
  actions: ["offer_skillset", "request_skillset", "skillset_content", "list_skillsets"],
  requires: ["meeting_protocol_core"],
  adopted: null,
};

/** Most definitions that knowledge may bring. */
export const MAX_DEFINITIONS = 50;

/**
 * Whether a definition of this name is part of kairos, whatever else goes by it.
 *
 * @param name A name
 * @returns `true` for the core and the exchange of SkillSets
 */
export function isBuiltIn(name: string): boolean {
  return name === CORE.name || name === SKILLSET_EXCHANGE.name;
}

/**
 * Puts the protocol together: the core, then what says it comes early, then the rest, each behind what
 * it needs; last what was adopted, the newest at the end. Of two with one name, and of two that bring one
 * action, the first counts, so that nothing adopted takes anything over; beyond
 * {@linkcode MAX_DEFINITIONS} the last are left out.
 *
 * @param definitions What knowledge defines, in the order it is to be looked at
 * @returns The protocol
 *
 * @example
 * ```ts
 * import { assembleProtocol } from "./protocol.ts";
 *
 * const bold = { name: "bold", version: "1", isExtension: true, layer: "L2", bootstrap: true } as const;
 * const { actions, warnings } = assembleProtocol([
 *   { ...bold, actions: ["introduce", "sing"], requires: [], adopted: null },
 * ]);
 * if (!actions.includes("sing") || warnings.length !== 1) throw new Error("the core was overridden");
 * ```
 */
export function assembleProtocol(definitions: readonly Definition[]): Protocol {
  const warnings: string[] = [];
  const loaded = new Map<string, Definition>();
  const owners = new Map<string, string>();
  const load = (definition: Definition) => {
    const actions = definition.actions.filter((action) => {
      const owner = owners.get(action);
      if (owner === undefined) owners.set(action, definition.name);
      else {
        warnings.push(
          `Cannot give the action ${quote(action)} to ${quote(definition.name)}: it belongs to ` +
            quote(owner),
        );
      }
      return owner === undefined;
    });
    loaded.set(definition.name, { ...definition, actions });
  };
  const inOrder = [...definitions]
    .sort((a, b) => Number(b.bootstrap) - Number(a.bootstrap))
    .sort((a, b) => compareTexts(a.adopted?.at ?? "", b.adopted?.at ?? ""));
  if (inOrder.length > MAX_DEFINITIONS) {
    const over = inOrder.length - MAX_DEFINITIONS;
    warnings.push(`Cannot use more than ${MAX_DEFINITIONS} protocol definitions: ${over} left out`);
  }
  const bounded = inOrder.slice(0, MAX_DEFINITIONS);
  const usable = [CORE, SKILLSET_EXCHANGE, ...bounded].filter(({ name }, at, all) => {
    const first = all.find((one) => one.name === name)!;
    if (first === all[at]) return true;
    // What ships with the SkillSet of meetings says what is known anyway.
    if (first.actions.join() !== all[at]!.actions.join()) {
      warnings.push(`Cannot use a second protocol definition ${quote(name)}: the first one counts`);
    }
    return false;
  });
  let waiting = usable.filter(({ adopted }) => adopted === null);
  const rounds = [[], ...usable.filter(({ adopted }) => adopted !== null).map((one) => [one])];
  for (const round of rounds) {
    waiting.push(...round);
    for (let before = -1; waiting.length !== before;) {
      before = waiting.length;
      waiting = waiting.filter((definition) => {
        if (!definition.requires.every((name) => loaded.has(name))) return true;
        load(definition);
        return false;
      });
    }
  }
  for (const { name, requires } of waiting) {
    const missing = requires.filter((one) => !loaded.has(one)).map((one) => quote(one));
    warnings.push(
      `Cannot use the protocol definition ${quote(name)}: it needs ${missing.join(", ")}`,
    );
  }
  const ordered = [...loaded.values()].sort((a, b) =>
    a === loaded.get(CORE.name) ? -1 : a.layer.localeCompare(b.layer)
  );
  return {
    actions: ordered.flatMap(({ actions }) => actions),
    definitions: ordered,
    extensions: ordered.filter(({ isExtension }) => isExtension)
      .map(({ name, version, actions }) => ({ name, version, actions })),
    warnings,
  };
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
