/**
 * A SkillSet for others, in its envelope.
 *
 * @module
 */

import type { Envelope } from "../../core/skillset/envelope.ts";
import { envelopeBytes } from "../skillset/sets.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

/**
 * Packs a SkillSet as another instance does.
 *
 * @param name Its name
 * @param entry The document of its one entry
 * @returns The envelope
 */
export async function packOf(name: string, entry: string): Promise<Envelope> {
  let envelope: Envelope | undefined;
  await withInstance(async (sender) => {
    const utf8 = (text: string) => new TextEncoder().encode(text);
    const manifest = { name, version: "1.0.0", layer: "L1", description: "A pack" };
    const sets = await sender.skillsets();
    await sets.install([
      { path: "knowledge/t/t.md", bytes: utf8(entry) },
      { path: "skillset.json", bytes: utf8(JSON.stringify(manifest)) },
    ], ACTOR);
    envelope = JSON.parse(new TextDecoder().decode(envelopeBytes(sets.package(name))));
  }, { clock: Date.now });
  return envelope!;
}
