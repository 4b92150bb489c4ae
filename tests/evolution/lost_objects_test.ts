import assert from "node:assert/strict";
import { ACTOR } from "../support/instance.ts";
import { assertServed, fails, reported } from "./attacks.ts";
import { contentInForce, evolve, skillRequest, withLaw } from "./law.ts";

const [FIRST, SECOND] = ["90 days.\n", "60 days.\n"];

Deno.test("what was lost of an earlier law is reported, and keeps nobody from going on", async (t) => {
  const lost = {
    "a document of a proposal": (hashes: { document: string }) => hashes.document,
    "the source of an earlier law": (hashes: { source: string }) => hashes.source,
  };
  for (const [name, which] of Object.entries(lost)) {
    for (const damage of [true, false]) {
      await t.step(
        `${name}, ${damage ? "damaged" : "gone"}`,
        () =>
          withLaw(async ({ evolution, open, root, instance: { store } }) => {
            const made = await evolve(evolution, "audit_rules", { content: FIRST });
            const source = (await evolution.inForce()).file!.object;
            await evolve(evolution, "audit_rules", { content: SECOND });
            await assertServed(open, SECOND);
            const id = which({ document: made.hash, source });
            const path = `${root}/storage/objects/${id.slice(0, 2)}/${id}`;
            if (damage) Deno.writeTextFileSync(path, "damaged");
            else store.objects.remove(id);
            const again = await open();
            const { doctor, verify } = await reported(again);
            const what =
              /block \d+: the (document of decision 1 is not kept|law .* cannot be read)/;
            for (const found of [doctor.join("\n"), verify]) assert.match(found, what);
            const next = await again.evolution();
            await evolve(next, "audit_rules", { content: FIRST });
            assert.equal(await contentInForce(next, "audit_rules"), FIRST);
          }),
      );
    }
  }
});

Deno.test("what was lost of the law in force keeps it from being changed", async () => {
  await withLaw(async ({ evolution, open, instance: { store } }) => {
    await evolve(evolution, "audit_rules", { content: FIRST });
    store.objects.remove((await evolution.inForce()).file!.object);
    const request = skillRequest("audit_rules", { content: SECOND });
    await assert.rejects(
      (await (await open()).evolution()).propose(request, ACTOR),
      fails(/^Cannot change the law: skills\/law\.json: its source text is not kept here/),
    );
  });
});
