/**
 * Where the tools for the law get what they judge and what it is judged by.
 *
 * @module
 */

import type { JsonObject, Law } from "../../../core/dsl/ast.ts";
import type { ToolContext } from "../define_tool.ts";

/** The law and what is known of the instance. */
export interface LawSource {
  /** The law in force. */
  law(context: ToolContext): Promise<Law>;
  /** What the instance says about itself, by source, such as `config`, `chain`, `law`. */
  facts(context: ToolContext): Promise<Readonly<Record<string, JsonObject>>>;
  /** Names of the tools there are. */
  tools(context: ToolContext): readonly string[];
}
