import assert from "node:assert/strict";
import type { Disk } from "../../core/disk/mod.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { entryNameOf } from "../../core/layers/new_entry.ts";
import { adoptionOf, givenDefinition } from "../../core/protocol/adoption.ts";
import { assembleProtocol } from "../../core/protocol/protocol.ts";
import { recordsOf } from "../../core/layers/records.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { judgeSkill } from "../../mmp/receive/judge_skill.ts";
import { keepSkill } from "../../mmp/receive/take_skill.ts";
import { pick } from "../counts.ts";
import { ACTOR, document, NOON } from "../support/instance.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { AT_TERMINAL, PERSON, testLaw } from "../evolution/law.ts";
import { DEFAULTS } from "../mmp/people.ts";
import { inState, recordEffects, type Replay, replays } from "./simulator.ts";

/** A change of knowledge, and what is there before it. */
interface Scenario {
  readonly prepare: (instance: Instance) => Promise<unknown>;
  readonly change: (instance: Instance) => Promise<unknown>;
}

const write = (name: string, body: string) => ({ name, content: document(name, body) });

/** An entry with a script, and one that is in nobody's way. */
async function furnish({ knowledge, root }: Instance): Promise<void> {
  await knowledge.create(write("other", "untouched"), ACTOR);
  await knowledge.create({ ...write("note", "one"), subfolders: true }, ACTOR);
  Deno.writeTextFileSync(`${root}/knowledge/note/scripts/run.sh`, "echo hi\n");
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "the first create": {
    prepare: async () => {},
    change: ({ knowledge }) => knowledge.create(write("note", "one"), ACTOR),
  },
  "a create with sub-folders": {
    prepare: furnish,
    change: ({ knowledge }) =>
      knowledge.create({ ...write("新", "日本語"), subfolders: true }, ACTOR),
  },
  "an update": {
    prepare: furnish,
    change: ({ knowledge }) => knowledge.update(write("note", "two"), ACTOR),
  },
  "a delete": {
    prepare: furnish,
    change: ({ knowledge }) => knowledge.delete("note", ACTOR),
  },
  "an archive": {
    prepare: furnish,
    change: ({ knowledge }) => knowledge.archive("note", ACTOR, { reason: "old" }),
  },
  "an unarchive": {
    prepare: async (instance) => {
      await furnish(instance);
      await instance.knowledge.archive("note", ACTOR);
    },
    change: ({ knowledge }) => knowledge.unarchive("note", ACTOR),
  },
  "a restore of an older version": {
    prepare: async (instance) => {
      await furnish(instance);
      await instance.knowledge.update(write("note", "two"), ACTOR);
    },
    change: ({ knowledge }) => knowledge.restore("note", "2", ACTOR),
  },
  "a restore of a deleted entry": {
    prepare: async (instance) => {
      await furnish(instance);
      await instance.knowledge.delete("note", ACTOR);
    },
    change: ({ knowledge }) => knowledge.restore("note", "2", ACTOR),
  },
};

const RECEIVED = judgeSkill(
  { packaged_skill: { name: "tip", format: "markdown", content: "# Tip\n" } },
  { from: "peer", key: "0", proof: "none", settings: DEFAULTS, layer: "L1", now: NOON },
);

const ADOPTED = adoptionOf(
  givenDefinition(
    "---\nname: debate\ntype: protocol_extension\nactions: [argue]\n---\n\n# Debate\n",
  ),
  assembleProtocol([]),
  NOON,
);

async function proposeDefinition(instance: Instance): Promise<void> {
  const evolution = await instance.evolution();
  await evolution.begin(new TextEncoder().encode(printLaw(testLaw())), PERSON);
  const { name: subject, path, text } = ADOPTED;
  const change = { kind: "protocol_adopt", subject, files: { [path]: text } } as const;
  const { proposal } = await evolution.propose({ ...change, reason: "a test" }, ACTOR);
  await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
}

async function applyDefinition(instance: Instance): Promise<void> {
  const evolution = await instance.evolution();
  await evolution.apply(evolution.list()[0]!.id, PERSON);
}

const FROM_PEERS: Readonly<Record<string, Scenario>> = {
  "an entry of another instance": {
    prepare: furnish,
    change: (instance) => keepSkill(instance, RECEIVED, ACTOR),
  },
  "a decided entry of another instance": {
    prepare: async (instance) => {
      const evolution = await instance.evolution();
      await evolution.begin(new TextEncoder().encode(printLaw(testLaw())), PERSON);
      const { proposal } = await evolution.propose({
        kind: "skill_receive",
        subject: entryNameOf(RECEIVED.path),
        files: { [RECEIVED.path]: new TextDecoder().decode(RECEIVED.bytes) },
        reason: "a test",
        origin: "peer",
      }, ACTOR);
      await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    },
    change: async (instance) => {
      const evolution = await instance.evolution();
      await evolution.apply(evolution.list()[0]!.id, PERSON);
    },
  },
  "a decided definition of the protocol": {
    prepare: proposeDefinition,
    change: applyDefinition,
  },
  "a decided definition in the place of another version": {
    prepare: async (instance) => {
      const content = ADOPTED.text.replace("- argue", "- agree");
      await instance.knowledge.create({ name: ADOPTED.name, content }, ACTOR);
      await proposeDefinition(instance);
    },
    change: applyDefinition,
  },
};

const open = (root: string, mode: "read" | "write", disk?: Disk) =>
  openInstance(root, { mode, clock: () => NOON, ...(disk === undefined ? {} : { disk }) });

/** What a reader sees: every entry with its text and its files, and how many records there are. */
function seen({ knowledge, view, store }: Instance): unknown {
  const text = (path: string) => new TextDecoder().decode(view().read(path, 1 << 20) ?? undefined);
  const entry = (folder: string) => ({
    files: view().list(folder).map(({ name }) => name).filter((name) =>
      !/^\.(stage|trash)-/.test(name)
    ),
    script: text(`${folder}/scripts/run.sh`),
  });
  const entries = (archived: boolean) =>
    knowledge.list({ archived }).map(({ name, hash, problem }) => ({
      name,
      hash,
      problem,
      ...entry(archived ? `knowledge/.archived/${name}` : `knowledge/${name}`),
    }));
  return {
    active: entries(false),
    archived: entries(true),
    records: [...store.ledger.newest()].flatMap(recordsOf).map((
      { block, name, action },
    ) => [block, name, action]),
  };
}

/** Every version the chain speaks of is kept as an object. */
function assertKept({ store }: Instance, label: string): void {
  const records = [...store.ledger.newest()].flatMap(recordsOf);
  for (const { previousHash, nextHash, files } of records) {
    for (const id of [previousHash, nextHash, ...Object.values(files)]) {
      if (id !== null) assert.notEqual(store.objects.get(id), null, `${id} is lost: ${label}`);
    }
  }
}

/** A crash left this: a reader sees all of the change or nothing, and so does a writer afterwards. */
async function assertWhole(
  root: string,
  state: Replay,
  allowed: readonly unknown[],
): Promise<void> {
  const reader = await open(root, "read");
  const found = seen(reader);
  const match = allowed.find((one) => sameAs(one, found));
  assert.ok(match !== undefined, `${state.label}: a reader sees ${JSON.stringify(found, null, 1)}`);
  assertKept(reader, state.label);

  const writer = await open(root, "write");
  assert.deepEqual(seen(writer), found, `${state.label}: a writer sees something else`);
  await writer.knowledge.set(write("after", "life goes on"), ACTOR);
  const { valid } = await auditLedger(writer.store);
  assert.ok(valid || writer.store.ledger.head().length === 0, state.label);
  assert.equal(writer.store.isInterrupted(), false, state.label);
  await writer.store.recover();
  assert.deepEqual(leftovers(root), [], state.label);
}

/** Staged and trashed things that are still there, at any depth. */
function leftovers(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return /^\.(stage|trash)-/.test(name) ? [path] : isDirectory ? leftovers(path) : [];
  });
}

function sameAs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

Deno.test("a change of knowledge and its record are both there or neither, after every crash", async (t) => {
  for (const [name, scenario] of Object.entries({ ...SCENARIOS, ...FROM_PEERS })) {
    await t.step(name, async () => {
      await inTempFolder(async (root) => {
        const before = await open(root, "write");
        await scenario.prepare(before);
        const old = seen(before);
        const recording = await recordEffects(root, async (disk) => {
          await scenario.change(await open(root, "write", disk));
        });
        const young = seen(await open(root, "read"));
        assert.notDeepEqual(young, old);
        const states = [...replays(recording)];
        for (const state of pick("crashReplays", states)) {
          const allowed = state.acknowledged ? [young] : [old, young];
          await inState(state, (folder) => assertWhole(folder, state, allowed));
        }
        const last = states.filter(({ acknowledged }) => acknowledged);
        for (const state of last) {
          await inState(state, (folder) => assertWhole(folder, state, [young]));
        }
      });
    });
  }
});

Deno.test("ending an interrupted change can itself be interrupted at every point", async () => {
  await inTempFolder(async (root) => {
    const before = await open(root, "write");
    await furnish(before);
    const old = seen(before);
    const recording = await recordEffects(root, async (disk) => {
      await (await open(root, "write", disk)).knowledge.archive("note", ACTOR);
    });
    const young = seen(await open(root, "read"));
    for (const first of pick("crashReplays", [...replays(recording)])) {
      const again = await inState(first, (folder) => {
        const real = Deno.realPathSync(folder);
        return recordEffects(real, async (disk) => void await open(real, "write", disk));
      });
      for (const second of replays(again)) {
        const label = `${first.label}; ${second.label}`;
        const allowed = first.acknowledged ? [young] : [old, young];
        await inState(second, (folder) => assertWhole(folder, { ...second, label }, allowed));
      }
    }
  });
});

Deno.test("an edit made while a change was interrupted is kept and told", async () => {
  await inTempFolder(async (root) => {
    const before = await open(root, "write");
    await furnish(before);
    const recording = await recordEffects(root, async (disk) => {
      await (await open(root, "write", disk)).knowledge.update(write("note", "two"), ACTOR);
    });
    let found = 0;
    for (const state of replays(recording)) {
      await inState(state, async (folder) => {
        const reader = await open(folder, "read");
        const isPending = reader.store.pendingSteps().length > 0;
        const isOld = Deno.readTextFileSync(`${folder}/knowledge/note/note.md`).includes("one");
        if (!isPending || !isOld) return;
        found++;
        Deno.writeTextFileSync(`${folder}/knowledge/note/note.md`, "edited meanwhile");
        const writer = await open(folder, "write");
        assert.equal(writer.knowledge.get("note").body, "two");
        const [line] = writer.store.journal.newest(1);
        assert.equal(line?.action, "edit_displaced");
        const kept = writer.store.objects.get(line?.details?.object as string);
        assert.equal(new TextDecoder().decode(kept!), "edited meanwhile");
      });
    }
    assert.ok(found > 0, "no replay left a change halfway");
  });
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test("an edit of an entry on its way out is kept when the change is ended later", async () => {
  await inTempFolder(async (root) => {
    const before = await open(root, "write");
    await furnish(before);
    const recording = await recordEffects(root, async (disk) => {
      await (await open(root, "write", disk)).knowledge.delete("note", ACTOR);
    });
    let found = 0;
    for (const state of replays(recording)) {
      await inState(state, async (folder) => {
        const path = `${folder}/knowledge/note/scripts/run.sh`;
        const isPending = (await open(folder, "read")).store.pendingSteps().length > 0;
        if (!isPending || !exists(path)) return;
        found++;
        Deno.writeTextFileSync(path, "edited meanwhile");
        const { store } = await open(folder, "write");
        const [line] = store.journal.newest(1);
        assert.deepEqual([line?.action, line?.skill_id], [
          "edit_displaced",
          "knowledge/note/scripts/run.sh",
        ]);
        const kept = store.objects.get(line?.details?.object as string);
        assert.equal(new TextDecoder().decode(kept!), "edited meanwhile");
      });
    }
    assert.ok(found > 0, "no replay left a deletion halfway");
  });
});

Deno.test("an intent that comes back after a power failure does not touch what was made since", async () => {
  await inTempFolder(async (root) => {
    const before = await open(root, "write");
    await furnish(before);
    const recording = await recordEffects(root, async (disk) => {
      await (await open(root, "write", disk)).knowledge.delete("note", ACTOR);
    });
    for (const state of replays(recording)) {
      if (!state.acknowledged) continue;
      await inState(state, async (folder) => {
        Deno.mkdirSync(`${folder}/knowledge/note`);
        Deno.writeTextFileSync(`${folder}/knowledge/note/note.md`, "made again by hand");
        const { knowledge } = await open(folder, "write");
        assert.equal(knowledge.get("note").text, "made again by hand", state.label);
      });
    }
  });
});
