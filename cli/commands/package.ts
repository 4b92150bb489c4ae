/**
 * `kairos package`
 *
 * @module
 */

import { packageCommand } from "./skillset/package.ts";

/** Packs a SkillSet. */
export default packageCommand("package");
