import assert from "node:assert/strict";
import type { ServerContext } from "@modelcontextprotocol/server";
import { type Asked, askingResult, clientOf } from "../../server/mcp/ask_client.ts";
import { Questions } from "../../server/mcp/questions.ts";

const QUESTION = { about: "this", message: "Really?", choices: ["approve"] };
const YES = { decision: { action: "accept", content: { decision: "approve" } } };

/** A call with as much of a context as asking looks at. */
function asked(
  questions: Questions,
  change: Partial<Pick<Asked, "era" | "actor">> & { session?: string; state?: unknown } = {},
): Asked {
  const { era = "modern", actor = { principal: "http:ada", agentId: "a" }, session, state } =
    change;
  const mcpReq = { requestState: () => state, inputResponses: YES, envelope: undefined };
  const context = { sessionId: session, mcpReq } as unknown as ServerContext;
  const server = { getClientCapabilities: () => undefined } as unknown as Asked["server"];
  return { era, actor, questions, context, server };
}

Deno.test("clientOf() takes an answer for the same question, era, person, client and session", async (t) => {
  const questions = new Questions(() => 0);
  const { requestState: state } = askingResult(asked(questions), QUESTION);
  const cases: readonly [name: string, asked: Asked, about: string][] = [
    ["another question", asked(questions, { state }), "that"],
    ["another era", asked(questions, { state, era: "legacy" }), "this"],
    [
      "another person",
      asked(questions, { state, actor: { principal: "http:eve", agentId: "a" } }),
      "this",
    ],
    [
      "another client",
      asked(questions, { state, actor: { principal: "http:ada", agentId: "b" } }),
      "this",
    ],
    ["another session", asked(questions, { state, session: "s" }), "this"],
    ["another process", asked(new Questions(() => 0), { state }), "this"],
    ["no text", asked(questions, { state: 7 }), "this"],
  ];
  for (const [name, call, about] of cases) {
    await t.step(name, () => {
      assert.throws(() => clientOf(call).answer(about), { code: "refused" });
    });
  }
  await t.step("the same", () => {
    const call = asked(questions, { state });
    assert.equal(clientOf(call).answer("this"), "approve");
    assert.throws(() => clientOf(call).answer("this"), { message: /used already/ });
  });
  await t.step("none", () => assert.equal(clientOf(asked(questions)).answer("this"), null));
});
