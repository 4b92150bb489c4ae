import assert from "node:assert/strict";
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
    assert.match(told, /Nobody is answered before .*meeting\.yml says enabled: true/);
    assert.match(told, /Serving MCP on http/);
  });
});
