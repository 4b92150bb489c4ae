/**
 * `kairos knowledge history`
 *
 * @module
 */

import { historyCommand } from "../history.ts";

/** Lists the versions of an entry. */
export default historyCommand("knowledge history");
