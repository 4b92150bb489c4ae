import assert from "node:assert/strict";
import { templateFiles } from "../../core/assets.ts";

const hasGit = await new Deno.Command("git", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);

/** What must never be committed. */
const IGNORED = [
  "keys/identity.json",
  "storage/keys/signer.json",
  "storage/tls/cert.crt",
  "storage/tokens.json",
  "server.key",
  "knowledge/a/assets/server.pem",
  ".env",
  "storage/kairos.db",
  "storage/kairos.db-wal",
  "storage/index.db",
  "storage/index.db-shm",
  "storage/backups/kairos_20260120_103000.db",
  "storage/embeddings/skills/index.ann",
  "storage/blockchain.json.lock",
  "storage/intents/11111111-2222-3333-4444-555555555555.json",
  "storage/verify_failed.json",
  "storage/meeting_connection.json",
  "storage/meeting_addresses.json",
  "skills/action_log.jsonl",
  "skills/action_log.20260120T103000Z.jsonl",
  ".stage-init-.gitignore",
  "knowledge/.stage-1/a.md",
  "knowledge/.trash-1/a.md",
  "knowledge/a/a.md.tmp.12.abcdef01",
];

/** What the instance is made of. */
const KEPT = [
  ".gitignore",
  ".kairos_meta.yml",
  "skills/kairos.md",
  "skills/config.yml",
  "skills/versions/kairos_1.ts",
  "config/safety.yml",
  "storage/blockchain.json",
  "storage/objects/ab/ab01",
  "storage/snapshots/snapshot_1.json",
  "storage/damaged/blockchain-0011223344556677.json",
  "knowledge/keys/keys.md",
  "knowledge/a/assets/data.db",
  "knowledge/a/assets/deno.lock",
  "knowledge/.archived/a/a.md",
  "context/s/n/n.md",
];

Deno.test({
  name: "the .gitignore of an instance keeps secrets and machine state out, and content in",
  ignore: !hasGit,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const template = templateFiles().find(({ path }) => path === ".gitignore");
      await Deno.writeTextFile(`${folder}/.gitignore`, await template!.load());
      const git = async (...args: string[]): Promise<string> => {
        const { stdout } = await new Deno.Command("git", {
          args: ["-c", "safe.directory=*", "-c", "core.excludesFile=", ...args],
          cwd: folder,
          stdin: "null",
        }).output();
        return new TextDecoder().decode(stdout);
      };
      await git("init", "--quiet");
      const answer = await git("check-ignore", "--no-index", ...IGNORED, ...KEPT);
      assert.deepEqual(answer.split("\n").filter((line) => line !== ""), IGNORED);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
