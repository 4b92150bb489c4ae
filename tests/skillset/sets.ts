/**
 * SkillSets for tests.
 *
 * @module
 */

import { Disk } from "../../core/disk/mod.ts";
import type { Instance } from "../../core/instance.ts";
import { SigningKey } from "../../core/keys/signing_key.ts";
import { SkillSets } from "../../core/skillset/manager.ts";
import { packFiles } from "../../core/skillset/package.ts";
import { PACKAGE_LIMITS } from "../../core/skillset/limits.ts";
import { type Package, writeEnvelope } from "../../core/skillset/envelope_write.ts";
import { signFacts } from "../../core/skillset/signature.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";

/** UTF-8 of a text. */
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * The files of a small SkillSet.
 *
 * @param name Its name
 * @param fields Further fields of its manifest
 * @param more Further files: path to text
 * @returns The files
 */
export function skillSet(
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, string>> = {},
): PackedFile[] {
  const manifest = { name, version: "1.0.0", layer: "L1", description: `About ${name}`, ...fields };
  const texts = {
    "skillset.json": JSON.stringify(manifest),
    "knowledge/topic/topic.md": `---\nname: topic\n---\n\n# ${name}\n`,
    ...more,
  };
  return Object.entries(texts).map(([path, text]) => ({ path, bytes: utf8(text) }));
}

/**
 * A package as a file holds it.
 *
 * @param given The package
 * @returns The envelope's bytes
 */
export function envelopeBytes(given: Package): Uint8Array {
  return utf8([...writeEnvelope(given)].join(""));
}

/**
 * A package of a SkillSet.
 *
 * @param files Its files
 * @returns The envelope's bytes
 */
export function packed(files: readonly PackedFile[]): Uint8Array {
  const options = { layer: "L1", clock: () => 0, limits: PACKAGE_LIMITS };
  return envelopeBytes(packFiles(files, options));
}

/**
 * A package that is signed with a key of its own.
 *
 * @param files Its files
 * @returns The envelope's bytes, the key and its fingerprint
 */
export function signedPackage(
  files: readonly PackedFile[],
): { readonly bytes: Uint8Array; readonly id: string; readonly key: string } {
  const root = Deno.makeTempDirSync();
  try {
    using key = SigningKey.make(new Disk(), root);
    const options = { layer: "L1", clock: () => 0, limits: PACKAGE_LIMITS };
    const sign = signFacts.bind(null, key);
    const bytes = envelopeBytes(packFiles(files, { ...options, sign }));
    return { bytes, id: key.id, key: key.publicKey };
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

/**
 * The SkillSets of an instance with which another one ships than with kairos.
 *
 * @param instance The instance
 * @param bundled Files of the one called `pack`
 * @returns The SkillSets
 */
export function withBundled(
  { store, view, config }: Instance,
  bundled: readonly PackedFile[],
): SkillSets {
  return new SkillSets({
    store,
    view,
    config,
    bundled: (name) => Promise.resolve(name === "pack" ? bundled : []),
  });
}
