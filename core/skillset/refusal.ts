/**
 * Why a package is refused: one code for each reason, so that programs and tests can tell them apart.
 * See `kairos_formats/skillsets.md#archive`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

/** Every reason, and what it says about the thing that was found. */
export const REFUSALS = {
  not_a_package: "it is not a package",
  too_large: "it is larger than the limits allow",
  too_many_entries: "it holds more entries than the limits allow",
  too_deep: "a path in it is nested deeper than the limits allow",
  ratio: "it unpacks to far more than its own size",
  time: "unpacking it takes longer than the limits allow",
  bad_base64: "its archive is not base64",
  bad_gzip: "its archive is not one whole gzip stream",
  trailing_data: "data follows after its end",
  bad_tar: "its archive is not a whole tar",
  bad_checksum: "a header in it has a wrong checksum",
  tar_extension: "it uses extensions of tar that change names or sizes",
  link: "it holds a link",
  special_file: "it holds a device, a pipe or something else that is no file",
  bad_encoding: "a name in it is not UTF-8",
  hidden_characters: "a name in it holds characters that cannot be seen",
  path_traversal: "a path in it leads outside",
  absolute_path: "a path in it is absolute",
  hidden_path: "a name in it begins with a dot",
  reserved_name: "a name in it means something else on another system",
  path_too_long: "a path in it is too long",
  duplicate: "a path in it stands twice",
  collision: "two paths in it are one and the same on some systems",
  file_and_folder: "a path in it is a file and a folder",
  outside_folder: "something in it lies outside the SkillSet's folder",
  place_not_allowed: "a file in it is in a place where only code would be",
  type_not_allowed: "a file in it is of a type that is not allowed",
  executable: "a file in it is a program",
  bad_manifest: "its skillset.json is missing or wrong",
  name_mismatch: "its name is not that of its skillset.json",
  envelope_mismatch: "its envelope says something else than its content",
  no_hash: "it has no content hash",
  bad_hash: "its content hash is not that of its content",
  bad_signature: "its signature does not verify",
} as const;

/** A code of {@linkcode REFUSALS}. */
export type Refusal = keyof typeof REFUSALS;

/** A package that was refused, and why. */
export class PackageRefusedError extends KairosError {
  /** The reason. */
  readonly reason: Refusal;

  /**
   * @param reason The reason
   * @param what The entry it is about, or what was found; it is quoted
   * @param detail More about it, in our own words
   */
  constructor(reason: Refusal, what?: string, detail?: string) {
    const about = what === undefined ? "" : `: ${quote(what)}`;
    super(
      "refused",
      `Cannot install the package: ${REFUSALS[reason]}${about}${detail ? ` (${detail})` : ""}`,
      {
        data: { reason, ...(what === undefined ? {} : { entry: quote(what).slice(1, -1) }) },
      },
    );
    this.reason = reason;
  }
}
