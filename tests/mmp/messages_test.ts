import assert from "node:assert/strict";
import fc from "fast-check";
import { KairosError } from "../../core/errors.ts";
import { answerMessage, Handlers, MAX_ECHO } from "../../mmp/messages/actions.ts";
import { negotiate, spokenBy } from "../../mmp/messages/compatibility.ts";
import { type Definition, readDefinition } from "../../core/protocol/definition.ts";
import { evaluateExtension, proposeExtension } from "../../core/protocol/evolution.ts";
import { readMessage } from "../../mmp/messages/message.ts";
import { assembleProtocol, CORE, MAX_DEFINITIONS } from "../../core/protocol/protocol.ts";
import { RequestFault } from "../../mmp/request_fault.ts";
import { jsonText } from "../../mmp/json_text.ts";
import { count } from "../counts.ts";
import { arrived } from "./people.ts";

const VECTORS = new URL("../../../shared/vectors/misc/", import.meta.url);

function load<T>(file: string): T | null {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(file, VECTORS)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

interface Evolution {
  readonly cases: Readonly<
    Record<string, { content: string; proposal: Record<string, unknown>; evaluate: unknown }>
  >;
}

const evolution = load<Evolution>("protocol_evolution.json");
const compatibility = load<{ peer: Record<string, unknown>; result: unknown }[]>(
  "compatibility.json",
);

const answering = () => ({
  protocol: assembleProtocol([]),
  formats: ["markdown"],
  handlers: new Handlers(),
});

const extension = (name: string, more: Partial<Definition> = {}): Definition => ({
  name,
  version: "1.0.0",
  isExtension: true,
  layer: "L2",
  bootstrap: false,
  actions: [],
  requires: [],
  adopted: null,
  ...more,
});

Deno.test("assembleProtocol() puts what was adopted last, the newest at the end", () => {
  const adopted = (at: string) => ({ from: "peer", at });
  const { definitions, warnings } = assembleProtocol([
    extension("a_new", { actions: ["sing", "hum"], adopted: adopted("2026-01-02") }),
    extension("b_old", { actions: ["sing", "argue"], adopted: adopted("2026-01-01") }),
    extension("own", { actions: ["argue"], requires: ["other"] }),
    extension("other", { actions: ["x"] }),
    extension("waits", { actions: ["hum"], requires: ["b_old"] }),
  ]);
  assert.deepEqual(
    definitions.slice(2).map(({ name, actions }) => [name, actions]),
    [["other", ["x"]], ["own", ["argue"]], ["b_old", ["sing"]], ["waits", ["hum"]], ["a_new", []]],
  );
  assert.equal(warnings.length, 3);
});

Deno.test("assembleProtocol() leaves out what is too much, what was adopted first of all", () => {
  const own = Array.from({ length: MAX_DEFINITIONS }, (_, at) => extension(`own_${at}`));
  const adopted = { from: "peer", at: "2026-01-01" };
  const { definitions, warnings } = assembleProtocol([extension("a", { adopted }), ...own]);
  assert.deepEqual(definitions.slice(2).map(({ name }) => name), own.map(({ name }) => name));
  assert.deepEqual(warnings, ["Cannot use more than 50 protocol definitions: 1 left out"]);
});

Deno.test("assembleProtocol() loads early ones first, each behind what it needs, and the first owner keeps an action", () => {
  const { actions, extensions, warnings } = assembleProtocol([
    extension("late", { actions: ["sing", "argue"], requires: ["early"] }),
    extension("bold", { actions: ["introduce", "shout"] }),
    extension("early", { actions: ["argue"], bootstrap: true, layer: "L0" }),
    extension("late", { actions: ["other"] }),
    extension("lost", { actions: ["gone"], requires: ["nobody"] }),
    extension("a", { actions: ["x"], requires: ["b"] }),
    extension("b", { actions: ["y"], requires: ["a"] }),
    extension("meeting_protocol_core", { actions: ["sing"] }),
  ]);
  assert.deepEqual(actions.slice(0, CORE.actions.length), CORE.actions);
  assert.deepEqual(actions.slice(CORE.actions.length), [
    "argue",
    "offer_skillset",
    "request_skillset",
    "skillset_content",
    "list_skillsets",
    "sing",
    "shout",
  ]);
  assert.deepEqual(extensions.map(({ name, actions }) => [name, actions]), [
    ["early", ["argue"]],
    ["meeting_protocol_skillset_exchange", [...actions.slice(10, 14)]],
    ["late", ["sing"]],
    ["bold", ["shout"]],
  ]);
  assert.deepEqual(warnings.map((one) => one.replace(/: .*/, "")), [
    'Cannot use a second protocol definition "late"',
    'Cannot use a second protocol definition "meeting_protocol_core"',
    'Cannot give the action "argue" to "late"',
    'Cannot give the action "introduce" to "bold"',
    'Cannot use the protocol definition "lost"',
    'Cannot use the protocol definition "a"',
    'Cannot use the protocol definition "b"',
  ]);
});

Deno.test("readDefinition() takes data only, and says what is wrong with it", async (t) => {
  const good = { type: "protocol_extension", name: "debate", actions: ["argue"] };
  assert.deepEqual(readDefinition(good), extension("debate", { actions: ["argue"] }));
  const cases: [name: string, fields: Record<string, never>, found: RegExp | null][] = [
    ["an ordinary document", { type: "guide" } as never, null],
    ["a specification", { ...good, type: "protocol_specification" } as never, null],
    ["a name that leads elsewhere", { ...good, name: "../x" } as never, /its name/],
    ["no name", { type: good.type } as never, /its name/],
    ["actions that are a text", { ...good, actions: "argue" } as never, /actions is no list/],
    ["a number among them", { ...good, actions: [1] } as never, /actions is no list/],
    [
      "too many",
      { ...good, actions: Array.from({ length: 21 }, (_, at) => `a${at}`) } as never,
      /at most 20/,
    ],
    ["an action with blanks", { ...good, actions: ["a b"] } as never, /no word of letters/],
    ["needs that are a text", { ...good, requires: "x" } as never, /requires is no list/],
  ];
  for (const [name, fields, found] of cases) {
    await t.step(name, () => {
      const read = readDefinition(fields);
      if (found === null) assert.equal(read, null);
      else assert.match(String(read), found);
    });
  }
});

Deno.test("answerMessage() answers what is unknown politely, and extensions by their first owner", () => {
  const all = answering();
  const ask = (action: string) => answerMessage({ action, from: "a", payload: null }, all);
  assert.deepEqual(ask("\u001b[31m").message, "Unknown action: \\u{1b}[31m");
  assert.equal(String(ask("x".repeat(1000)).message).length, "Unknown action: ".length + 80);
  assert.equal(ask("constructor")["status"], "error");
  assert.equal(ask("list_skillsets")["status"], "action_not_supported");
  all.handlers.register("list_skillsets", "one", ({ from }) => ({ status: "listed", from }));
  all.handlers.register("list_skillsets", "two", () => ({ status: "other" }));
  assert.deepEqual(ask("list_skillsets"), { status: "listed", from: "a" });
  assert.match(all.handlers.warnings.join(), /"two": "one" has it/);
  all.handlers.register("fail", "one", () => {
    throw new Error("secret");
  });
  assert.deepEqual(ask("fail"), {
    status: "error",
    action: "fail",
    message: "Handler execution failed",
  });
  assert.throws(
    () => all.handlers.register("introduce", "one", () => ({})),
    (error) =>
      error instanceof KairosError &&
      error.message === "Cannot override built-in action: introduce",
  );
});

Deno.test("answerMessage() sends nothing large back", () => {
  const content = "x".repeat(MAX_ECHO + 1);
  const answer = (action: string, payload: Record<string, unknown>) =>
    answerMessage({ action, from: "a", payload: arrived(payload) }, answering());
  for (const [action, field] of [["introduce", "peer_identity"], ["request_skill", "request"]]) {
    const { [field!]: echo, echo_omitted } = answer(action!, { content });
    assert.deepEqual([echo, echo_omitted], [null, [field]]);
  }
  const { content: echo, content_hash } = answer("skill_content", { content });
  assert.equal(echo, null);
  assert.match(String(content_hash), /^[0-9a-f]{64}$/);
});

Deno.test("readMessage() and answerMessage() refuse values of another type", () => {
  const refused = (run: () => unknown) => assert.throws(run, RequestFault);
  refused(() => readMessage(arrived({ action: 1 }), "a"));
  refused(() => readMessage(arrived({ payload: [] }), "a"));
  const content = (payload: unknown) =>
    answerMessage(readMessage(arrived({ action: "skill_content", payload }), "a"), answering());
  for (const payload of [undefined, {}, { content: 1 }, { content: null }]) {
    refused(() => content(payload));
  }
  const offer = arrived({ action: "offer_skill", payload: { skill_format: {} } });
  refused(() => answerMessage(readMessage(offer, "a"), answering()));
});

Deno.test("answerMessage() answers any object, and never more than a few times its size", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CORE.actions, "list_skillsets", "?"),
      fc.jsonValue(),
      (action, payload) => {
        const body = arrived({ action, payload, from: "forged" });
        try {
          const answer = answerMessage(readMessage(body, "session"), answering());
          const text = jsonText(answer);
          assert.ok(text.length < MAX_ECHO * 4);
          if (JSON.parse(text).from !== undefined) assert.equal(JSON.parse(text).from, "session");
        } catch (error) {
          assert.ok(error instanceof RequestFault, String(error));
        }
      },
    ),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test({
  name: "negotiate() finds what is recorded for every peer",
  ignore: compatibility === null,
  fn() {
    const own = {
      version: "1.0.0",
      extensions: ["meeting_protocol_skill_exchange"],
      actions: ["introduce"],
    };
    for (const { peer, result } of compatibility!) {
      assert.deepEqual(negotiate(spokenBy(arrived(peer)), own), result);
    }
  },
});

/** A name that leads elsewhere is refused here; it was adopted there and written outside. */
const STRICTER: Readonly<Record<string, unknown>> = {
  dotdot_name: { status: "rejected", reason: "invalid_name" },
};

Deno.test({
  name: "evaluateExtension() and proposeExtension() say what is recorded for every definition",
  ignore: evolution === null,
  fn() {
    for (const [name, { content, proposal, evaluate }] of Object.entries(evolution!.cases)) {
      assert.deepEqual(evaluateExtension(content, []), STRICTER[name] ?? evaluate, name);
      if ("error" in proposal) {
        assert.throws(() => proposeExtension(content), new RegExp(String(proposal["error"])));
      } else assert.deepEqual(proposeExtension(content), proposal, name);
    }
  },
});

Deno.test("spokenBy() reads what introductions say, and takes no more of it than it needs", () => {
  const extensions = [{ name: "one", version: "1", actions: [] }, { version: "2" }, 3, "two"];
  const capabilities = {
    meeting_protocol_version: "1.1.0",
    supported_actions: ["introduce", 1, null],
    extensions,
  };
  assert.deepEqual(spokenBy(arrived({ capabilities })), {
    version: "1.1.0",
    extensions: ["one", "two"],
    actions: ["introduce"],
  });
  const many = Array.from({ length: 1000 }, (_, at) => `a${at}`);
  assert.equal(spokenBy(arrived({ capabilities: many })).actions.length, 100);
  assert.deepEqual(spokenBy(new Map()), { version: null, extensions: [], actions: [] });
});
