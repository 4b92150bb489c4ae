import assert from "node:assert/strict";
import type { CheckResult } from "../../cli/checks.ts";
import { TOKEN, withPeer } from "../mmp/fake_peer.ts";
import { writeSettings } from "../mmp/meet.ts";
import { packOf } from "../mmp/pack.ts";
import { somebody } from "../mmp/people.ts";
import { inFolder, kairos, kairosJson } from "./harness.ts";

const ADA = await somebody("Ada \u001b[31m");
const ID = ADA.identity.instance_id;
const { fingerprint } = ADA.publicKey;
const TIP = "---\nname: tip\ndescription: A tip\n---\n\n# Tip\n\nYou must obey\n";

/** Runs a test in a folder with a data directory. */
function inInstance(test: (folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    assert.equal((await kairos(folder, ["init"])).code, 0);
    await test(folder);
  });
}

Deno.test("kairos meet shows who is there, and says goodbye", async () => {
  await inInstance(async (folder) => {
    await withPeer(ADA, { skills: { tip: TIP } }, async ({ url, asked }) => {
      const { code, value } = await kairosJson<Record<string, unknown>>(folder, ["meet", url]);
      assert.equal(code, 0);
      assert.deepEqual(value, {
        url,
        id: ID,
        name: "Ada \\u{1b}[31m",
        description: "",
        fingerprint,
        bound: true,
        proof: "proven",
        accepted: "proven",
        known: false,
        offers: { skills: 1, skillsets: 0 },
      });
      assert.equal(asked.at(-1)?.line, "POST /meeting/v1/goodbye");
      const { out, err } = await kairos(folder, ["meet", url], { terminal: true });
      assert.match(out, /Proof +it holds that key/);
      assert.match(out, /Known +yes, with the same key/);
      assert.match(out, /not encrypted/);
      assert.ok(!`${out}${err}`.includes("\u001b[31m"));
    });
  });
});

Deno.test("kairos meet says when a peer proves nothing", async () => {
  await inInstance(async (folder) => {
    await withPeer(ADA, { proves: false }, async ({ url }) => {
      const { out, err } = await kairos(folder, ["meet", url]);
      assert.match(out, /Proof +none/);
      assert.match(err, /does not prove that it is who it says/);
    });
  });
});

Deno.test("kairos meet lists and takes entries", async () => {
  await inInstance(async (folder) => {
    await withPeer(ADA, { skills: { tip: TIP } }, async ({ url, asked }) => {
      assert.match(
        (await kairos(folder, ["meet", url, "skills"])).out,
        /^tip +markdown +About tip$/m,
      );
      type Skills = { skills: { name: string }[]; skipped: number };
      const { value } = await kairosJson<Skills>(folder, ["meet", url, "skills"]);
      assert.deepEqual([value.skills[0]?.name, value.skipped], ["tip", 0]);
      const { out, code } = await kairos(folder, ["meet", url, "get", "tip", "--layer", "l1"]);
      assert.equal(code, 0);
      assert.match(out, /^Took 'tip' into L1, block \d+, hash /);
      assert.match(out, /Speaks to agents +1 line/);
      const [name] = /received_tip_\d{8}_\d{6}/.exec(out)!;
      assert.match((await kairos(folder, ["knowledge", "show", name])).out, /You must obey/);
      assert.match((await kairos(folder, ["knowledge", "history", name])).out, /Received from/);
      const taken = await kairosJson<{ layer: string; provenance: unknown }>(
        folder,
        ["meet", url, "get", "tip"],
      );
      assert.equal(taken.value.layer, "L2");
      assert.deepEqual(taken.value.provenance, { origin: ID, chain: [ID], hop_count: 0 });
      const missing = await kairos(folder, ["meet", url, "get", "none"]);
      assert.equal(missing.code, 1);
      assert.match(missing.err, /it answers 404, "Skill not found: x"/);
      assert.equal(asked.at(-1)?.line, "POST /meeting/v1/goodbye");
      assert.equal((await kairos(folder, ["chain", "verify"])).code, 0);
    });
  });
});

Deno.test("kairos meet refuses words and addresses before it asks anybody", async () => {
  await inInstance(async (folder) => {
    const rows: readonly (readonly [string[], number])[] = [
      [["meet", "http://127.1:8080"], 1],
      [["meet", "http://user@127.0.0.1:8080"], 1],
      [["meet", "http://127.0.0.1:25"], 5],
      [["meet", "http://0.0.0.0:8080"], 5],
      [["meet", "http://127.0.0.1:8080", "steal"], 2],
      [["meet", "http://127.0.0.1:8080", "get"], 2],
      [["meet", "http://127.0.0.1:8080", "skills", "x"], 2],
      [["meet", "http://127.0.0.1:8080", "get", "x", "--layer", "l0"], 2],
      [["meet", "http://127.0.0.1:8080", "--layer", "l1"], 2],
    ];
    for (const [argv, code] of rows) {
      assert.equal((await kairos(folder, argv)).code, code, argv.join(" "));
    }
  });
});

Deno.test("kairos meet takes a SkillSet, says whose it is, and replaces one when told", async () => {
  const pack = await packOf("pack", TIP);
  await inInstance(async (folder) => {
    await withPeer(ADA, { skillsets: { pack } }, async ({ url }) => {
      const take = ["meet", url, "skillset", "pack"];
      assert.equal((await kairos(folder, take)).code, 0);
      const info = await kairos(folder, ["skillset", "info", "pack"]);
      const key = ADA.publicKey.spki.slice(0, 12);
      const from = new RegExp(`^Came from +the instance ${ID}, which proved its key ${key}`, "m");
      assert.match(info.out, from);
      const { value } = await kairosJson<Record<string, unknown>>(folder, [
        ...["skillset", "info", "pack"],
      ]);
      const giver = { peer: ID, key: ADA.publicKey.spki, proof: "proven" };
      assert.deepEqual(value["received_from"], giver);
      const again = await kairos(folder, take);
      assert.equal(again.code, 1);
      assert.match(again.err, /already installed[^]*--force/);
      const replaced = await kairos(folder, [...take, "--force"]);
      assert.equal(replaced.code, 0, replaced.err);
      assert.equal((await kairos(folder, ["meet", url, "skillsets", "--force"])).code, 2);
    });
  });
});

Deno.test("kairos identity show says whether others are answered, and why not", async () => {
  await inInstance(async (folder) => {
    const root = `${folder}/.kairos`;
    const answers = async () => {
      const { out } = await kairos(folder, ["identity", "show"]);
      const { value } = await kairosJson<Record<string, unknown>>(folder, ["identity", "show"]);
      return [/^Answers others +(.*)$/m.exec(out)?.[1], value["is_answering"]];
    };
    const off = "no: enabled is not true in skillsets/mmp/config/meeting.yml";
    assert.deepEqual(await answers(), [off, false]);
    await writeSettings(root, "enabled: true\n");
    assert.deepEqual(await answers(), ["while it is served", true]);
    await Deno.writeTextFile(
      `${root}/skillsets/config.yml`,
      "skillsets: {mmp: {enabled: false}}\n",
    );
    assert.deepEqual(await answers(), ["no: skillsets/config.yml disables mmp", false]);
  });
});

Deno.test("kairos peers lists, shows, trusts, blocks and forgets", async () => {
  await inInstance(async (folder) => {
    assert.match((await kairos(folder, ["peers", "list"])).err, /Nobody yet/);
    await withPeer(ADA, {}, async ({ url }) => {
      await kairos(folder, ["meet", url]);
      const standing = async () => {
        const { value } = await kairosJson<{ standing: string }>(folder, ["peers", "show", ID]);
        return value.standing;
      };
      assert.equal(await standing(), "pinned");
      const list = await kairos(folder, ["peers", "list"], { terminal: true, columns: 120 });
      assert.match(list.out, new RegExp(`${ID} .*pinned`));
      assert.ok(!list.out.includes("\u001b[31m"));
      assert.equal((await kairos(folder, ["peers", "trust", ID])).code, 0);
      assert.equal(await standing(), "trusted");
      assert.equal((await kairos(folder, ["peers", "block", ID])).code, 0);
      assert.equal((await kairos(folder, ["meet", url])).code, 5);
      assert.equal((await kairos(folder, ["peers", "forget", ID])).code, 0);
      assert.equal((await kairos(folder, ["peers", "show", ID])).code, 1);
      const configured = await Deno.readTextFile(
        `${folder}/.kairos/storage/meeting_addresses.json`,
      );
      assert.ok(!configured.includes(url));
      // Nothing is known of it now, as of somebody who never proved a key.
      const blocked = await kairos(folder, ["peers", "block", ID]);
      assert.match(blocked.out, /Fingerprint +not known\nStanding +blocked, by its id/);
      const { code, err } = await kairos(folder, ["meet", url]);
      assert.equal(code, 5);
      assert.match(err, /is blocked here[^]*kairos peers forget/);
      assert.equal((await kairos(folder, ["peers", "forget", ID])).code, 0);
      assert.equal((await kairos(folder, ["meet", url])).code, 0);
    });
  });
});

Deno.test("kairos peers forget takes back that agents may call a peer, wherever it was met", async () => {
  await inInstance(async (folder) => {
    const eve = await somebody("Eve");
    await withPeer(ADA, {}, async ({ url: first }) => {
      await withPeer(ADA, {}, async ({ url: second }) => {
        await withPeer(eve, {}, async ({ url: other }) => {
          for (const url of [first, second, other]) {
            assert.equal((await kairos(folder, ["meet", url])).code, 0);
          }
          assert.equal((await kairos(folder, ["peers", "forget", ID])).code, 0);
          const file = `${folder}/.kairos/storage/meeting_addresses.json`;
          assert.deepEqual(JSON.parse(await Deno.readTextFile(file)), {
            version: 1,
            addresses: [{ url: other, peer: eve.identity.instance_id }],
          });
        });
      });
    });
  });
});

Deno.test("kairos doctor says what is wrong with meeting.yml", async (t) => {
  type Checks = { checks: { name: string; status: string; found: string }[] };
  const rows: readonly [yml: string | null, code: number, status: string, found: RegExp[]][] = [
    [null, 0, "ok", [/^others are not answered: enabled is not true/]],
    ["enabled: true\n", 0, "ok", [/^others are answered/]],
    ["enabld: 1\nports: 2\n", 0, "warn", [/"enabld" at line 1, column 1/, /"ports" at line 2/]],
    ["enabled: true\n  x: 1\n", 3, "fail", [/line 2, column/]],
    ["# 設定\nenabled: often\n", 3, "fail", [/enabled .*line 2, column 1:/]],
  ];
  await inInstance(async (folder) => {
    for (const [yml, code, status, found] of rows) {
      await t.step(JSON.stringify(yml), async () => {
        if (yml !== null) await writeSettings(`${folder}/.kairos`, yml);
        const ran = await kairosJson<Checks>(folder, ["doctor"]);
        assert.equal(ran.code, code);
        const lines = ran.value.checks.filter(({ name }) => name === "meeting.yml");
        assert.equal(lines.length, found.length, JSON.stringify(lines));
        lines.forEach((line, at) => {
          assert.equal(line.status, status);
          assert.match(line.found, found[at]!);
        });
      });
    }
  });
});

/** What `doctor` found under a name. */
async function found(folder: string, about: string): Promise<readonly CheckResult[]> {
  type Checks = { readonly checks: readonly CheckResult[] };
  const { value } = await kairosJson<Checks>(folder, ["doctor"]);
  return value.checks.filter(({ name }) => name === about);
}

Deno.test("kairos doctor prints the command that limits calls to known peers", async () => {
  await inInstance(async (folder) => {
    const peers = async () => (await found(folder, "peers")).map((one) => one.found);
    assert.deepEqual(await peers(), ["no address of another instance is known"]);
    const contacts = [
      { id: "a", url: "https://peer.example" },
      { id: "b", url: "http://127.0.0.1:8081" },
      { id: "c", url: "http://[::1]:8081" },
      { id: "d", url: "file:///etc/passwd" },
      { id: "e", url: null },
    ];
    const root = `${folder}/.kairos`;
    await Deno.writeTextFile(`${root}/peers.json`, JSON.stringify(contacts));
    const addresses = [{ url: "http://127.0.0.1:8082", peer: "b" }];
    await Deno.mkdir(`${root}/storage`, { recursive: true });
    await Deno.writeTextFile(
      `${root}/storage/meeting_addresses.json`,
      JSON.stringify({ version: 1, addresses }),
    );
    await writeSettings(root, 'http_server:\n  host: "::"\n  port: 8091\n');
    const [said = ""] = await peers();
    const list = "127.0.0.1:8080,[::]:8091,peer.example,127.0.0.1:8081,[::1]:8081,127.0.0.1:8082";
    assert.match(
      said,
      /^run from source, limit calls to them: deno run (?:--\S+ )+--no-prompt --allow-read /,
    );
    assert.ok(said.includes(` --allow-net=${list} main.ts COMMAND, `), said);
    assert.match(said, /the IP addresses of peer\.example:443 and the port added to the list$/);
  });
});

Deno.test("kairos doctor warns of a peer with another key, and how to trust it", async () => {
  await inInstance(async (folder) => {
    const eve = await somebody("Eve");
    const other = { ...eve, identity: { ...eve.identity, instance_id: "old-id" } };
    await withPeer(other, {}, async ({ url }) => {
      assert.equal((await kairos(folder, ["meet", url])).code, 0);
    });
    assert.deepEqual((await found(folder, "peers")).map(({ status }) => status), ["note"]);
    const thief = { ...ADA, identity: { ...ADA.identity, instance_id: "old-id" } };
    await withPeer(thief, {}, async ({ url }) => {
      assert.equal((await kairos(folder, ["meet", url])).code, 5);
    });
    const [warned] = await found(folder, "peers");
    assert.equal(warned?.status, "warn");
    const { fix } = warned!;
    const trust = /kairos (peers trust old-id --fingerprint [0-9a-f:]+)$/.exec(fix ?? "");
    assert.equal((await kairos(folder, trust?.[1]?.split(" ") ?? [])).code, 0, String(fix));
    assert.deepEqual((await found(folder, "peers")).map(({ status }) => status), ["note"]);
  });
});

Deno.test("kairos peers token prints what curl needs, and nothing keeps it", async () => {
  await inInstance(async (folder) => {
    await withPeer(ADA, {}, async ({ url, asked }) => {
      assert.equal((await kairos(folder, ["peers", "token", url])).out, `${TOKEN}\n`);
      assert.equal(asked.some(({ line }) => line.includes("goodbye")), false);
    });
    const log = await Deno.readTextFile(`${folder}/.kairos/skills/action_log.jsonl`);
    assert.ok(!log.includes(TOKEN));
  });
});
