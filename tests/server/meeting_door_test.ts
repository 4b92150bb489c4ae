import assert from "node:assert/strict";
import { meetingDoor } from "../../server/http/meeting_door.ts";
import { writeSettings } from "../mmp/meet.ts";
import { withInstance } from "../support/instance.ts";

/** A door with questions before it that do not end, each from an address. */
async function crowded(
  test: (
    knock: (address: string) => void,
    ask: (address: string) => Promise<number>,
  ) => Promise<void>,
): Promise<void> {
  await withInstance(async (instance, root) => {
    await writeSettings(root, "enabled: true\n");
    const door = meetingDoor(instance);
    const at = (hostname: string, init?: RequestInit) =>
      door.fetch(new Request("http://localhost/meeting/v1/introduce", init), {
        remoteAddr: { hostname },
      });
    const ends: (() => void)[] = [];
    const pending: Promise<unknown>[] = [];
    const knock = (address: string) => {
      const body = new ReadableStream({
        start: (controller) => void ends.push(() => controller.close()),
      });
      pending.push(at(address, { method: "POST", body }));
    };
    const ask = async (address: string) => {
      const response = await at(address);
      await response.body?.cancel();
      return response.status;
    };
    try {
      await test(knock, ask);
    } finally {
      for (const end of ends) end();
      await Promise.all(pending);
    }
    assert.equal(await ask("192.0.2.255"), 200, "there is room again");
    await door.close();
  });
}

Deno.test("meetingDoor() answers 256 at once and no more, wherever they come from", async () => {
  await crowded(async (knock, ask) => {
    for (let at = 0; at < 255; at++) knock(`192.0.2.${at >> 4}`);
    assert.equal(await ask("198.51.100.1"), 200);
    knock("192.0.2.100");
    assert.equal(await ask("198.51.100.1"), 503);
  });
});

Deno.test("meetingDoor() answers 16 of one network at once and no more", async () => {
  await crowded(async (knock, ask) => {
    for (let at = 0; at < 16; at++) knock(`2001:db8:0:1::${at.toString(16)}`);
    assert.equal(await ask("2001:db8:0:1:ffff::1"), 503);
    assert.equal(await ask("2001:db8:0:2::1"), 200);
  });
});

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

Deno.test("meetingDoor() counts an answer until it has been sent", async () => {
  await withInstance(async (instance, root) => {
    await writeSettings(root, "enabled: true\n");
    const door = meetingDoor(instance);
    const sending = Promise.withResolvers<void>();
    const ask = async (completed?: Promise<void>) => {
      const origin = { remoteAddr: { hostname: "192.0.2.1" } };
      const request = new Request("http://localhost/meeting/v1/introduce");
      const more = completed === undefined ? {} : { completed };
      const response = await door.fetch(request, { ...origin, ...more });
      await response.body?.cancel();
      return response.status;
    };
    for (let at = 0; at < 16; at++) assert.equal(await ask(sending.promise), 200);
    assert.equal(await ask(), 503);
    sending.resolve();
    await sending.promise;
    assert.equal(await ask(), 200);
    await door.close();
  });
});
