import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createApp } from "../../server/http/app.ts";
import {
  contentInForce,
  type LawFixture,
  skillRequest,
  swapDocument,
  withLaw,
} from "../evolution/law.ts";
import { ACTOR } from "../support/instance.ts";

const ERAS = ["legacy", "auto"] as const;
const NEW = "Look after 90 days.\n";

/** What a person does with a question. */
type Answer = (message: string) => { action: "accept" | "decline"; content?: { decision: string } };

/** The official client at an application, without a socket. */
async function withClient(
  { instance }: LawFixture,
  era: typeof ERAS[number],
  answer: Answer | null,
  test: (client: Client) => Promise<void>,
): Promise<void> {
  const app = createApp({ instance, actor: { principal: "http:local" }, version: "1" });
  const client = new Client({ name: "official client", version: "1" }, {
    versionNegotiation: { mode: era },
    capabilities: answer === null ? {} : { elicitation: {} },
  });
  if (answer !== null) {
    client.setRequestHandler("elicitation/create", ({ params }) => answer(params.message));
  }
  const fetch = async (url: string | URL, init?: RequestInit) =>
    await app.fetch(new Request(url, init));
  await client.connect(
    new StreamableHTTPClientTransport(new URL("http://127.0.0.1/mcp"), { fetch }),
  );
  try {
    await test(client);
  } finally {
    await client.close();
    await app.close();
  }
}

for (const era of ERAS) {
  Deno.test(`skills_evolve asks the person before the official client, ${era}`, async (t) => {
    const cases: readonly [name: string, answer: Answer | null, state: string, text: RegExp][] = [
      [
        "approves",
        () => ({ action: "accept", content: { decision: "approve" } }),
        "applied",
        /^SUCCESS: Applied and recorded in block/,
      ],
      [
        "rejects",
        () => ({ action: "accept", content: { decision: "reject" } }),
        "rejected",
        /^REJECTED: The person turned it down/,
      ],
      [
        "does not want to decide",
        () => ({ action: "decline" }),
        "pending",
        /^PENDING: The person was asked and has not decided/,
      ],
      ["cannot be asked", null, "pending", /^PENDING: This client cannot ask anybody/],
    ];
    for (const [name, answer, state, text] of cases) {
      await t.step(`who ${name}`, () =>
        withLaw(async (fixture) => {
          const { evolution } = fixture;
          const request = skillRequest("audit_rules", { content: NEW });
          const { proposal } = await evolution.propose(request, ACTOR);
          let seen = "";
          const person: Answer | null = answer && ((message) => {
            seen = message;
            return answer(message);
          });
          await withClient(fixture, era, person, async (client) => {
            const result = await client.callTool({
              name: "skills_evolve",
              arguments: { command: "apply", skill_id: "audit_rules", approved: true },
            });
            const [content] = result.content;
            assert.match(content?.type === "text" ? content.text : "", text);
          });
          assert.equal(evolution.show(proposal.id).state, state);
          assert.equal(/\n\+.*90 days/.test(seen), answer !== null, "they see the change");
          const content = await contentInForce(evolution, "audit_rules");
          assert.equal(content === NEW, state === "applied");
        }));
    }
  });

  Deno.test(`skills_evolve decides what the person was shown and nothing else, ${era}`, async (t) => {
    const apply = { name: "skills_evolve", arguments: { command: "apply" } };
    for (const decision of ["approve", "reject"]) {
      for (const moment of ["while the person reads", "before it is written down"]) {
        await t.step(
          `${decision}, another put in its place ${moment}`,
          () =>
            withLaw(async (fixture) => {
              const { evolution, root } = fixture;
              const request = skillRequest("audit_rules", { content: NEW });
              const { proposal: { id } } = await evolution.propose(request, ACTOR);
              const isLate = moment !== "while the person reads";
              const decide = evolution.decide.bind(evolution);
              if (isLate) {
                evolution.decide = (...args) => {
                  swapDocument(root, id);
                  return decide(...args);
                };
              }
              const person: Answer = () => {
                if (!isLate) swapDocument(root, id);
                return { action: "accept", content: { decision } };
              };
              await withClient(fixture, era, person, async (client) => {
                const arguments_ = { ...apply.arguments, proposal: id };
                const { content: [first] } = await client.callTool({
                  ...apply,
                  arguments: arguments_,
                });
                const text = first?.type === "text" ? first.text : "";
                assert.match(text, isLate ? /not the one that was shown/ : /Cannot use the answer/);
              });
              assert.equal(evolution.show(id).state, "pending");
              assert.notEqual(await contentInForce(evolution, "audit_rules"), NEW);
            }),
        );
      }
    }
  });

  Deno.test(`capability_status tells what the official client can do, ${era}`, async () => {
    await withLaw((fixture) =>
      withClient(fixture, era, () => ({ action: "decline" }), async (client) => {
        const { structuredContent } = await client.callTool({ name: "capability_status" });
        const { client: can, doors } = structuredContent as {
          client: Record<string, boolean>;
          doors: { door: string; open: boolean }[];
        };
        assert.deepEqual(can, { elicitation: true, sampling: false, roots: false });
        assert.deepEqual(doors.map(({ door, open }) => [door, open]), [
          ["terminal", true],
          ["client", true],
          ["agent", false],
        ]);
      })
    );
  });
}
