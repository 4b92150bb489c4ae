/**
 * `kairos meet`
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { meetPeer, type Met } from "../../mmp/client/meet_peer.ts";
import { fetchSkill, keepSkill, takeSkillSet } from "../../mmp/receive/take_skill.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { argument, flag, layerOption, optionalArgument } from "../parameters.ts";
import {
  metJson,
  metText,
  skillRows,
  skillSetRows,
  skillTable,
  takenJson,
  takenText,
} from "../render/meeting.ts";
import { printSkillSetChange } from "../render/skillsets.ts";

interface Flags {
  readonly layer: "l1" | "l2" | undefined;
  readonly force: boolean;
}

/** What can be done with a peer that was met, by the word for it. */
const ACTIONS: Readonly<
  Record<string, (context: CliContext, met: Met, name: string, flags: Flags) => Promise<void>>
> = { skills, skillsets, get, skillset };

/** Those that need a name. */
const NAMED: readonly string[] = ["get", "skillset"];

/** Meets another instance. */
export default defineCommand({
  about:
    "Meets another instance: shows who it is, whether it proves that, and what it offers. Then lists " +
    "or takes something of it. What is taken is kept with where it came from: an entry in L2 unless " +
    "--layer says l1, a SkillSet not in use. An address you name may be on this machine or network; " +
    "agents may call it too from then on.",
  examples: [
    { call: "meet https://peer.example", does: "Who is there, and what it offers" },
    { call: "meet http://127.0.0.1:8080 skills", does: "Its entries" },
    { call: "meet https://peer.example get my_notes --layer l1", does: "Take an entry" },
    { call: "meet https://peer.example skillset my_pack", does: "Take a SkillSet" },
    { call: "meet https://peer.example skillset my_pack --force", does: "Replace it by theirs" },
  ],
  parameters: {
    flags: {
      layer: layerOption("Where an entry is kept", ["l1", "l2"]),
      force: flag("Replace a SkillSet of the same name; the files in its config/ stay"),
    },
    positional: {
      kind: "tuple",
      parameters: [
        argument("URL", "The peer's address"),
        optionalArgument("WHAT", "skills, skillsets, get or skillset; who it is unless given"),
        optionalArgument("NAME", "The entry or the SkillSet to take"),
      ],
    },
  },
  async run(
    context: CliContext,
    flags: Flags,
    url: string,
    what: string | undefined,
    name: string | undefined,
  ) {
    checkWords(what, name, flags);
    const instance = await context.open();
    const { signal } = context.io;
    context.say(`Asking ${url} ...`);
    const met = await meetPeer(instance.store, url, { byPerson: true, signal });
    try {
      await (what === undefined ? show : ACTIONS[what]!)(context, met, name ?? "", flags);
    } finally {
      await met.session.goodbye();
    }
  },
});

function checkWords(
  what: string | undefined,
  name: string | undefined,
  { layer, force }: Flags,
): void {
  if (what !== undefined && !Object.hasOwn(ACTIONS, what)) {
    throw new KairosError("usage", `Cannot do ${JSON.stringify(what)} with a peer`, {
      hint: `Say one of ${Object.keys(ACTIONS).join(", ")}, or nothing`,
    });
  }
  const isNamed = what !== undefined && NAMED.includes(what);
  if (isNamed !== (name !== undefined)) {
    throw new KairosError("usage", isNamed ? `Name what to ${what}` : "There is a word too many", {
      hint: "See what is offered: kairos meet URL skills, kairos meet URL skillsets",
    });
  }
  if (layer !== undefined && what !== "get") {
    throw new KairosError("usage", "Cannot use --layer here", {
      hint: "An entry is taken into l1 or l2: kairos meet URL get NAME --layer l1",
    });
  }
  if (force && what !== "skillset") {
    throw new KairosError("usage", "Cannot use --force here", {
      hint: "A SkillSet replaces one of its name: kairos meet URL skillset NAME --force",
    });
  }
}

async function show(context: CliContext, met: Met): Promise<void> {
  const offers = {
    skills: await offered(() => met.session.skills()),
    skillsets: await offered(() => met.session.skillsets()),
  };
  context.print(metJson(met, offers), () => metText(met, offers));
  if (met.proof === "none") {
    context.say("It does not prove that it is who it says: ask its owner to compare fingerprints");
  }
}

/** What a peer does not show is nothing that keeps one from meeting it. */
async function offered(
  ask: () => Promise<{ readonly rows: readonly unknown[] }>,
): Promise<number | null> {
  try {
    return (await ask()).rows.length;
  } catch (error) {
    if (error instanceof KairosError && ["refused", "not_found"].includes(error.code)) return null;
    throw error;
  }
}

async function skills(context: CliContext, { session }: Met): Promise<void> {
  const { rows, skipped } = await session.skills();
  context.print({ skills: rows, skipped }, () => skillTable(skillRows(rows), context));
  if (skipped > 0) context.say(`Left out what could not be read: ${skipped}`);
}

async function skillsets(context: CliContext, { session }: Met): Promise<void> {
  const { rows, skipped } = await session.skillsets();
  context.print({ skillsets: rows, skipped }, () => skillTable(skillSetRows(rows), context));
  if (skipped > 0) context.say(`Left out what could not be read: ${skipped}`);
}

async function get(
  context: CliContext,
  met: Met,
  name: string,
  { layer }: Flags,
): Promise<void> {
  const instance = await context.open();
  const judged = await fetchSkill(instance, met, name, layer === "l1" ? "L1" : "L2");
  const kept = await keepSkill(instance, judged, await context.actor());
  context.print(takenJson(judged, kept), () => takenText(judged, kept));
}

async function skillset(
  context: CliContext,
  met: Met,
  name: string,
  { force }: Flags,
): Promise<void> {
  const instance = await context.open();
  const { signal } = context.io;
  const actor = await context.actor();
  const { review, ...change } = await takeSkillSet(instance, met, name, actor, { signal, force });
  const next = `It is not in use. Next: read it, then kairos skillset enable ${change.name}`;
  await printSkillSetChange(context, change, { review, next });
}
