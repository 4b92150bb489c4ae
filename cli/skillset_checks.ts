/**
 * What `kairos doctor` says of SkillSets.
 *
 * @module
 */

import type { Instance } from "../core/instance.ts";
import { type EntryPlace, isOwn } from "../core/layers/entry_place.ts";
import { originText } from "../core/layers/origin.ts";
import { CORE_VERSION, lackingCore } from "../core/skillset/core_version.ts";
import { quote } from "../core/text.ts";
import type { CheckResult } from "./checks.ts";
import { counted } from "./render/text.ts";

/**
 * Checks the SkillSets, and which of their entries nobody sees.
 *
 * @param instance The instance, open for reading
 * @returns What was found
 */
export async function checkSkillSets(instance: Instance): Promise<CheckResult[]> {
  const sets = (await instance.skillsets()).list();
  const broken = sets.flatMap(({ name, problem }): CheckResult[] =>
    problem === null ? [] : [{
      name: "skillsets",
      status: "warn",
      found: `${quote(name)} is not in use: ${problem}`,
      fix: `Mend it, or install it again; see kairos skillset info ${name}`,
    }]
  );
  const later = sets.flatMap(({ name, manifest }): CheckResult[] => {
    const needed = manifest === null ? null : lackingCore(manifest);
    return needed === null ? [] : [{
      name: "skillsets",
      status: "warn",
      found: `${quote(name)} is not in use: it needs core ${
        quote(needed)
      }, this is ${CORE_VERSION}`,
      fix: "Install a version of it that was made for this core, or a later kairos",
    }];
  });
  const found = [...broken, ...later, ...hiddenEntries(instance)];
  if (found.length > 0) return found;
  const inUse = sets.filter(({ enabled }) => enabled).length;
  const said = sets.length === 0 ? "none" : `${counted(sets.length, "SkillSet")}, ${inUse} in use`;
  return [{ name: "skillsets", status: "ok", found: said, fix: null }];
}

/** Nothing is wrong with them: a name leads to one entry, and the project's own comes first. */
function hiddenEntries({ lent, view: viewOf }: Instance): CheckResult[] {
  const view = viewOf();
  const { entries, hidden } = lent(view);
  const told = ({ name, origin }: EntryPlace, first: string): CheckResult => ({
    name: "skillsets",
    status: "note",
    found: `${quote(name)} of ${originText(origin!)} is not seen: ${first} comes first`,
    fix: null,
  });
  return [
    ...[...entries.values()].filter(({ name }) => isOwn(view, name))
      .map((place) => told(place, "the project's own entry of this name")),
    ...hidden.map((place) =>
      told(
        place,
        isOwn(view, place.name)
          ? "the project's own entry of this name"
          : `that of ${originText(entries.get(place.name)!.origin!)}`,
      )
    ),
  ];
}
