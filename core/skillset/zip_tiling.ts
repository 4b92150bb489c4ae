/**
 * Whether the entries of a zip lie side by side: each begins where the one before ends, the first at the
 * beginning, the directory behind the last. Overlapping entries make a bomb of a small file, and bytes
 * between entries are seen by readers that go from entry to entry.
 *
 * @module
 */

import { PackageRefusedError } from "./refusal.ts";

/** Where an entry lies, by the directory. */
export interface ZipSpan {
  /** Where its local header begins. */
  readonly offset: number;
  /** Bytes of its packed data. */
  readonly compressedSize: number;
  /** Flags of the entry. */
  readonly bitFlag?: { readonly dataDescriptor?: boolean | undefined } | undefined;
}

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;

/**
 * Holds the entries against the bytes.
 *
 * @param bytes The zip
 * @param spans Its entries, in any order
 * @throws {PackageRefusedError} `overlap`, `trailing_data`, `bad_zip`
 *
 * @example
 * ```ts
 * import { checkTiling } from "./zip_tiling.ts";
 *
 * const empty = new Uint8Array(22);
 * empty.set([0x50, 0x4b, 5, 6]);
 * checkTiling(empty, []);
 * ```
 */
export function checkTiling(bytes: Uint8Array, spans: readonly ZipSpan[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = directoryOffset(view);
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.offset - b.offset)) {
    if (span.offset < end) throw new PackageRefusedError("overlap");
    if (span.offset > end) throw new PackageRefusedError("trailing_data");
    end = endOf(view, span);
    if (end > directory) throw new PackageRefusedError("overlap");
  }
  if (end !== directory) throw new PackageRefusedError("trailing_data");
}

/** Where an entry ends: header, name, extra field, data, perhaps a descriptor. */
function endOf(view: DataView, { offset, compressedSize, bitFlag }: ZipSpan): number {
  const broken = () => new PackageRefusedError("bad_zip");
  if (offset + LOCAL_BYTES > view.byteLength) throw broken();
  if (view.getUint32(offset, true) !== LOCAL_HEADER) throw broken();
  const names = view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const end = offset + LOCAL_BYTES + names + compressedSize;
  if (bitFlag?.dataDescriptor !== true) return end;
  if (end + 16 > view.byteLength) throw broken();
  return end + (view.getUint32(end, true) === DESCRIPTOR ? 16 : 12);
}

/** Where the directory begins, as the record at the very end says. */
function directoryOffset(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) !== END || at + view.getUint16(at + 20, true) !== last) continue;
    return view.getUint32(at + 16, true);
  }
  throw new PackageRefusedError("bad_zip");
}
