import assert from "node:assert/strict";
import fc from "fast-check";
import { type Instance, openInstance } from "../../core/instance.ts";
import { listLibrary, readLibrary } from "../../core/layers/library.ts";
import { knowledgeNames } from "../../core/layers/resource_names.ts";
import { listResources } from "../../core/layers/list_resources.ts";
import { resourcePage } from "../../server/mcp/resource_list.ts";
import { count } from "../counts.ts";
import { SettledDisk } from "../disk/settled_disk.ts";
import { withFolder } from "../support/instance.ts";
import { linking, moving, type Outside, removing, writing } from "../support/outside.ts";

const open = (root: string) => openInstance(root, { mode: "write", disk: new SettledDisk() });

/** Everything readers are told of knowledge. */
async function told(instance: Instance): Promise<unknown> {
  const catalog = await instance.skills();
  return {
    list: listLibrary(instance),
    entries: listLibrary(instance).map(({ name }) => readLibrary(instance, name)),
    names: knowledgeNames(instance),
    resources: [...listResources(instance)],
    page: resourcePage(instance),
    hidden: instance.lent(instance.view()).hidden,
    skills: await catalog.page(null, new AbortController().signal),
  };
}

const SETS = ["a-set", "b_set"];
const ENTRIES = ["one", "two"];
const FOLDERS = [
  ...SETS.flatMap((set) => ENTRIES.map((entry) => `skillsets/${set}/knowledge/${entry}`)),
  ...ENTRIES.map((entry) => `knowledge/${entry}`),
];
const MANIFESTS = SETS.flatMap((name) => [
  { name, version: "1", knowledge_dirs: ["knowledge"] },
  { name, version: "1", knowledge_dirs: ["knowledge/one"], index_knowledge: false },
  { name, version: "1", knowledge_dirs: ["knowledge/two", "knowledge/one"] },
  { name, version: "1", layer: "L2", knowledge_dirs: ["knowledge/two"] },
]).map((manifest) => JSON.stringify(manifest).padEnd(120));
const STATES = ["", "skillsets:", "  a-set: {enabled: false}", "  b_set: {received: true}"];
const BODIES = ["one", "two"].map((text) => `---\ndescription: ${text}\n---\n${text}`);

const folder = fc.constantFrom(...FOLDERS);
const set = fc.constantFrom(...SETS);
const document = fc.tuple(folder, fc.constantFrom("one.md", "two.md", "references/r.md"))
  .map((parts) => parts.join("/"));

const edits: fc.Arbitrary<Outside> = fc.oneof(
  fc.tuple(document, fc.constantFrom(...BODIES)).map(writing),
  fc.tuple(set, fc.constantFrom(...MANIFESTS, "{".padEnd(120)))
    .map(([name, text]) => writing([`skillsets/${name}/skillset.json`, text])),
  fc.subarray(STATES.slice(2)).map((lines) =>
    writing(["skillsets/config.yml", ["skillsets:", ...lines, ""].join("\n")])
  ),
  fc.oneof(folder, document, set.map((name) => `skillsets/${name}`)).map(removing),
  fc.tuple(folder, fc.constantFrom("outside", "knowledge/one", "nowhere")).map(linking),
  fc.tuple(folder, folder).map(moving),
);

Deno.test("what SkillSets lend is never shown as it was before an edit from outside", async () => {
  const rounds = fc.array(fc.array(edits, { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 8,
  });
  const property = fc.asyncProperty(rounds, (all) =>
    withFolder(async (root) => {
      Deno.mkdirSync(`${root}/outside`);
      Deno.writeTextFileSync(`${root}/outside/one.md`, "SECRET");
      for (const path of FOLDERS) {
        writing([`${path}/${path.slice(path.lastIndexOf("/") + 1)}.md`, BODIES[0]!])(root);
      }
      for (const [at, name] of SETS.entries()) {
        writing([`skillsets/${name}/skillset.json`, MANIFESTS[at * 4]!])(root);
      }
      const instance = await open(root);
      for (const edits of all) {
        assert.deepEqual(await told(instance), await told(await open(root)));
        for (const edit of edits) edit(root);
        const now = await told(instance);
        assert.deepEqual(now, await told(await open(root)));
        assert.doesNotMatch(JSON.stringify(now), /SECRET/);
      }
    }));
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 10) });
});
