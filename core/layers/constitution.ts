/**
 * The constitution, `skills/kairos.md`: its sections, as agents read them one by one. See
 * `kairos_formats/entries.md`.
 *
 * @module
 */

import type { View } from "./view.ts";

/** One section. */
export interface Section {
  /** Such as `CORE-1`. */
  readonly id: string;
  /** Its title. */
  readonly title: string;
  /** When to read it, as a table of the file says; `null` when none does. */
  readonly useWhen: string | null;
  /** Its text, without the line of the title. */
  readonly content: string;
}

/** Where it is, relative to the data directory. */
export const CONSTITUTION = "skills/kairos.md";

const MAX_BYTES = 1024 * 1024;
const TITLE = /^##\s+\[([A-Z]+-\d+)\]\s+(.+)$/;

/**
 * The sections of a constitution: each begins with a line `## [ID] Title` and ends where the next begins.
 *
 * @param text The whole text
 * @returns The sections in order; of several with one id all
 *
 * @example
 * ```ts
 * import { sections } from "./constitution.ts";
 *
 * const [one] = sections("| CORE-1 | Layers | always |\n\n## [CORE-1] Layers\n\nThree.\n");
 * if (one?.title !== "Layers" || one.useWhen !== "always") throw new Error("misread");
 * ```
 */
export function sections(text: string): Section[] {
  const lines = text.split(/\r?\n/);
  const uses = new Map<string, string>();
  for (const line of lines) {
    const cells = line.trim().startsWith("|")
      ? line.trim().split("|").map((one) => one.trim())
      : [];
    const [, id = "", ...rest] = cells;
    const use = rest.filter((one) => one !== "").at(-1);
    if (/^[A-Z]+-\d+$/.test(id) && use !== undefined && !uses.has(id)) uses.set(id, use);
  }
  const starts = lines.flatMap((line, at) => TITLE.test(line) ? [at] : []);
  return starts.map((start, at) => {
    const [, id = "", title = ""] = TITLE.exec(lines[start]!)!;
    const content = lines.slice(start + 1, starts[at + 1] ?? lines.length).join("\n").trim();
    return { id, title: title.trim(), useWhen: uses.get(id) ?? null, content };
  });
}

/**
 * The sections of an instance's constitution.
 *
 * @param view The files
 * @returns The sections; none without the file
 * @throws {KairosError} `too_large` beyond 1 MiB, `io`
 */
export function readConstitution(view: View): Section[] {
  if (view.stat(CONSTITUTION)?.kind !== "file" || !view.isInside(CONSTITUTION, "skills")) return [];
  const bytes = view.read(CONSTITUTION, MAX_BYTES);
  return bytes === null ? [] : sections(new TextDecoder().decode(bytes));
}
