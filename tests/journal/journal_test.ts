import assert from "node:assert/strict";
import { recordTimestamp } from "../../core/chain/timestamp.ts";
import { Disk } from "../../core/disk/mod.ts";
import { Journal, type JournalNote } from "../../core/journal/journal.ts";
import { inState, recordEffects, replays } from "../crash/simulator.ts";
import { inTempFolder } from "../disk/temp_folder.ts";

const NOW = 1_768_905_000_000;
const note = (at: number | string): JournalNote => ({
  action: "context_saved",
  skill_id: `session/${at}`,
  details: null,
});

function openJournal(folder: string, rotateAt?: number, disk = new Disk()): Journal {
  const path = `${folder}/skills/action_log.jsonl`;
  return new Journal({ disk, path, clock: () => NOW, ...(rotateAt && { rotateAt }) });
}

const textOf = (folder: string) => Deno.readTextFileSync(`${folder}/skills/action_log.jsonl`);
const names = (journal: Journal) => journal.newest(1e6).map(({ skill_id }) => skill_id);

Deno.test("Journal.note() writes the line of the format to the byte", async () => {
  await inTempFolder((folder) => {
    const journal = openJournal(folder);
    journal.note({ skill_id: null, details: { b: 1, a: "é\n" }, action: "rollback_performed" });
    journal.note(note(1));
    const time = recordTimestamp(NOW);
    assert.equal(
      textOf(folder),
      `{"timestamp":"${time}","action":"rollback_performed","skill_id":null,"details":{"b":1,"a":"é\\n"}}\n` +
        `{"timestamp":"${time}","action":"context_saved","skill_id":"session/1","details":null}\n`,
    );
    if (Deno.build.os !== "windows") {
      assert.equal(new Disk().stat(`${folder}/skills/action_log.jsonl`)!.mode, 0o600);
    }
  });
});

Deno.test("Journal.newest() returns the newest lines, newest last", async () => {
  await inTempFolder((folder) => {
    const journal = openJournal(folder);
    assert.deepEqual(journal.newest(5), []);
    for (let at = 0; at < 10; at++) journal.note(note(at));
    assert.deepEqual(journal.newest(2).map(({ skill_id }) => skill_id), ["session/8", "session/9"]);
    assert.equal(journal.newest(100).length, 10);
    assert.deepEqual(journal.newest(0), []);
    assert.deepEqual(journal.newest(-1), []);
  });
});

Deno.test("Journal.newest() reads the end of a long file", async () => {
  await inTempFolder((folder) => {
    const journal = openJournal(folder);
    journal.note(note("first"));
    const line = textOf(folder).replace("first", "日".repeat(300));
    Deno.writeTextFileSync(`${folder}/skills/action_log.jsonl`, line.repeat(3000));
    journal.note(note("last"));
    const lines = journal.newest(1e6);
    assert.ok(lines.length > 100 && lines.length < 3000);
    assert.equal(lines.at(-1)?.skill_id, "session/last");
    assert.ok(
      lines.slice(0, -1).every(({ skill_id }) => skill_id === `session/${"日".repeat(300)}`),
    );
  });
});

Deno.test("Journal.note() does not continue a line that a crash cut", async (t) => {
  for (const torn of ['{"timestamp":"2026', "\0\0\0", '{"a":"\u3042', "x"]) {
    await t.step(JSON.stringify(torn), () =>
      inTempFolder((folder) => {
        const journal = openJournal(folder);
        journal.note(note(1));
        Deno.writeTextFileSync(`${folder}/skills/action_log.jsonl`, torn, { append: true });
        assert.deepEqual(names(journal), ["session/1"]);
        journal.note(note(2));
        assert.deepEqual(names(journal), ["session/1", "session/2"]);
      }));
  }
});

Deno.test("Journal begins a new file when one is full, and keeps every line", async () => {
  await inTempFolder((folder) => {
    const journal = openJournal(folder, 500);
    for (let at = 0; at < 60; at++) journal.note(note(at));
    const files = new Disk().list(`${folder}/skills`).map(({ name }) => name);
    assert.ok(files.length > 5);
    assert.ok(files.every((name) => /^action_log(?:\.\d{8}T\d{6}Z(?:-\d+)?)?\.jsonl$/.test(name)));
    const lines = files.flatMap((name) =>
      Deno.readTextFileSync(`${folder}/skills/${name}`).trimEnd().split("\n")
        .map((line) => Number(JSON.parse(line).skill_id.split("/")[1]))
    );
    assert.deepEqual(lines.sort((a, b) => a - b), Array.from({ length: 60 }, (_, at) => at));
  });
});

Deno.test("Journal.note() leaves out details that are too long, and says so", async () => {
  await inTempFolder((folder) => {
    const journal = openJournal(folder);
    journal.note({ ...note(1), details: { text: "x".repeat(100_000) } });
    assert.ok(textOf(folder).length < 1000);
    const left = journal.newest(1)[0]?.details?.left_out;
    assert.ok(typeof left === "number" && left > 100_000);
  });
});

Deno.test("Journal.note() is durable once it returns, rotation included", async () => {
  for (const rotateAt of [1e6, 100]) {
    await inTempFolder(async (folder) => {
      const first = openJournal(folder);
      first.note(note(1));
      first.note(note(2));
      const recording = await recordEffects(
        folder,
        (disk) => openJournal(folder, rotateAt, disk).note(note(3)),
      );
      for (const state of replays(recording)) {
        await inState(state, (copy) => {
          const all = new Disk().list(`${copy}/skills`).map(({ name }) =>
            Deno.readTextFileSync(`${copy}/skills/${name}`)
          ).join("");
          const found = [1, 2, 3].filter((at) => all.includes(`"session/${at}"`));
          const whole = found.length === 3 || !state.acknowledged && found.length === 2;
          assert.ok(whole, `${found} after ${state.label}`);
          openJournal(copy).note(note(4));
          assert.equal(names(openJournal(copy)).at(-1), "session/4");
        });
      }
    });
  }
});
