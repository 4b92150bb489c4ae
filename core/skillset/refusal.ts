/**
 * Why a package is refused: one code for each reason, so that programs and tests can tell them apart.
 * See `kairos_formats/skillsets.md#archive`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote, visible } from "../text.ts";

/** Every reason in words; where others have a phrase for it, with that phrase. */
export const REFUSALS = {
  not_a_package: "Not a package",
  too_large: "Package larger than the limits allow",
  too_many_entries: "Package with more entries than the limits allow",
  too_deep: "Path nested deeper than the limits allow",
  ratio: "Archive unpacks to far more than its own size",
  time: "Package takes longer to unpack than the limits allow",
  bad_base64: "Archive is not base64: invalid base64",
  bad_gzip: "Archive is not one whole gzip stream: not in gzip format",
  trailing_data: "Data after the end of the archive or of a part of it",
  bad_tar: "Archive is not a whole tar",
  bad_zip: "Archive is not one whole plain zip",
  zip_mismatch: "Archive tells two readers different things",
  overlap: "Entries of archive overlap",
  encrypted: "Archive is encrypted",
  bad_checksum: "Archive has a header with a wrong checksum",
  tar_extension: "Archive uses extensions of tar that change names or sizes",
  link: "Link in archive",
  special_file: "Device, pipe or other special file in archive",
  bad_encoding: "Name in archive is not UTF-8",
  hidden_characters: "Name in archive holds characters that cannot be seen",
  path_traversal: "Path traversal detected in archive",
  absolute_path: "Absolute path in archive",
  hidden_path: "Name with a leading dot in archive",
  reserved_name: "Name in archive means something else on another system",
  path_too_long: "Path in archive is too long",
  duplicate: "Path twice in archive",
  collision: "Two paths in archive are one and the same on some systems",
  file_and_folder: "Path in archive is a file and a folder",
  outside_folder: "Archive does not contain only the expected directory",
  place_not_allowed: "File in a place that is not allowed",
  type_not_allowed: "File of a type that is not allowed",
  private: "SkillSet with a document that says that it is private",
  executable: "Refusing to install SkillSet with executable code from archive",
  bad_manifest: "skillset.json missing or wrong",
  name_mismatch: "Archive name mismatch",
  envelope_mismatch: "Envelope says something else than the archive",
  no_hash: "Archive missing 'content_hash'",
  bad_hash: "Content hash mismatch",
  bad_signature: "Package signature does not verify",
  not_signed: "Package is not signed, and the settings ask for a signature",
  untrusted_key: "Package is signed with a key the settings do not name",
} as const;

/** A code of {@linkcode REFUSALS}. */
export type Refusal = keyof typeof REFUSALS;

/** A package that was refused, and why. */
export class PackageRefusedError extends KairosError {
  /** The reason. */
  readonly reason: Refusal;
  /** The entry it is about, or what was found, as it came. */
  readonly what: string | undefined;
  /** More about it. */
  readonly detail: string | undefined;

  /**
   * @param reason The reason
   * @param what The entry it is about, or what was found; it is quoted
   * @param detail More about it, in our own words
   */
  constructor(reason: Refusal, what?: string, detail?: string) {
    const about = what === undefined ? "" : `: ${quote(what)}`;
    const more = detail === undefined ? "" : ` (${detail})`;
    super("refused", `${REFUSALS[reason]}${about}${more}`, {
      hint: "Nothing was installed",
      data: { reason, ...(what === undefined ? {} : { entry: visible(what.slice(0, 300)) }) },
    });
    this.reason = reason;
    this.what = what;
    this.detail = detail;
  }
}
