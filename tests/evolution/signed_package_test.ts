import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import type { ChangeRequest } from "../../core/evolution/change.ts";
import { collectObjects } from "../../core/objects/collect.ts";
import type { UnpackedPackage } from "../../core/skillset/manager.ts";
import { signedPackage, skillSet } from "../skillset/sets.ts";
import { ACTOR } from "../support/instance.ts";
import { AT_TERMINAL, type LawFixture, PERSON, withLaw } from "./law.ts";

const refused = (code: string, pattern: RegExp) => (error: unknown) =>
  error instanceof KairosError && error.code === code && pattern.test(error.message);

const GIFT = skillSet("gift");
const CHECK = "Signed as the settings ask";

const ENABLE: ChangeRequest = { kind: "skillset_enable", subject: "gift", reason: "read it" };

const install = (
  { files, signature }: Pick<UnpackedPackage, "files" | "signature">,
): ChangeRequest => ({
  kind: "skillset_install",
  package: files,
  signature,
  reason: "somebody sent it",
  origin: "package",
});

const UNSIGNED = install({ files: GIFT, signature: null });

/** Opens a package as a door does, and proposes it. */
async function asked({ instance, evolution }: LawFixture, bytes: Uint8Array) {
  const opened = await (await instance.skillsets()).open(bytes);
  return (await evolution.propose(install(opened), ACTOR)).proposal;
}

Deno.test("who signed a package is shown, decided about and kept with what is installed", async () => {
  await withLaw(async (fixture) => {
    const { instance, evolution } = fixture;
    const { bytes, id, key } = signedPackage(GIFT);
    const proposal = await asked(fixture, bytes);
    assert.match(proposal.diff.prose, new RegExp(`^Signed by ${id}$`, "m"));
    const { signature } = proposal.diff.ast as { signature: unknown };
    assert.deepEqual(signature, { id, key, verdict: "valid" });
    const check = proposal.checks.find(({ name }) => name === CHECK);
    assert.equal(check?.detail, `Signed by ${id}`);
    const other = await asked(fixture, signedPackage(GIFT).bytes);
    const unsigned = (await evolution.propose(UNSIGNED, ACTOR)).proposal;
    assert.match(unsigned.diff.prose, /^Not signed$/m);
    const hashes = [proposal, other, unsigned].map(({ new_hash }) => new_hash);
    assert.equal(new Set(hashes).size, 3, "a yes to one signer is no yes to another");
    await collectObjects(instance.store);
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(proposal.id, PERSON);
    const { signature: kept } = (await instance.skillsets()).info("gift");
    assert.deepEqual([kept?.id, kept?.verdict], [id, "valid"]);
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("a proposal of a package holds the signature to the settings, also when it is applied", async (t) => {
  await t.step(
    "one that does not hold is not proposed",
    () =>
      withLaw(async ({ instance, evolution }) => {
        const sets = await instance.skillsets();
        const { files, signature } = await sets.open(signedPackage(GIFT).bytes);
        const { signature: other } = await sets.open(signedPackage(GIFT).bytes);
        const forged = { ...signature!, sig: other!.sig };
        await assert.rejects(
          evolution.propose(install({ files, signature: forged }), ACTOR),
          refused("refused", new RegExp(`"${CHECK}" failed`)),
        );
      }),
  );
  await t.step(
    "settings that ask for one meanwhile",
    () =>
      withLaw(async ({ evolution, root, reopen }) => {
        const { proposal: { id } } = await evolution.propose(UNSIGNED, ACTOR);
        await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
        Deno.writeTextFileSync(
          `${root}/skills/config.yml`,
          "exchange:\n  require_signature: true\n",
        );
        await assert.rejects(
          (await reopen()).apply(id, PERSON),
          refused("refused", new RegExp(`"${CHECK}" failed`)),
        );
      }),
  );
});

Deno.test("a decision to enable a SkillSet is also about who signed it and whether it is shared", async (t) => {
  const moved = refused("conflict", /rests on what has changed since/);
  await t.step(
    "the same files signed by somebody else",
    () =>
      withLaw(async ({ instance, evolution }) => {
        const sets = await instance.skillsets();
        await sets.installPackage(signedPackage(GIFT).bytes, ACTOR);
        const { proposal: { id } } = await evolution.propose(ENABLE, ACTOR);
        await sets.remove("gift", ACTOR);
        await sets.installPackage(signedPackage(GIFT).bytes, ACTOR);
        await assert.rejects(evolution.decide(id, "approve", AT_TERMINAL, PERSON), moved);
      }),
  );
  await t.step(
    "one that is offered to others since",
    () =>
      withLaw(async ({ instance, evolution }) => {
        const sets = await instance.skillsets();
        await sets.installPackage(signedPackage(GIFT).bytes, ACTOR);
        const { proposal: { id } } = await evolution.propose(ENABLE, ACTOR);
        await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
        await sets.share("gift", ACTOR);
        await assert.rejects(evolution.apply(id, PERSON), moved);
        const again = await evolution.propose(ENABLE, ACTOR);
        assert.match(again.proposal.diff.prose, /^Shared with other instances$/m);
      }),
  );
});
