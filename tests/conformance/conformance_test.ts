import assert from "node:assert/strict";
import { type AppOptions, createApp } from "../../server/http/app.ts";
import { whole } from "../counts.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";
import { conformanceFixture } from "./fixture.ts";
import { installSuite, runSuite, type Suite, type SuiteOutcome } from "./suite.ts";

/** One run of the suite. */
interface Run {
  readonly version: string;
  readonly args: readonly string[];
  /** How many scenarios it has, so that none goes missing unseen. */
  readonly scenarios: number;
  /** Scenarios that do not pass, or check nothing, and why. All others pass with every check. */
  readonly except: Readonly<Record<string, string>>;
  /** Exit code; 0 unless said otherwise. */
  readonly code?: number;
}

const NOT_RESUMABLE = "Checks nothing: it waits for a stream that can be taken up again by event " +
  "id, and we keep no events of a broken stream; a client asks again instead";
const NO_TASKS = "Tasks are an extension that is not scored; the SDK does not serve it";

const TASKS: Readonly<Record<string, string>> = {
  "tasks-lifecycle": NO_TASKS,
  "tasks-capability-negotiation": NO_TASKS,
  "tasks-wire-fields": NO_TASKS,
  "tasks-request-state-removal": NO_TASKS,
  "tasks-mrtr-input": NO_TASKS,
  "tasks-request-headers": NO_TASKS,
  "tasks-dispatch-and-envelope": NO_TASKS,
  "tasks-status-notifications": NO_TASKS,
  "tasks-required-task-error": NO_TASKS,
  "tasks-mrtr-composition": NO_TASKS,
};

const RUNS: readonly Run[] = [
  {
    version: "0.1.16",
    args: ["--suite", "all"],
    scenarios: 32,
    except: { "server-sse-polling": NOT_RESUMABLE },
  },
  {
    version: "0.1.16",
    args: ["--suite", "all", "--spec-version", "2025-06-18"],
    scenarios: 26,
    except: {},
  },
  {
    version: "0.2.0-alpha.12",
    args: ["--requirements", "2025-11-25"],
    scenarios: 33,
    except: { "server-sse-polling": NOT_RESUMABLE },
  },
  {
    version: "0.2.0-alpha.12",
    args: ["--requirements", "2026-07-28"],
    scenarios: 50,
    except: TASKS,
  },
  {
    version: "0.2.0-alpha.12",
    // With the skills; here the tasks count.
    args: ["--suite", "all"],
    scenarios: 65,
    except: { ...TASKS, "server-sse-polling": NOT_RESUMABLE },
    code: 1,
  },
];

Deno.test("createApp() conforms to the protocol, by its own suite", async (t) => {
  const suites = new Map<string, Suite>();
  const runs = whole() ? RUNS : RUNS.slice(0, 1);
  for (const { version, args, scenarios, except, code } of runs) {
    if (!suites.has(version)) suites.set(version, await installSuite(version));
    const { folder, missing } = suites.get(version)!;
    const name = `${version} ${args.join(" ")}${missing}`;
    const fn = async () => {
      const outcome = await withFixture((url) => runSuite(folder!, url, args));
      const { output } = outcome;
      assert.equal(outcome.scenarios.size, scenarios, output);
      const failed = [...outcome.scenarios]
        .filter(([, { passed, failed }]) => failed > 0 || passed === 0)
        .map(([name]) => name);
      assert.deepEqual(failed.toSorted(), Object.keys(except).toSorted(), output);
      assert.equal(outcome.code, code ?? 0, output);
    };
    await t.step({ name, ignore: folder === null, fn });
  }
});

Deno.test("createApp() serves knowledge as skills that conform", async (t) => {
  const { folder, missing } = await installSuite("0.2.0-alpha.12");
  // A warning is for SKILL.md, which resources/list leaves to skills/list.
  for (const scenario of ["enumeration", "manifest", "directory"]) {
    const fn = async () => {
      await withInstance(async (instance, root) => {
        await Deno.mkdir(`${root}/knowledge/first_one/scripts`, { recursive: true });
        const path = `${root}/knowledge/first_one/first_one.md`;
        await Deno.writeTextFile(path, document("first_one", "One."));
        await Deno.writeTextFile(`${root}/knowledge/first_one/scripts/a.sh`, "echo\n");
        const args = ["--scenario", `sep-2640-skills-${scenario}`];
        const { code, output } = await served({ instance }, (url) => runSuite(folder!, url, args));
        assert.match(output, /Passed: (\d+)\/\1, 0 failed/);
        assert.equal(code, 0, output);
      });
    };
    await t.step({ name: `${scenario}${missing}`, ignore: folder === null, fn });
  }
});

/** Serves the suite's tools through everything requests to kairos go through. */
async function withFixture(
  test: (url: string) => Promise<SuiteOutcome>,
): Promise<SuiteOutcome> {
  let outcome: SuiteOutcome | undefined;
  await withInstance(async (instance) => {
    outcome = await served({ instance, mcp: await conformanceFixture() }, test);
  });
  return outcome!;
}

/** Serves an instance while a test runs. */
async function served<T>(
  options: Pick<AppOptions, "instance" | "mcp">,
  test: (url: string) => Promise<T>,
): Promise<T> {
  const app = createApp({ actor: ACTOR, version: "1.2.3", ...options });
  const where = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(where, app.fetch);
  try {
    return await test(`http://127.0.0.1:${server.addr.port}/mcp`);
  } finally {
    await app.close();
    await server.shutdown();
  }
}
