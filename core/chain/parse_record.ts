/**
 * Items of a block read as records.
 *
 * @module
 */

/**
 * An item of a block as a JSON object. A chain may carry any text.
 *
 * @param item Any text
 * @returns The object, or `null` when the item is something else
 */
export function parseRecord(item: string): Readonly<Record<string, unknown>> | null {
  if (!item.startsWith("{")) return null;
  try {
    const value = JSON.parse(item);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
