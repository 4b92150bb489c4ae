import assert from "node:assert/strict";
import { meetingDoor } from "../../server/http/meeting_door.ts";
import { writeSettings } from "../mmp/meet.ts";
import { withInstance } from "../support/instance.ts";

Deno.test("meetingDoor() opens again when it could not be opened for a moment", async () => {
  await withInstance(async (instance, root) => {
    await writeSettings(root, "enabled: true\n");
    const door = meetingDoor(instance);
    const ask = () => door.fetch(new Request("http://localhost/meeting/v1/introduce"), {});
    const { skillsets } = instance;
    const replace = (value: unknown) => Object.defineProperty(instance, "skillsets", { value });
    Object.defineProperty(instance, "skillsets", {
      configurable: true,
      writable: true,
      value: () => Promise.reject(new Error("too many files")),
    });
    await assert.rejects(ask(), /too many files/);
    replace(skillsets);
    assert.equal((await ask()).status, 200);
    await door.close();
  });
});
