/** Packages of the existing implementation: what they hold, and what becomes of each. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { sha256 } from "../../core/objects/objects.ts";
import {
  contentHash,
  type FileHash,
  inByteOrder,
  isCounted,
} from "../../core/skillset/content_hash.ts";
import { PackageRefusedError, type Refusal } from "../../core/skillset/refusal.ts";
import { TarReader } from "../../core/skillset/tar_reader.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const VECTORS = new URL("../../../shared/vectors/packages/", import.meta.url);
const ENDING = ".package.json";

/** What becomes of each recorded package. */
const OUTCOMES: Readonly<Record<string, Refusal | "installed">> = {
  big_file_pack: "executable",
  dep_pack: "installed",
  empty_file_pack: "installed",
  exec_elsewhere_pack: "place_not_allowed",
  hidden_exec_pack: "place_not_allowed",
  js_trap_pack: "place_not_allowed",
  l0_pack: "installed",
  l1_pack: "installed",
  long_path_pack: "installed",
  my_knowledge_pack: "installed",
  nested_pack: "collision",
  nested_tools_pack: "executable",
  no_layer_pack: "installed",
  symlink_src_pack: "installed",
  unicode_pack: "hidden_characters",
};

/** Every recorded package by name. */
function packages(): Map<string, Uint8Array> {
  const names = [...Deno.readDirSync(VECTORS)].map(({ name }) => name)
    .filter((name) => name.endsWith(ENDING)).sort();
  return new Map(names.map((
    name,
  ) => [name.slice(0, -ENDING.length), Deno.readFileSync(new URL(name, VECTORS))]));
}

/** The files of an archive, nothing judged. */
function filesIn(archive: string, folder: string): FileHash[] {
  const found: { path: string; parts: Uint8Array[] }[] = [];
  const reader = new TarReader({
    entry({ path, kind }) {
      if (kind === "file") found.push({ path: path.slice(folder.length + 1), parts: [] });
    },
    data: (bytes) => void found.at(-1)!.parts.push(bytes.slice()),
  });
  reader.push(gunzipSync(Buffer.from(archive, "base64")));
  reader.end();
  return found.map(({ path, parts }) => [path, sha256(Buffer.concat(parts))]);
}

const ignore = !exists(VECTORS);

Deno.test({
  name: "contentHash() and the list of files are those of every recorded package, byte for byte",
  ignore,
  fn() {
    const index: { name: string; all_file_hashes: FileHash[] }[] = JSON.parse(
      Deno.readTextFileSync(new URL("index.json", VECTORS)),
    );
    const recorded = new Map(index.map((row) => [row.name, row.all_file_hashes]));
    for (const [name, bytes] of packages()) {
      const envelope = JSON.parse(new TextDecoder().decode(bytes));
      const files = filesIn(envelope.archive_base64, name);
      assert.deepEqual(files, recorded.get(name), name);
      const counted = inByteOrder(files.filter(([path]) => isCounted(path)), ([path]) => path);
      assert.deepEqual(counted.map(([path]) => path), envelope.file_list, name);
      assert.equal(contentHash(counted), envelope.content_hash, name);
    }
  },
});

Deno.test({
  name: "installPackage() installs or refuses every recorded package as the table says",
  ignore,
  async fn() {
    await withInstance(async (instance, root) => {
      const sets = await instance.skillsets();
      const found: Record<string, string> = {};
      for (const [name, bytes] of packages()) {
        try {
          const { contentHash } = await sets.installPackage(bytes, ACTOR);
          const envelope = JSON.parse(new TextDecoder().decode(bytes));
          assert.equal(contentHash, envelope.content_hash, name);
          assert.deepEqual(sets.package(name).file_list, envelope.file_list, name);
          found[name] = "installed";
        } catch (error) {
          if (!(error instanceof PackageRefusedError)) throw error;
          found[name] = error.reason;
        }
      }
      assert.deepEqual(found, OUTCOMES);
      const names = [...Deno.readDirSync(`${root}/skillsets`)].map(({ name }) => name).sort();
      const installed = Object.keys(OUTCOMES).filter((name) => OUTCOMES[name] === "installed");
      assert.deepEqual(names, ["config.yml", ...installed].sort());
    });
  },
});

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}
