import assert from "node:assert/strict";
import { whole } from "../counts.ts";
import type { ApproverView } from "../../cli/approver_view.ts";
import { type Around, inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

const ADA = "ada has four words";
const BEN = "ベンの長い合言葉だよ、ながい";
const CODE = /\n {4}((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})\n/;

/** A person at a terminal with a home of their own. */
const at = (folder: string, secrets: readonly string[], rest: Around = {}): Around => ({
  terminal: true,
  secrets,
  ...rest,
  env: { HOME: `${folder}/home`, ...rest.env },
});

const show = (folder: string, env: Record<string, string> = {}) =>
  kairosJson<ApproverView>(folder, ["approver", "show"], at(folder, [], { env }));

/** A test in an instance whose chain has begun. */
const inChain = (test: (folder: string, root: string) => Promise<void>) =>
  inInstance(async (folder, root) => {
    await kairos(folder, ["chain", "record", "a note"]);
    await test(folder, root);
  });

Deno.test({
  name: "approver: two people make keys, join, decide together and part",
  ignore: !whole(),
  async fn(t) {
    await inChain(async (folder, root) => {
      let pin = "";
      await t.step("show says that there is nobody", async () => {
        const { code, value } = await show(folder);
        assert.deepEqual([code, value.fingerprint, value.epoch, value.keys], [0, null, 0, []]);
      });
      await t.step(
        "init makes the key and shows the recovery code to the person only",
        async () => {
          const made = await kairos(folder, ["approver", "init", "--name", "ada", "--json"], {
            ...at(folder, [ADA, ADA]),
          });
          assert.equal(made.code, 0, made.err);
          const view = JSON.parse(made.out) as ApproverView;
          pin = view.fingerprint!;
          assert.deepEqual([view.epoch, view.number, view.required, view.problem], [1, 1, 1, null]);
          const [, code] = CODE.exec(made.err)!;
          assert.ok(!made.out.includes(code!));
          const everything = JSON.stringify(await snapshot(folder));
          for (const secret of [ADA, code!, code!.replaceAll("-", "")]) {
            assert.ok(!everything.includes(secret));
            assert.ok(!made.out.includes(secret));
          }
          assert.ok(!made.err.includes(ADA));
        },
      );
      await t.step("a second init is refused", async () => {
        const { code, err } = await kairos(folder, ["approver", "init"], at(folder, []));
        assert.equal(code, 1);
        assert.match(err, /this instance has approvers/);
      });
      let line = "";
      await t.step("the other makes a key and exports it", async () => {
        const argv = ["approver", "export-key", "--make", "--name", "ベン"];
        const made = await kairosJson<{ line: string }>(folder, argv, at(folder, [BEN, BEN]));
        assert.equal(made.code, 0, made.err);
        line = made.value.line;
        const again = await kairos(folder, argv, at(folder, []));
        assert.equal(again.out, `${line}\n`);
      });
      await t.step("a wrong passphrase adds nobody", async () => {
        const before = await snapshot(root);
        const { code, err } = await kairos(folder, ["approver", "add", line], at(folder, [BEN]));
        assert.equal(code, 5);
        assert.match(err, /the passphrase does not fit/);
        assert.deepEqual(await snapshot(root), before);
      });
      await t.step("add is signed by the first", async () => {
        const argv = ["approver", "add", line, "--required", "2"];
        const { code, err } = await kairos(folder, argv, at(folder, [ADA]));
        assert.equal(code, 0, err);
        const { value } = await show(folder);
        assert.deepEqual([value.number, value.required, value.keys.length], [2, 2, 2]);
        assert.notEqual(value.fingerprint, pin);
      });
      await t.step("a pin of before is told", async () => {
        const { code, value } = await show(folder, { KAIROS_APPROVER: pin });
        assert.deepEqual([code, value.pin], [3, "differs"]);
        assert.match(value.problem!, /KAIROS_APPROVER/);
        const remove = at(folder, [ADA, BEN], { env: { KAIROS_APPROVER: pin } });
        assert.equal((await kairos(folder, ["approver", "remove", "ベン"], remove)).code, 5);
      });
      await t.step(
        "status and doctor show who decides, and that it is not who was pinned",
        async () => {
          const { value: now } = await show(folder);
          for (const word of ["status", "doctor"]) {
            const told = await kairos(folder, [word], at(folder, []));
            assert.equal(told.code, 0, told.err);
            assert.ok(told.out.includes(now.fingerprint!), told.out);
            const other = await kairos(
              folder,
              [word],
              at(folder, [], { env: { KAIROS_APPROVER: pin } }),
            );
            assert.match(other.out, /not those KAIROS_APPROVER asks for/);
          }
        },
      );
      await t.step("one of two cannot remove the other", async () => {
        const own = `${folder}/home/.config/kairos/approvers/ada.json`;
        const argv = ["approver", "remove", "ベン", "--required", "1", "--key-file", own];
        const { code, err } = await kairos(folder, argv, at(folder, [ADA]));
        assert.equal(code, 5);
        assert.match(err, /1 of the 2 keys that must sign/);
      });
      await t.step("both can", async () => {
        const argv = ["approver", "remove", "ベン", "--required", "1"];
        const { code, err } = await kairos(folder, argv, at(folder, [ADA, BEN]));
        assert.equal(code, 0, err);
        const { value } = await show(folder, { KAIROS_APPROVER: pin });
        assert.deepEqual([value.fingerprint, value.number, value.pin], [pin, 3, "matches"]);
      });
    });
  },
});

Deno.test({
  name: "approver recover and passphrase set a new passphrase for the same key",
  ignore: !whole(),
  async fn() {
    await inChain(async (folder) => {
      const init = await kairos(
        folder,
        ["approver", "init", "--name", "a"],
        at(folder, [ADA, ADA]),
      );
      const [, first] = CODE.exec(init.err)!;
      const call = (word: string, secrets: string[]) =>
        kairos(folder, ["approver", word, "--name", "a"], at(folder, secrets));
      const typo = `${first!.slice(0, -1)}${first!.endsWith("0") ? "1" : "0"}`;
      assert.match((await call("recover", [typo, BEN, BEN])).err, /a digit is wrong/);
      const recovered = await call("recover", [first!.toLowerCase(), "other", BEN, BEN]);
      assert.match(recovered.err, /fewer than 12 characters/);
      const [, second] = CODE.exec((await call("recover", [first!, BEN, BEN])).err)!;
      assert.notEqual(second, first);
      assert.equal((await call("recover", [first!, ADA, ADA])).code, 5, "the old code is gone");
      assert.equal((await call("passphrase", [ADA, ADA, ADA])).code, 5, "so is the old passphrase");
      assert.equal((await call("passphrase", [BEN, ADA, BEN, ADA, ADA])).code, 0);
      const reset = await kairos(
        folder,
        ["approver", "reset", "--name", "a", "--yes"],
        at(folder, [ADA]),
      );
      assert.equal(reset.code, 0, reset.err);
      const { value } = await show(folder);
      assert.deepEqual([value.epoch, value.unproven_epochs], [2, [2]]);
    });
  },
});

Deno.test("approver: a pin refuses other approvers from the first command on", async () => {
  await inChain(async (folder, root) => {
    const other = "0000-1111-2222-3333-4444-5555-6666-7777";
    const settings = `${folder}/xdg/kairos/config.yml`;
    const env = { XDG_CONFIG_HOME: `${folder}/xdg` };
    await Deno.mkdir(`${folder}/xdg/kairos`, { recursive: true });
    await Deno.writeTextFile(settings, `approver: ${other}\n`);
    const before = await snapshot(root);
    const { code, err } = await kairos(
      folder,
      ["approver", "init"],
      at(folder, [ADA, ADA], { env }),
    );
    assert.equal(code, 5);
    assert.match(err, /asks for other approvers/);
    assert.deepEqual(await snapshot(root), before);
    assert.equal((await show(folder, env)).value.pin, "differs");
    for (const unreadable of ["approver: yes\n", "approver: []\n", "approver: {\n"]) {
      await Deno.writeTextFile(settings, unreadable);
      assert.equal((await kairos(folder, ["approver", "show"], at(folder, [], { env }))).code, 1);
    }
    const empty = at(folder, [], { env: { KAIROS_APPROVER: "nobody" } });
    assert.equal((await kairos(folder, ["approver", "show"], empty)).code, 1);
  });
});

Deno.test("approver: no passphrase is read from anywhere but a terminal", async () => {
  await inChain(async (folder, root) => {
    const before = await snapshot(root);
    const calls = [
      ["init"],
      ["reset", "--yes"],
      ["passphrase"],
      ["recover"],
      ["export-key", "--make"],
    ];
    for (const words of calls) {
      const { code, err } = await kairos(folder, ["approver", ...words], {
        stdin: `${ADA}\n${ADA}\n`,
        secrets: [ADA, ADA],
        env: { HOME: `${folder}/home` },
      });
      assert.equal(code, 5, words.join(" "));
      assert.match(err, /this is no terminal/);
    }
    assert.deepEqual(await snapshot(root), before);
  });
});

Deno.test("approver: names and lines that lead elsewhere are refused", async () => {
  await inChain(async (folder) => {
    for (const name of ["../x", "a/b", ".", "..", "", "a:b", "-", "x\u202e"]) {
      const argv = ["approver", "init", `--name=${name}`];
      const { code } = await kairos(folder, argv, at(folder, [ADA, ADA]));
      assert.ok([1, 2].includes(code), name);
    }
    for (const line of ["", "x", "kairos-approver:a:AAAA", "kairos-approver:a:b:c"]) {
      const { code, err } = await kairos(folder, ["approver", "add", line], at(folder, []));
      assert.equal(code, 1, line);
      assert.match(err, /Cannot use the public key/);
    }
    const none = await kairos(folder, ["approver", "init"], { terminal: true });
    assert.match(none.err, /HOME is not set/);
  });
});
