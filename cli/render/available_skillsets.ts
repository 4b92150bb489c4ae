/**
 * SkillSets that ship with kairos, for programs and for people.
 *
 * @module
 */

import type { Manifest } from "../../core/skillset/manifest.ts";
import { renderTable } from "./table.ts";

/**
 * One of them for programs.
 *
 * @param manifest What it says about itself
 * @returns Plain data, keys in snake case
 */
export function availableJson(manifest: Manifest): Record<string, unknown> {
  const { name, version, layer, description, dependsOn, provides } = manifest;
  return { name, version, layer, description, depends_on: dependsOn, provides };
}

/**
 * All of them as a table.
 *
 * @param manifests What they say about themselves
 * @param options Width of the terminal and look of headings
 * @returns The lines
 */
export function availableTable(
  manifests: readonly Manifest[],
  options: { readonly width: number | null; readonly heading: (text: string) => string },
): string {
  return renderTable(
    [
      { title: "NAME", cell: ({ name }) => name, shrinksTo: 20 },
      { title: "VERSION", cell: ({ version }) => version },
      { title: "LAYER", cell: ({ layer }) => layer },
      { title: "ABOUT", cell: ({ description }) => description, shrinksTo: 12 },
    ],
    manifests,
    options,
  );
}
