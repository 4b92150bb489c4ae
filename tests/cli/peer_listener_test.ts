import assert from "node:assert/strict";
import { writeSettings } from "../mmp/meet.ts";
import { inInstance, kairos } from "./harness.ts";

Deno.test("serve says what is wrong with the listener for other instances", async (t) => {
  const cases: readonly [name: string, argv: string[], code: number, said: RegExp][] = [
    ["not over HTTP", ["--peer-host", "0.0.0.0"], 2, /without --http/],
    ["half a certificate", ["--http", "--peer-port", "0", "--tls-cert", "c.pem"], 2, /half/],
    ["a certificate for nobody", ["--http", "--tls-cert", "c", "--tls-key", "k"], 2, /no listener/],
    [
      "a missing certificate",
      ["--http", "--peer-port", "0", "--tls-cert", "c.pem", "--tls-key", "k.pem"],
      1,
      /"c\.pem": there is no such file/,
    ],
    ["a port beyond all", ["--http", "--peer-port", "65536"], 2, /0 to 65535/],
  ];
  await inInstance(async (folder) => {
    for (const [name, argv, code, said] of cases) {
      await t.step(name, async () => {
        const ran = await kairos(folder, ["serve", ...argv]);
        assert.equal(ran.code, code, ran.err);
        assert.match(ran.err, said);
      });
    }
    await t.step("settings that cannot be read", async () => {
      await Deno.mkdir(`${folder}/.kairos/skillsets/mmp/config`, { recursive: true });
      const path = `${folder}/.kairos/skillsets/mmp/config/meeting.yml`;
      await Deno.writeTextFile(path, "enabled: true\nhttp_server:\n  port: many\n");
      const ran = await kairos(folder, ["serve", "--http", "--peer-host", "127.0.0.1"]);
      assert.equal(ran.code, 1, ran.err);
      assert.match(ran.err, /http_server\.port.*line 3/s);
    });
  });
});

Deno.test("serve --peer-port tells where it meets others, and that nobody is answered yet", async () => {
  await inInstance(async (folder) => {
    const stop = new AbortController();
    let told = "";
    const ran = await kairos(folder, ["serve", "--http", "--port", "0", "--peer-port", "0"], {
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
      onSay: (text) => {
        told += text;
        if (/Meeting other instances on http:\/\/127\.0\.0\.1:\d+/.test(told)) stop.abort();
      },
    });
    assert.equal(ran.code, 0, ran.err);
    assert.match(told, /Other instances are not answered: enabled is not true in .*meeting\.yml/);
    assert.match(told, /Serving MCP on http/);
    assert.match(
      told,
      /^The host for other instances is 127\.0\.0\.1: http_server\.host of .*meeting\.yml, or its default$/m,
    );
    assert.doesNotMatch(told, /The port for other instances/);
  });
});

Deno.test("serve --http says what is wrong with meeting.yml, with a listener for others and without", async (t) => {
  const readable = "enabled: true\nenabld: 1\nskill_exchange:\n  allow_executable: true\n";
  const warned = [
    /^Warning: skillsets\/mmp\/config\/meeting\.yml: "enabld" at line 2, column 1 is no setting$/m,
    /^Warning: .*allow_executable at line 4, column 3 has no effect/m,
  ];
  const broken = /^Other instances are not answered: .*enabled .* at line 1, column 1:/m;
  const off = "skillsets:\n  mmp:\n    enabled: false\n";
  const disabled = /^Other instances are not answered: skillsets\/config\.yml disables mmp$/m;
  const rows: readonly [
    name: string,
    yml: string,
    argv: string[],
    state: string,
    said: RegExp[],
  ][] = [
    ["alone", readable, [], "", warned],
    ["with a listener", readable, ["--peer-port", "0"], "", warned],
    ["a problem", "enabled: often\n", [], "", [broken]],
    ["disabled", "enabled: true\n", [], off, [disabled]],
  ];
  for (const [name, yml, argv, state, said] of rows) {
    await t.step(name, async () => {
      await inInstance(async (folder, root) => {
        await writeSettings(root, yml);
        if (state !== "") await Deno.writeTextFile(`${root}/skillsets/config.yml`, state);
        const stop = new AbortController();
        let told = "";
        const ran = await kairos(folder, ["serve", "--http", "--port", "0", ...argv], {
          signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
          onSay: (text) => {
            told += text;
            if (told.includes("Serving MCP on")) stop.abort();
          },
        });
        assert.equal(ran.code, 0, ran.err);
        for (const expected of said) assert.match(ran.err, expected);
      });
    });
  }
});
