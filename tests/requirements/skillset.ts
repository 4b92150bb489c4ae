/** Promises tested in tests/skillset. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "skillset-content-hash",
    sentence:
      "The content hash of a SkillSet is that of the existing implementation, byte for byte",
    format: "skillsets.md#content-hash",
    test: "tests/skillset/pure_vectors_test.ts: contentHash() equals every recorded package",
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
    id: "skillset-hostile",
    sentence: "Every kind of hostile package is refused for its own reason",
    format: "skillsets.md#archive",
    test: "tests/skillset/hostile_test.ts: openPackage() refuses every hostile package",
  },
  {
    id: "skillset-recorded",
    sentence: "Packages of the existing implementation open unless they break a rule of ours",
    format: "skillsets.md#paths",
    test: "tests/skillset/hostile_test.ts: openPackage() opens or refuses every recorded package",
    deviation:
      "Those with programs, with files at the top, with characters that cannot be seen in names, " +
      "or with names that differ in letter case only are refused; others install them",
  },
  {
    id: "skillset-damaged",
    sentence: "A package damaged at random places is refused or harmless",
    format: null,
    test: "tests/skillset/hostile_test.ts: damaged packages are refused or harmless",
  },
];
