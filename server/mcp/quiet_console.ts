/**
 * Keeps standard output for the protocol.
 *
 * @module
 */

/** Everything of the console that would write to standard output. */
const TALKATIVE = [
  "log",
  "info",
  "debug",
  "dir",
  "dirxml",
  "table",
  "count",
  "countReset",
  "group",
  "groupCollapsed",
  "timeLog",
  "timeEnd",
] as const;

/**
 * Sends whatever code prints to standard error, until disposed of.
 *
 * @returns Brings the console back as it was
 */
export function quietConsole(): Disposable {
  const target: Record<string, unknown> = console as unknown as Record<string, unknown>;
  const before = TALKATIVE.map((name) => [name, target[name]] as const);
  for (const name of TALKATIVE) target[name] = target.error;
  return {
    [Symbol.dispose]: () => {
      for (const [name, method] of before) target[name] = method;
    },
  };
}
