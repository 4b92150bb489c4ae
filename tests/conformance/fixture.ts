/**
 * A server with everything the conformance suite calls. Only tests have it.
 *
 * @module
 */

import {
  createRequestStateCodec,
  InMemoryServerEventBus,
  McpServer,
  type McpServerFactory,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { memorySkillFiles, SkillsExtension } from "@modelcontextprotocol/server/ext/skills";
import { addQuestions, type Round } from "./fixture_questions.ts";
import { addPrompts, addResources } from "./fixture_texts.ts";
import { addTools } from "./fixture_tools.ts";

/** What is mounted in place of kairos's own tools. */
export interface Fixture {
  /** Makes a server. */
  readonly factory: McpServerFactory;
  /** Where its tools tell that lists have changed. */
  readonly bus: ServerEventBus;
}

const HINT = { ttlMs: 1000, cacheScope: "public" } as const;

/** Two skills, each with a folder to look into. */
const SKILL_FILES = {
  "tidy/SKILL.md": "---\nname: tidy\ndescription: How to tidy up\n---\n\n# Tidy\n",
  "tidy/references/guide.md": "# Guide\n",
  "greet/SKILL.md": "---\nname: greet\ndescription: How to greet\n---\n\n# Greet\n",
  "greet/references/guide.md": "# Guide\n",
};

/**
 * Makes the fixture.
 *
 * @returns A factory for both eras
 */
export async function conformanceFixture(): Promise<Fixture> {
  const bus = new InMemoryServerEventBus();
  const key = crypto.getRandomValues(new Uint8Array(32));
  const state = createRequestStateCodec<Round>({ key });
  const skills = await SkillsExtension.load(memorySkillFiles(SKILL_FILES));
  const factory: McpServerFactory = () => {
    const mcp = new McpServer({ name: "conformance fixture", version: "1.0.0" }, {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        completions: {},
        logging: {},
      },
      cacheHints: {
        "tools/list": HINT,
        "prompts/list": HINT,
        "resources/list": HINT,
        "resources/templates/list": HINT,
        "resources/read": HINT,
        "server/discover": HINT,
      },
      requestState: { verify: (text, context) => state.verify(text, context) },
    });
    addTools(mcp, bus);
    addQuestions(mcp, state);
    addResources(mcp);
    addPrompts(mcp);
    skills.attach(mcp);
    return mcp;
  };
  return { factory, bus };
}
