/**
 * Packages as resources: `package://NAME` is the envelope of an installed SkillSet, packed when it is read.
 * It is no object: those are what the chain has a record of, and a tool that only reads keeps nothing.
 * See `kairos_formats/skillsets.md#envelope`.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { writeEnvelope } from "../../core/skillset/envelope_write.ts";
import { quote } from "../../core/text.ts";
import type { ToolLink } from "./define_tool.ts";

/** What addresses of packages begin with. */
export const PACKAGE_SCHEME = "package://";

const MIME = "application/json";

/**
 * The way to a package.
 *
 * @param name The SkillSet
 * @returns A link for clients
 */
export function packageLink(name: string): ToolLink {
  const uri = PACKAGE_SCHEME + name;
  const description = "The envelope that others install, packed when it is read";
  return { uri, name: `${name}.json`, title: `Package of ${name}`, description, mimeType: MIME };
}

/**
 * Packs a SkillSet for whoever reads its package.
 *
 * @param instance The instance
 * @param uri Address of the package
 * @returns Its envelope
 * @throws {KairosError} `not_found`, also where the tools for SkillSets are switched off, `invalid` for a
 *   broken one, `refused` for what may not travel, `too_large` for what nobody could install
 */
export async function readPackageResource(
  instance: Instance,
  uri: string,
): Promise<{ readonly uri: string; readonly mime: string; readonly text: string }> {
  if (!instance.config["tools.families"].includes("skillset")) {
    throw new KairosError("not_found", `Resource ${quote(uri)} not found`, {
      hint: "A person can add skillset to tools.families in skills/config.yml",
    });
  }
  const name = uri.slice(PACKAGE_SCHEME.length);
  const sets = await instance.skillsets();
  const limit = sets.limits.inputBytes;
  let text = "";
  for (const piece of writeEnvelope(sets.package(name))) {
    text += piece;
    if (text.length <= limit) continue;
    throw new KairosError(
      "too_large",
      `Cannot give the package of '${name}': more than ${limit} bytes`,
      { hint: "A person can raise exchange.input_bytes, as must whoever installs it" },
    );
  }
  return { uri, mime: MIME, text };
}
