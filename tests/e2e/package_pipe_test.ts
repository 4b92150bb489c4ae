import assert from "node:assert/strict";
import { buildPortable } from "../../.release/portable/build.ts";
import { whole } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { skillSet } from "../skillset/sets.ts";
import { SOURCE } from "./cli_program.ts";
import { hasPseudoTerminal, onTerminal } from "./pseudo_terminal.ts";

/** A machine with `kairos` and `ssh` on its path, and two instances `A` and `B` beside each other. */
class Machine {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs a line of a shell; it fails when any part of a pipe fails. */
  async shell(line: string): Promise<{ code: number; out: string; err: string }> {
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", `set -o pipefail; ${line}`],
      cwd: this.folder,
      env: { ...this.env, PATH: `${this.folder}/bin:${Deno.env.get("PATH")}` },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: text(stdout), err: text(stderr) };
  }

  /** What is known of the SkillSet in an instance; `null` when it is not there. */
  async info(instance: string): Promise<{ content_hash: string; enabled: boolean } | null> {
    const { code, out } = await this.shell(
      `kairos skillset info pack --json --data-dir ${instance}`,
    );
    return code === 0 ? JSON.parse(out) : null;
  }

  /** Says that nothing was installed in `B` and nothing is left there. */
  assertEmpty(): void {
    const names: string[] = [];
    try {
      names.push(...[...Deno.readDirSync(`${this.folder}/B/skillsets`)].map(({ name }) => name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    assert.deepEqual(names.filter((name) => name !== "config.yml"), []);
  }

  /** The settings of whoever runs the tests are not to be found. */
  get env(): Record<string, string> {
    return { KAIROS_DATA_DIR: "", XDG_CONFIG_HOME: `${this.folder}/.config` };
  }
}

/**
 * Runs a test on a new machine; `A` has a SkillSet with so many bytes of text.
 *
 * @param program The words that start the program
 */
async function onMachine(
  program: readonly string[],
  length: number,
  test: (machine: Machine) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (base) => {
    const folder = `${base}/私の マシン`;
    const machine = new Machine(folder);
    Deno.mkdirSync(`${folder}/bin`, { recursive: true });
    const quoted = program.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    script(`${folder}/bin/kairos`, `exec ${quoted} "$@"`);
    // As the real one: a name, then words for a shell over there, and the pipes of both sides.
    script(`${folder}/bin/ssh`, 'test "$1" = other || exit 255; shift; exec sh -c "$*"');
    const text = Array.from({ length: Math.ceil(length / 36) }, () => crypto.randomUUID()).join("");
    for (const { path, bytes } of skillSet("pack", {}, { "knowledge/設計.md": text })) {
      const at = `${folder}/src/${path}`;
      Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
      Deno.writeFileSync(at, bytes);
    }
    const { code, err } = await machine.shell(
      "kairos init A && kairos init B && kairos skillset install ./src --data-dir A",
    );
    assert.equal(code, 0, err);
    await test(machine);
  });
}

function script(path: string, line: string): void {
  Deno.writeTextFileSync(path, `#!/bin/sh\n${line}\n`);
  Deno.chmodSync(path, 0o755);
}

const PACKAGE = "kairos package pack --data-dir A";
const INSTALL = "kairos install-archive - --data-dir B";

/** Pipes that bring no package: what is said, with exit code 5. */
const REFUSED: Readonly<Record<string, readonly [line: string, message: RegExp]>> = {
  "cut short by head": [`${PACKAGE} | head -c 100000 | ${INSTALL}`, /Not a package/],
  "cut short on its way": [`${PACKAGE} | ssh other "head -c 100000 | ${INSTALL}"`, /Not a package/],
  "compressed": [`${PACKAGE} | gzip | ${INSTALL}`, /compressed: gunzip it first/],
  "without an end": [`yes | ${INSTALL}`, /larger than the limits/],
  "a text without an end": [
    `{ printf '{"name":"pack","archive_base64":"'; yes AAAA | tr -d '\\n'; } | ${INSTALL}`,
    /larger than the limits/,
  ],
  "nothing": [`true | ${INSTALL}`, /Not a package/],
  "of a sender that fails": [
    `kairos package nobody --data-dir A | ${INSTALL}`,
    /'nobody' not found[^]*Not a package/,
  ],
};

/** Pipes that bring the package, and whether it is in use then. */
const BROUGHT: Readonly<Record<string, readonly [line: string, enabled: boolean]>> = {
  "straight": [`${PACKAGE} | ${INSTALL}`, false],
  "to another machine": [`${PACKAGE} | ssh other ${INSTALL} --force --enable`, true],
  "from another machine": [`ssh other ${PACKAGE} | ${INSTALL} --force`, false],
  "through gzip": [`${PACKAGE} | gzip | gunzip | ${INSTALL} --force --enable`, true],
  "in small pieces": [`${PACKAGE} | dd bs=700 status=none | ${INSTALL} --force`, false],
  "to nobody who reads what is said": [
    `${PACKAGE} | ${INSTALL} --force --enable | true`,
    true,
  ],
};

async function goesThroughPipes(t: Deno.TestContext, program: readonly string[]): Promise<void> {
  await onMachine(program, 300_000, async (machine) => {
    for (const [what, [line, message]] of Object.entries(REFUSED)) {
      await t.step(what, async () => {
        const { code, err } = await machine.shell(`set +o pipefail; ${line}`);
        assert.equal(code, 5, err);
        assert.match(err, message);
        assert.doesNotMatch(err, /EPIPE|Broken| {4}at /);
        machine.assertEmpty();
      });
    }
    const sent = await machine.info("A");
    for (const [what, [line, enabled]] of Object.entries(BROUGHT)) {
      await t.step(what, async () => {
        const { code, err } = await machine.shell(line);
        assert.equal(code, 0, err);
        const got = await machine.info("B");
        assert.deepEqual([got?.content_hash, got?.enabled], [sent?.content_hash, enabled]);
      });
    }
  });
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "packages go through pipes of processes, packed or not, and arrive whole or not at all",
  ignore: ignore || !whole(),
  fn: (t) => goesThroughPipes(t, SOURCE),
});

Deno.test({
  name: "packages go through pipes of the portable file the same way",
  ignore: ignore || !whole(),
  fn: (t) =>
    inTempFolder(async (folder) => {
      const portable = await buildPortable({ output: `${folder}/kairos`, level: 1 });
      await goesThroughPipes(t, ["env", `XDG_CACHE_HOME=${folder}/cache`, portable]);
    }),
});

Deno.test({
  name: "package ends quietly when nobody reads any more",
  ignore,
  async fn() {
    await onMachine(SOURCE, 3_000_000, async (machine) => {
      for (const reader of ["head -c 10 > /dev/null", "true"]) {
        const { out, err } = await machine.shell(
          `${PACKAGE} | ${reader}; echo "\${PIPESTATUS[0]}"`,
        );
        assert.equal(err, "");
        assert.ok(["0", "141"].includes(out.trim()), out);
      }
    });
  },
});

Deno.test({
  name: "install-archive shows its help to a person who pipes nothing",
  ignore: ignore || !hasPseudoTerminal(),
  async fn() {
    await onMachine(SOURCE, 100, async ({ folder, env }) => {
      for (const argv of [["install-archive"], ["skillset", "install-archive", "-"]]) {
        const { code, shown } = await onTerminal(folder, [...argv, "--data-dir", "B"], [], env);
        assert.equal(code, 2);
        assert.match(shown, /EXAMPLES[^]*USAGE[^]*Error: [^\n]*nothing is piped/);
      }
    });
  },
});
