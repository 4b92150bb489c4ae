/**
 * The files that ship inside kairos: the one reader for source, bundle and executable.
 *
 * @module
 */

/** What a template is for. */
export type TemplateRole = "file" | "knowledge" | "law" | "skillset";

/** One embedded file. */
export interface TemplateFile {
  /** Its place in an instance, relative to the data directory, with `/`. */
  readonly path: string;
  /** Where it lies below `templates/`. */
  readonly source: string;
  /**
   * `knowledge` for a file of a knowledge entry, `law` for the first law, `skillset` for a file of a
   * SkillSet, which is there to be installed and which `init` leaves alone, `file` for any other.
   */
  readonly role: TemplateRole;
  /** Reads its text. */
  load(): Promise<string>;
}

/** What a text import gives. */
type TextModule = Promise<{ readonly default: string }>;

// Each import names its file, since only what is named is carried into bundles and executables.
const SOURCES: Readonly<Record<string, () => TextModule>> = {
  "config/safety.yml": () => import("../templates/config/safety.yml", { with: { type: "text" } }),
  "config/tool_metadata.yml": () =>
    import("../templates/config/tool_metadata.yml", { with: { type: "text" } }),
  "gitignore": () => import("../templates/gitignore", { with: { type: "text" } }),
  "knowledge/getting_started/getting_started.md": () =>
    import("../templates/knowledge/getting_started/getting_started.md", { with: { type: "text" } }),
  "knowledge/kairos_formats/kairos_formats.md": () =>
    import("../templates/knowledge/kairos_formats/kairos_formats.md", { with: { type: "text" } }),
  "knowledge/kairos_formats/references/approvers.md": () =>
    import("../templates/knowledge/kairos_formats/references/approvers.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/chain.md": () =>
    import("../templates/knowledge/kairos_formats/references/chain.md", { with: { type: "text" } }),
  "knowledge/kairos_formats/references/definitions.md": () =>
    import("../templates/knowledge/kairos_formats/references/definitions.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/entries.md": () =>
    import("../templates/knowledge/kairos_formats/references/entries.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/evolution.md": () =>
    import("../templates/knowledge/kairos_formats/references/evolution.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/law.md": () =>
    import("../templates/knowledge/kairos_formats/references/law.md", { with: { type: "text" } }),
  "knowledge/kairos_formats/references/meeting.md": () =>
    import("../templates/knowledge/kairos_formats/references/meeting.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/ruby_law.md": () =>
    import("../templates/knowledge/kairos_formats/references/ruby_law.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/skillsets.md": () =>
    import("../templates/knowledge/kairos_formats/references/skillsets.md", {
      with: { type: "text" },
    }),
  "knowledge/kairos_formats/references/state.md": () =>
    import("../templates/knowledge/kairos_formats/references/state.md", { with: { type: "text" } }),
  "skills/config.yml": () => import("../templates/skills/config.yml", { with: { type: "text" } }),
  "skills/kairos.d.ts": () => import("../templates/skills/kairos.d.ts", { with: { type: "text" } }),
  "skills/kairos.md": () => import("../templates/skills/kairos.md", { with: { type: "text" } }),
  "skills/kairos.ts": () => import("../templates/skills/kairos.ts", { with: { type: "text" } }),
  "skills/kairos_quickguide.md": () =>
    import("../templates/skills/kairos_quickguide.md", { with: { type: "text" } }),
  "skills/kairos_tutorial.md": () =>
    import("../templates/skills/kairos_tutorial.md", { with: { type: "text" } }),
  "skillsets/mmp/config/meeting.yml": () =>
    import("../templates/skillsets/mmp/config/meeting.yml", { with: { type: "text" } }),
  "skillsets/mmp/knowledge/meeting_guide/meeting_guide.md": () =>
    import("../templates/skillsets/mmp/knowledge/meeting_guide/meeting_guide.md", {
      with: { type: "text" },
    }),
  "skillsets/mmp/knowledge/meeting_guide/references/settings.md": () =>
    import("../templates/skillsets/mmp/knowledge/meeting_guide/references/settings.md", {
      with: { type: "text" },
    }),
  "skillsets/mmp/knowledge/meeting_guide/references/trust.md": () =>
    import("../templates/skillsets/mmp/knowledge/meeting_guide/references/trust.md", {
      with: { type: "text" },
    }),
  "skillsets/mmp/knowledge/meeting_protocol_core/meeting_protocol_core.md": () =>
    import("../templates/skillsets/mmp/knowledge/meeting_protocol_core/meeting_protocol_core.md", {
      with: { type: "text" },
    }),
  "skillsets/mmp/knowledge/meeting_protocol_skillset_exchange/meeting_protocol_skillset_exchange.md":
    () =>
      import(
        "../templates/skillsets/mmp/knowledge/meeting_protocol_skillset_exchange/meeting_protocol_skillset_exchange.md",
        { with: { type: "text" } }
      ),
  "skillsets/mmp/skillset.json": () =>
    import("../templates/skillsets/mmp/skillset.json", { with: { type: "text" } }),
  "skillsets/writing_knowledge/knowledge/reviewing_knowledge/references/checklist.md": () =>
    import(
      "../templates/skillsets/writing_knowledge/knowledge/reviewing_knowledge/references/checklist.md",
      { with: { type: "text" } }
    ),
  "skillsets/writing_knowledge/knowledge/reviewing_knowledge/reviewing_knowledge.md": () =>
    import(
      "../templates/skillsets/writing_knowledge/knowledge/reviewing_knowledge/reviewing_knowledge.md",
      { with: { type: "text" } }
    ),
  "skillsets/writing_knowledge/knowledge/writing_entries/references/descriptions.md": () =>
    import(
      "../templates/skillsets/writing_knowledge/knowledge/writing_entries/references/descriptions.md",
      { with: { type: "text" } }
    ),
  "skillsets/writing_knowledge/knowledge/writing_entries/references/example.md": () =>
    import(
      "../templates/skillsets/writing_knowledge/knowledge/writing_entries/references/example.md",
      { with: { type: "text" } }
    ),
  "skillsets/writing_knowledge/knowledge/writing_entries/writing_entries.md": () =>
    import(
      "../templates/skillsets/writing_knowledge/knowledge/writing_entries/writing_entries.md",
      { with: { type: "text" } }
    ),
  "skillsets/writing_knowledge/skillset.json": () =>
    import("../templates/skillsets/writing_knowledge/skillset.json", { with: { type: "text" } }),
};

/** The law an instance begins with. */
const LAW = "skills/kairos.ts";

/** Names that would act on this repository if they lay in it as they are. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore" };

/**
 * Every embedded file, sorted by source.
 *
 * @returns The list; nothing is read before a file's `load` is called
 *
 * @example
 * ```ts
 * import { templateFiles } from "./assets.ts";
 *
 * const constitution = templateFiles().find(({ path }) => path === "skills/kairos.md");
 * const text = await constitution?.load();
 * if (!text?.startsWith("# ")) throw new Error("the constitution is missing");
 * ```
 */
export function templateFiles(): readonly TemplateFile[] {
  return Object.entries(SOURCES).map(([source, load]): TemplateFile => ({
    path: RENAMED[source] ?? source,
    source,
    role: roleOf(source),
    load: async () => (await load()).default,
  }));
}

function roleOf(source: string): TemplateRole {
  if (source === LAW) return "law";
  if (source.startsWith("knowledge/")) return "knowledge";
  return source.startsWith("skillsets/") ? "skillset" : "file";
}
