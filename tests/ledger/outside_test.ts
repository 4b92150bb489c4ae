import assert from "node:assert/strict";
import { type Block, encodeLedger } from "../../core/chain/block.ts";
import { KairosError } from "../../core/errors.ts";
import type { FileLedger } from "../../core/ledger/file_ledger.ts";
import { bytesOf, chainOf, chainOfLength, TIME } from "../chain/samples.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, openLedger, verify } from "./open_ledger.ts";

const ours = chainOf(["a"], ["b"], ["c"]);
const others = chainOf(["1"], ["2"], ["3"]);

/** Somebody else's change of the file between two of our appends. */
const CHANGES: Record<string, { change: (path: string) => void; then: readonly Block[] }> = {
  "another file of the same size is renamed over it": {
    change: (path) => {
      Deno.writeTextFileSync(`${path}.new`, encodeLedger(others));
      Deno.renameSync(`${path}.new`, path);
    },
    then: others,
  },
  "it is rewritten in place with the same size": {
    change: (path) => Deno.writeTextFileSync(path, encodeLedger(others)),
    then: others,
  },
  "it is rewritten in place with the same size and times": {
    change: (path) => {
      const { atime, mtime } = Deno.statSync(path);
      Deno.writeTextFileSync(path, encodeLedger(others));
      Deno.utimeSync(path, atime!, mtime!);
    },
    then: others,
  },
  "another process appends": {
    change: (path) =>
      void openLedger(path.slice(0, path.lastIndexOf("/"))).ledger.append(["d"], TIME),
    then: chainOf(["a"], ["b"], ["c"], ["d"]),
  },
  "it is put back to an older state": {
    change: (path) => Deno.writeTextFileSync(path, encodeLedger(ours.slice(0, 2))),
    then: ours.slice(0, 2),
  },
  "it is laid out anew": {
    change: (path) => Deno.writeTextFileSync(path, JSON.stringify(ours, null, 1)),
    then: ours,
  },
  "it gets a newline at its end": {
    change: (path) => Deno.writeTextFileSync(path, "\n", { append: true }),
    then: ours,
  },
};

Deno.test("FileLedger notices what others did to the file between two appends", async (t) => {
  for (const [name, { change, then }] of Object.entries(CHANGES)) {
    await t.step(name, () =>
      inTempFolder(async (folder) => {
        const { ledger } = filled(folder);
        change(ledger.path);
        assert.deepEqual(ledger.head().last, then.at(-1));
        change(ledger.path);
        const before = ledger.head().length;
        assert.equal(ledger.append(["next"], TIME).index, before);
        const report = await verify(openLedger(folder).ledger);
        assert.deepEqual([report.valid, report.length], [true, before + 1]);
      }));
  }
});

function filled(folder: string): { ledger: FileLedger } {
  const { ledger } = openLedger(folder);
  for (const block of ours.slice(1)) ledger.append(block.data, TIME);
  return { ledger };
}

Deno.test("FileLedger refuses a last block that was changed under its old hash", async (t) => {
  const changes: Record<string, (path: string, bytes: Uint8Array) => void> = {
    "in place": (path, bytes) => {
      Deno.writeFileSync(path, bytes);
      // A clock that ticks slowly would show the moment of our own append.
      Deno.utimeSync(path, new Date(), new Date(Date.now() + 2000));
    },
    "by another file with the same times": (path, bytes) => {
      const { atime, mtime } = Deno.statSync(path);
      Deno.writeFileSync(`${path}.new`, bytes);
      Deno.utimeSync(`${path}.new`, atime!, mtime!);
      Deno.renameSync(`${path}.new`, path);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, () =>
      inTempFolder((folder) => {
        const { ledger } = filled(folder);
        const changed = bytesOf(encodeLedger(ours).replace('"c"', '"x"'));
        change(ledger.path, changed);
        assert.throws(() => ledger.append(["d"], TIME), (error) =>
          error instanceof KairosError && error.code === "corrupt");
        assert.deepEqual(Deno.readFileSync(ledger.path), changed);
      }));
  }
});

Deno.test("FileLedger refuses to begin anew where blocks were acknowledged", async () => {
  await inTempFolder((folder) => {
    const { ledger } = filled(folder);
    Deno.removeSync(ledger.path);
    assert.equal(ledger.head().state, "absent");
    assert.deepEqual(blocksOf(ledger), []);
    assert.throws(
      () => ledger.append(["new"], TIME),
      (error) => error instanceof KairosError && error.code === "corrupt",
    );
    assert.equal(ledger.head().state, "absent");
  });
});

Deno.test("FileLedger begins a new chain when lock file and ledger are gone", async () => {
  await inTempFolder(async (folder) => {
    const { ledger } = filled(folder);
    Deno.removeSync(ledger.path);
    Deno.removeSync(ledger.lockPath);
    assert.equal(ledger.append(["new"], TIME).index, 1);
    assert.equal((await verify(ledger)).length, 2);
  });
});

Deno.test("FileLedger follows links to the real file and locks beside it", async (t) => {
  const links: Record<string, (folder: string) => string> = {
    "the file is a link": (folder) => {
      Deno.mkdirSync(`${folder}/cloud`);
      Deno.symlinkSync(`${folder}/cloud/chain.json`, `${folder}/blockchain.json`);
      return `${folder}/cloud/chain.json`;
    },
    "the file is a relative link to a link": (folder) => {
      Deno.mkdirSync(`${folder}/cloud`);
      Deno.symlinkSync("cloud/second.json", `${folder}/blockchain.json`);
      Deno.symlinkSync("../chain.json", `${folder}/cloud/second.json`);
      return `${folder}/chain.json`;
    },
    "the folder is a link": (folder) => {
      Deno.mkdirSync(`${folder}/cloud`);
      Deno.symlinkSync("cloud", `${folder}/storage`);
      return `${folder}/cloud/blockchain.json`;
    },
  };
  for (const [name, link] of Object.entries(links)) {
    for (const before of [null, chainOfLength(3)]) {
      await t.step(
        `${name}, ${before === null ? "its target is missing" : "to a ledger"}`,
        () =>
          inTempFolder((folder) => {
            const real = link(folder);
            const path = name === "the folder is a link"
              ? "storage/blockchain.json"
              : "blockchain.json";
            if (before !== null) Deno.writeTextFileSync(real, encodeLedger(before));
            const isLink = () => Deno.lstatSync(`${folder}/${path.split("/")[0]}`).isSymlink;
            const { ledger } = openLedger(folder, undefined, path);
            assert.deepEqual([ledger.path, ledger.lockPath], [real, `${real}.lock`]);
            const block = ledger.append(["a"], TIME);
            assert.equal(block.index, before?.length ?? 1);
            assert.ok(isLink(), "the link was replaced");
            assert.equal(JSON.parse(Deno.readTextFileSync(real)).length, block.index + 1);
          }),
      );
    }
  }
});
