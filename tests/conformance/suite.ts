/**
 * The conformance suite of the protocol: installed for the tests only, run as a program.
 *
 * @module
 */

import { dirname, join } from "node:path";

const PACKAGE = "@modelcontextprotocol/conformance";
const INDEX = `node_modules/${PACKAGE}/dist/index.js`;
/** Longest time to install it, in milliseconds. */
const INSTALL_TIME = 120_000;

/** A version of the suite, or why there is none. */
export interface Suite {
  /** Its folder; `null` where it could not be installed. */
  readonly folder: string | null;
  /** Why not, in words for the name of a test; empty when it is there. */
  readonly missing: string;
}

/** What a run of the suite came to. */
export interface SuiteOutcome {
  /** Exit code. */
  readonly code: number;
  /** By scenario, how many checks passed and failed. */
  readonly scenarios: ReadonlyMap<string, { readonly passed: number; readonly failed: number }>;
  /** All it printed. */
  readonly output: string;
}

/**
 * Installs a version of the suite beside the folders for temporary files, where it stays for the
 * next run.
 *
 * @param version The version
 * @returns Its folder; where there is no npm or no registry the reason, which is printed too: tests that
 *   are left out are seen by nobody otherwise
 */
export async function installSuite(version: string): Promise<Suite> {
  const suite = await install(version);
  if (suite.folder === null) {
    // deno-lint-ignore no-console -- nobody else says it
    console.warn(`The conformance suite ${version}${suite.missing}`);
  }
  return suite;
}

async function install(version: string): Promise<Suite> {
  const fresh = await Deno.makeTempDir({ prefix: "kairos_conformance_" });
  const kept = join(dirname(fresh), `kairos_conformance_${version}`);
  try {
    if (await isThere(join(kept, INDEX))) return { folder: kept, missing: "" };
    await Deno.writeTextFile(join(fresh, "package.json"), '{"private":true}\n');
    const args = [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--fetch-retries=0",
      `--prefix=${fresh}`,
      `${PACKAGE}@${version}`,
    ];
    const signal = AbortSignal.timeout(INSTALL_TIME);
    const { success } = await new Deno.Command("npm", { args, cwd: fresh, signal }).output();
    if (!success) return without("npm could not install it; is there a registry?");
    // Another run may have been quicker; its folder is as good.
    await Deno.rename(fresh, kept).catch(() => {});
    return await isThere(join(kept, INDEX))
      ? { folder: kept, missing: "" }
      : without("what npm installed is something else");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return without("there is no npm");
    throw error;
  } finally {
    await Deno.remove(fresh, { recursive: true }).catch(() => {});
  }
}

/**
 * Runs the suite against a server, allowed to reach that server and nothing else.
 *
 * @param folder Where {@linkcode installSuite} has put it
 * @param url The endpoint
 * @param args Which scenarios
 * @returns What it found
 */
export async function runSuite(
  folder: string,
  url: string,
  args: readonly string[],
): Promise<SuiteOutcome> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-config", "--no-lock", "--node-modules-dir=manual"],
      ...[`--allow-net=${new URL(url).host}`, "--allow-read", "--allow-env"],
      ...[INDEX, "server", "--url", url, ...args],
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const output = `${new TextDecoder().decode(stdout)}\n${new TextDecoder().decode(stderr)}`;
  const lines = output.matchAll(/^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed/gm);
  const scenarios = new Map(
    Array.from(lines, ([, name, passed, failed]) => [
      name!,
      { passed: Number(passed), failed: Number(failed) },
    ]),
  );
  return { code, scenarios, output };
}

function without(why: string): Suite {
  return { folder: null, missing: ` IS NOT RUN: ${why}` };
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
