/**
 * What stands for another instance on a command line.
 *
 * @module
 */

import { argument, type RequiredArgument } from "./parameters.ts";

/** Names a known instance. */
export const PEER_ARGUMENT: RequiredArgument = argument(
  "PEER",
  "Its id or the beginning of it, its name, its address, or the beginning of its fingerprint",
);
