import assert from "node:assert/strict";
import { Contacts } from "../../mmp/contacts.ts";
import { withInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

const note = (action: string, peer = "a", more: { readonly proof?: string } = {}) => ({
  action,
  skill_id: null,
  details: { peer, ...more },
});

Deno.test("Contacts are written by themselves, the same ones once with their number", async () => {
  await withInstance(async ({ store }) => {
    const contacts = new Contacts(store, () => 0);
    for (let times = 0; times < 500; times++) contacts.note(note("peer_message"));
    contacts.note(note("peer_left"));
    await until(() => store.journal.newest(9).length === 2, "the lines are written");
    const [first, second] = store.journal.newest(9);
    assert.deepEqual(first?.details, { peer: "a", times: 500 });
    assert.deepEqual([second?.action, second?.details], ["peer_left", { peer: "a" }]);
  });
});

Deno.test("Contacts that cannot be written now wait, and more than fit are counted", async () => {
  await withInstance(async ({ store }, root) => {
    const contacts = new Contacts(store, () => 0);
    // A folder in the journal's place lets every write fail.
    await Deno.mkdir(`${root}/skills/action_log.jsonl`, { recursive: true });
    for (let at = 0; at < 1200; at++) contacts.note(note("n", `${at}`));
    await contacts.flush();
    await Deno.remove(`${root}/skills/action_log.jsonl`);
    await contacts.flush();
    const lines = store.journal.newest(2000);
    assert.equal(lines.length, 501);
    assert.deepEqual([lines.at(-1)?.action, lines.at(-1)?.details], ["contacts_left_out", {
      contacts: 700,
    }]);
    await contacts.flush();
    assert.equal(store.journal.newest(2000).length, 501);
  });
});

Deno.test("Contacts of one kind leave room for those of another", async () => {
  await withInstance(async ({ store }) => {
    const contacts = new Contacts(store, () => 0);
    for (let at = 0; at < 600; at++) contacts.note(note("peer_asked", `${at}`));
    for (let at = 0; at < 600; at++) contacts.note(note("a", `${at}`, { proof: "none" }));
    contacts.note(note("meeting_closed"));
    contacts.note(note("skill_sent", "b", { proof: "proven" }));
    await contacts.flush();
    const lines = store.journal.newest(2000);
    assert.equal(lines.length, 2 * 500 + 3);
    assert.deepEqual(lines.slice(-3).map(({ action }) => action), [
      "meeting_closed",
      "skill_sent",
      "contacts_left_out",
    ]);
  });
});
