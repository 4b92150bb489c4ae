import assert from "node:assert/strict";
import { acquireLock, Disk, NOTE_WIDTH } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { inTempFolder } from "./temp_folder.ts";

const disk = new Disk();
const options = { timeout: 30, holder: "pid 12 (kairos serve)" };

Deno.test("acquireLock() waits, then names the process that holds the lock", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/chain.lock`;
    using _held = await acquireLock(disk, path, options);
    await assert.rejects(
      acquireLock(disk, path, { ...options, holder: "another" }),
      (error) => {
        assert.ok(error instanceof KairosError);
        assert.equal(error.code, "locked");
        assert.match(
          error.message,
          /"chain\.lock" was held for 30 ms by "pid 12 \(kairos serve\)"/,
        );
        assert.deepEqual(error.data, { holder: options.holder });
        return true;
      },
    );
  });
});

Deno.test("acquireLock() gets the lock when it is given back, and the file stays", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/chain.lock`;
    const first = await acquireLock(disk, path, options);
    const second = acquireLock(disk, path, { ...options, timeout: 10_000 });
    first.release();
    first.release();
    (await second).release();
    assert.equal(Deno.statSync(path).size, NOTE_WIDTH);
  });
});

Deno.test("acquireLock() works beside a lock file that was removed", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/chain.lock`;
    {
      using _held = await acquireLock(disk, path, options);
      Deno.removeSync(path);
      // The lost file protects nothing any more; the new one does.
      using _again = await acquireLock(disk, path, options);
      await assert.rejects(acquireLock(disk, path, options), KairosError);
    }
    using _later = await acquireLock(disk, path, options);
  });
});

Deno.test("acquireLock() does not count a lock on a file that lost its name", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/chain.lock`;
    let opened = 0;
    class Racing extends Disk {
      override open(...args: Parameters<Disk["open"]>) {
        const file = super.open(...args);
        if (opened++ === 0) Deno.removeSync(path);
        return file;
      }
    }
    using _held = await acquireLock(new Racing(), path, { ...options, timeout: 10_000 });
    assert.equal(opened, 2);
    await assert.rejects(acquireLock(disk, path, options), KairosError);
  });
});

Deno.test("acquireLock() keeps what stands behind the holder's note", async (t) => {
  const holders = ["x", "記録".repeat(60), "🚀".repeat(80), "é".repeat(159), "a".repeat(500), ""];
  for (const holder of holders) {
    await t.step(`${holder.length} characters`, () =>
      inTempFolder(async (folder) => {
        const path = `${folder}/chain.lock`;
        Deno.writeTextFileSync(path, " ".repeat(NOTE_WIDTH) + "what stands behind");
        (await acquireLock(disk, path, { ...options, holder })).release();
        const bytes = Deno.readFileSync(path);
        const text = new TextDecoder("utf-8", { fatal: true }).decode(
          bytes.subarray(0, NOTE_WIDTH),
        );
        assert.ok(holder.startsWith(text.trim()));
        assert.ok(text.endsWith("\n"));
        assert.equal(new TextDecoder().decode(bytes.subarray(NOTE_WIDTH)), "what stands behind");
      }));
  }
});

Deno.test("acquireLock() ends the wait when the signal says so", async () => {
  await inTempFolder(async (folder) => {
    using _held = await acquireLock(disk, `${folder}/l`, options);
    const controller = new AbortController();
    const waiting = acquireLock(disk, `${folder}/l`, {
      ...options,
      timeout: 60_000,
      signal: controller.signal,
    });
    controller.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
  });
});

Deno.test("acquireLock() shares the operating system's lock with other programs", async (t) => {
  for (const [name, command] of Object.entries(holders())) {
    await t.step(name, () =>
      inTempFolder(async (folder) => {
        const path = `${folder}/chain.lock`;
        Deno.writeTextFileSync(path, "");
        const [program, ...args] = command(path);
        let child: Deno.ChildProcess;
        try {
          child = new Deno.Command(program!, { args, stdin: "piped", stdout: "piped" }).spawn();
        } catch (error) {
          // This program is not on every machine; the others of the table speak for it.
          if (error instanceof Deno.errors.NotFound) return;
          throw error;
        }
        const output = child.stdout.getReader();
        await output.read();
        await assert.rejects(acquireLock(disk, path, options), (error) =>
          error instanceof KairosError && error.code === "locked" &&
          error.message.endsWith("by a process that left no name"));
        await child.stdin.close();
        await output.cancel();
        await child.status;
        (await acquireLock(disk, path, options)).release();
      }));
  }
});

/** Programs that take the lock, print a line and hold it until their input ends. */
function holders(): Record<string, (path: string) => string[]> {
  const deno = `using file = Deno.openSync(Deno.args[0], { read: true, write: true });
    file.lockSync(true); console.log("held"); for await (const _ of Deno.stdin.readable);`;
  const python = "import fcntl,sys; f=open(sys.argv[1],'r+'); fcntl.flock(f, fcntl.LOCK_EX); " +
    "print('held', flush=True); sys.stdin.read()";
  const all: Record<string, (path: string) => string[]> = {
    "another process of ours": (
      path,
    ) => [Deno.execPath(), "eval", "--no-lock", "--no-config", deno, path],
  };
  if (Deno.build.os === "windows") return all;
  all["flock(1)"] = (path) => ["flock", "-x", path, "sh", "-c", "echo held; cat"];
  all["flock(2) from another language"] = (path) => ["python3", "-c", python, path];
  return all;
}
