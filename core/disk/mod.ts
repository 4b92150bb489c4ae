/**
 * The disk room's door: files, atomic writes, locks, intents.
 *
 * @module
 */

export * from "./atomic.ts";
export * from "./can_open_files.ts";
export * from "./disk.ts";
export * from "./effect.ts";
export * from "./file.ts";
export * from "./intents.ts";
export * from "./lock.ts";
export * from "./watch.ts";
