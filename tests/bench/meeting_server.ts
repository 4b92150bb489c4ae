/**
 * The two sides of the figures of meetings. Run as a program with `ours` and a data directory, or with
 * `bare` and a JSON file of answers: path to what is answered.
 *
 * @module
 */

import { Hono } from "hono";
import { openInstance } from "../../core/instance.ts";
import { openMeeting } from "../../mmp/meeting.ts";
import { meetingApp } from "../../mmp/router/app.ts";

/** Bounds so wide that none is met; every request is counted all the same. */
const WIDE = { burst: 1e12, perSecond: 1e9 };

if (import.meta.main) {
  const [side, path] = Deno.args as [string, string];
  const stop = new AbortController();
  Deno.addSignalListener("SIGTERM", () => stop.abort());
  const listen = {
    hostname: "127.0.0.1",
    port: 0,
    signal: stop.signal,
    // deno-lint-ignore no-console -- tells its address as the product does
    onListen: ({ port }: Deno.NetAddr) => console.error(`http://127.0.0.1:${port}/mcp `),
  };
  if (side === "ours") {
    const instance = await openInstance(path, { mode: "write" });
    // As servers do.
    const following = await instance.follow({ onChanges: () => {} });
    const meeting = await openMeeting(instance, {
      addresses: WIDE,
      sessions: { window: 0 },
    });
    const app = meetingApp(meeting);
    await Deno.serve(listen, (request, info) => app.fetch(request, info)).finished;
    await following.stop();
    await meeting.close();
  } else {
    const answers = JSON.parse(await Deno.readTextFile(path));
    const app = new Hono();
    app.get("/meeting/v1/introduce", (c) => c.json(answers.introduce));
    app.post(
      "/meeting/v1/introduce",
      async (c) => c.json((await c.req.json(), answers.introduced)),
    );
    app.post(
      "/meeting/v1/skill_content",
      async (c) => c.json((await c.req.json(), answers.content)),
    );
    await Deno.serve(listen, (request, info) => app.fetch(request, info)).finished;
  }
}
