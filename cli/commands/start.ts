/**
 * `kairos start`
 *
 * @module
 */

import { resolve } from "node:path";
import { DATA_FOLDER, findDataDir } from "../../core/config/data_dir.ts";
import { KairosError } from "../../core/errors.ts";
import { initInstance } from "../../core/init.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { numberOption } from "../parameters.ts";
import { serveOverHttp } from "../serve_http.ts";
import { VERSION } from "../version.ts";

/** Makes a data directory if there is none, and serves it. */
export default defineCommand({
  about:
    "Makes a data directory in this folder if there is none here or above, serves it over HTTP on " +
    "this machine, and says how to go on.",
  examples: [
    { call: "start", does: "Begin" },
    { call: "start --port 9000", does: "On another port" },
  ],
  parameters: {
    flags: {
      port: numberOption("PORT", "Port to listen on; 0 for any free one", { min: 0, max: 65535 }),
    },
  },
  async run(context: CliContext, { port }: { readonly port: number | undefined }) {
    const made = await ensureDataDir(context);
    const instance = await context.open();
    context.say(
      made ? `Made a data directory: ${instance.root}` : `Data directory: ${instance.root}`,
    );
    await serveOverHttp(context, instance, {
      host: "127.0.0.1",
      port,
      onListen: (url) => context.say(`\n${guide(url)}`),
    });
  },
});

/** Makes the data directory this call means; only what is missing altogether is made. */
async function ensureDataDir(context: CliContext): Promise<boolean> {
  const { disk, io, namedDataDir } = context;
  const env = io.env("KAIROS_DATA_DIR") || undefined;
  const root = resolve(io.cwd, namedDataDir ?? env ?? DATA_FOLDER);
  try {
    findDataDir(disk, { explicit: namedDataDir, env, cwd: io.cwd });
    return false;
  } catch (error) {
    const isMissing = error instanceof KairosError && error.code === "no_instance";
    if (!isMissing || disk.list(root).length > 0) throw error;
  }
  await initInstance(disk, root, {
    version: VERSION,
    clock: Date.now,
    holder: context.holder,
    actor: await context.actor(),
  });
  return true;
}

function guide(url: string): string {
  const client = JSON.stringify({ mcpServers: { kairos: { type: "http", url } } }, null, 2);
  return `Serving MCP on ${url}

Tell your client, for example in .mcp.json:
${client}

Ask your agent what kairos knows, or look yourself in another terminal:
  kairos status
  kairos knowledge list

Stop with Ctrl-C.`;
}
