import assert from "node:assert/strict";
import { encodeLedger, nextBlock } from "../../core/chain/block.ts";
import { LawWalk } from "../../core/evolution/law_walk.ts";
import { ParsedLaws } from "../../core/evolution/parsed_laws.ts";
import { evolve, type LawFixture, withLaw } from "./law.ts";

/** A walk, and from where it read each time. */
function watched({ instance: { store } }: LawFixture): { walk: LawWalk; from: number[] } {
  const from: number[] = [];
  const { ledger } = store;
  const placed = ledger.placed.bind(ledger);
  ledger.placed = (at = 0) => {
    from.push(at);
    return placed(at);
  };
  return { walk: new LawWalk({ store, laws: new ParsedLaws() }), from };
}

Deno.test("LawWalk reads the chain once, and then what was added", async () => {
  await withLaw(async (fixture) => {
    const { evolution, instance: { store } } = fixture;
    const { walk, from } = watched(fixture);
    const first = walk.upToDate();
    assert.deepEqual([first.law?.seq, from], [0, [0]]);
    assert.equal(walk.upToDate(), first);
    const { size } = Deno.statSync(store.ledger.path);
    assert.equal(from[1], size - "\n]".length, "nothing is read again");
    await evolve(evolution, "audit_rules", { title: "x" });
    const { law, findings } = walk.upToDate();
    assert.deepEqual([law?.seq, findings], [1, []]);
    assert.notEqual(from.at(-1), 0);
  });
});

Deno.test("LawWalk reads ahead in pieces, and takes no block twice whoever reads meanwhile", async () => {
  await withLaw(async (fixture) => {
    const { evolution, instance: { store } } = fixture;
    const blocks = [...store.ledger.newest()].reverse();
    for (let n = 0; n < 2500; n++) {
      blocks.push(nextBlock(blocks.at(-1)!, [`${n}`], blocks[1]!.timestamp));
    }
    Deno.writeTextFileSync(store.ledger.path, encodeLedger(blocks));
    await evolve(evolution, "audit_rules", { title: "x" });
    const { walk, from } = watched(fixture);
    const ahead = [walk.readAhead(), walk.readAhead()];
    const { law, findings } = walk.upToDate();
    assert.deepEqual([law?.seq, findings], [1, []]);
    await Promise.all(ahead);
    await walk.readAhead();
    assert.deepEqual(walk.upToDate().findings, []);
    assert.equal(from.filter((at) => at === 0).length, 1, "and none from the beginning again");
  });
});

Deno.test("LawWalk begins anew when the chain is another one", async (t) => {
  const cases: Record<string, (fixture: LawFixture) => void> = {
    "in another layout": ({ instance: { store: { ledger } } }) =>
      Deno.writeTextFileSync(
        ledger.path,
        JSON.stringify(JSON.parse(Deno.readTextFileSync(ledger.path)), null, 4),
      ),
    "with other blocks at its end": ({ instance: { store: { ledger } } }) => {
      const blocks = [...ledger.newest()].reverse();
      const last = nextBlock(blocks.at(-2)!, ["another"], blocks.at(-1)!.timestamp);
      Deno.writeTextFileSync(ledger.path, encodeLedger([...blocks.slice(0, -1), last]));
    },
    "and a shorter one": ({ instance: { store: { ledger } } }) => {
      const blocks = [...ledger.newest()].reverse();
      Deno.writeTextFileSync(ledger.path, encodeLedger(blocks.slice(0, 2)));
    },
  };
  for (const [name, change] of Object.entries(cases)) {
    await t.step(name, () =>
      withLaw(async (fixture) => {
        await evolve(fixture.evolution, "audit_rules", { title: "x" });
        const { walk, from } = watched(fixture);
        assert.equal(walk.upToDate().law?.seq, 1);
        change(fixture);
        const { law } = walk.upToDate();
        assert.equal(law?.seq, name === "in another layout" ? 1 : 0);
        assert.equal(from.at(-1), 0);
      }));
  }
});
