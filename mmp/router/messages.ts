/**
 * Messages, by their own request and by those of two actions. See `kairos_formats/meeting.md#messages`.
 *
 * @module
 */

import type { Answer } from "../json_text.ts";
import { answerMessage, boundEcho } from "../messages/actions.ts";
import { readMessage, textIn } from "../messages/message.ts";
import { type Call, noteContact } from "./call.ts";
import { give, named, type Reply } from "./reply.ts";

/**
 * Any message.
 *
 * @param call The request; its body is the message
 * @returns What the message is answered with
 * @throws {RequestFault}
 */
export async function takeMessage(call: Call): Promise<Reply> {
  const message = readMessage(await call.body(), call.session.peerId);
  note(call, message.action);
  const { meeting: { handlers }, settings, offers } = call;
  const formats = settings["skill_exchange.allowed_formats"];
  return give(answerMessage(message, { protocol: offers().protocol, formats, handlers }));
}

/**
 * Somebody asks for something it cannot find.
 *
 * @param call The request: `description`, `skill_id`
 * @returns What was taken note of
 * @throws {RequestFault}
 */
export async function takeRequest(call: Call): Promise<Reply> {
  const body = await call.body();
  const request: Answer = {
    description: textIn(body, "description"),
    skill_id: textIn(body, "skill_id"),
  };
  note(call, "request_skill");
  const from = call.session.peerId;
  return give(boundEcho({ status: "received", action: "request_skill", from, request }));
}

/**
 * Somebody looks back on an exchange.
 *
 * @param call The request: `reflection`
 * @returns That it was taken note of
 * @throws {RequestFault}
 */
export async function takeReflection(call: Call): Promise<Reply> {
  const body = await call.body();
  note(call, "reflect");
  return give(boundEcho({
    status: "received",
    action: "reflect",
    from: call.session.peerId,
    reflection: body.get("reflection") ?? null,
    interaction_complete: true,
  }));
}

function note(call: Call, action: string): void {
  noteContact(call, "peer_message", { details: { action: named(action).slice(0, 80) } });
}
