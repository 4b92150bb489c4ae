import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import { loadMeetingSettings, MEETING_FILE, type MeetingSettings } from "../../mmp/settings.ts";
import { withFolder } from "../support/instance.ts";

async function settingsOf(text: string): Promise<MeetingSettings> {
  let settings: MeetingSettings | undefined;
  await withFolder((root) => {
    Deno.mkdirSync(`${root}/skillsets/mmp/config`, { recursive: true });
    Deno.writeTextFileSync(`${root}/${MEETING_FILE}`, text);
    settings = loadMeetingSettings(new Disk(), root);
  });
  return settings!;
}

/** As the existing implementation writes it. */
const EXISTING = `# comment
enabled: true
identity:
  name: "Agent Alpha"
  description: "A memory-capable, evolvable agent framework"
  scope: "bioinformatics"
capabilities:
  meeting_protocol_version: "1.0.0"
  supported_actions: [introduce, offer_skill, request_skill, accept, decline, reflect]
skill_exchange:
  allowed_formats:
    - markdown
    - yaml_frontmatter
  allow_executable: false
  public_by_default: false
skillset_exchange: { enabled: true, knowledge_only: true, auto_install: false }
constraints:
  max_skill_size_bytes: 100000
  rate_limit_per_minute: 10
http_server: { enabled: true, host: "127.0.0.1", port: 8080, timeout: 10 }
encryption: { enabled: true, algorithm: "RSA-2048+AES-256-GCM", keypair_path: "config/x.pem" }
crypto: { keypair_path: "keys/mmp_keypair.pem", auto_generate: true }
meeting_place: { connection_mode: manual, max_session_minutes: 60 }
attestation_nudge: { enabled: true, threshold: 3 }
protocol_evolution: { auto_evaluate: true, blocked_actions: [eval] }
`;

Deno.test("loadMeetingSettings() reads a file of the existing implementation without a warning", async () => {
  const settings = await settingsOf(EXISTING);
  assert.deepEqual(settings.warnings, []);
  assert.equal(settings.enabled, true);
  assert.equal(settings["identity.name"], "Agent Alpha");
  assert.equal(settings["http_server.port"], 8080);
  assert.deepEqual(settings["skill_exchange.allowed_formats"], ["markdown", "yaml_frontmatter"]);
});

Deno.test("loadMeetingSettings() answers nobody without a file", async () => {
  await withFolder((root) => {
    const settings = loadMeetingSettings(new Disk(), root);
    assert.deepEqual([settings.enabled, settings.warnings], [false, []]);
  });
});

Deno.test("loadMeetingSettings() warns about keys nobody knows, with their places", async () => {
  const { warnings } = await settingsOf(
    "enable: true\nidentity:\n  nmae: x\nextra:\n  a: 1\nskill_exchange:\n  allow_executable: true\n",
  );
  assert.deepEqual(warnings, [
    `${MEETING_FILE}: "enable" at line 1, column 1 is no setting`,
    `${MEETING_FILE}: "identity.nmae" at line 3, column 3 is no setting`,
    `${MEETING_FILE}: "extra" at line 4, column 1 is no setting`,
    `${MEETING_FILE}: skill_exchange.allow_executable at line 7, column 3 has no effect: code is never exchanged`,
  ]);
});

Deno.test("loadMeetingSettings() refuses what is wrong, with line and column", async () => {
  const cases: [string, RegExp][] = [
    ["enabled: maybe\n", /enabled in .* at line 1, column 1/],
    ["a: 1\nconstraints:\n  rate_limit_per_minute: 0\n", /line 3, column 3.*from 1 to 100/],
    ["identity: Ada\n", /a group of fields/],
    ['identity:\n  name: "a\\nb"\n', /identity\.name.*one line of text/],
    ['identity:\n  name: "a\\u202eb"\n', /one line of text/],
    ["skill_exchange:\n  allowed_formats: [ruby]\n", /markdown, yaml_frontmatter/],
    ["http_server:\n  host: a b\n", /host name/],
    ["enabled: true\nenabled: true\n", /line 2/],
    ["enabled: [\n", /line/],
    ["- enabled\n", /a list instead of fields/],
  ];
  for (const [text, message] of cases) {
    await assert.rejects(settingsOf(text), (error: Error & { code?: string }) => {
      assert.equal(error.code, "invalid");
      assert.match(error.message, message);
      return true;
    });
  }
});
