/**
 * How each command opens the data directory: the one table that decides it.
 *
 * @module
 */

import type { CommandPath } from "./contents.ts";
import type { Access } from "./context.ts";

/** Command to access. */
export const ACCESS: Readonly<Record<CommandPath, Access>> = {
  start: "write",
  init: "none",
  serve: "write",
  status: "read",
  "chain status": "read",
  "chain verify": "write",
  "chain log": "read",
  "chain show": "read",
  "chain record": "write",
  "chain repair": "write",
  "knowledge list": "read",
  "knowledge show": "read",
  "knowledge set": "write",
  "knowledge delete": "write",
  "knowledge archive": "write",
  "knowledge unarchive": "write",
  "knowledge history": "read",
  "knowledge diff": "read",
  "knowledge restore": "write",
  "context list": "read",
  "context show": "read",
  "context save": "write",
  "context delete": "write",
  "objects gc": "write",
  call: "tool",
  doctor: "read",
  version: "none",
  help: "none",
};
