/**
 * `kairos knowledge search`
 *
 * @module
 */

import type { SearchHit } from "../../../core/index/search_index.ts";
import { originFields, originText } from "../../../core/layers/origin.ts";
import { markPlain, markSnippet, type Matches } from "../../../core/index/snippet.ts";
import { visible } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import {
  argument,
  flag,
  type Layer,
  layerOption,
  numberOption,
  textOption,
} from "../../parameters.ts";

interface Flags {
  readonly layer: Layer | undefined;
  readonly tag: string | undefined;
  readonly session: string | undefined;
  readonly days: number | undefined;
  readonly limit: number | undefined;
  readonly archived: boolean;
}

/** Searches all layers. */
export default defineCommand({
  about:
    "Searches the full text of knowledge, contexts and law, best first, with the text files in references/ and scripts/ of an entry. Words and parts of words in any script; what holds all of them, or else some. An index is kept in storage/index.db and made anew whenever it is no good.",
  examples: [
    { call: "knowledge search naming", does: "Everything about naming" },
    { call: "knowledge search '\"two words\"' --layer l1", does: "A phrase, in knowledge only" },
    { call: "knowledge search deploy --tag ops --days 30", does: "What changed lately" },
  ],
  isLong: true,
  parameters: {
    positional: {
      kind: "array",
      parameter: argument("WORD", "What to look for"),
      minimum: 1,
    },
    flags: {
      layer: layerOption("Only this layer"),
      tag: textOption("TAG", "Only documents with this tag"),
      session: textOption("SESSION", "Only contexts of this session"),
      days: numberOption("N", "Only what changed in the last N days", { min: 1, max: 100_000 }),
      limit: numberOption("N", "Most hits; 10 unless given", { min: 1, max: 100 }),
      archived: flag("Archived entries too"),
    },
  },
  async run(context: CliContext, flags: Flags, ...words: string[]) {
    const instance = await context.open();
    const { hits, total, isPartial } = await instance.search({ query: words.join(" "), ...flags });
    context.print(
      { hits: hits.map(hitJson), total, partial: isPartial },
      () => hits.length === 0 ? "Nothing found\n" : hits.map(hitText(context)).join("\n"),
    );
    if (isPartial) context.say("Nothing holds all words; these hold some of them");
    if (total > hits.length) context.say(`${total - hits.length} more: raise --limit`);
  },
});

function hitJson(hit: SearchHit): Record<string, unknown> {
  const { isPrivate, modified, origin, nameMatches, descriptionMatches, ...fields } = hit;
  return {
    ...fields,
    ...originFields(origin),
    private: isPrivate,
    modified: new Date(modified).toISOString(),
    name_matches: nameMatches,
    description_matches: descriptionMatches,
  };
}

/** A hit as paragraphs for people. */
function hitText({ style }: CliContext): (hit: SearchHit) => string {
  // Without a terminal the match is marked in the text itself.
  const isPlain = style.strong("x") === "x";
  const mark = isPlain ? markPlain : style.strong;
  const line = (text: string) => visible(text.replace(/\s+/g, " "));
  const marked = (text: string, matches: Matches) =>
    markSnippet({ text, matches }, (match) => mark(line(match)), line);
  const heading = (text: string, matches: Matches) =>
    isPlain ? marked(text, matches) : style.strong(
      markSnippet({ text, matches }, (match) => style.warn(visible(match)), visible),
    );
  return (hit) => {
    const { name, layer, uri, origin, description, snippet, file, problem } = hit;
    const lender = origin === null ? "" : `, ${originText(origin)}`;
    const where = style.faint(`${layer.toUpperCase()} ${visible(uri ?? "archived")}${lender}`);
    const lines = [`${heading(name, hit.nameMatches)}  ${where}`];
    if (description !== null) lines.push(`  ${marked(description, hit.descriptionMatches)}`);
    if (snippet !== null) {
      const from = file === null ? "" : `${style.faint(visible(file))}: `;
      const text = `  ${from}${marked(snippet.text, snippet.matches)}`;
      if (!lines.includes(text)) lines.push(text);
    }
    if (problem !== null) lines.push(`  ${style.warn(`! ${visible(problem)}`)}`);
    return `${lines.join("\n")}\n`;
  };
}
