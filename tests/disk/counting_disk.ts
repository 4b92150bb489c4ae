import { Disk, type DiskFile, type OpenMode } from "../../core/disk/mod.ts";

/** A disk that counts the bytes read from the files it opened. */
export class CountingDisk extends Disk {
  /** Bytes read so far. */
  bytesRead = 0;

  /** Opens a file whose reads are counted. */
  override open(path: string, mode: OpenMode, permissions?: number): DiskFile {
    const file = super.open(path, mode, permissions);
    const readAt = file.readAt.bind(file);
    file.readAt = (at, length) => {
      const bytes = readAt(at, length);
      this.bytesRead += bytes.length;
      return bytes;
    };
    return file;
  }
}
