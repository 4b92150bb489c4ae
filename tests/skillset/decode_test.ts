import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { decodeArchive } from "../../core/skillset/decode.ts";
import { Decoder } from "../../core/skillset/decoder.ts";
import { PACKAGE_LIMITS, type PackageLimits } from "../../core/skillset/limits.ts";
import { PackageRefusedError } from "../../core/skillset/refusal.ts";
import { compress } from "../../core/skillset/gzip_write.ts";
import { type PackedFile, writeTar } from "../../core/skillset/tar_write.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** Text that does not pack well, the same at each run. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 48271) >>> 0;
    return 0x20 + (state >>> 16) % 0x5f;
  });
}

const FILES: readonly PackedFile[] = [
  { path: "knowledge/long.md", bytes: noise(800_000) },
  { path: "knowledge/設計/設計.md", bytes: utf8("# 設計\n") },
  { path: "skillset.json", bytes: utf8('{"name":"pack","version":"1"}') },
];
const GOOD = base64(Buffer.concat([...compress(writeTar("pack", FILES))]));

async function decode(
  archive: string,
  limits: Partial<PackageLimits> = {},
  signal?: AbortSignal,
): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  const options = { limits: { ...PACKAGE_LIMITS, ...limits }, signal };
  for await (const file of decodeArchive(utf8(archive), "pack", options)) files.push(file);
  return files;
}

Deno.test("decodeArchive() gives the files that were packed", async () => {
  const files = await decode(GOOD);
  assert.deepEqual(files, FILES.map(({ path, bytes }) => ({ path, bytes: new Uint8Array(bytes) })));
});

Deno.test("a Decoder that was begun before decodes one archive, and ends with it or without", async () => {
  using unused = new Decoder();
  const decoder = new Decoder();
  const files: string[] = [];
  const options = { limits: PACKAGE_LIMITS, decoder };
  for await (const { path } of decodeArchive(utf8(GOOD), "pack", options)) files.push(path);
  assert.deepEqual(files, FILES.map(({ path }) => path));
  const soon = { limits: { ...PACKAGE_LIMITS, milliseconds: 0 }, decoder: unused };
  await assert.rejects(decodeArchive(utf8(GOOD), "pack", soon).next(), { reason: "time" });
});

Deno.test("decodeArchive() works in a Worker without any permission", async () => {
  const url = new URL("../../core/skillset/decode_worker.ts", import.meta.url);
  /** What the decoder says of itself first. */
  const ready = async (permissions: "none" | "inherit") => {
    const worker = new Worker(url, { type: "module", deno: { permissions } });
    try {
      return await new Promise<{ granted: string[] }>((resolve) =>
        worker.onmessage = ({ data }) => resolve(data)
      );
    } finally {
      worker.terminate();
    }
  };
  assert.deepEqual(await ready("none"), { kind: "ready", granted: [] });
  const all = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];
  assert.deepEqual((await ready("inherit")).granted, all, "it would have told of each kind");
});

const bomb = base64(gzipSync(new Uint8Array(40 * 1024 * 1024)));
const limited: readonly [
  what: string,
  archive: string,
  limits: Partial<PackageLimits>,
  reason: string,
][] = [
  ["more bytes than may come in", GOOD, { inputBytes: 100 }, "too_large"],
  ["more bytes than may come out", GOOD, { outputBytes: 500_000 }, "too_large"],
  ["a file that is too large", GOOD, { fileBytes: 100 }, "too_large"],
  ["too many entries", GOOD, { entries: 2 }, "too_many_entries"],
  ["a path that is too deep", GOOD, { depth: 2 }, "too_deep"],
  ["a bomb", bomb, {}, "ratio"],
  ["a bomb where the ratio is not looked at", bomb, { ratio: 1e9, outputBytes: 1e7 }, "too_large"],
  ["no time", GOOD, { milliseconds: 0 }, "time"],
  ["line breaks in base64", GOOD.replace(/.{76}/, "$&\n"), {}, "bad_base64"],
  ["the alphabet of URLs", "__" + GOOD.slice(2), {}, "bad_base64"],
  ["no padding", base64(gzipSync("ab")).replace(/=+$/, ""), {}, "bad_base64"],
  ["bits left over", "AB==", {}, "bad_base64"],
  ["no archive", "", {}, "bad_gzip"],
  ["no gzip", base64(utf8("hello hello hello hello")), {}, "bad_gzip"],
  ["gzip of garbage", base64(gzipSync("garbage")), {}, "bad_tar"],
  ["gzip cut short", base64(Buffer.from(GOOD, "base64").subarray(0, -9)), {}, "bad_gzip"],
  ["two members", base64(Buffer.concat([Buffer.from(GOOD, "base64"), gzipSync("")])), {
    ratio: 1e9,
  }, "trailing_data"],
];

Deno.test("decodeArchive() refuses", async (t) => {
  for (const [what, archive, limits, reason] of limited) {
    await t.step(what, async () => {
      await assert.rejects(decode(archive, limits), (error) => {
        assert.ok(error instanceof PackageRefusedError, String(error));
        assert.equal(error.reason, reason);
        return true;
      });
    });
  }
});

Deno.test("decodeArchive() ends its Worker when it is told to stop", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const decoding = decodeArchive(utf8(GOOD), "pack", {
    limits: PACKAGE_LIMITS,
    signal: stop.signal,
  });
  assert.equal((await decoding.next()).value?.path, "knowledge/long.md");
  stop.abort(reason);
  await assert.rejects(decoding.next(), reason);
});

Deno.test({
  name: "Decoder refuses to begin where it could open no file, which would end the process",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { href } = new URL("../../core/skillset/decoder.ts", import.meta.url);
    const program = `
      import { Decoder } from ${JSON.stringify(href)};
      const open = [];
      try { for (;;) open.push(Deno.openSync("/dev/null")); } catch { open.pop().close(); }
      try { new Decoder(); } catch ({ code }) { console.log(code); }`;
    const script = 'ulimit -n 64; exec "$0" eval --unstable-worker-options "$1"';
    const args = ["-c", script, Deno.execPath(), program];
    const { stdout } = await new Deno.Command("sh", { args }).output();
    assert.equal(new TextDecoder().decode(stdout), "busy\n");
  },
});
