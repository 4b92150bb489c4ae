/** Promises tested in tests/skillset. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "skillset-content-hash",
    sentence:
      "The content hash of a SkillSet is that of the existing implementation, byte for byte",
    format: "skillsets.md#content-hash",
    test: "tests/skillset/recorded_test.ts: contentHash() and the list of files are those of every",
  },
  {
    id: "skillset-versions",
    sentence: "Version constraints decide as RubyGems does",
    format: "skillsets.md#versions",
    test: "tests/skillset/pure_vectors_test.ts: satisfies() decides every recorded pair",
  },
  {
    id: "skillset-names",
    sentence:
      "Names of SkillSets are those of the existing implementation, refused with its phrases",
    format: "skillsets.md#names",
    test: "tests/skillset/pure_vectors_test.ts: checkSkillSetName() accepts and refuses",
  },
  {
    id: "skillset-manifest",
    sentence: "A manifest that two readers could understand differently is refused",
    format: "skillsets.md#manifest",
    test: "tests/skillset/manifest_test.ts: parseManifest() refuses",
    deviation:
      "An unknown layer and a field twice are errors; others accept both, and two readers " +
      "could govern one SkillSet differently",
  },
  {
    id: "skillset-archive",
    sentence:
      "One tree packs to one plain ustar archive, and every archive that is not plain is refused",
    format: "skillsets.md#archive",
    test: "tests/skillset/tar_test.ts: TarReader refuses",
    deviation:
      "Checksums, extensions, links and trailing data are refused, since others skip them " +
      "and unpack another tree than we would",
  },
  {
    id: "skillset-paths",
    sentence: "A package brings files only under names and of types that are on a list",
    format: "skillsets.md#paths",
    test: "tests/skillset/judge_test.ts: judgePlace() allows named places and types only",
    deviation: "Others look for programs in tools/ and lib/ only",
  },
  {
    id: "skillset-programs",
    sentence: "A program is seen by its first bytes, whatever it is called and wherever it lies",
    format: "skillsets.md#programs",
    test: "tests/skillset/judge_test.ts: programOf() sees programs by their bytes",
  },
  {
    id: "skillset-review",
    sentence: "Whoever decides about a SkillSet sees every address it leads to and what would act",
    format: "skillsets.md#installed",
    test: "tests/skillset/review_test.ts: review() finds every address a text leads to",
  },
  {
    id: "skillset-core",
    sentence: "A SkillSet that was made for a later program is not in use, and says so",
    format: "skillsets.md#manifest",
    test: "tests/skillset/manager_test.ts: a SkillSet that needs a later core is not in use",
  },
  {
    id: "skillset-decoder",
    sentence: "Archives from outside are taken apart where there is no permission at all",
    format: null,
    test: "tests/skillset/decode_test.ts: decodeArchive() works in a Worker without any permission",
  },
  {
    id: "skillset-limits",
    sentence: "Counters bound what an archive may unpack to, before it is unpacked",
    format: "skillsets.md#limits",
    test: "tests/skillset/decode_test.ts: decodeArchive() refuses",
  },
  {
    id: "skillset-limit-settings",
    sentence: "Every counter that bounds a package is a setting",
    format: "skillsets.md#limits",
    test: "tests/skillset/limits_test.ts: every limit of a package is a setting, down and up",
  },
  {
    id: "skillset-turns",
    sentence: "One package is taken apart at a time, and only so many may wait",
    format: "skillsets.md#limits",
    test: "tests/skillset/turns_test.ts: open() takes one package apart at a time",
  },
  {
    id: "skillset-budget",
    sentence: "What is unpacked within an hour for one agent or peer is bounded",
    format: "skillsets.md#limits",
    test: "tests/skillset/turns_test.ts: open() takes what comes out of an hour's budget",
  },
  {
    id: "skillset-hostile",
    sentence: "Every kind of hostile package is refused for its own reason",
    format: "skillsets.md#archive",
    test: "tests/skillset/hostile_test.ts: installPackage() refuses every hostile package",
  },
  {
    id: "skillset-recorded",
    sentence: "Packages of the existing implementation open unless they break a rule of ours",
    format: "skillsets.md#paths",
    test:
      "tests/skillset/recorded_test.ts: installPackage() installs or refuses every recorded package",
    deviation:
      "Those with programs, with files at the top, with characters that cannot be seen in names, " +
      "or with names that differ in letter case only are refused; others install them",
  },
  {
    id: "skillset-damaged",
    sentence: "A package damaged at random places is installed whole or not at all",
    format: null,
    test: "tests/skillset/hostile_test.ts: damaged packages are refused or harmless",
  },
  {
    id: "skillset-install",
    sentence: "Installing writes files, state and record as the existing implementation reads them",
    format: "skillsets.md#records",
    test: "tests/skillset/manager_test.ts: install() writes files, state and record",
  },
  {
    id: "skillset-layers",
    sentence: "L0 is recorded with every hash and goes only by a decision; L2 goes to the journal",
    format: "skillsets.md#records",
    test: "tests/skillset/manager_test.ts: L0 is recorded with every hash, L2 in the journal only",
    deviation:
      "Replacing an L0 SkillSet by a package or with a lower layer needs a decision too; others allow it",
  },
  {
    id: "skillset-received",
    sentence: "What others sent is not above L2 and not in use until somebody says so",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: installPackage() keeps what others sent out of use",
    deviation: "Others enable a package at once, in the layer it asks for",
  },
  {
    id: "skillset-nothing-left",
    sentence: "Nothing is left of a package that is refused",
    format: "skillsets.md#installed",
    test: "tests/skillset/hostile_test.ts: installPackage() refuses every hostile package",
  },
  {
    id: "skillset-dependencies",
    sentence: "Dependencies are checked with the phrases of the existing implementation",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: enable(), disable() and remove() look at what depends",
  },
  {
    id: "skillset-force",
    sentence: "Reinstalling keeps the user's settings and every old file",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: install() with force keeps the user's settings",
  },
  {
    id: "skillset-upgrade-shown",
    sentence: "What an upgrade would change is shown first, file by file",
    format: "skillsets.md#upgrades",
    test: "tests/skillset/upgrade_test.ts: upgrades() shows what would change",
  },
  {
    id: "skillset-upgrade",
    sentence: "An upgrade is one unit with its record and touches nothing the user keeps",
    format: "skillsets.md#upgrades",
    test: "tests/skillset/upgrade_test.ts: upgrade() changes files, state and record as one",
  },
  {
    id: "skillset-upgrade-older",
    sentence: "An upgrade puts no older version back and lowers no L0 SkillSet",
    format: "skillsets.md#upgrades",
    test: "tests/skillset/upgrade_test.ts: upgrade() puts no older version back",
    deviation: "Others put an older version back when a file of it differs",
  },
  {
    id: "skillset-over",
    sentence: "What installing over a SkillSet changes is told before and afterwards",
    format: "skillsets.md#installed",
    test: "tests/skillset/upgrade_test.ts: installing over a SkillSet says what that would change",
  },
  {
    id: "skillset-broken",
    sentence: "A broken SkillSet is listed with its problem and in nobody's way",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: a broken SkillSet is listed with its problem",
    deviation: "Others fail in every command when one manifest is no JSON",
  },
  {
    id: "skillset-state-file",
    sentence: "A state file that cannot be read disables everything and is kept",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: a state file that cannot be read disables everything",
    deviation: "Others take it for empty, which enables everything",
  },
  {
    id: "skillset-share",
    sentence:
      "A SkillSet is offered to others only when its user says so; a package never is by itself",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: share() is said by the user alone",
    deviation: "Others offer every SkillSet that holds no programs, disabled ones too",
  },
  {
    id: "skillset-state-kept",
    sentence: "The state file of the existing implementation is read and kept",
    format: "skillsets.md#installed",
    test: "tests/skillset/manager_test.ts: the state file of the existing implementation is read",
  },
  {
    id: "skillset-no-links",
    sentence: "Links in a SkillSet are never followed, packed or installed",
    format: "skillsets.md#content-hash",
    test:
      "tests/skillset/manager_test.ts: readSkillSetSource() reads a folder without hidden files",
    deviation: "Others hash and pack what a link leads to",
  },
  {
    id: "skillset-signature",
    sentence: "A signature binds name, version, content and archive, and has one form only",
    format: "skillsets.md#signatures",
    test:
      "tests/skillset/signature_test.ts: openPackage() refuses every signature that is not exactly one",
  },
  {
    id: "skillset-signature-kept",
    sentence: "Who signed a package is kept with it and verified each time it is shown",
    format: "skillsets.md#signatures",
    test: "tests/skillset/signature_test.ts: installPackage() keeps a signature",
  },
  {
    id: "skillset-signature-policy",
    sentence: "Settings can ask for signatures and name the keys that count",
    format: "skillsets.md#signatures",
    test: "tests/skillset/signature_test.ts: the settings ask for signatures, and for whose",
  },
  {
    id: "skillset-zip",
    sentence: "A zip that two readers could understand differently is refused",
    format: "skillsets.md#agent-skills",
    test: "tests/skillset/zip_test.ts: decodeZip() refuses every hostile zip for its own reason",
  },
  {
    id: "skillset-zip-damaged",
    sentence: "A zip damaged at random places is refused or harmless",
    format: null,
    test: "tests/skillset/zip_test.ts: damaged zips are refused or harmless",
  },
  {
    id: "skillset-import",
    sentence: "An Agent Skill becomes knowledge without programs and without tools of its choice",
    format: "skillsets.md#agent-skills",
    test: "tests/skillset/agent_skill_test.ts: importSkill() refuses programs, or leaves them out",
  },
  {
    id: "skillset-import-rules",
    sentence: "An Agent Skill is held to the rules of its format",
    format: "skillsets.md#agent-skills",
    test: "tests/skillset/agent_skill_test.ts: importSkill() holds the front matter to the rules",
  },
  {
    id: "skillset-export",
    sentence: "Knowledge is written as Agent Skills that their format accepts, or left out by name",
    format: "skillsets.md#agent-skills",
    test: "tests/skillset/agent_skill_test.ts: exportSkills() makes entries fit the format",
  },
  {
    id: "skillset-export-theirs",
    sentence: "Exporting replaces our own skills and no others, each as a whole",
    format: "skillsets.md#agent-skills",
    test:
      "tests/skillset/agent_skill_test.ts: writeSkillFolder() replaces its own skills and no others",
  },
  {
    id: "skillset-lock",
    sentence: "Skills of a project are held against its skills-lock.json, and nothing is fetched",
    format: "skillsets.md#agent-skills",
    test:
      "tests/skillset/agent_skill_test.ts: skillFolderHash() is SHA-256 over paths and contents",
  },
  {
    id: "skillset-round-trip",
    sentence: "A tree that is packed and installed elsewhere is the same tree",
    format: "skillsets.md#archive",
    test: "tests/skillset/manager_test.ts: a tree that is packed and installed elsewhere",
  },
  {
    id: "skillset-bundled",
    sentence:
      "The SkillSets that ship pass the review and the audit without a finding, travel as packages and come back as they were",
    format: "skillsets.md#installed",
    test: "tests/skillset/bundled_test.ts: a bundled SkillSet passes its review",
  },
  {
    id: "skillset-knowledge",
    sentence:
      "Entries of an enabled SkillSet are listed, searched and served beside those of L1, read only and with their origin",
    format: "skillsets.md#knowledge",
    test: "tests/skillset/lent_test.ts: entries of a SkillSet in use are seen everywhere",
  },
  {
    id: "skillset-knowledge-gone",
    sentence: "What a SkillSet has is out of sight with the next question once it is not in use",
    format: "skillsets.md#knowledge",
    test: "tests/skillset/lent_test.ts: what a SkillSet has goes out of sight",
  },
  {
    id: "skillset-knowledge-first",
    sentence:
      "One name leads to one entry: that of L1, else that of the first SkillSet in byte order",
    format: "skillsets.md#knowledge",
    test: "tests/skillset/lent_test.ts: a name leads to L1's entry first",
  },
  {
    id: "skillset-knowledge-offered",
    sentence:
      "Search finds the entries of a SkillSet, and clients get them as skills, only where index_knowledge or its layer here says so",
    format: "skillsets.md#knowledge",
    test: "tests/skillset/lent_test.ts: what was received says so",
  },
  {
    id: "skillset-knowledge-inside",
    sentence:
      "Folders of entries never lead out of their SkillSet, and hidden ones count for nothing",
    format: "skillsets.md#knowledge",
    test: "tests/skillset/lent_test.ts: knowledge_dirs name entries or folders of entries",
  },
  {
    id: "skillset-knowledge-cost",
    sentence: "No list and no question reads a manifest again that is as it was",
    format: "skillsets.md#knowledge",
    test: "tests/skillset/lent_cost_test.ts: what SkillSets lend is read once",
  },
  {
    id: "skillset-broken-commands",
    sentence: "A SkillSet that is broken takes no command down",
    format: "skillsets.md#installed",
    test: "tests/cli/lent_test.ts: a broken SkillSet takes no command down",
  },
  {
    id: "skillset-base64",
    sentence:
      "Base64 is read in one way only: padded, standard alphabet, no line breaks, no bits over",
    format: "skillsets.md#envelope",
    test: "tests/skillset/base64_test.ts: Base64Reader refuses what others might read",
  },
  {
    id: "skillset-gzip",
    sentence: "The same archive gives the same gzip stream, which says nothing of its maker",
    format: "skillsets.md#archive",
    test: "tests/skillset/gzip_test.ts: compress() gives one whole stream",
  },
  {
    id: "skillset-written",
    sentence: "A package is packed while it is written, no further than it is read",
    format: "skillsets.md#envelope",
    test: "tests/skillset/envelope_write_test.ts: writeEnvelope() packs no further than it is read",
  },
  {
    id: "skillset-read",
    sentence: "A package's archive is read where it lies in the envelope, and means the same",
    format: "skillsets.md#envelope",
    test: "tests/core/json_object_test.ts: parseJsonObject() reads the same with long texts left",
  },
  {
    id: "skillset-noted",
    sentence: "A SkillSet in L2, which the chain does not record, is held against the journal",
    format: "skillsets.md#records",
    test: "tests/cli/verify_test.ts: verify holds an installed SkillSet against its record",
  },
  {
    id: "skillset-zip-mac",
    sentence:
      "What Macs add to every zip is left out by name; nothing else that is hidden comes in",
    format: "skillsets.md#agent-skills",
    test: "tests/skillset/zip_test.ts: what Macs add to every zip is left out by name",
  },
  {
    id: "skillset-export-killed",
    sentence: "A skill an export took away and did not replace is put back by the next one",
    format: "skillsets.md#agent-skills",
    test: "tests/skillset/agent_skill_test.ts: tidySkillFolder() puts back what an export",
  },
];
