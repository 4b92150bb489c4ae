import assert from "node:assert/strict";
import type { SettingKey } from "../../core/config/settings.ts";
import { openInstance } from "../../core/instance.ts";
import { PackageRefusedError, type Refusal } from "../../core/skillset/refusal.ts";
import { ACTOR, withFolder } from "../support/instance.ts";
import { GOOD } from "./hostile.ts";
import { file, type RawEntry, wrap } from "./hostile_parts.ts";

const zeros = "0".repeat(1024 * 1024);
const wide = Array.from({ length: 300 }, (_, at) => file(`knowledge/${at}.md`));
const deep = file(`knowledge/${"a/".repeat(17)}x.md`);

/** A package for which a limit matters, a value that keeps it out, and one that lets it in. */
const limited: readonly [
  setting: SettingKey,
  entry: readonly RawEntry[],
  below: number,
  above: number,
  reason: Refusal,
][] = [
  ["exchange.input_bytes", wide, 1024, 1_000_000, "too_large"],
  ["exchange.output_bytes", wide, 100_000, 1_000_000, "too_large"],
  ["exchange.file_bytes", [file("knowledge/x.md", "0".repeat(2000))], 1999, 2000, "too_large"],
  ["exchange.entries", wide, 301, 302, "too_many_entries"],
  ["exchange.depth", [deep], 18, 19, "too_deep"],
  ["exchange.ratio", [file("knowledge/x.md", zeros)], 200, 1032, "ratio"],
];

Deno.test("every limit of a package is a setting, down and up", async (t) => {
  for (const [setting, entries, below, above, reason] of limited) {
    await t.step(setting, () =>
      withFolder(async (root) => {
        const install = async (value: number) => {
          const [room, key] = setting.split(".");
          await Deno.mkdir(`${root}/skills`, { recursive: true });
          await Deno.writeTextFile(`${root}/skills/config.yml`, `${room}:\n  ${key}: ${value}\n`);
          const sets = await (await openInstance(root, { mode: "write" })).skillsets();
          return await sets.installPackage(wrap([...GOOD, ...entries]), ACTOR);
        };
        await assert.rejects(install(below), (error) => {
          assert.ok(error instanceof PackageRefusedError, String(error));
          assert.equal(error.reason, reason);
          return true;
        });
        assert.equal((await install(above)).action, "install_from_archive");
      }));
  }
});
