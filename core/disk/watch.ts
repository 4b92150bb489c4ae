/**
 * Hearing of changes that others make to files.
 *
 * @module
 */

/** What is told about a watched folder. Paths have `/` between their segments. */
export interface WatchOptions {
  /** Whether folders below count too; otherwise only what lies directly in the folder. */
  readonly isDeep: boolean;
  /**
   * Called when something at a path below the folder may have changed; with an empty path when that
   * may be anything. Own effects are told at once, those of others soon after.
   */
  readonly onTouched: (path: string) => void;
  /** Called once when nothing more will be heard of others: the folder has gone, or a limit is reached. */
  readonly onLost: () => void;
}

/**
 * Listens to the system. Keeps no process alive.
 *
 * @param real The real path of a folder: links in it are not followed later
 * @param options What is told
 * @returns What ends it
 * @throws {Error} Of the system, when it refuses: too many watches, or none on this file system
 */
export function watchSystem(real: string, options: WatchOptions): Disposable {
  const { isDeep, onTouched, onLost } = options;
  // The method is there, but not in the types.
  const watcher: Deno.FsWatcher & { unref?(): void } = Deno.watchFs(real, { recursive: isDeep });
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    watcher.close();
  };
  const listen = async () => {
    try {
      const events = watcher[Symbol.asyncIterator]();
      for (;;) {
        const next = events.next();
        // Counts for the waiting that has just begun.
        watcher.unref?.();
        const { value, done } = await next;
        if (done === true) return;
        const { kind, flag, paths } = value;
        // Reading changes nothing, and this very process reads.
        if (kind === "access") continue;
        for (const path of paths) {
          const inside = flag === "rescan" ? "" : pathInside(real, path) ?? "";
          if (!isOpen) return;
          if (inside !== "" || (kind !== "remove" && kind !== "rename")) onTouched(inside);
          else return;
        }
      }
    } catch {
      // Whatever the reason, the answer is to look by oneself.
    }
  };
  void listen().then(() => {
    const isLost = isOpen;
    close();
    if (isLost) onLost();
  });
  return { [Symbol.dispose]: close };
}

/**
 * The part of a path below a folder.
 *
 * @param folder The folder
 * @param path A path
 * @returns The rest with `/` between its segments, empty for the folder itself; `null` when it lies
 *   elsewhere
 *
 * @example
 * ```ts
 * import { pathInside } from "./watch.ts";
 *
 * if (pathInside("/a/b", "/a/b/c/d") !== "c/d") throw new Error("below");
 * if (pathInside("/a/b", "/a/bc") !== null) throw new Error("beside");
 * ```
 */
export function pathInside(folder: string, path: string): string | null {
  if (path === folder) return "";
  if (!path.startsWith(folder)) return null;
  const rest = path.slice(folder.length);
  return /^[/\\]/.test(rest) ? rest.slice(1).replaceAll(SEPARATOR, "/") : null;
}

const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";
