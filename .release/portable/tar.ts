/**
 * A tar archive (POSIX ustar) of a few plain files, the same bytes for the same files.
 *
 * @module
 */

/** One file of an archive. */
export interface TarFile {
  /** Name without folders, at most 100 ASCII characters. */
  readonly name: string;
  /** Whether it may be executed. */
  readonly executable: boolean;
  /** Its content. */
  readonly bytes: Uint8Array;
}

/** Unit of the format, in bytes. */
const BLOCK = 512;
/** Readers take 20 blocks at a time; a shorter last portion makes some of them warn. */
const RECORD = 20 * BLOCK;

/** Names that need no quoting in a shell and no folder on the disk. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * Packs files into a tar archive: owner 0, time 0, modes 0700 and 0600.
 *
 * @param files The files, in the order they are written
 * @returns The archive
 * @throws {TypeError} When a name is not plain
 */
export function tar(files: readonly TarFile[]): Uint8Array<ArrayBuffer> {
  const sizes = files.map(({ bytes }) => BLOCK + roundUp(bytes.length, BLOCK));
  const total = sizes.reduce((sum, size) => sum + size, 2 * BLOCK);
  const archive = new Uint8Array(roundUp(total, RECORD));
  let offset = 0;
  for (const [index, file] of files.entries()) {
    archive.set(header(file), offset);
    archive.set(file.bytes, offset + BLOCK);
    offset += sizes[index]!;
  }
  return archive;
}

/** `name mode uid gid size mtime checksum type link magic version`, numbers in octal. */
function header({ name, executable, bytes }: TarFile): Uint8Array {
  if (!PLAIN_NAME.test(name)) {
    throw new TypeError(`Cannot pack ${JSON.stringify(name)}: the name must be plain ASCII`);
  }
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0") + "\0";
  put(name, 0);
  put(octal(executable ? 0o700 : 0o600, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(bytes.length, 11), 124);
  put(octal(0, 11), 136);
  put(" ".repeat(8), 148);
  put("0", 156);
  put("ustar\0" + "00", 257);
  // The checksum counts its own field as spaces.
  put(octal(block.reduce((sum, byte) => sum + byte, 0), 6) + " ", 148);
  return block;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
