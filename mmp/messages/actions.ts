/**
 * What a message is answered with: a table of actions, and what extensions add to it. See
 * `kairos_formats/meeting.md#messages`.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { visible } from "../../core/text.ts";
import { type Answer, jsonText } from "../json_text.ts";
import { RequestFault } from "../request_fault.ts";
import type { Wire, WireMap } from "../wire_json.ts";
import { type Message, textIn } from "./message.ts";
import { CORE, type Protocol } from "../../core/protocol/protocol.ts";

/** An answer's fields in their order. */
export type Fields = Readonly<Record<string, Answer>>;

/** Answers the messages of one action. */
export type Handler = (message: Message) => Fields;

/** What answering needs. */
export interface Answering {
  /** The protocol as it is spoken here. */
  readonly protocol: Protocol;
  /** Formats of skills that are taken. */
  readonly formats: readonly string[];
  /** What answers the actions of extensions. */
  readonly handlers: Handlers;
}

/** Largest value that is sent back to whom it came from, in UTF-16 units of JSON. */
export const MAX_ECHO = 4096;
/** Longest name that is told in a sentence. */
const MAX_NAME = 80;

type CoreHandler = (message: Message, answering: Answering) => Fields;

/** The actions of the core. Nothing that is said in a message is kept. */
const CORE_ACTIONS: Readonly<Record<string, CoreHandler>> = {
  introduce: ({ action, from, payload }) => ({
    status: "received",
    action,
    from,
    peer_identity: payload,
  }),
  goodbye: ({ from }) => ({ status: "goodbye", from }),
  error: ({ from, payload }) => ({
    status: "error",
    from,
    error_code: valueOf(payload, "error_code"),
  }),
  offer_skill: ({ action, from, payload }, { formats }) => {
    const format = payload === null ? null : textIn(payload, "skill_format");
    if (format !== null && formats.includes(format)) {
      return { status: "received", action, from, skill_info: payload, can_accept: true };
    }
    const reason = `Format '${shown(format ?? "")}' not accepted`;
    return { status: "rejected", action, reason };
  },
  request_skill: ({ action, from, payload }) => ({
    status: "received",
    action,
    from,
    request: payload,
  }),
  accept: ({ action, from }) => ({
    status: "accepted",
    action,
    from,
    // Offers are not kept, so none of them can be named.
    original_offer: null,
    next_step: "send_skill_content",
  }),
  decline: ({ action, from, payload }) => ({
    status: "declined",
    action,
    from,
    reason: valueOf(payload, "reason"),
  }),
  reflect: ({ action, from, payload }) => ({
    status: "received",
    action,
    from,
    reflection: valueOf(payload, "reflection"),
    interaction_complete: true,
  }),
  skill_content: ({ action, from, payload }) => {
    const content = payload === null ? null : textIn(payload, "content");
    if (content === null) {
      throw RequestFault.invalid("Cannot read the request: content is not a text");
    }
    const hash = sha256(new TextEncoder().encode(content));
    const claimed = valueOf(payload, "content_hash");
    if (claimed !== null && claimed !== hash) {
      return { status: "error", action, error: "Content hash mismatch" };
    }
    return {
      status: "received",
      action,
      from,
      skill_name: valueOf(payload, "skill_name"),
      format: valueOf(payload, "format"),
      content,
      content_hash: hash,
    };
  },
};

/** What answers the actions of extensions. The first owner of an action keeps it. */
export class Handlers {
  readonly #handlers = new Map<string, { readonly owner: string; readonly handler: Handler }>();
  readonly #warnings: string[] = [];

  /** What was refused, and why. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /**
   * Registers what answers an action.
   *
   * @param action The action
   * @param owner Whose it is, for the warning
   * @param handler Answers it
   * @throws {KairosError} `refused` for an action of the core
   */
  register(action: string, owner: string, handler: Handler): void {
    if (CORE.actions.includes(action)) {
      throw new KairosError("refused", `Cannot override built-in action: ${action}`, {
        hint: "Choose another name for the action",
      });
    }
    const known = this.#handlers.get(action);
    if (known === undefined) this.#handlers.set(action, { owner, handler });
    else {
      this.#warnings.push(
        `Cannot give the action "${action}" to "${owner}": "${known.owner}" has it`,
      );
    }
  }

  /**
   * What answers an action.
   *
   * @param action The action
   * @returns Its handler, or `undefined`
   */
  get(action: string): Handler | undefined {
    return this.#handlers.get(action)?.handler;
  }
}

/**
 * Answers a message. What nobody knows is answered politely: it is no fault to speak of something else.
 *
 * @param message The message
 * @param answering The protocol and its handlers
 * @returns The answer; values of the message that are too large to send back are null and named
 * @throws {RequestFault} When the payload holds something of another type
 *
 * @example
 * ```ts
 * import { answerMessage, Handlers } from "./actions.ts";
 * import { assembleProtocol } from "../../core/protocol/protocol.ts";
 *
 * const answering = { protocol: assembleProtocol([]), formats: ["markdown"], handlers: new Handlers() };
 * const { status } = answerMessage({ action: "reflect", from: "a", payload: null }, answering);
 * if (status !== "received") throw new Error("not answered");
 * ```
 */
export function answerMessage(message: Message, answering: Answering): Fields {
  const { action } = message;
  if (Object.hasOwn(CORE_ACTIONS, action)) {
    return boundEcho(CORE_ACTIONS[action]!(message, answering));
  }
  const handler = answering.handlers.get(action);
  if (handler !== undefined) {
    try {
      return boundEcho(handler(message));
    } catch {
      // What went wrong in an extension is no business of whom it talks to.
      return { status: "error", action, message: "Handler execution failed" };
    }
  }
  if (!answering.protocol.actions.includes(action)) {
    return { status: "error", message: `Unknown action: ${shown(action)}` };
  }
  return {
    status: "action_not_supported",
    action,
    message: `Action '${action}' is recognized but has no handler.`,
    available_actions: answering.protocol.actions,
  };
}

/**
 * Leaves out what would make an answer a mirror for large requests.
 *
 * @param fields The answer
 * @returns The answer with null for what is too large, and `echo_omitted` with the names of it
 */
export function boundEcho(fields: Fields): Fields {
  const omitted = Object.keys(fields).filter((key) => isLarge(fields[key]!));
  if (omitted.length === 0) return fields;
  const kept = Object.entries(fields).map(([key, value]) =>
    [key, omitted.includes(key) ? null : value] as const
  );
  return { ...Object.fromEntries(kept), echo_omitted: omitted };
}

function isLarge(value: Answer): boolean {
  if (typeof value === "string") return value.length > MAX_ECHO;
  return value !== null && typeof value === "object" && jsonText(value).length > MAX_ECHO;
}

function valueOf(payload: WireMap | null, key: string): Wire {
  return payload?.get(key) ?? null;
}

function shown(name: string): string {
  return visible(name.slice(0, MAX_NAME));
}
