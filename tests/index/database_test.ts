import assert from "node:assert/strict";
import { IndexDatabase, isDamage } from "../../core/index/database.ts";
import { type Place, placeAt, type PlaceContent } from "../../core/index/places.ts";
import { withFolder } from "../support/instance.ts";

const PLACE: Place = placeAt("knowledge/a", { safety: { isBlocked: () => false } })!;

const CONTENT: PlaceContent = {
  version: "1",
  declaredName: null,
  description: null,
  tags: [],
  files: [],
  body: 'He said "yes" to it',
  isPrivate: false,
  modified: 0,
  problem: null,
};

const KNOWN = { stamp: "s", settled: true, version: "1" };

Deno.test("IndexDatabase.matches() takes a quote in a term for a quote", () => {
  using database = new IndexDatabase({ instance: "i" });
  database.put(PLACE, CONTENT, KNOWN);
  for (const term of ['"yes"', 'd "y', '"', '"yes" OR "no']) {
    assert.equal(database.matches(term).size, term.includes("OR") ? 0 : 1, term);
  }
});

Deno.test("IndexDatabase.put() leaves nothing of what was known before", () => {
  using database = new IndexDatabase({ instance: "i" });
  database.put(PLACE, CONTENT, KNOWN);
  database.put(PLACE, { ...CONTENT, body: "no" }, { ...KNOWN, version: "2" });
  assert.equal(database.matches("yes").size, 0);
  assert.equal(database.matches("no").size, 1);
  assert.deepEqual([...database.known()], [[PLACE.path, { ...KNOWN, version: "2" }]]);
  database.drop(PLACE.path);
  assert.equal(database.matches("no").size, 0);
});

Deno.test("IndexDatabase.transaction() takes back what failed", () => {
  using database = new IndexDatabase({ instance: "i" });
  const failing = () =>
    database.transaction("write", () => {
      database.put(PLACE, CONTENT, KNOWN);
      throw new Error("halfway");
    });
  assert.throws(failing, /halfway/);
  assert.equal(database.known().size, 0);
  assert.equal(database.transaction("read", () => database.matches("yes").size), 0);
});

Deno.test("IndexDatabase opened for reading cannot be written", async () => {
  await withFolder((folder) => {
    const path = `${folder}/index.db`;
    {
      using database = new IndexDatabase({ path, instance: "i" });
      database.put(PLACE, CONTENT, KNOWN);
    }
    using database = new IndexDatabase({ path, instance: "i", readOnly: true });
    assert.equal(database.matches("yes").size, 1);
    assert.throws(() => database.drop(PLACE.path), /readonly/);
  });
});

Deno.test("isDamage() tells what to throw away from what to leave alone", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/index.db`;
    const failure = (instance: string, readOnly = false): unknown => {
      try {
        using _opened = new IndexDatabase({ path, instance, readOnly });
        return null;
      } catch (error) {
        return error;
      }
    };
    assert.equal(isDamage(failure("i", true)), false, "no file");
    assert.equal(failure("i"), null);
    assert.equal(isDamage(failure("j")), true, "another instance");
    await Deno.writeTextFile(path, "no database".repeat(100));
    assert.equal(isDamage(failure("i")), true, "no database");
    assert.equal(isDamage(new Error("database is locked")), false);
    assert.equal(isDamage("text"), false);
  });
});
