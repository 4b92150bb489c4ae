/**
 * Instances that meet through the real program, in any of its forms.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Ended, program, SOURCE } from "./cli_program.ts";
import { withHttpServer } from "./mcp_process.ts";

/** An entry that may be given away. */
export const TIP = "---\nname: tip\ndescription: 役に立つ知識\npublic: true\n---\n\n# Tip\n\n道\n";

/** An instance of its own: its folder, and its program. */
export interface Someone {
  /** Its working folder, which holds the data directory. */
  readonly folder: string;
  /** The words that run the program. */
  readonly words: readonly string[];
  /** Runs a command to its end, whatever that is. */
  readonly end: (argv: readonly string[], env?: Record<string, string>) => Promise<Ended>;
  /** Runs a command that has to end well; what it prints. */
  readonly run: (argv: readonly string[], stdin?: string) => Promise<string>;
  /** The same with `--json`. */
  readonly json: <T>(argv: readonly string[]) => Promise<T>;
}

/** How an instance is made. */
export interface Making {
  /** The words that run the program; from its source unless given. */
  readonly words?: readonly string[];
  /** Further lines of `meeting.yml`. */
  readonly settings?: string;
}

/**
 * Makes an instance that answers others.
 *
 * @param parent Where its folder is made
 * @param name What it calls itself
 * @param making Its program and settings
 * @returns The instance
 */
export async function someone(
  parent: string,
  name: string,
  { words = SOURCE, settings = "" }: Making = {},
): Promise<Someone> {
  const folder = `${parent}/${name}`;
  await Deno.mkdir(folder);
  const run = async (argv: readonly string[], stdin = "") => {
    const { code, out, err } = await program(folder, argv, { stdin, words });
    assert.equal(code, 0, `${argv.join(" ")}: ${err}`);
    return out;
  };
  await run(["init"]);
  const config = `${folder}/.kairos/skillsets/mmp/config`;
  await Deno.mkdir(config, { recursive: true });
  const text = `enabled: true\nidentity:\n  name: ${name}\n${settings}`;
  await Deno.writeTextFile(`${config}/meeting.yml`, text);
  return {
    folder,
    words,
    end: (argv, env = {}) => program(folder, argv, { words, env }),
    run,
    json: async (argv) => JSON.parse(await run([...argv, "--json"])),
  };
}

/**
 * Gives an instance a SkillSet that others may have.
 *
 * @param one The instance
 * @param name Its name; `pack` unless given
 */
export async function sharePack({ folder, run }: Someone, name = "pack"): Promise<void> {
  await Deno.mkdir(`${folder}/${name}/knowledge`, { recursive: true });
  await Deno.writeTextFile(`${folder}/${name}/knowledge/t.md`, "# T\n");
  const manifest = { name, version: "1.0.0", description: "A pack" };
  await Deno.writeTextFile(`${folder}/${name}/skillset.json`, JSON.stringify(manifest));
  await run(["skillset", "install", `./${name}`]);
  await run(["skillset", "share", name]);
}

/** How an instance is served. */
export interface Serving {
  /** Further options. */
  readonly options?: readonly string[];
  /** The address the test gets, as it is said; that of this machine's listener unless given. */
  readonly says?: RegExp;
}

/**
 * Runs a test while an instance is served, over HTTP on this machine.
 *
 * @param one The instance
 * @param test Gets its address
 * @param serving Options and address
 */
export function served(
  one: Someone,
  test: (url: string) => Promise<void>,
  { options = [], says }: Serving = {},
): Promise<void> {
  const root = `${one.folder}/.kairos`;
  const [command, ...first] = one.words;
  const args = [...first, "serve", "--http", "--port", "0", ...options, "--data-dir", root];
  return withHttpServer(root, (url) => test(url.replace(/\/mcp$/, "")), {
    command: command!,
    args,
    ...(says === undefined ? {} : { says }),
  });
}
