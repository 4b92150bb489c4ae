import assert from "node:assert/strict";
import { buildPortable } from "../../.release/portable/build.ts";
import { whole } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { inEmptyFolder, SOURCE } from "./cli_program.ts";
import { served, sharePack, someone, TIP } from "./someone.ts";

const SECRET = "---\nname: secret\ndescription: Mine\n---\n\n# Secret\n";

/** Where what is received is handed on: nothing is, because its author says so. */
const HANDS_ON = "skill_exchange:\n  public_by_default: true\n";

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly proof: string;
  readonly accepted: string;
  readonly known: boolean;
  readonly bound: boolean;
  readonly offers: { readonly skills: number; readonly skillsets: number };
}

interface Taken {
  readonly name: string;
  readonly path: string;
  readonly provenance: { readonly chain: readonly string[]; readonly hop_count: number };
}

async function twoMeet(words: readonly string[]): Promise<void> {
  await inEmptyFolder(async (folder) => {
    const ada = await someone(folder, "Ada", { words });
    const ben = await someone(folder, "Ben", { words, settings: HANDS_ON });
    await ada.run(["knowledge", "set", "tip"], TIP);
    await ada.run(["knowledge", "set", "secret"], SECRET);
    await sharePack(ada);

    await served(ada, async (url) => {
      const met = await ben.json<Shown>(["meet", url]);
      assert.deepEqual([met.name, met.proof, met.accepted, met.known, met.bound], [
        "Ada",
        "proven",
        "proven",
        false,
        true,
      ]);
      assert.deepEqual(met.offers, { skills: 1, skillsets: 1 });
      type Skills = { skills: { name: string; summary: string }[] };
      const { skills } = await ben.json<Skills>(["meet", url, "skills"]);
      assert.deepEqual(skills.map(({ name, summary }) => [name, summary]), [[
        "tip",
        "役に立つ知識",
      ]]);
      const taken = await ben.json<Taken>(["meet", url, "get", "tip", "--layer", "l1"]);
      assert.deepEqual(taken.provenance.chain, [met.id]);
      assert.match(await ben.run(["knowledge", "show", taken.name]), /道/);
      const secret = await ben.end(["meet", url, "get", "secret"]);
      assert.equal(secret.code, 1);
      await ben.run(["meet", url, "skillset", "pack"]);
      assert.match(await ben.run(["skillset", "info", "pack"]), /State +disabled/);

      const token = (await ben.run(["peers", "token", url])).trim();
      const headers = { Authorization: `Bearer ${token}` };
      const listed = await fetch(`${url}/meeting/v1/skills`, { headers });
      assert.equal((await listed.json()).count, 1);
      const bare = await fetch(`${url}/meeting/v1/skills`);
      assert.equal(bare.status, 401);
      await bare.body?.cancel();
      // Each knows the other by its key now.
      type Peers = { id: string; name: string; standing: string }[];
      const [known] = await ada.json<Peers>(["peers", "list"]);
      assert.deepEqual([known?.name, known?.standing], ["Ben", "pinned"]);
      assert.equal((await ben.json<Shown>(["meet", url])).known, true);
    });

    await sharePack(ben, "gift");
    await served(ben, async (url) => {
      const met = await ada.json<Shown>(["meet", url]);
      assert.deepEqual([met.name, met.proof, met.known], ["Ben", "proven", true]);
      await ada.run(["meet", url, "get", taken(await ada.run(["meet", url, "skills"]))]);
      // What Ben got of Ada is not offered: nobody said that it may be.
      type Sets = { skillsets: { name: string }[] };
      const { skillsets } = await ada.json<Sets>(["meet", url, "skillsets"]);
      assert.deepEqual(skillsets.map(({ name }) => name), ["gift"]);
      await ada.run(["meet", url, "skillset", "gift"]);
      const info = await ada.run(["skillset", "info", "gift"]);
      assert.match(
        info,
        new RegExp(`^Came from +the instance ${met.id}, which proved its key`, "m"),
      );
      assert.match(info, /State +disabled/);
      await ada.run(["skillset", "enable", "gift"]);
    });
    for (const { run } of [ada, ben]) await run(["chain", "verify"]);
  });
}

async function threePassOn(words: readonly string[]): Promise<void> {
  await inEmptyFolder(async (folder) => {
    const all = [];
    for (const name of ["Ada", "Ben", "Cem"]) {
      all.push(await someone(folder, name, { words, settings: HANDS_ON }));
    }
    await all[0]!.run(["knowledge", "set", "tip"], TIP);
    let name = "tip";
    const chain: string[] = [];
    for (const turn of [0, 1, 2, 3, 4]) {
      const [giver, taker] = [all[turn % 3]!, all[(turn + 1) % 3]!];
      await served(giver, async (url) => {
        const asked = ["meet", url, "get", name, "--layer", "l1"];
        if (turn === 4) {
          const { code, err } = await taker.end(asked);
          assert.equal(code, 5);
          assert.match(err, /hop_count limit exceeded \(3 >= 3\)/);
          return;
        }
        chain.push((await taker.json<Shown>(["meet", url])).id);
        const { provenance, name: kept } = await taker.json<Taken>(asked);
        assert.deepEqual(provenance, { origin: chain[0], chain, hop_count: turn });
        name = kept;
      });
    }
    assert.equal(new Set(chain).size, 3);
  });
}

Deno.test({
  name: "two instances meet and exchange entries and SkillSets, both directions",
  ignore: !whole(),
  fn: () => twoMeet(SOURCE),
});

Deno.test({
  name: "three instances pass an entry on, with where it came from, until the limit",
  ignore: !whole(),
  fn: () => threePassOn(SOURCE),
});

const FORMAT = new URL(
  "../../templates/knowledge/kairos_formats/references/meeting.md",
  import.meta.url,
);

/** Makes a certificate and its key as the format reference says, for this machine. */
async function makeCertificate(folder: string): Promise<boolean> {
  const [line = ""] = /^openssl req [^]*?[^\\]$/m.exec(await Deno.readTextFile(FORMAT)) ?? [];
  const here = line.replaceAll("DNS:peer.example", "IP:127.0.0.1");
  assert.notEqual(here, line, "the line names the peer");
  const { success } = await new Deno.Command("sh", {
    args: ["-c", here],
    cwd: folder,
    stderr: "null",
  }).output();
  return success;
}

function hasOpenSsl(): boolean {
  if (Deno.build.os === "windows") return false;
  try {
    return new Deno.Command("openssl", { args: ["version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

async function meetOverTls(words: readonly string[]): Promise<void> {
  await inEmptyFolder(async (folder) => {
    const ada = await someone(folder, "Ada", { words });
    const ben = await someone(folder, "Ben", { words });
    await ada.run(["knowledge", "set", "tip"], TIP);
    assert.ok(await makeCertificate(folder));
    const listener = ["--peer-host", "127.0.0.1", "--peer-port", "0"];
    const tls = ["--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`];
    const says = /https:\/\/[\d.:]+(?=\s)/;
    await served(ada, async (url) => {
      for (const careless of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }]) {
        const strange = await ben.end(["meet", url], careless);
        assert.equal(strange.code, 1);
        assert.match(strange.err, /its certificate is not valid for it \(.*SELF_SIGNED_CERT/);
        assert.match(strange.err, /NODE_EXTRA_CA_CERTS/);
      }
      assert.deepEqual(await ben.json(["peers", "list"]), []);
      const plain = await ben.end(["meet", url.replace("https:", "http:")]);
      assert.equal(plain.code, 1, "nothing is said that others can read");

      const trusting = { NODE_EXTRA_CA_CERTS: `${folder}/cert.pem` };
      const { code, out } = await ben.end(["meet", url, "--json"], trusting);
      assert.equal(code, 0, out);
      const { name, proof, accepted } = JSON.parse(out);
      assert.deepEqual([name, proof, accepted], ["Ada", "proven", "proven"]);
      const got = await ben.end(["meet", url, "get", "tip", "--layer", "l1"], trusting);
      assert.equal(got.code, 0, got.err);
    }, { options: [...listener, ...tls], says });
  });
}

Deno.test({
  name: "instances meet over TLS where the certificate is trusted, and nowhere else",
  ignore: !hasOpenSsl() || !whole(),
  fn: () => meetOverTls(SOURCE),
});

Deno.test({
  name: "instances of the portable file meet and pass on the same way",
  ignore: Deno.build.os === "windows" || !whole(),
  fn: (t) =>
    inTempFolder(async (folder) => {
      const portable = await buildPortable({ output: `${folder}/kairos`, level: 1 });
      const words = ["env", `XDG_CACHE_HOME=${folder}/cache`, portable];
      await t.step("two of them, both directions", () => twoMeet(words));
      await t.step("three of them, until the limit", () => threePassOn(words));
      await t.step({
        name: "over TLS",
        ignore: !hasOpenSsl(),
        fn: () => meetOverTls(words),
      });
    }),
});

/** The name of the first entry in a table of what is offered. */
function taken(table: string): string {
  return /^(received_\S+)/m.exec(table)![1]!;
}
