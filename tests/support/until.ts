/**
 * Waiting for what comes by itself.
 *
 * @module
 */

/**
 * Waits until something holds.
 *
 * @param holds Whether it does
 * @param what What is waited for, for the message
 * @param limit Longest wait in milliseconds
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  limit = 20_000,
): Promise<void> {
  const end = performance.now() + limit;
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
