/** Packages as other programs read them: none of them shares code with ours. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { sha256 } from "../../core/objects/objects.ts";
import { inByteOrder } from "../../core/skillset/content_hash.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { packFiles } from "../../core/skillset/package.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { count } from "../counts.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { randomTrees } from "../skillset/random_tree.ts";
import { skillSet } from "../skillset/sets.ts";

/** Lists a gzipped tar from standard input: a line of JSON for each entry. */
const RUBY = `
require "rubygems/package"; require "zlib"; require "json"; require "digest"
Gem::Package::TarReader.new(Zlib::GzipReader.new($stdin.binmode)) do |tar|
  tar.each do |entry|
    puts JSON.generate([entry.full_name.dup.force_encoding("UTF-8"), entry.header.typeflag,
      Digest::SHA256.hexdigest(entry.read || "")])
  end
end`;
const PYTHON = `
import hashlib, json, sys, tarfile
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|gz", encoding="utf-8", errors="strict") as tar:
    for entry in tar:
        body = tar.extractfile(entry)
        digest = hashlib.sha256(body.read() if body else b"").hexdigest()
        assert not entry.pax_headers and entry.mtime == 0 and entry.uid == 0, entry
        print(json.dumps([entry.name, entry.type.decode(), digest]))`;

/** Readers that say what is in an archive. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  ruby: ["ruby", "-e", RUBY],
  python3: ["python3", "-c", PYTHON],
};

/** Trees with everything that is special in the headers of an archive. */
const SPECIAL: readonly PackedFile[][] = [
  skillSet("pack"),
  skillSet("pack", {}, {
    [`knowledge/${"folder/".repeat(12)}${"n".repeat(90)}.md`]: "split between prefix and name",
    [`knowledge/${"設".repeat(30)}/${"計".repeat(30)}.md`]: "split between characters",
    "config/empty.yml": "",
    "config/block.yml": "x".repeat(512),
    "config/more.yml": "x".repeat(513),
  }),
];

function trees(): PackedFile[][] {
  return [...SPECIAL, ...fc.sample(randomTrees(), { numRuns: count("packageReaders"), seed: 1 })];
}

function pack(files: readonly PackedFile[]): Uint8Array {
  const options = { layer: "L1", clock: () => 0, limits: PACKAGE_LIMITS };
  return Buffer.concat([...packFiles(files, options).archive()]);
}

function has(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

async function run(command: readonly string[], input: Uint8Array): Promise<string> {
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    writer.write(input).then(() => writer.close()),
  ]);
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Every entry in the order it must have: folders before what they hold, all by their bytes. */
function entriesOf(files: readonly PackedFile[]): string[][] {
  const folders = new Set(files.flatMap(({ path }) => {
    const names = path.split("/");
    return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
  }));
  const rows = [
    ...[...folders].map((path) => [`pack/${path}`, "5", sha256("")]),
    ...files.map(({ path, bytes }) => [`pack/${path}`, "0", sha256(bytes)]),
  ];
  return inByteOrder(rows, ([path]) => path!);
}

for (const [reader, command] of Object.entries(READERS)) {
  Deno.test({
    name: `packFiles() writes archives that ${reader} reads, entry for entry`,
    ignore: !has(reader),
    async fn() {
      for (const files of trees()) {
        const lines = (await run(command, pack(files))).trimEnd().split("\n");
        const found = lines.map((line) => JSON.parse(line));
        assert.deepEqual(found, entriesOf(files), JSON.stringify(files.map(({ path }) => path)));
      }
    },
  });
}

Deno.test({
  name: "packFiles() writes archives that tar unpacks to the same tree",
  ignore: Deno.build.os === "windows" || !has("tar"),
  async fn() {
    for (const files of trees()) {
      await inTempFolder(async (folder) => {
        await run(["tar", "xzf", "-", "-C", folder], pack(files));
        for (const { path, bytes } of files) {
          assert.ok(Buffer.from(bytes).equals(Deno.readFileSync(`${folder}/pack/${path}`)), path);
        }
        const found = [...Deno.readDirSync(folder)].map(({ name }) => name);
        assert.deepEqual(found, ["pack"]);
      });
    }
  },
});
