/**
 * `kairos install-archive`
 *
 * @module
 */

import { installArchiveCommand } from "./skillset/install_archive.ts";

/** Installs a package. */
export default installArchiveCommand("install-archive");
